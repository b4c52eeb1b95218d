"""Requests and answers of the doors, as near to the wire as they need to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.types import Scope, Send

from data.intake.answers import Answer
from data.intake.catalog import Kind

PREFLIGHT_SECONDS = 86_400
LONGEST_ASKED = 1_000


@dataclass(frozen=True)
class Request:
    """What stands above the body. Header names are in lower case; `:path`, with the query, is beside them."""

    method: str
    path: str
    headers: dict[str, str]
    params: Mapping[str, Any]

    @classmethod
    def of(cls, scope: Scope) -> "Request":
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode("latin-1")
        headers[":path"] = f"{scope['path']}?{query}" if query else scope["path"]
        return cls(scope["method"], scope["path"], headers, scope.get("path_params", {}))


def cors(kind: Kind, request: Request) -> dict[str, str]:
    """Pages of any origin may send with a write key, public as it is; webhooks come from servers."""
    if kind.auth != "key" or "origin" not in request.headers:
        return {}
    return {"access-control-allow-origin": "*", "access-control-expose-headers": "retry-after"}


def preflight(request: Request) -> Answer:
    """What a browser asks before it sends."""
    asked = request.headers.get("access-control-request-headers", "")[:LONGEST_ASKED]
    told = {
        "access-control-allow-methods": "POST, OPTIONS",
        "access-control-allow-headers": asked or "authorization, content-type, content-encoding",
        "access-control-max-age": str(PREFLIGHT_SECONDS),
        "vary": "access-control-request-headers",
    }
    return Answer(200, {"success": True}, told)


def not_allowed(kind: Kind, request: Request) -> Answer:
    sentence = f"{request.path} takes deliveries of {kind.title} by POST, not by {request.method}."
    told = {"success": False, "code": "not_allowed", "message": sentence, "detail": sentence}
    return Answer(405, told, {"allow": "POST, OPTIONS"})


async def send_answer(send: Send, answer: Answer, more: Mapping[str, str], *, head: bool = False) -> None:
    body = answer.encoded
    told = {"content-type": "application/json", "content-length": str(len(body)), **answer.headers, **more}
    headers = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})
