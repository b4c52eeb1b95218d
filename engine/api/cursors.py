"""Cursors: where the next page begins, of which query, and in which edition."""

import binascii
import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from engine.api.problems import Problem

LONGEST = 1_000
FURTHEST = 2**53


@dataclass(frozen=True)
class Cursor:
    """`place`: how many rows came before, or the id of the last; `query`: a digest of what was asked."""

    place: int
    query: str
    edition: str = ""

    @property
    def text(self) -> str:
        told = json.dumps([self.place, self.query, self.edition], separators=(",", ":"))
        return urlsafe_b64encode(told.encode()).decode().rstrip("=")


def digest(*told: Any) -> str:
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:32]


def read(text: str, query: str) -> Cursor:
    """Raises: Problem, when it is no cursor of ours, or one of another query."""
    cursor = parsed(text)
    if cursor.query != query:
        sentence = "This cursor belongs to another query; follow the link rel=next as it is given."
        raise Problem(400, "bad_cursor", sentence, parameter="cursor")
    return cursor


def parsed(text: str) -> Cursor:
    try:
        if len(text) > LONGEST:
            raise ValueError(text)
        place, query, edition = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if [type(part) for part in (place, query, edition)] != [int, str, str] or not 0 <= place < FURTHEST:
            raise ValueError(text)
        return Cursor(place, query, edition)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        sentence = "This is no cursor; follow the link rel=next as it is given."
        raise Problem(400, "bad_cursor", sentence, parameter="cursor") from None
