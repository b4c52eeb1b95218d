"""A delivery: one request as it came in, and what the items in it turned out to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Outcome = Literal["accepted", "quarantined", "ignored"]


@dataclass(frozen=True)
class Delivery:
    """One request, raw. `received_at` is naive UTC; `headers` are those its kind keeps, in lower case."""

    delivery_id: int
    source: str
    kind: str
    received_at: datetime
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Fact:
    """A row of a canonical shape. Values are texts, numbers or None, as an NDJSON file would hold them.

    Instants are ISO texts with an offset or `Z`; amounts are decimal texts; columns that the shape does not
    name are kept as properties (attributes of an account).
    """

    shape: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """One item of a delivery: the facts it holds, or why it holds none.

    Args:
        outcome: `accepted` (it has facts), `quarantined` (it cannot be read; `reason` says why),
            `ignored` (a well-formed item that says nothing about retention; `reason` says what it was).
        item_id: what its sender calls it (messageId, uuid, the event's id), where it has a name.
        field: of a quarantined item, the field that is wrong.
        value: what that field held.
        raw: the item as JSON text, for the quarantine; may be empty for other outcomes.
    """

    outcome: Outcome
    facts: tuple[Fact, ...] = ()
    item_id: str | None = None
    reason: str = ""
    field: str | None = None
    value: str | None = None
    raw: str = ""
