"""Makes the warehouse again from what came in: the archive, and what still lies in the inbox."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from data.archive import chunks
from data.archive.imports import KeptImport, import_again, imports
from data.errors import GiveUp
from data.intake.delivery import Delivery
from data.settings import Settings
from data.store import exchange
from data.store.warehouse import Warehouse
from engine.drain import Drained, position_of, take_in
from engine.shelve import SHELVING

if TYPE_CHECKING:
    from data.intake.inbox import Inbox

AT_ONCE = 10_000  # deliveries
AT_ONCE_BYTES = 16_000_000
Show = Callable[[str], None]
Placed = tuple[str, Delivery]  # a delivery and the inbox that it came through


@dataclass(frozen=True)
class Rebuilt:
    """What the warehouse was made of."""

    deliveries: int
    imports: int


def rebuild(settings: Settings, warehouse: Warehouse, inbox: "Inbox", *, show: Show) -> Rebuilt:
    """Build a warehouse beside the present one, and let it take its place; `warehouse` is then the new one.

    Raises:
        GiveUp: the archive is damaged; the present warehouse stays.
    """
    site = exchange.building_site(settings)
    shutil.rmtree(site.home, ignore_errors=True)
    kept = imports(settings)
    seen = [position_of(warehouse, inbox.epoch), *(one.positions.get(inbox.epoch, 0) for one in kept)]
    last_import = warehouse.value("select import_id from last_import")
    with SHELVING:
        with Warehouse.open(site) as fresh:
            done = Builder(fresh, show).build(kept, Tape(_deliveries(settings, inbox, max(seen))))
            fresh.run("update last_import set import_id = greatest(import_id, $last)", {"last": last_import})
        warehouse.close()
        exchange.hand_in(site, settings)
        warehouse.reopen()
    shutil.rmtree(site.home, ignore_errors=True)
    return done


def _deliveries(settings: Settings, inbox: "Inbox", until: int) -> Iterator[Placed]:
    """Every delivery once, in the order in which they were taken in: archived, then those still in the inbox.

    A kill between archiving and forgetting leaves a delivery in both.
    """
    last: dict[str, int] = {}
    for chunk in chunks.chunks(settings):
        for delivery in chunks.read(chunk):
            if delivery.delivery_id > last.get(chunk.epoch, 0):
                last[chunk.epoch] = delivery.delivery_id
                yield chunk.epoch, delivery
    position = last.get(inbox.epoch, 0)
    while position < until and (waiting := inbox.after(position, limit=AT_ONCE, limit_bytes=AT_ONCE_BYTES)):
        yield from ((inbox.epoch, delivery) for delivery in waiting if delivery.delivery_id <= until)
        position = waiting[-1].delivery_id


class Tape:
    """Deliveries in their order, to be read up to a place."""

    def __init__(self, deliveries: Iterator[Placed]) -> None:
        self.deliveries = deliveries
        self.ahead = next(deliveries, None)

    def until(self, positions: Mapping[str, int] | None) -> Iterator[Placed]:
        """What comes before these positions of the streams; without them, all that is left."""
        while self.ahead is not None:
            stream, delivery = self.ahead
            if positions is not None and delivery.delivery_id > positions.get(stream, 0):
                return
            yield self.ahead
            self.ahead = next(self.deliveries, None)


class Builder:
    """Fills a new warehouse."""

    def __init__(self, warehouse: Warehouse, show: Show) -> None:
        self.warehouse, self.show = warehouse, show
        self.deliveries = 0

    def build(self, kept: list[KeptImport], tape: Tape) -> Rebuilt:
        """Do imports and deliveries again in the order in which they were done first."""
        for one in kept:
            self.take_in(tape.until(one.positions))
            self.show(f"import {one.number} of {kept[-1].number}")
            import_again(self.warehouse, one)
        self.take_in(tape.until(None))
        return Rebuilt(self.deliveries, len(kept))

    def take_in(self, placed: Iterator[Placed]) -> None:
        for stream, batch in batches(placed):
            done = take_in(self.warehouse, stream, batch, Drained(0))
            self.deliveries += done.deliveries
            self.show(f"{self.deliveries:,} deliveries")


def batches(placed: Iterator[Placed]) -> Iterator[tuple[str, list[Delivery]]]:
    """Deliveries of one stream, as many as may be taken in at once."""
    for stream, group in groupby(placed, key=lambda pair: pair[0]):
        batch: list[Delivery] = []
        size = 0
        for _, delivery in group:
            if batch and (len(batch) >= AT_ONCE or size + len(delivery.body) > AT_ONCE_BYTES):
                yield stream, batch
                batch, size = [], 0
            batch.append(delivery)
            size += len(delivery.body)
        yield stream, batch


def refuse_loss(settings: Settings, warehouse: Warehouse, inbox: "Inbox") -> None:
    """Stop where the warehouse holds what the archive does not.

    Raises:
        GiveUp: a rebuild would lose facts.
    """
    if lost := would_lose(settings, warehouse, inbox):
        raise GiveUp(f"A rebuild would lose {lost}; give --anyway if they may go, or can be imported again.")


def would_lose(settings: Settings, warehouse: Warehouse, inbox: "Inbox") -> str:
    """What is in the warehouse and neither in the archive nor in the inbox; nothing if all is."""
    known = {(kept.order.folder, kept.order.now) for kept in imports(settings)}
    done = warehouse.rows("select folder, finished_at from imports order by import_id")
    missing = [folder for folder, at in done if (folder, at) not in known]
    if missing:
        return f"{len(missing)} imports that are not in the archive, the first from {missing[0]}"
    archived = chunks.chunks(settings)
    for stream, position in warehouse.rows("select stream, position from positions"):
        until = chunks.archived_until(archived, stream)
        if stream == inbox.epoch:
            first = [delivery.delivery_id for delivery in inbox.after(0, limit=1, limit_bytes=1)]
            until = max(until, position) if first and first[0] <= until + 1 else until
        if position > until:
            return f"deliveries {until + 1} to {position}, which are neither archived nor in the inbox"
    return ""


def opened(settings: Settings) -> Warehouse:
    """The present warehouse; one that cannot be read is set aside for an empty one.

    Raises:
        GiveUp: it cannot be read, and there is no archive to make another from.
    """
    try:
        return Warehouse.open(settings)
    except GiveUp as unreadable:
        if not chunks.chunks(settings) and not imports(settings):
            raise GiveUp(
                f"{unreadable} There is no archive to rebuild it from: move {settings.warehouse} away "
                "and import again."
            ) from unreadable
        exchange.set_aside(settings)
        return Warehouse.open(settings)
