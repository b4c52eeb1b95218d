"""The durable inbox: what came in, kept until the warehouse and the archive have it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from threading import Lock
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, event, func, insert, select, update
from sqlalchemy.exc import DatabaseError, OperationalError

from data.database import connect, file_key, migrate, refuse_closed_home
from data.errors import GiveUp, TryAgain
from data.intake import tables
from data.intake.delivery import Delivery
from data.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
CONNECTIONS = 8
SLICE, SLICE_BYTES = 1000, 4_000_000  # what is removed at once: some twenty milliseconds of the file
WAL_KEPT = 64_000_000  # bytes the write-ahead log may keep on disk once it is checkpointed
KEPT = tables.deliveries


@dataclass(frozen=True)
class Arrival:
    """A request that is about to be kept; `received_at` is naive UTC."""

    source: str
    kind: str
    received_at: datetime
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Backlog:
    """What waits in the inbox after a position: `oldest_at` is when the first of it came in."""

    count: int = 0
    bytes: int = 0
    oldest_at: datetime | None = None


class Inbox:
    """A handle on the inbox file, safe to share between threads; other processes may have theirs."""

    def __init__(self, engine: Engine, file: Path) -> None:
        self.engine, self.file = engine, file
        self.epoch = ""

    @classmethod
    def open(cls, settings: Settings) -> "Inbox":
        """The handle of this home; opened once a process, again if the file was replaced.

        Raises:
            BadSettings: the home may not be written to.
            GiveUp: the file is damaged, or was written by a newer Holdfast.
            TryAgain: the file did not answer; the disk may be full.
        """
        file = settings.home / "inbox.sqlite"
        with _opening:
            inbox = _opened.get(file_key(file))
            if inbox is None:
                inbox = cls(_engine(settings, file), file)
                inbox.bring_up_to_date(settings)
                _opened[file_key(file)] = inbox
            return inbox

    def bring_up_to_date(self, settings: Settings) -> None:
        lock = settings.home / "inbox.lock"
        try:
            migrate(self.engine, MIGRATIONS, lock, f"The inbox {self.file}")
            with self.reading() as connection:
                self.epoch = connection.execute(select(tables.inbox.c.epoch)).scalar_one()
        except DatabaseError as fault:
            refuse_closed_home(settings, self.file)
            raise in_a_sentence(fault, self.file) from fault

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view; it never waits for writers."""
        yield from self._transaction("begin")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, on the disk when it ends; waits while another thread or process writes."""
        yield from self._transaction("begin immediate")

    def _transaction(self, opening: str) -> Iterator[Connection]:
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql(opening)
                yield connection
                connection.commit()
        except DatabaseError as fault:
            raise in_a_sentence(fault, self.file) from fault

    def put(self, arrivals: Sequence[Arrival]) -> list[int]:
        """Keep requests, all or none; they are on the disk when this returns. Gives their ids.

        Raises:
            TryAgain: nothing was kept, because the disk is full or the file is busy.
        """
        with self.writing() as connection:
            return _put(connection, arrivals)

    def put_pulled(self, source: str, arrivals: Sequence[Arrival], cursor: str) -> None:
        """Keep what a source gave together with how far it was read, so that neither is without the other.

        Raises:
            GiveUp: the source was removed meanwhile; nothing was kept.
        """
        row = tables.sources
        with self.writing() as connection:
            _put(connection, arrivals)
            moved = connection.execute(update(row).where(row.c.name == source).values(cursor=cursor))
            if not moved.rowcount:
                raise GiveUp(f"There is no source {source!r} any more; what it gave was not kept.")

    def after(self, position: int, *, limit_bytes: int, limit: int) -> list[Delivery]:
        """The oldest deliveries after a position: at most `limit`, and about `limit_bytes` of bodies.

        The first comes however large it is, so that one delivery can never block those behind it.
        """
        later = KEPT.c.delivery_id > position
        with self.reading() as connection:
            first = select(KEPT.c.running_bytes).where(later).order_by(KEPT.c.delivery_id).limit(1)
            reaches = connection.execute(first).scalar()
            if reaches is None:
                return []
            fits = KEPT.c.running_bytes <= reaches + limit_bytes
            wanted = select(KEPT).where(later, fits).order_by(KEPT.c.delivery_id).limit(limit)
            return [_delivery(row) for row in connection.execute(wanted).mappings()]

    def newest(self, *, limit_bytes: int, limit: int) -> list[Delivery]:
        """What came in last, the newest first: at most `limit` deliveries and `limit_bytes` of bodies."""
        backwards = KEPT.c.delivery_id.desc()
        with self.reading() as connection:
            last = connection.execute(select(KEPT.c.running_bytes).order_by(backwards).limit(1)).scalar() or 0
            fits = KEPT.c.running_bytes > last - limit_bytes
            wanted = select(KEPT).where(fits).order_by(backwards).limit(limit)
            return [_delivery(row) for row in connection.execute(wanted).mappings()]

    def remove(self, first: int, last: int) -> None:
        """Forget deliveries that are stored and archived: in slices, leaving the doors every other turn."""
        began = perf_counter()
        while self._remove_slice(first, last):
            sleep(perf_counter() - began)  # SQLite's lock is not fair: who asks again at once gets it again
            began = perf_counter()

    def _remove_slice(self, first: int, last: int) -> bool:
        oldest = KEPT.c.delivery_id.between(first, last)
        start = select(KEPT.c.running_bytes).where(oldest).order_by(KEPT.c.delivery_id).limit(1)
        with self.writing() as connection:
            reaches = connection.execute(start).scalar()
            if reaches is None:
                return False
            small = KEPT.c.running_bytes <= reaches + SLICE_BYTES
            gone = select(KEPT.c.delivery_id).where(oldest, small).order_by(KEPT.c.delivery_id).limit(SLICE)
            connection.execute(delete(KEPT).where(KEPT.c.delivery_id.in_(gone)))
            return True

    def backlog(self, position: int) -> Backlog:
        """What waits after a position; takes the same moment however much that is."""
        columns = (KEPT.c.delivery_id, KEPT.c.running_bytes, KEPT.c.received_at)
        size = func.length(KEPT.c.body).label("size")
        later = select(*columns, size).where(KEPT.c.delivery_id > position).limit(1)
        with self.reading() as connection:
            first = connection.execute(later.order_by(KEPT.c.delivery_id)).first()
            last = connection.execute(later.order_by(KEPT.c.delivery_id.desc())).first()
        if first is None or last is None:
            return Backlog()
        return Backlog(
            count=last.delivery_id - first.delivery_id + 1,
            bytes=last.running_bytes - first.running_bytes + first.size,
            oldest_at=first.received_at,
        )

    def begin_epoch(self) -> None:
        """Make every position that was kept elsewhere void, so that all that is here is read again.

        Call it after the file was put back from a backup: ids since then were given to other deliveries.
        """
        self.epoch = token_hex(8)
        with self.writing() as connection:
            connection.execute(update(tables.inbox).values(epoch=self.epoch))


_opening = Lock()
_opened: dict[tuple[str, int], Inbox] = {}


def _engine(settings: Settings, file: Path) -> Engine:
    engine = connect(settings, f"sqlite:///{file}", pool_size=CONNECTIONS, max_overflow=CONNECTIONS)
    event.listen(engine, "connect", _begin_ourselves)
    if not file.exists():
        file.touch(mode=0o600)  # it holds the secrets of webhooks
    return engine


def _begin_ourselves(connection: Any, record: Any) -> None:  # noqa: ARG001 (the listener's signature)
    """Without this, sqlite3 decides when a transaction begins, and takes the lock too late."""
    connection.isolation_level = None
    connection.execute(f"pragma journal_size_limit = {WAL_KEPT}").close()


def _put(connection: Connection, arrivals: Sequence[Arrival]) -> list[int]:
    if not arrivals:
        return []
    last = select(KEPT.c.running_bytes).order_by(KEPT.c.delivery_id.desc()).limit(1)
    running = connection.execute(last).scalar() or 0
    rows = []
    for arrival in arrivals:
        running += len(arrival.body)
        rows.append(_row(arrival, running))
    connection.execute(insert(KEPT), rows)
    newest: int = connection.exec_driver_sql("select last_insert_rowid()").scalar_one()
    return list(range(newest - len(rows) + 1, newest + 1))


def _row(arrival: Arrival, running_bytes: int) -> dict[str, Any]:
    return {
        "source": arrival.source,
        "kind": arrival.kind,
        "received_at": arrival.received_at,
        "headers": dict(arrival.headers),
        "running_bytes": running_bytes,
        "body": arrival.body,
    }


def _delivery(row: RowMapping) -> Delivery:
    kept = {name: row[name] for name in ("delivery_id", "source", "kind", "received_at", "headers", "body")}
    return Delivery(**kept)


def in_a_sentence(fault: DatabaseError, file: Path) -> TryAgain | GiveUp:
    """A full disk or a busy file passes; anything else is for somebody to mend."""
    if isinstance(fault, OperationalError):
        return TryAgain(f"The inbox {file} did not answer: {fault.orig}.")
    return GiveUp(
        f"The inbox {file} cannot be used ({fault.orig}); stop everything, keep a copy of the file, and "
        "restore it from a backup."
    )
