"""What product kinds have in common: events, who is who, and what a delivery already said of that."""

import math
import re
from collections.abc import Mapping
from typing import Any

from data.intake.delivery import Fact
from data.intake.reading import as_json

_WORTH = ("revenue", "value", "total")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


class Told:
    """The sightings and links that one delivery gave so far, so that it gives each once.

    Of all that say the same, the earliest time counts; of membership in a group, the latest, because people
    move and the last word holds. A fact already given takes on the time of a later item that says it.
    """

    def __init__(self) -> None:
        self._given: dict[tuple[str, ...], dict[str, Any]] = {}

    def sighting(self, account_id: str | None, at: str) -> list[Fact]:
        """That the id is an account: a person who signed in, or a group."""
        if account_id is None:
            return []
        if given := self._given.get((account_id,)):
            given["updated_at"] = min(given["updated_at"], at)
            return []
        values = self._given[account_id,] = {"account_id": account_id, "updated_at": at}
        return [Fact("account_updates", values)]

    def link(self, account_id: str | None, into_id: str | None, kind: str, at: str) -> list[Fact]:
        """That the first id is the second person, or belongs to the second group."""
        if account_id is None or into_id is None or account_id == into_id:
            return []
        saying = (account_id, into_id, kind)
        if given := self._given.get(saying):
            given["linked_at"] = (max if kind == "group" else min)(given["linked_at"], at)
            return []
        values = self._given[saying] = linked(account_id, into_id, kind, at)
        return [Fact("identities", values)]


def linked(account_id: str, into_id: str, kind: str, at: str) -> dict[str, Any]:
    return {"account_id": account_id, "into_id": into_id, "linked_at": at, "kind": kind}


def event(
    event_id: str,
    account_id: str,
    at: str,
    *,
    name: str,
    user_id: str | None,
    properties: Mapping[str, Any],
) -> Fact:
    return Fact(
        "events",
        {
            "event_id": event_id,
            "account_id": account_id,
            "occurred_at": at,
            "name": name,
            "user_id": user_id,
            "value": worth(properties) if properties else None,
            "properties": as_json("properties", properties) if properties else None,
        },
    )


def worth(properties: Mapping[str, Any]) -> float | None:
    """What an event was worth: the first of revenue, value and total that is a number."""
    for name in _WORTH:
        if name in properties and (number := _number(properties[name])) is not None:
            return number
    return None


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value) else None
    return value if isinstance(value, int | float) and math.isfinite(value) else None
