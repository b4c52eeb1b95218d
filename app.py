"""The web process: the pages, the live websocket, and the engine beside them."""

import sys
from argparse import ArgumentParser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute

from data.errors import HoldfastError
from data.settings import Settings, load
from engine import beside
from metrics import read
from pages.live_door import News

ROOT = Path(__file__).resolve().parent


def settings_or_exit() -> Settings:
    try:
        return load()
    except HoldfastError as wrong:
        sys.exit(str(wrong))


settings = settings_or_exit()
news = News(settings)


async def healthz(_: Request) -> JSONResponse:
    """Whether pages are served, and which edition."""
    try:
        return JSONResponse({"status": "ok", "edition": read.current(settings)})
    except HoldfastError as damaged:
        return JSONResponse({"status": str(damaged), "edition": None}, status_code=503)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    async with beside.engine(settings), news.watching():
        yield


app = st.App(
    ROOT / "pages" / "menu.py",
    routes=[Route("/healthz", healthz), WebSocketRoute("/live", news.door)],
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
