"""Stands before the pages: who is not of this machine, of another site, or gone, gets no further."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from data.errors import HoldfastError
from data.settings import Settings
from engine import clock
from engine.desk import sign_ins
from pages import wanted
from pages.parts import local

PRIVATE = ("/live", "/media/", "/_stcore/upload_file")  # not drawn by a page, so no page asks who is there
PAGES = "/_stcore/stream"
SAFE = ("GET", "HEAD", "OPTIONS")
LOOK_EVERY = 5.0  # seconds until a page hears that whoever reads it may no longer
GONE = 4401
OTHER_SITE = "This was asked for by a page of another site, so it is refused."
NOT_SIGNED_IN = "You are not signed in (any more); open the pages, and sign in there."
HEADERS = {
    "content-security-policy": "frame-ancestors 'self'",  # nobody may lay these pages under theirs
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


def secrets(settings: Settings) -> dict[str, Any]:
    """What Streamlit has to know for people to sign in; it would look for it in a file of its own."""
    door = settings.sign_in
    if door is None:
        return {}
    return {
        "auth": {
            "redirect_uri": settings.redirect,
            "cookie_secret": door.cookie_secret.get_secret_value(),
            "client_id": door.client_id,
            "client_secret": door.client_secret.get_secret_value(),
            "server_metadata_url": door.metadata_url,
            "client_kwargs": {"scope": door.scopes, "prompt": door.prompt},
        }
    }


def refusal_to_serve(settings: Settings, host: str | None) -> str | None:
    """Why pages must not be served on an address, in a sentence; None where they may."""
    if settings.sign_in is not None or (host is not None and local.is_here(host)):
        return None
    return f"Refusing to serve on {host or 'every address of this machine'}. {local.MEND}"


class Guard:
    """An ASGI application around the pages. `free`: routes that ask for a key or token of their own, or tell
    nothing that is private; they are open wherever the process is.
    """

    def __init__(self, app: ASGIApp, settings: Settings, free: Iterable[BaseRoute]) -> None:
        self.app, self.settings, self.free = app, settings, tuple(free)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self.is_free(scope):
            await self.app(scope, receive, send)
        elif refused := await self.refused(scope):
            await refuse(scope, receive, send, refused)
        elif scope["type"] == "http":
            await self.app(scope, receive, wanted.led(scope, self.dressed(send)))
        elif self.settings.sign_in and await self.is_signed_in(scope):
            await self.watched(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def is_free(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] != Match.NONE for route in self.free)

    async def refused(self, scope: Scope) -> str | None:
        """Why a request gets no further."""
        headers = Headers(scope=scope)
        if self.settings.sign_in is None and not is_from_here(scope, headers):
            return local.MEND
        if is_changing(scope) and not self.is_own(headers.get("origin"), headers.get("host")):
            return OTHER_SITE
        if scope["path"].endswith("/auth/logout") and headers.get("sec-fetch-site") == "cross-site":
            return OTHER_SITE
        if self.settings.sign_in and scope["path"].startswith(PRIVATE) and not await self.is_signed_in(scope):
            return NOT_SIGNED_IN
        return None

    def is_own(self, origin: str | None, host: str | None) -> bool:
        """Whether a page of ours asks; who is no browser says no origin, and holds no cookie of a reader."""
        if origin is None:
            return True
        own = (self.settings.redirect, self.settings.pages_url) if self.settings.sign_in else ()
        return urlsplit(origin).netloc == host or origin in [origin_of(each) for each in own]

    async def is_signed_in(self, scope: Scope) -> bool:
        return await asyncio.to_thread(self.is_let_in, claims_of(HTTPConnection(scope).cookies))

    def is_let_in(self, claims: Mapping[str, Any]) -> bool:
        """Nobody is, where it cannot be looked up."""
        with suppress(HoldfastError):
            return sign_ins.visit(self.settings, claims, clock.now(), is_asked=False).person is not None
        return False

    async def watched(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An open page of somebody; it is closed when they may no longer, and asks at the door anew."""
        ended = asyncio.Event()
        watch = asyncio.create_task(self.watch(scope, send, ended))
        try:
            await self.app(scope, lambda: either(receive, ended), send)
        finally:
            watch.cancel()

    async def watch(self, scope: Scope, send: Send, ended: asyncio.Event) -> None:
        while await self.is_signed_in(scope):
            await asyncio.sleep(LOOK_EVERY)
        try:  # before whoever serves the page hears of it: they would end this, and the page not be told
            with suppress(RuntimeError, OSError):  # it went away by itself
                await send({"type": "websocket.close", "code": GONE})
        finally:
            ended.set()

    def dressed(self, send: Send) -> Send:
        """Headers that every answer has; where pages are reached by https, cookies travel so only."""
        is_secure = self.settings.redirect.startswith("https://")

        async def dress(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if is_secure:
                    message["headers"] = [secured(*pair) for pair in message["headers"]]
            await send(message)

        return dress


def secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name.lower() == b"set-cookie" and b"; secure" not in value.lower():
        return name, value + b"; Secure"
    return name, value


def is_changing(scope: Scope) -> bool:
    return scope["type"] == "websocket" or scope["method"] not in SAFE


def is_from_here(scope: Scope, headers: Mapping[str, str]) -> bool:
    """Whether a request came from this machine to this machine, under a name of its own."""
    ends = (scope.get("client"), scope.get("server"))
    return all(end and local.is_here(end[0]) for end in ends) and local.is_from_here(headers)


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def claims_of(cookies: Mapping[str, str]) -> dict[str, Any]:
    """What the identity provider said of a browser's reader, if the signature is ours."""
    secret = get_cookie_secret()

    def read(name: str) -> bytes | None:
        value = cookies.get(name)
        return decode_signed_value(secret, name, value.encode("latin-1")) if value else None

    try:
        found = json.loads(get_cookie_with_chunks(read, USER_COOKIE_NAME) or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


async def either(receive: Receive, ended: asyncio.Event) -> Message:
    """What comes from the page, or its end."""
    came, over = asyncio.ensure_future(receive()), asyncio.ensure_future(ended.wait())
    try:
        await asyncio.wait({came, over}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        over.cancel()
        if not came.done():
            came.cancel()
    if ended.is_set():
        return {"type": "websocket.disconnect", "code": GONE}
    return came.result()


async def refuse(scope: Scope, receive: Receive, send: Send, sentence: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": sentence[:120]})
        return
    await PlainTextResponse(f"{sentence}\n", status_code=403)(scope, receive, send)
