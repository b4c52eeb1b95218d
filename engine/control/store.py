"""Opens the control store, brings it to the present revision and hands out sessions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url, text
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.orm import Session

from data.database import connect, connect_server, file_key, is_sqlite, migrate, refuse_closed_home
from data.errors import BadSettings, GiveUp, HoldfastError, TryAgain
from data.settings import Settings
from data.speech import english
from engine.control import alert_tables, delivery_tables, people_tables  # noqa: F401 (rows of theirs refer to one another)

__all__ = ["Control", "Session", "is_sound", "place_of"]

MIGRATIONS = Path(__file__).parent / "migrations"
CHANGING = 0x6368616E  # the advisory lock of whoever decides by what it read
WRITES = ("INSERT", "UPDATE", "DELETE")
REFUSALS = ("password", "does not exist", "no pg_hba.conf entry", "permission denied", "role")


class Changes:
    """Counts what this process wrote, so that whoever keeps what was read knows when to read again."""

    def __init__(self) -> None:
        self.count = 0

    def heed(self, engine: Engine) -> None:
        event.listen(engine, "after_cursor_execute", self.note)
        event.listen(engine, "commit", self.add)

    def note(self, connection: Connection, _: Any, statement: str, *__: Any) -> None:
        if statement.lstrip()[:6].upper() in WRITES:
            connection.info["has_written"] = True

    def add(self, connection: Connection) -> None:
        if connection.info.pop("has_written", False):
            self.count += 1


changes = Changes()


class Control:
    """A handle on the control store, safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        changes.heed(engine)
        # A transaction around each look would cost a server two more turns.
        alone = {} if is_sqlite(engine) else {"isolation_level": "AUTOCOMMIT"}
        self._looking = engine.execution_options(**alone)

    @classmethod
    def open(cls, settings: Settings) -> "Control":
        """The handle of this home; opened once a process, again if the file was replaced.

        Raises:
            GiveUp: the file is damaged, may not be written to, or was written by a newer Holdfast.
            BadSettings: the server that the setting `control` names refuses us.
            TryAgain: the server does not answer.
        """
        with _opening:
            control = _opened.get(_key(settings)) or cls(_engine(settings))
            if control not in _opened.values():
                control.bring_up_to_date(settings)
                _opened[_key(settings)] = control
            return control

    def bring_up_to_date(self, settings: Settings) -> None:
        try:
            lock = settings.home / "control.lock"
            migrate(self.engine, MIGRATIONS, lock, f"The control store {place_of(settings)}")
        except DatabaseError as fault:
            if settings.control:
                raise refusal(fault, settings) from None  # what is behind it may show the password
            refuse_closed_home(settings, _file(settings))
            raise GiveUp(
                english(
                    "The control store {file} cannot be read ({orig}); restore a backup, or move it "
                    "away and start again: what people decided is lost then.",
                    file=_file(settings),
                    orig=fault.orig,
                )
            ) from fault

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """The least it takes to read a row or two, without a lock; two looks may see different things."""
        with _told(), self._looking.connect() as connection:
            yield connection

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction; what it reads stays readable after it ends.

        Raises:
            TryAgain: the store is busy or does not answer; nothing was changed.
            GiveUp: it refuses a value; nothing was changed.
        """
        with _told(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def change(self) -> Iterator[Session]:
        """One transaction that decides by what it reads: of these, one at a time."""
        with self.begin() as session:
            if is_sqlite(self.engine):
                session.connection().exec_driver_sql("begin immediate")
            else:
                session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": CHANGING})
            yield session


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as busy:
        raise TryAgain(english("The control store did not answer: {said}.", said=said(busy))) from busy
    except (IntegrityError, DataError) as refused:  # what follows its first line shows the row, secrets too
        raise GiveUp(
            english("The control store refused what was to be written: {said}.", said=said(refused))
        ) from None


def refusal(fault: DBAPIError, settings: Settings) -> HoldfastError:
    """What a server that cannot be used says, and who can mend it."""
    named = {"place": place_of(settings), "said": said(fault)}
    if any(word in named["said"] for word in REFUSALS):
        refused = english(
            "The control store {place} refuses us ({said}); look at the setting control.", **named
        )
        return BadSettings(refused)
    return TryAgain(english("The control store {place} did not answer: {said}.", **named))


def said(fault: DBAPIError) -> str:
    """The first line of what the database said."""
    lines = [line.strip() for line in str(fault.orig).splitlines() if line.strip()]
    return (lines[0] if lines else type(fault).__name__).rstrip(".")


_opening = Lock()
_opened: dict[tuple[str, int], Control] = {}


def _engine(settings: Settings) -> Engine:
    connecting = connect_server if settings.control else connect
    return connecting(settings, settings.control_url)


def _key(settings: Settings) -> tuple[str, int]:
    return (settings.control_url, 0) if settings.control else file_key(_file(settings))


def _file(settings: Settings) -> Path:
    return settings.home / "control.sqlite"


def place_of(settings: Settings) -> str:
    """Where the control store is, without a password."""
    if not settings.control:
        return str(_file(settings))
    url = make_url(settings.control_url)
    return f"{url.database or url.username} on {url.host or 'this machine'}"


def is_sound(control: Control) -> bool:
    """Whether the file passes SQLite's own check; whether the server answers."""
    with control.look() as connection:
        if is_sqlite(control.engine):
            return connection.execute(text("pragma quick_check")).scalar() == "ok"
        return connection.execute(text("select 1")).scalar() == 1
