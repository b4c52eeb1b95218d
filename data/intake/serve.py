"""The doors alone, as a process of their own: no pages, no Streamlit."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from data.intake.doors import Doors
from data.intake.entrance import Entrance
from data.intake.health import Health, Vitals


def application(doors: Doors, vitals: Callable[[], Vitals]) -> Starlette:
    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        async with doors.open():
            yield

    routes = [*doors.routes, *Health(doors, vitals).routes]
    return Starlette(routes=routes, lifespan=lifespan)


def serve(doors: Doors, vitals: Callable[[], Vitals], *, host: str, port: int) -> None:
    """Serve until somebody stops it; what was accepted is on the disk when this returns."""
    app: ASGIApp = Entrance(application(doors, vitals), doors)
    uvicorn.run(
        app, host=host, port=port, access_log=False, log_level="warning", ws="none", server_header=False
    )
