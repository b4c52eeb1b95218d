"""A test delivery: what a kind's sender would send, harmless, and what the door answers to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from data.errors import TryAgain

WITHIN = 10.0  # seconds
NAME = "Holdfast Test"
WHO = "holdfast-test"  # nobody signed in: the event waits for ever, and counts nowhere


@dataclass(frozen=True)
class Trial:
    """A request that a kind's door takes; `{source}` stands in the path where the door has it."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Tried:
    """What a door answered: its status, its sentence where it refused, and a result per item."""

    status: int
    refusal: str
    items: tuple[Mapping[str, Any], ...]


def send(address: str, trial: Trial) -> Tried:
    """Send it to a server, past any proxy.

    Raises:
        TryAgain: nobody answered.
    """
    told = {"content-type": "application/json", "user-agent": "holdfast-test", **trial.headers}
    request = Request(address + trial.path, trial.body, told, method="POST")
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=WITHIN) as answer:
            return _read(answer.status, answer.read())
    except HTTPError as refused:
        with refused:
            return _read(refused.code, refused.read())
    except (URLError, OSError) as silent:
        raise TryAgain(f"Nobody answered at {address}: {getattr(silent, 'reason', silent)}.") from silent


def _read(status: int, body: bytes) -> Tried:
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    return Tried(status, str(told.get("message") or ""), tuple(told.get("items") or ()))
