"""The pages' only door to the engine: how it is, and work to ask of it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from data.errors import HoldfastError
from data.intake.inbox import Inbox
from data.settings import Settings
from engine import clock, life
from engine.control import jobs, state, store
from engine.control.jobs import Job
from engine.control.store import Control
from engine.forms import Question, answers_of, text_of
from engine.lateness import Rhythm, is_late, patience
from engine.sources import (
    Source,
    Way,
    add_source,
    change_source,
    check_source,
    create_key,
    keep_secret,
    remove_source,
    revoke_key,
    source_keys,
    sources,
    switch_source,
    ways,
)
from engine.trying import Attempt, send_test

__all__ = [
    "Attempt",
    "EngineStatus",
    "Job",
    "Question",
    "Rhythm",
    "Source",
    "Way",
    "add_source",
    "answers_of",
    "change_source",
    "changes",
    "check_source",
    "create_key",
    "import_folder",
    "is_demo",
    "is_late",
    "job",
    "keep_secret",
    "make_demo",
    "patience",
    "rebuild",
    "refresh",
    "remove_source",
    "replay",
    "revoke_key",
    "send_test",
    "source_keys",
    "sources",
    "status",
    "switch_source",
    "text_of",
    "ways",
]


@dataclass(frozen=True)
class EngineStatus:
    """The engine at one instant; times are naive UTC, `refresh_seconds` is what the last refresh took.

    `backlog` is how many deliveries wait in the inbox, `drained_at` when some were taken in last.
    """

    alive: bool
    pid: int | None
    since: datetime | None
    doing: str | None
    edition: str | None
    last_refresh_at: datetime | None
    refresh_seconds: float | None
    last_error: str | None
    queue: int
    backlog: int = 0
    backlog_oldest_at: datetime | None = None
    drained_at: datetime | None = None


def changes() -> int:
    """How often this process has changed the control store so far."""
    return store.changes.count


def status(settings: Settings) -> EngineStatus:
    """About a millisecond; never starts anything, never fails."""
    try:
        control = Control.open(settings)
        engine, queue = state.read(control), jobs.waiting(control)
    except HoldfastError as unreadable:
        engine, queue = state.EngineState(last_error=str(unreadable)), 0
    alive = engine.is_alive(clock.now())
    if not alive:
        engine = _with_backlog(settings, engine)
    return EngineStatus(
        alive=alive,
        pid=engine.pid if alive else None,
        since=engine.started_at if alive else engine.stopped_at or engine.heartbeat_at,
        doing=engine.doing if alive else None,
        edition=engine.edition,
        last_refresh_at=engine.last_refresh_at,
        refresh_seconds=engine.refresh_seconds,
        last_error=engine.last_error,
        queue=queue,
        backlog=engine.backlog or 0,
        backlog_oldest_at=engine.backlog_oldest_at,
        drained_at=engine.drained_at,
    )


def _with_backlog(settings: Settings, engine: state.EngineState) -> state.EngineState:
    """What an engine that does not run cannot say: how much has come in here since it did."""
    if settings.doors == "elsewhere" or not (settings.home / "inbox.sqlite").exists():
        return engine
    with suppress(HoldfastError):
        found = Inbox.open(settings).backlog(engine.position or 0)
        return replace(engine, backlog=found.count, backlog_oldest_at=found.oldest_at)
    return engine


def is_demo(settings: Settings) -> bool:
    """Whether the numbers are a made-up company's."""
    return life.is_demo(settings)


def make_demo(settings: Settings, *, accounts: int = 2000, months: int = 18, seed: int = 7) -> int:
    """Ask for the demo company; returns the job to look at with `job`."""
    return _ask(settings, "demo", {"accounts": accounts, "months": months, "seed": seed})


def import_folder(
    settings: Settings, folder: Path, *, source: str = "files", zone: str | None = None, strict: bool = False
) -> int:
    """Ask for a folder to be imported; it must stay until the job is over."""
    given = {"folder": str(folder.resolve()), "source": source, "zone": zone, "strict": strict}
    return _ask(settings, "import", given)


def refresh(settings: Settings) -> int:
    return _ask(settings, "refresh", {})


def replay(settings: Settings, quarantine_ids: Sequence[str], raw: str | None = None) -> int:
    """Ask for rows of the quarantine to be read again; `raw` is JSON that corrects the only one named."""
    return _ask(settings, "replay", {"ids": list(quarantine_ids), "raw": raw})


def rebuild(settings: Settings, *, anyway: bool = False) -> int:
    """Ask for the warehouse to be made again from what came in."""
    return _ask(settings, "rebuild", {"anyway": anyway})


def job(settings: Settings, job_id: int) -> Job | None:
    """How a job stands; None when it was never there or is long over."""
    return jobs.find(Control.open(settings), job_id)


def _ask(settings: Settings, kind: str, arguments: dict[str, Any]) -> int:
    return jobs.submit(Control.open(settings), kind, arguments, clock.now())
