"""Takes deliveries from the inbox into the warehouse: oldest first, each once, and how far beside them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from data.errors import TryAgain
from data.intake.delivery import Delivery, Item
from data.intake.gather import gathered
from data.intake.translate import translated, whole
from data.store.faults import is_passing
from data.unify.load import load_rows
from engine.replay import KIND as REPLAY
from engine.replay import replay

if TYPE_CHECKING:
    from data.intake.inbox import Inbox
    from data.store.warehouse import Warehouse
    from data.unify.report import ImportReport

AT_ONCE = 4_000  # deliveries
AT_ONCE_BYTES = 8_000_000
Pair = tuple[Delivery, list[Item]]


@dataclass(frozen=True)
class Drained:
    """What was taken in; `position` is how far the inbox is read, `bytes` the size of the bodies."""

    position: int
    deliveries: int = 0
    items: int = 0
    facts: int = 0
    quarantined: int = 0
    bytes: int = 0

    @property
    def is_full(self) -> bool:
        """Whether it took in about as much as one batch may hold, so that more may have waited."""
        return self.deliveries >= AT_ONCE or self.bytes >= AT_ONCE_BYTES / 2

    def __add__(self, other: "Drained") -> "Drained":
        return Drained(
            other.position,
            self.deliveries + other.deliveries,
            self.items + other.items,
            self.facts + other.facts,
            self.quarantined + other.quarantined,
            self.bytes + other.bytes,
        )


def drain(
    warehouse: "Warehouse", inbox: "Inbox", *, limit: int = AT_ONCE, limit_bytes: int = AT_ONCE_BYTES
) -> Drained:
    """Take in the oldest deliveries that wait, as many as one batch may hold.

    Raises:
        TryAgain: the inbox did not answer.
    """
    position = position_of(warehouse, inbox.epoch)
    deliveries = inbox.after(position, limit=limit, limit_bytes=limit_bytes)
    return take_in(warehouse, inbox.epoch, deliveries, Drained(position))


def position_of(warehouse: "Warehouse", stream: str) -> int:
    """How far a stream has been taken in; 0 where nothing has."""
    found = warehouse.rows("select position from positions where stream = $stream", {"stream": stream})
    return int(found[0][0]) if found else 0


def take_in(warehouse: "Warehouse", stream: str, deliveries: Sequence[Delivery], done: Drained) -> Drained:
    """Take in deliveries of one stream, in their order; what one transaction took in stays in."""
    pairs = [(delivery, [] if delivery.kind == REPLAY else translated(delivery)) for delivery in deliveries]
    for batch in batches(pairs):
        done += store(warehouse, stream, batch)
    return done


def batches(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """What is stored together: it arrived within one minute, and a replay stands alone.

    So the warehouse counts by the minute the same, however the deliveries are cut when they are read.
    """

    def together(pair: Pair) -> tuple[datetime, int]:
        delivery = pair[0]
        alone = delivery.delivery_id if delivery.kind == REPLAY else 0
        return delivery.received_at.replace(second=0, microsecond=0), alone

    for _, batch in groupby(pairs, key=together):
        yield list(batch)


def store(warehouse: "Warehouse", stream: str, batch: list[Pair]) -> Drained:
    """Store a batch; deliveries that cannot be stored are found by halving, and set aside whole.

    Raises:
        TryAgain: it is not the deliveries' fault; nothing of them was stored.
    """
    try:
        return _store(warehouse, stream, batch)
    except Exception as fault:
        if is_passing(fault) or isinstance(fault, TryAgain):
            raise
        if len(batch) > 1:
            middle = len(batch) // 2
            return store(warehouse, stream, batch[:middle]) + store(warehouse, stream, batch[middle:])
        delivery, items = batch[0]
        reason = f"it could not be stored ({type(fault).__name__}: {first_line(fault)})"
        if is_set_aside(items, reason):
            raise
        return store(warehouse, stream, [(delivery, [whole(delivery, reason)])])


def is_set_aside(items: list[Item], reason: str) -> bool:
    return [item.reason for item in items] == [reason]


def first_line(fault: Exception) -> str:
    return (str(fault).splitlines() or [""])[0].strip()


def _store(warehouse: "Warehouse", stream: str, batch: list[Pair]) -> Drained:
    last = batch[-1][0]
    with warehouse.transaction():
        reports = list(_load(warehouse, batch))
        move(warehouse, stream, last.delivery_id)
    counts = [count for report in reports for count in report.counts]
    return Drained(
        last.delivery_id,
        deliveries=len(batch),
        items=sum(len(items) for _, items in batch),
        facts=sum(count.added for count in counts),
        quarantined=sum(count.quarantined for count in counts),
        bytes=sum(len(delivery.body) for delivery, _ in batch),
    )


def _load(warehouse: "Warehouse", batch: list[Pair]) -> Iterator["ImportReport"]:
    first = batch[0][0]
    if first.kind == REPLAY:
        yield from replay(warehouse, first)
        return
    for source in gathered(batch):
        if source.rows or source.bad:
            yield load_rows(warehouse, source.source, source.rows, source.bad, now=source.arrived_at)


def move(warehouse: "Warehouse", stream: str, position: int) -> None:
    """Write down how far a stream has been taken in, in the caller's transaction."""
    given = {"stream": stream, "position": position}
    if not warehouse.run("update positions set position = $position where stream = $stream", given):
        warehouse.run("insert into positions values ($stream, $position)", given)
