"""Reads the bodies of requests: not too large, not too slowly, not too many at once."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.types import Receive

from data.intake.answers import Refusal, try_later
from data.intake.unpack import too_large
from data.settings import Intake

READ_ON = 64_000_000  # bytes of a body that is too large which are still read, so that its sender hears why


class ClientGone(Exception):
    """The sender hung up before its request was complete."""


class Room:
    """How many bytes of bodies this process holds, and may hold."""

    def __init__(self, limit: int) -> None:
        self.limit, self.taken = limit, 0

    @contextmanager
    def place(self) -> Iterator["Place"]:
        place = Place(self)
        try:
            yield place
        finally:
            self.taken -= place.size


class Place:
    """What one request takes of the room."""

    def __init__(self, room: Room) -> None:
        self.room, self.size = room, 0

    def take(self, size: int) -> None:
        """Raises: Refusal (503), when everybody together sends more than fits."""
        if self.room.taken and self.room.taken + size > self.room.limit:
            raise try_later(503, "busy", "Too much comes in at once; send this again.", 1)
        self.size += size
        self.room.taken += size


async def read(receive: Receive, headers: dict[str, str], place: Place, limits: Intake) -> bytes:
    """The body as it was sent.

    Raises:
        Refusal: it is too large (413), too slow (408), or there is no room for it (503).
        ClientGone: nobody waits for an answer any more.
    """
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _whole(receive, place, limits.body_bytes, _announced(headers))
    except TimeoutError as slow:
        sentence = f"The body did not arrive within {limits.body_seconds:g} seconds."
        raise Refusal(408, "too_slow", sentence, connection="close") from slow


def _announced(headers: dict[str, str]) -> int:
    size = headers.get("content-length", "0")
    return int(size) if size.isdecimal() else 0


async def _whole(receive: Receive, place: Place, limit: int, announced: int) -> bytes:
    parts: list[bytes] = []
    size, more = 0, announced <= limit
    while more and size <= limit:
        part, more = await _part(receive)
        size += len(part)
        place.take(len(part))
        parts.append(part)
    if max(size, announced) > limit:
        parts.clear()
        await _read_on(receive, more or announced > size)
        raise too_large(limit)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def _read_on(receive: Receive, more: bool) -> None:
    """Who is answered in the middle of sending often sees a broken connection and not the answer."""
    size = 0
    while more and size <= READ_ON:
        part, more = await _part(receive)
        size += len(part)


async def _part(receive: Receive) -> tuple[bytes, bool]:
    message: Any = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    return message.get("body", b""), message.get("more_body", False)
