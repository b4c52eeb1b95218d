"""Opens the SQLite files that Holdfast keeps rows in, and brings their tables to the present revision."""

import os
from pathlib import Path
from threading import Lock
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from data.errors import BadSettings, GiveUp
from data.settings import Settings

BUSY_SECONDS = 15
PRAGMAS = ("journal_mode = wal", "synchronous = full", "foreign_keys = on")
_migrating = Lock()  # Alembic keeps what it works on in globals: two migrations at once mix up their files


def connect(settings: Settings, url: str, **options: Any) -> Engine:
    """An engine over a file in the home; every connection is durable and waits for its turn.

    Raises:
        BadSettings: the home cannot be made.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise BadSettings(
            f"The home {settings.home} cannot be made ({refused.strerror}); "
            "set HOLDFAST_HOME to another folder."
        ) from refused
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **options)
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, record: Any) -> None:  # noqa: ARG001 (the listener's signature)
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}").close()


def refuse_closed_home(settings: Settings, file: Path) -> None:
    """A file that may not be written to is not damaged: moving it away would not help.

    Raises:
        BadSettings: the home or the file belongs to somebody else.
    """
    places = (settings.home, file)
    if not all(os.access(place, os.W_OK) for place in places if place.exists()):
        raise BadSettings(
            f"The home {settings.home} cannot be written to; change its owner, "
            "or set HOLDFAST_HOME to another folder."
        )


def file_key(file: Path) -> tuple[str, int]:
    """What tells one file from another that was put in its place."""
    return str(file), file.stat().st_ino if file.exists() else 0


def migrate(engine: Engine, migrations: Path, lock: Path, name: str) -> None:
    """Bring the tables to the newest revision; one process at a time, the others wait.

    Raises:
        GiveUp: a newer Holdfast wrote the file; `name` says which file it is.
    """
    newest = newest_revision(migrations)
    if revision(engine) == newest:
        return
    with _migrating, FileLock(lock, preserve_lock_file=True), engine.connect() as connection:
        present = revision(engine)
        if present and present > newest:
            raise GiveUp(f"{name} was written by a newer Holdfast (revision {present}); upgrade this one.")
        if present != newest:
            _upgrade(connection, migrations)


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("select version_num from alembic_version")).scalar()
        return found


def newest_revision(migrations: Path) -> str:
    """Read from the file names, so that a file that is up to date never has to load Alembic."""
    return max(path.stem[1:5] for path in (migrations / "versions").glob("r[0-9]*.py"))


def _upgrade(connection: Connection, migrations: Path) -> None:
    from alembic import command  # noqa: PLC0415 (half a second that most commands need not pay)
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations))
    connection.exec_driver_sql("begin immediate")  # sqlite3 alone would commit every table by itself
    command.upgrade(config, "head")
    connection.commit()
