"""The web process: the pages, the live websocket, the doors, and the engine beside them."""

import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute

from data.errors import HoldfastError
from data.intake.doors import Doors
from data.intake.entrance import Entrance
from data.intake.health import Health
from data.settings import Settings, load
from engine import beside, clock
from engine.vitals import vitals
from metrics import read
from pages.live_door import News

ROOT = Path(__file__).resolve().parent


def prepared() -> tuple[Settings, Doors]:
    """What everything else needs; a fault in it ends the program with a sentence."""
    try:
        settings = load()
        return settings, Doors(settings, clock.now)
    except HoldfastError as wrong:
        sys.exit(str(wrong))


settings, doors = prepared()
news = News(settings)
health = Health(doors, lambda: vitals(settings, read.current))


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    async with doors.open(), beside.engine(settings), news.watching():
        yield


app = st.App(
    ROOT / "pages" / "menu.py",
    routes=[*doors.routes, *health.routes, WebSocketRoute("/live", news.door)],
    middleware=[Middleware(Entrance, doors=doors)],
    lifespan=lifespan,
)


def arguments() -> Any:
    parser = ArgumentParser(prog="python app.py", description="Serve the pages and keep the engine running.")
    parser.add_argument("--port", type=int, default=settings.port, help="default: %(default)s")
    parser.add_argument("--host", default=settings.host, help="default: %(default)s")
    return parser.parse_args()


if __name__ == "__main__":
    given = arguments()
    with suppress(KeyboardInterrupt):
        app.run(config={"server.port": given.port, "server.address": given.host})
