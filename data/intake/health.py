"""What machines ask: /healthz (does it live), /readyz (can it work), /metrics (how it fares)."""

import asyncio
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from data.errors import HoldfastError
from data.intake.doors import Doors
from data.intake.gauges import Reading
from data.intake.inbox import Backlog

LEAST_FREE = 100_000_000  # bytes on the disk of the inbox


@dataclass(frozen=True)
class Vitals:
    """The engine and what it published, as somebody who may look at them says; times are naive UTC.

    Args:
        edition: the newest, None before the first.
        trouble: why the editions cannot be read, in a sentence.
    """

    alive: bool = False
    edition: str | None = None
    published_at: datetime | None = None
    refresh_seconds: float | None = None
    trouble: str | None = None


class Health:
    """The answers of one process. `vitals` is called at every look and must not fail."""

    def __init__(self, doors: Doors, vitals: Callable[[], Vitals]) -> None:
        self.doors, self.vitals = doors, vitals
        doors.gauges.readings = self.readings

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.healthz),
            Route("/readyz", self.readyz),
            Route("/metrics", self.metrics),
        ]

    async def healthz(self, _: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def readyz(self, _: Request) -> JSONResponse:
        vitals = await asyncio.to_thread(self.vitals)
        reasons = await asyncio.to_thread(lambda: list(self.reasons(vitals)))
        told = {"status": "not ready" if reasons else "ready", "edition": vitals.edition, "reasons": reasons}
        return JSONResponse(told, status_code=503 if reasons else 200)

    async def metrics(self, _: Request) -> Response:
        text = await asyncio.to_thread(self.doors.gauges.text)
        return Response(text, media_type=self.doors.gauges.content_type)

    def reasons(self, vitals: Vitals) -> Iterator[str]:
        """Why requests should go elsewhere; nothing when they may come."""
        if self.doors.are_here:
            yield from self.closed()
        free = shutil.disk_usage(self.doors.settings.home).free
        if free < LEAST_FREE:
            yield f"Only {free / 1e6:.0f} MB are free on the disk of {self.doors.settings.home}."
        if vitals.trouble:
            yield vitals.trouble

    def closed(self) -> Iterator[str]:
        """Why the doors would not take anything in."""
        try:
            with self.doors.inbox().writing():
                pass
        except HoldfastError as closed:
            yield str(closed)
        if self.doors.writer.thread is None:
            yield "The doors are not open."
        if self.doors.writer.trouble:
            yield self.doors.writer.trouble

    def readings(self) -> Iterable[Reading]:
        vitals, now = self.vitals(), self.doors.now()
        if self.doors.are_here:
            yield from waiting(self.backlog(), now)
        yield "engine_alive", "Whether the engine runs", vitals.alive
        if vitals.published_at:
            yield "edition_age_seconds", "Seconds since the newest edition", age(vitals.published_at, now)
        if vitals.refresh_seconds is not None:
            yield "refresh_seconds", "Seconds that the last refresh took", vitals.refresh_seconds

    def backlog(self) -> Backlog:
        try:
            return self.doors.inbox().backlog(0)
        except HoldfastError:
            return Backlog()


def waiting(backlog: Backlog, now: datetime) -> Iterator[Reading]:
    yield "inbox_deliveries", "Deliveries that the archive does not have yet", backlog.count
    yield "inbox_bytes", "Bytes of the bodies of those deliveries", backlog.bytes
    yield "inbox_oldest_seconds", "Age of the oldest of them", age(backlog.oldest_at, now)


def age(at: datetime | None, now: datetime) -> float:
    return max(0.0, (now - at).total_seconds()) if at else 0.0
