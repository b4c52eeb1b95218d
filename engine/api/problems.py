"""What a request hears that cannot be answered: one sentence in one shape of JSON, whatever was wrong."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from data.errors import BadInput, HoldfastError, TryAgain

MEDIA = "application/problem+json"
LONGEST_QUOTE = 100
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["status", "title", "code", "detail"],
    "properties": {
        "status": {"type": "integer", "description": "The HTTP status"},
        "title": {"type": "string", "description": "What the status means"},
        "code": {"type": "string", "description": "What was wrong, for programs"},
        "detail": {"type": "string", "description": "What was wrong, in one sentence"},
        "parameter": {"type": ["string", "null"], "description": "The parameter or field that was wrong"},
    },
}


class Problem(HoldfastError):
    """A request that is not answered."""

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str,
        *,
        parameter: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status, self.code, self.parameter = status, code, parameter
        self.headers = dict(headers or {})

    @property
    def body(self) -> bytes:
        told = {
            "status": self.status,
            "title": HTTPStatus(self.status).phrase,
            "code": self.code,
            "detail": str(self),
            "parameter": self.parameter,
        }
        return json.dumps(told).encode()


def quoted(text: str) -> str:
    """What was asked, short enough to be said back."""
    return repr(text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…")


def of_fault(fault: HoldfastError) -> Problem:
    """A fault of another room as a problem of the request, or as one that passes."""
    if isinstance(fault, Problem):
        return fault
    if isinstance(fault, BadInput):
        return Problem(422, "not_allowed", str(fault))
    wait = "1" if isinstance(fault, TryAgain) else "30"
    return Problem(503, "unavailable", str(fault), headers={"retry-after": wait})


def stumbled() -> Problem:
    return Problem(500, "fault", "Holdfast stumbled over this request; its log says more.")
