"""Connects to a database so that nothing can be changed there, and tells what goes wrong in a sentence."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from time import monotonic
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, NoSuchModuleError, OperationalError, SQLAlchemyError

from data.errors import BadInput, HoldfastError, TryAgain
from data.speech import english

POSTGRES = ("postgres", "postgresql")
CONNECT_SECONDS = 10
OUR_FAULT = ("28", "3D", "42", "22", "25", "0A")  # classes of PostgreSQL's codes that waiting does not mend
REFUSALS = ("password authentication failed", "does not exist", "no pg_hba.conf entry")
BUSY = ("locked", "busy", "interrupted", "disk I/O")  # what SQLite says that passes
STEPS = 10_000  # of SQLite's machine, between two looks at the clock


def read_url(given: str) -> URL:
    """A database's address.

    Raises:
        BadInput: it is none; the sentence does not repeat it, since it may hold a password.
    """
    try:
        url = make_url(given.strip())
    except SQLAlchemyError:
        raise BadInput(
            english(
                "The address of the database is not one; write it like "
                "postgresql://user:password@host:5432/name."
            )
        ) from None
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name() in POSTGRES else url


def told(url: URL) -> str:
    """Which database it is, without its password."""
    where = f" on {url.host}" if url.host else ""
    return f"{url.database or url.get_backend_name()}{where}"


@contextmanager
def connected(given: str) -> Iterator[Connection]:
    """A connection, closed at the end.

    Raises:
        BadInput: the database refuses us, or the driver for it is not installed.
        TryAgain: it does not answer.
    """
    engine = engine_of(read_url(given))
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as fault:
        raise in_a_sentence(fault, given) from None
    finally:
        engine.dispose()


def engine_of(url: URL) -> Engine:
    backend = url.get_backend_name()
    try:
        engine = create_engine(read_only(url), poolclass=NullPool, **OPTIONS.get(backend, {}))
    except (NoSuchModuleError, ModuleNotFoundError) as missing:
        raise BadInput(
            english(
                "Databases of the kind {drivername} need a driver that is not installed "
                "({missing}); PostgreSQL and SQLite need none.",
                drivername=url.drivername,
                missing=missing,
            )
        ) from None
    except (SQLAlchemyError, TypeError, ValueError) as wrong:
        raise BadInput(
            english("The address of the database cannot be used: {first_line}.", first_line=first_line(wrong))
        ) from None
    if backend in PREPARATIONS:
        event.listen(engine, "connect", PREPARATIONS[backend])
    return engine


def read_only(url: URL) -> URL:
    """SQLite would make a file that is not there."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return url
    return url.set(database=f"file:{quote(url.database)}").update_query_dict({"mode": "ro", "uri": "true"})


OPTIONS: Mapping[str, dict[str, Any]] = {
    "postgresql": {
        "isolation_level": "REPEATABLE READ",
        "connect_args": {
            "connect_timeout": CONNECT_SECONDS,
            "prepare_threshold": None,  # what sits between us and the server may not keep statements
            "tcp_user_timeout": 60_000,
            "keepalives_idle": 30,
            "application_name": "holdfast",
        },
    },
}


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("pragma query_only = on").close()
    connection.text_factory = lambda text: text.decode("utf-8", "replace")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """What Python has no value for is handed out as what comes nearest, instead of failing the page."""
    from psycopg.adapt import Loader  # noqa: PLC0415 (only where PostgreSQL is read)
    from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader  # noqa: PLC0415

    class Plain(Loader):
        def load(self, data: Any) -> str:
            return bytes(data).decode("utf-8", "replace")

    for name in ("json", "jsonb"):
        connection.adapters.register_loader(name, Plain)
    ends = ((DateLoader, "date", date, None), (TimestampLoader, "timestamp", datetime, None))
    for loader, name, kind, zone in (*ends, (TimestamptzLoader, "timestamptz", datetime, UTC)):
        connection.adapters.register_loader(name, _with_ends(loader, kind, zone))


def _with_ends(loader: type[Any], kind: type[date], zone: Any) -> type[Any]:
    class WithEnds(loader):  # type: ignore[misc]
        """Infinity is the calendar's last instant; what lies beyond the calendar is just before it."""

        def load(self, data: Any) -> Any:
            try:
                return super().load(data)
            except Exception as beyond:  # noqa: BLE001 (psycopg's own error, whichever it is)
                return _end(bytes(data), kind, zone, beyond)

    return WithEnds


def _end(data: bytes, kind: type[date], zone: Any, beyond: Exception) -> Any:
    if not (data.endswith(b"BC") or b"infinity" in data or data[4:5].isdigit()):
        raise beyond
    if data.endswith(b"BC") or data.startswith(b"-"):
        end = kind.min
    else:
        end = kind.max if data == b"infinity" else kind.max - kind.resolution
    return end.replace(tzinfo=zone) if isinstance(end, datetime) else end


PREPARATIONS: Mapping[str, Callable[..., None]] = {
    "sqlite": _prepare_sqlite,
    "postgresql": _prepare_postgresql,
}


def set_up(connection: Connection, timeout: int) -> None:
    """At the head of a transaction: it reads only, knows UTC, and ends after so many seconds."""
    SET_UP.get(connection.dialect.name, _set_up_nothing)(connection, timeout)


def _set_up_postgresql(connection: Connection, timeout: int) -> None:
    connection.exec_driver_sql("set transaction read only")
    connection.exec_driver_sql(f"set local statement_timeout = {timeout * 1000}")
    connection.exec_driver_sql("set local time zone 'UTC'")


def _set_up_sqlite(connection: Connection, timeout: int) -> None:
    until = monotonic() + timeout
    raw = connection.connection.driver_connection
    if raw is not None:
        raw.set_progress_handler(lambda: monotonic() > until, STEPS)


def _set_up_nothing(_connection: Connection, _timeout: int) -> None:
    """Other databases are asked nothing but SELECTs, and every transaction is rolled back."""


SET_UP: Mapping[str, Callable[[Connection, int], None]] = {
    "postgresql": _set_up_postgresql,
    "sqlite": _set_up_sqlite,
}


def in_a_sentence(fault: SQLAlchemyError, given: str) -> HoldfastError:
    """What a database said; what passes may be tried again, a refusal is for somebody to mend."""
    database = told(read_url(given))
    said = first_line(fault.orig if isinstance(fault, DBAPIError) and fault.orig else fault)
    if is_passing(fault):
        return TryAgain(
            english("The database {database} did not answer: {said}.", database=database, said=said)
        )
    return BadInput(english("The database {database} refuses: {said}.", database=database, said=said))


def is_passing(fault: SQLAlchemyError) -> bool:
    if not isinstance(fault, DBAPIError):
        return False
    code = getattr(fault.orig, "sqlstate", None)
    if code:
        return not code.startswith(OUR_FAULT)
    if isinstance(fault.orig, sqlite3.Error):
        return any(word in str(fault.orig) for word in BUSY)
    if any(refusal in str(fault.orig) for refusal in REFUSALS):
        return False
    return fault.connection_invalidated or isinstance(fault, OperationalError | InterfaceError)


def first_line(fault: BaseException) -> str:
    return (str(fault).strip().splitlines() or [type(fault).__name__])[0].strip().rstrip(".")
