"""Leads somebody back to the page that they wanted when they were sent to sign in."""

import re
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import Message, Scope, Send

COOKIE = "holdfast_wanted"
LASTS = 600  # seconds that one may spend with the identity provider
LONGEST = 2000
OUT, BACK = "/auth/login", "/oauth2callback"
# A place on this site: a second slash or a backslash would make it the name of another.
PLACE = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f]*")


def led(scope: Scope, send: Send) -> Send:
    """An ASGI send that notes the page on the way out to the provider, and leads there on the way back."""
    if scope["path"].endswith(OUT):
        place = place_of(Headers(scope=scope).get("referer", ""))
        return changed(send, noted(place)) if place else send
    if scope["path"].endswith(BACK):
        place = is_place(unquote(HTTPConnection(scope).cookies.get(COOKIE, "")))
        return changed(send, noted("", lasts=0), location=place) if place else send
    return send


def place_of(url: str) -> str:
    """Path and question of a page's address; the guard has seen to it that a page of ours asks."""
    parts = urlsplit(url)
    return is_place(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def is_place(text: str) -> str:
    """The text, if it can only be a place on this site."""
    return text if len(text) <= LONGEST and PLACE.fullmatch(text) else ""


def noted(place: str, lasts: int = LASTS) -> str:
    return f"{COOKIE}={quote(place, safe='')}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Lax"


def changed(send: Send, cookie: str, location: str = "") -> Send:
    async def answered(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.append("set-cookie", cookie)
            if location and "location" in headers:
                headers["location"] = location
        await send(message)

    return answered
