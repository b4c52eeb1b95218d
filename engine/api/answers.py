"""Answers as they go out: with their ETag, packed where that is asked for, without a body where none is."""

import gzip
import hashlib
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from engine.api import problems
from engine.api.problems import Problem

LEAST_PACKED = 1_000  # bytes
COMMON = {
    "cache-control": "private, no-cache",
    "vary": "accept, accept-encoding, authorization",
    "x-content-type-options": "nosniff",
}


def packs(request: Request) -> bool:
    """Whether the request asks for gzip."""
    for part in request.headers.get("accept-encoding", "").lower().split(","):
        coding, _, quality = part.replace(" ", "").partition(";q=")
        if coding in ("gzip", "*"):
            return quality not in ("0", "0.0", "0.00", "0.000")
    return False


def etag(request: Request, *told: Any) -> str:
    """A strong one: of the packed answer another than of the plain one."""
    digest = hashlib.sha256(repr(told).encode()).hexdigest()[:32]
    return f'"{digest}{"-gzip" if packs(request) else ""}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether whoever asks has the answer of this tag already."""
    asked = request.headers.get("if-none-match", "")
    known = [part.strip().removeprefix("W/") for part in asked.split(",")]
    return "*" in known or tag in known


def unchanged(tag: str, headers: Mapping[str, str]) -> Response:
    return Response(status_code=304, headers={**COMMON, **headers, "etag": tag})


def answer(
    request: Request, body: bytes, media: str, headers: Mapping[str, str], *, status: int = 200
) -> Response:
    """An answer with a body; to HEAD its headers alone."""
    more = {**COMMON, **headers}
    if packs(request) and len(body) >= LEAST_PACKED:
        body = gzip.compress(body, 5, mtime=0)
        more["content-encoding"] = "gzip"
    more |= {"content-type": media, "content-length": str(len(body))}
    return Response(b"" if request.method == "HEAD" else body, status, more)


def refusal(request: Request, problem: Problem) -> Response:
    return answer(request, problem.body, problems.MEDIA, problem.headers, status=problem.status)
