"""The web process: the pages, the live websocket, the doors, and the engine beside them."""

import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import click
import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from streamlit.runtime.secrets import secrets_singleton

from data.errors import HoldfastError
from data.intake.doors import Doors
from data.intake.entrance import Entrance
from data.intake.health import Health
from data.settings import Settings, load
from engine import beside, clock
from engine.api.web import Api
from engine.vitals import vitals
from metrics import read
from pages import frugal
from pages.guard import Guard, refusal_to_serve, secrets
from pages.live_door import News

ROOT = Path(__file__).resolve().parent


def prepared() -> tuple[Settings, Doors]:
    """What everything else needs; a fault in it ends the program with a sentence."""
    try:
        settings = load()
        return settings, Doors(settings, clock.now, elsewhere=settings.doors == "elsewhere")
    except HoldfastError as wrong:
        sys.exit(str(wrong))


def listening() -> str | None:
    """Where the server that loads this listens; uvicorn tells by its command line alone."""
    context = click.get_current_context(silent=True)
    given = context.params if context else {}
    return given.get("uds") or given.get("host") or st.get_option("server.address")


def refuse_strangers(host: str | None) -> None:
    if why := refusal_to_serve(settings, host):
        sys.exit(why)


settings, doors = prepared()
frugal.spare()
news = News(settings)
api = Api(settings, clock.now)
health = Health(doors, lambda: vitals(settings, read.current))


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    async with doors.open(), api.open(), beside.engine(settings), news.watching():
        yield


if __name__ != "__main__":
    refuse_strangers(listening())
if settings.sign_in:  # already now, so that several processes sign the way through the provider alike
    secrets_singleton.merge_programmatic_secrets(secrets(settings))
# These ask for a key or token of their own, or tell nothing private.
free = [*doors.routes, *health.routes, *api.routes]
app = st.App(
    ROOT / "pages" / "menu.py",
    routes=[*free, WebSocketRoute("/live", news.door)],
    middleware=[Middleware(Entrance, doors=doors), Middleware(Guard, settings=settings, free=free)],
    secrets=secrets(settings),
    lifespan=lifespan,
)


def arguments() -> Any:
    parser = ArgumentParser(prog="python app.py", description="Serve the pages and keep the engine running.")
    parser.add_argument("--port", type=int, default=settings.port, help="default: %(default)s")
    parser.add_argument("--host", default=settings.host, help="default: %(default)s")
    return parser.parse_args()


if __name__ == "__main__":
    given = arguments()
    refuse_strangers(given.host)
    with suppress(KeyboardInterrupt):
        app.run(config={"server.port": given.port, "server.address": given.host})
