"""Opens the control store, brings it to the present revision and hands out sessions."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from data.errors import BadSettings, GiveUp, TryAgain
from data.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 15
PRAGMAS = ("journal_mode = wal", "synchronous = full", "foreign_keys = on")


class Control:
    """A handle on the control store, safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, settings: Settings) -> "Control":
        """The handle of this home; opened once a process, again if the file was replaced.

        Raises:
            GiveUp: the file is damaged, may not be written to, or was written by a newer Holdfast.
        """
        with _opening:
            control = _opened.get(_file_key(settings)) or cls(connect(settings))
            if control not in _opened.values():
                control.bring_up_to_date(settings)
                _opened[_file_key(settings)] = control
            return control

    def bring_up_to_date(self, settings: Settings) -> None:
        try:
            migrate(self.engine, settings.home / "control.lock")
        except DatabaseError as damaged:
            refuse_closed_home(settings)
            raise GiveUp(
                f"The control store {_file(settings)} cannot be read ({damaged.orig}); "
                "move it away and start again: only the record of past jobs is lost."
            ) from damaged

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction; what it reads stays readable after it ends."""
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        except OperationalError as busy:
            raise TryAgain(f"The control store did not answer: {busy.orig}.") from busy


_opening = Lock()
_opened: dict[tuple[str, int], Control] = {}


def _file(settings: Settings) -> Path:
    return settings.home / "control.sqlite"


def _file_key(settings: Settings) -> tuple[str, int]:
    path = _file(settings)
    return settings.control_url, path.stat().st_ino if path.exists() else 0


def refuse_closed_home(settings: Settings) -> None:
    """A store that may not be written to is not damaged: moving it away would not help."""
    places = (settings.home, _file(settings))
    if not all(os.access(place, os.W_OK) for place in places if place.exists()):
        raise BadSettings(
            f"The home {settings.home} cannot be written to; change its owner, "
            "or set HOLDFAST_HOME to another folder."
        )


def connect(settings: Settings) -> Engine:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise BadSettings(
            f"The home {settings.home} cannot be made ({refused.strerror}); "
            "set HOLDFAST_HOME to another folder."
        ) from refused
    engine = create_engine(settings.control_url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, record: Any) -> None:  # noqa: ARG001 (the listener's signature)
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}").close()


def migrate(engine: Engine, lock: Path) -> None:
    """Bring the tables to the newest revision; one process at a time, the others wait."""
    if revision(engine) == newest_revision():
        return
    with FileLock(lock, preserve_lock_file=True), engine.connect() as connection:
        if revision(engine) != newest_revision():
            _upgrade(connection, revision(engine))


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("select version_num from alembic_version")).scalar()
        return found


def newest_revision() -> str:
    """Read from the file names, so that a store that is up to date never has to load Alembic."""
    return max(path.stem[1:5] for path in (MIGRATIONS / "versions").glob("r[0-9]*.py"))


def _upgrade(connection: Connection, present: str | None) -> None:
    if present and present > newest_revision():
        raise GiveUp(
            f"The control store was written by a newer Holdfast (revision {present}); upgrade this one."
        )
    from alembic import command  # noqa: PLC0415 (half a second that most commands need not pay)
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    connection.exec_driver_sql("begin immediate")  # sqlite3 alone would commit every table by itself
    command.upgrade(config, "head")
    connection.commit()


def is_sound(control: Control) -> bool:
    """Whether the file passes SQLite's own check."""
    with control.engine.connect() as connection:
        return connection.execute(text("pragma quick_check")).scalar() == "ok"
