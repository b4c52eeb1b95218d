"""The doors: every address that takes deliveries, what it checks, and what it answers when they are kept."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, perf_counter

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from data.errors import HoldfastError, TryAgain
from data.intake import bodies, measures, web
from data.intake.admission import Admission
from data.intake.answers import Answer, Refusal, accepted, try_later
from data.intake.bodies import ClientGone, Place, Room
from data.intake.catalog import Kind, kinds
from data.intake.delivery import Delivery, Item
from data.intake.gauges import Gauges
from data.intake.inbox import Arrival, Inbox
from data.intake.rates import Rates
from data.intake.recent import RecentIds
from data.intake.translate import translated
from data.intake.unpack import unpacked
from data.intake.web import Request
from data.intake.writer import Writer
from data.settings import Settings

LARGE = 256_000  # bytes from which a body is read in a thread, so that others need not wait for it
SEED_BYTES, SEED_DELIVERIES = (
    16_000_000,
    5_000,
)  # of the newest in the inbox, whose ids are known from the start
NOTE_KEYS_EVERY = 30.0  # seconds
log = logging.getLogger("holdfast.intake")


class Doors:
    """The doors of one process and what they share. Open them before the first request comes.

    Args:
        now: gives the present instant, naive UTC.
        elsewhere: none is opened here, as another machine has them, and the inbox with them.

    Raises:
        BadDefinition: the file of a kind lacks a part.
    """

    def __init__(
        self,
        settings: Settings,
        now: Callable[[], datetime],
        gauges: Gauges | None = None,
        *,
        elsewhere: bool = False,
    ) -> None:
        self.settings, self.limits, self.now = settings, settings.intake, now
        self.gauges = gauges or Gauges()
        self.room = Room(self.limits.waiting_bytes)
        self.rates = Rates(self.limits.requests_per_second)
        self.recent = RecentIds()
        self.admission = Admission(self.inbox)
        self.writer = Writer(
            lambda arrivals: self.inbox().put(arrivals),
            limit_bytes=self.limits.waiting_bytes,
            committed=self.gauges.committed,
        )
        self.gauges.queue.set_function(lambda: self.writer.waiting)
        self.aside = ThreadPoolExecutor(1, "large bodies")
        self.are_here = not elsewhere
        opened = kinds().values() if self.are_here else ()
        self.routes = [Route(path, Door(kind, self)) for kind in opened for path in kind.paths]

    def inbox(self) -> Inbox:
        return Inbox.open(self.settings)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Until this ends everything that was accepted is on the disk."""
        if not self.are_here:
            yield
            return
        self.writer.start()
        tending = asyncio.create_task(self._tend())
        try:
            yield
        finally:
            tending.cancel()
            await self.writer.stop()
            self.aside.shutdown()
            self._note_keys()

    async def _tend(self) -> None:
        await asyncio.to_thread(self._seed)
        while True:
            await asyncio.sleep(NOTE_KEYS_EVERY)
            await asyncio.to_thread(self._note_keys)

    def _seed(self) -> None:
        """Know again what came in before this process began."""
        try:
            for delivery in self.inbox().newest(limit_bytes=SEED_BYTES, limit=SEED_DELIVERIES):
                self.recent.remember(delivery.source, translated(delivery))
        except HoldfastError as closed:
            log.warning("%s", closed)

    def _note_keys(self) -> None:
        try:
            self.admission.ring.note_uses(self.inbox())
        except HoldfastError as closed:
            log.warning("%s", closed)


@dataclass(frozen=True)
class Door:
    """The doors of one kind, as an ASGI application."""

    kind: Kind
    doors: Doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = perf_counter()
        request = Request.of(scope)
        try:
            answer = await self.answer(request, receive)
        except ClientGone:
            return
        self.doors.gauges.answered(self.kind.name, answer.status, perf_counter() - began)
        await web.send_answer(send, answer, web.cors(self.kind, request), head=request.method == "HEAD")

    async def answer(self, request: Request, receive: Receive) -> Answer:
        """Whatever goes wrong becomes an answer; only a sender that hung up gets none."""
        try:
            if request.method == "OPTIONS":
                return web.preflight(request)
            if request.method != "POST":
                return web.not_allowed(self.kind, request)
            with self.doors.room.place() as place:
                return await self.take(request, receive, place)
        except ClientGone:
            raise
        except Exception as fault:  # noqa: BLE001 (the edge of the door)
            return told(fault, request).answer

    async def take(self, request: Request, receive: Receive, place: Place) -> Answer:
        """Check a request, keep it, then say what became of each item."""
        body = await self.body(request, receive, place)
        source = self.doors.admission.source(self.kind, request, body, self.doors.now())
        self.refuse_haste(source)
        delivery = self.delivery(source, request, body)
        items = await self.read(delivery)
        repeated = self.doors.recent.repeated(source, items)
        await self.doors.writer.put(arrival(delivery))
        self.doors.recent.remember(source, items)
        self.doors.gauges.kept(self.kind.name, len(body), items, repeated)
        return accepted(self.kind, items, repeated)

    async def body(self, request: Request, receive: Receive, place: Place) -> bytes:
        raw = await bodies.read(receive, request.headers, place, self.doors.limits)
        body = unpacked(raw, request.headers.get("content-encoding", ""), self.doors.limits.body_bytes)
        place.take(len(body) - len(raw) if len(body) > len(raw) else 0)
        return body

    def refuse_haste(self, source: str) -> None:
        wait = self.doors.rates.wait(source, monotonic())
        if wait:
            limit = self.doors.limits.requests_per_second
            sentence = f"{source} may send {limit:g} requests a second; send this again later."
            raise try_later(429, "too_many", sentence, wait)

    def delivery(self, source: str, request: Request, body: bytes) -> Delivery:
        kept = {name: request.headers[name] for name in self.kind.headers if name in request.headers}
        kept[":path"] = request.path if self.kind.auth == "secret" else request.headers[":path"]
        return Delivery(0, source, self.kind.name, self.doors.now(), kept, body)

    async def read(self, delivery: Delivery) -> list[Item]:
        if len(delivery.body) < LARGE:
            return self.items(delivery)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.doors.aside, self.items, delivery)

    def items(self, delivery: Delivery) -> list[Item]:
        """Raises: Refusal, when the body is not what a body may be."""
        measures.refuse_oversize(delivery.body, self.doors.limits.item_bytes)
        items = translated(delivery)
        if all(item.outcome == "quarantined" for item in items):
            measures.refuse_malformed(delivery.body)
        if len(items) > self.doors.limits.items:
            sentence = f"The batch holds {len(items):,} items; at most {self.doors.limits.items:,} are taken."
            raise Refusal(413, "too_many_items", sentence)
        return items


def arrival(delivery: Delivery) -> Arrival:
    return Arrival(delivery.source, delivery.kind, delivery.received_at, delivery.headers, delivery.body)


def told(fault: Exception, request: Request) -> Refusal:
    """What a sender hears of a fault: nothing was kept, and when to come again."""
    if isinstance(fault, Refusal):
        return fault
    if isinstance(fault, HoldfastError):
        return try_later(503, "unavailable", str(fault), 1 if isinstance(fault, TryAgain) else 30)
    log.error("A door stumbled over a request to %s.", request.path, exc_info=fault)
    return try_later(503, "fault", "Holdfast stumbled over this request and kept nothing of it.", 30)
