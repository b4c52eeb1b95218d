"""Opens the databases that Holdfast keeps rows in, and brings their tables to the present revision."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, text

from data.errors import BadSettings, GiveUp
from data.settings import Settings

BUSY_SECONDS = 15
PRAGMAS = ("journal_mode = wal", "synchronous = full", "foreign_keys = on")
CONNECT_SECONDS = 5
MIGRATION = 0x486F6C64  # the advisory lock of whoever migrates a PostgreSQL
SERVED = {
    "connect_timeout": CONNECT_SECONDS,
    "prepare_threshold": None,  # what sits between us and the server may not keep statements
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 30,
    "application_name": "holdfast",
}
_migrating = Lock()  # Alembic keeps what it works on in globals: two migrations at once mix up their files


def connect(settings: Settings, url: str, **options: Any) -> Engine:
    """An engine over a file in the home; every connection is durable and waits for its turn.

    What is written may be secret, so no fault shows it.

    Raises:
        BadSettings: the home cannot be made.
    """
    make_home(settings)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True, **options)
    event.listen(engine, "connect", _set_pragmas)
    return engine


def connect_server(settings: Settings, url: str) -> Engine:
    """An engine over a PostgreSQL; a connection that the server has closed is replaced before it is used.

    Raises:
        BadSettings: the home, which holds the rest, cannot be made.
    """
    make_home(settings)
    engine = create_engine(url, connect_args=SERVED, pool_pre_ping=True, hide_parameters=True)
    event.listen(engine, "connect", _wait_for_locks)
    return engine


def make_home(settings: Settings) -> None:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as refused:
        raise BadSettings(
            f"The home {settings.home} cannot be made ({refused.strerror}); "
            "set HOLDFAST_HOME to another folder."
        ) from refused


def connect_file(path: Path) -> Engine:
    """An engine over a SQLite file apart from any home, which one process has to itself."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", _check_references)
    return engine


def is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


def _set_pragmas(connection: Any, record: Any) -> None:  # noqa: ARG001 (the listener's signature)
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}").close()


def _check_references(connection: Any, record: Any) -> None:  # noqa: ARG001 (the listener's signature)
    connection.execute("pragma foreign_keys = on").close()


def _wait_for_locks(connection: Any, record: Any) -> None:  # noqa: ARG001 (the listener's signature)
    """As long as for SQLite's: whoever holds a lock for longer hangs."""
    connection.execute(f"set lock_timeout = '{BUSY_SECONDS}s'")
    connection.commit()


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

    Args:
        lock: the file that is held meanwhile; on PostgreSQL it is an advisory lock instead.

    Raises:
        GiveUp: a newer Holdfast wrote the tables; `name` says where they are.
    """
    newest = newest_revision(migrations)
    if revision(engine) == newest:
        return
    with _migrating, _alone(engine, lock) as connection:
        present = revision(engine)
        if present and present > newest:
            raise GiveUp(f"{name} was written by a newer Holdfast (revision {present}); upgrade this one.")
        if present != newest:
            _upgrade(connection, migrations)


@contextmanager
def _alone(engine: Engine, lock: Path) -> Iterator[Connection]:
    """A connection in a transaction, while no other process migrates."""
    if is_sqlite(engine):
        with FileLock(lock, preserve_lock_file=True), engine.connect() as connection:
            connection.exec_driver_sql("begin immediate")  # sqlite3 alone would commit every table by itself
            yield connection
        return
    with engine.connect() as connection:
        connection.execute(text("set local lock_timeout = 0"))
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": MIGRATION})
        yield connection


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("select version_num from alembic_version")).scalar()
        return found


def newest_revision(migrations: Path) -> str:
    """Read from the file names, so that tables that are up to date never have to load Alembic."""
    return max(path.stem[1:5] for path in (migrations / "versions").glob("r[0-9]*.py"))


def _upgrade(connection: Connection, migrations: Path) -> None:
    from alembic import command  # noqa: PLC0415 (half a second that most commands need not pay)
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(migrations))
    command.upgrade(config, "head")
    connection.commit()
