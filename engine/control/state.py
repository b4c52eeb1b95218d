"""What the engine says of itself: who it is, that it lives, what it published last, what went wrong last."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from engine.control.store import Control
from engine.control.tables import EngineRow

THE_ENGINE = 1
SILENT_AFTER = timedelta(seconds=10)


@dataclass(frozen=True)
class EngineState:
    """The engine's row as it was when it was read."""

    pid: int | None = None
    host: str | None = None
    settings: dict[str, Any] | None = None
    started_at: datetime | None = None
    heartbeat_at: datetime | None = None
    stopped_at: datetime | None = None
    doing: str | None = None
    edition: str | None = None
    last_refresh_at: datetime | None = None
    refresh_seconds: float | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    position: int | None = None  # how far the inbox was taken in
    backlog: int | None = None  # deliveries that wait in it
    backlog_oldest_at: datetime | None = None
    drained_at: datetime | None = None  # when deliveries were taken in last

    def is_alive(self, now: datetime) -> bool:
        """Whether it said so lately and, where that can be seen, its process is there."""
        return self.is_speaking(now) and self.has_process()

    def is_speaking(self, now: datetime) -> bool:
        return (
            self.pid is not None and self.heartbeat_at is not None and now - self.heartbeat_at < SILENT_AFTER
        )

    def has_process(self) -> bool:
        if self.pid is None:
            return False
        return self.host != socket.gethostname() or is_running(self.pid)

    @property
    def has_died(self) -> bool:
        """Whether it went without saying goodbye."""
        return self.pid is not None and not self.has_process()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def read(control: Control) -> EngineState:
    with control.begin() as session:
        row = session.get(EngineRow, THE_ENGINE)
        names = EngineState.__dataclass_fields__
        return EngineState(**{name: getattr(row, name) for name in names}) if row else EngineState()


def began(control: Control, settings: dict[str, Any], now: datetime) -> None:
    """The engine of this process runs from now on. Call it only while holding the engine's lock."""
    row = EngineRow(
        engine_id=THE_ENGINE,
        pid=os.getpid(),
        host=socket.gethostname(),
        settings=settings,
        started_at=now,
        heartbeat_at=now,
        stopped_at=None,
        doing=None,
    )
    with control.begin() as session:
        session.merge(row)


def ended(control: Control, now: datetime) -> None:
    """No engine runs. Call it only while holding the engine's lock."""
    _change(control, pid=None, doing=None, stopped_at=now)


def beat(control: Control, now: datetime, doing: str | None) -> None:
    _change(control, heartbeat_at=now, doing=doing)


def tell_backlog(control: Control, **told: Any) -> None:
    """How far the engine is behind the inbox: position, backlog, backlog_oldest_at, drained_at."""
    _change(control, **told)


def taken_in(control: Control, position: int) -> None:
    """A command took in what waited up to a position, in the engine's place."""
    with control.begin() as session:
        session.merge(EngineRow(engine_id=THE_ENGINE, position=position, backlog=0, backlog_oldest_at=None))


def refreshed(control: Control, edition: str, now: datetime, seconds: float) -> None:
    _change(control, edition=edition, last_refresh_at=now, refresh_seconds=seconds)


def tell_trouble(control: Control, error: str | None, now: datetime) -> None:
    """What stands in the engine's way, in one sentence; None when nothing does."""
    _change(control, last_error=error, last_error_at=now if error else None)


def _change(control: Control, **values: Any) -> None:
    with control.begin() as session:
        session.execute(update(EngineRow).where(EngineRow.engine_id == THE_ENGINE).values(**values))
