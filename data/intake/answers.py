"""What a door answers: a result per item, or one sentence that says why nothing was taken."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.errors import HoldfastError
from data.intake.catalog import Kind
from data.intake.delivery import Item


@dataclass(frozen=True)
class Answer:
    """A status, what is sent as JSON, and further headers."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def encoded(self) -> bytes:
        return json.dumps(self.body, separators=(",", ":")).encode()


class Refusal(HoldfastError):
    """A request that nothing was taken from."""

    def __init__(self, status: int, code: str, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status, self.code, self.headers = status, code, headers

    @property
    def answer(self) -> Answer:
        """Client libraries look for their reason under different names."""
        told = {"success": False, "code": self.code, "message": str(self), "detail": str(self)}
        headers = {name.replace("_", "-"): value for name, value in self.headers.items()}
        return Answer(self.status, told, headers)


def try_later(status: int, code: str, sentence: str, seconds: float) -> Refusal:
    """A refusal that passes: it says after how many seconds to come again."""
    return Refusal(status, code, sentence, retry_after=str(max(1, round(seconds + 0.5))))


def accepted(kind: Kind, items: Sequence[Item], repeated: Sequence[bool]) -> Answer:
    """The result of each item, in the form that the senders of this kind expect."""
    results = [_result(item, again) for item, again in zip(items, repeated, strict=True)]
    ours: dict[str, Any] = {"success": True, "items": results}
    if kind.answer is None:
        return Answer(200, ours)
    status, body = kind.answer(list(items))
    return Answer(status, ours | body if isinstance(body, dict) else body)


def _result(item: Item, repeated: bool) -> dict[str, Any]:
    outcome = "repeated" if repeated else item.outcome
    told: dict[str, Any] = {"id": item.item_id, "outcome": outcome}
    if item.reason:
        told["reason"] = item.reason
    return told
