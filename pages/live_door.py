"""The websocket /live: one watcher of the pointer tells every open page what is new."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from time import monotonic, process_time
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from data.errors import HoldfastError
from data.settings import Settings
from engine import desk
from engine.desk import alerts
from metrics import read
from pages.turns import Pace, drawing

LOOK_EVERY = 0.025
BEHIND = timedelta(seconds=5)
ENGINE_EVERY = 40  # looks at the pointer for one at the engine


_reached_at: list[str] = []
_pulse = [0]


def address() -> str | None:
    """Where this server listens, as the last page reached it, whatever stands before it."""
    return _reached_at[-1] if _reached_at else None


def pulse() -> int:
    """How far open pages have been told of alerts."""
    return _pulse[0]


def note_address(socket: WebSocket) -> None:
    host, port = socket.scope.get("server") or (None, None)
    if host and port:
        scheme = "https" if socket.scope.get("scheme") == "wss" else "http"
        _reached_at[:] = [f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"]


def backlog_told(engine: desk.EngineStatus) -> dict[str, float] | None:
    """How many deliveries wait, and since when, where that is more than the moment they always wait."""
    oldest = engine.backlog_oldest_at
    if oldest is None or not engine.backlog:
        return None
    since = oldest.replace(tzinfo=UTC)
    if engine.alive and datetime.now(UTC) - since < BEHIND:
        return None
    return {"count": engine.backlog, "oldest": since.timestamp() * 1000}


class News:
    """The newest edition, the engine's life, the alerts' pulse: told to every socket when one changes."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sockets: dict[
            WebSocket, dict[str, Any] | None
        ] = {}  # what each was told, who waits longest first
        self.fresh, self.pace = asyncio.Event(), Pace()
        self.stamp: tuple[int, int] | None = None
        self.told: dict[str, Any] = {"edition": None, "alive": True, "backlog": None, "alarms": 0}

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self.watch()), asyncio.create_task(self.talk())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def watch(self) -> None:
        looks = 0
        while True:
            if looks % ENGINE_EVERY == 0:
                self.tell(**await asyncio.to_thread(self.engine))
            if self.has_moved():
                with suppress(HoldfastError):  # a damaged pointer is mended by the next refresh
                    self.tell(edition=read.current(self.settings))
            looks += 1
            await asyncio.sleep(LOOK_EVERY)

    def has_moved(self) -> bool:
        """Whether the pointer is another file, or was written to, since the last look."""
        try:
            found = (self.settings.published / "current").stat()
        except FileNotFoundError:
            return False
        stamp = (found.st_ino, found.st_mtime_ns)
        moved, self.stamp = stamp != self.stamp, stamp
        return moved

    def engine(self) -> dict[str, Any]:
        try:
            status = desk.status(self.settings)
            told: dict[str, Any] = {"alive": status.alive, "backlog": backlog_told(status)}
            return told | {"alarms": alerts.pulse(self.settings)}
        except HoldfastError:
            return {"alive": False}

    def tell(self, **found: Any) -> None:
        if self.told | found != self.told:
            self.told = self.told | found
            _pulse[0] = self.told["alarms"]
            self.fresh.set()

    async def talk(self) -> None:
        """Every page hears what is newest when its turn comes; none twice before all have heard."""
        while True:
            await self.fresh.wait()
            self.fresh.clear()
            while (behind := self.behind()) is not None:
                await self.send(behind)
                await self.rest()

    async def rest(self) -> None:
        """Until there is room for another page to be drawn."""
        began, used, wait = monotonic(), process_time(), self.pace.pause
        while wait > 0:
            await asyncio.sleep(wait)
            spent = process_time() - used
            wait = self.pace.lacking(spent, monotonic() - began, drawing=drawing.is_full)
        self.pace.learn(spent)

    def behind(self) -> WebSocket | None:
        """Of the pages that do not know yet, the one that waits longest."""
        return next((socket for socket, known in self.sockets.items() if known != self.told), None)

    async def send(self, socket: WebSocket) -> None:
        """A page that went away is forgotten."""
        told = self.told
        self.sockets.pop(socket, None)
        try:
            await socket.send_json(told)
            self.sockets[socket] = told
        except (WebSocketDisconnect, RuntimeError):
            pass

    async def door(self, socket: WebSocket) -> None:
        """Tells what is known, then listens until the page goes away; nothing it says matters."""
        await socket.accept()
        note_address(socket)
        await self.send(socket)
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            pass
        finally:
            self.sockets.pop(socket, None)
