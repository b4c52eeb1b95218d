"""Reads again what was set aside, as it came or as somebody corrected it."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from data.archive import chunks
from data.errors import BadInput
from data.intake.delivery import Delivery, Item
from data.intake.gather import Gathered
from data.intake.inbox import Arrival
from data.intake.kinds import facts
from data.intake.translate import translated
from data.settings import Settings
from data.shapes import SHAPES
from data.unify.aside import Quarantined, take_from_quarantine
from data.unify.load import load_rows

if TYPE_CHECKING:
    from data.intake.inbox import Inbox
    from data.store.warehouse import Warehouse
    from data.unify.report import ImportReport

KIND = "replay"
FACTS = "facts"
CAME_BY = re.compile(r"(\w+) delivery (\d+)")


@dataclass(frozen=True)
class Asked:
    """A row that somebody asked to be read again, and what else of its place was set aside then."""

    quarantine_id: str
    source: str
    file: str
    row: int
    raw: str
    others: frozenset[str]

    def again(self, inbox: "Inbox", settings: Settings, raw: str | None, now: datetime) -> Arrival:
        """The delivery that has it read again, as it came or corrected, where and when it came."""
        headers = {"quarantine_id": self.quarantine_id}
        if origin := origin_of(self, inbox, settings):
            headers |= origin.headers
            headers["received_at"] = origin.received_at.isoformat()
        return Arrival(self.source, KIND, now, headers, (self.raw if raw is None else raw).encode())


def ask(
    warehouse: "Warehouse", inbox: "Inbox", ids: Sequence[str], raw: str | None, now: datetime
) -> list[Asked]:
    """Put rows of the quarantine into the inbox again, one of them as somebody corrected it.

    Raises:
        BadInput: a row is not in the quarantine, or one correction is given for several rows.
    """
    if raw is not None and len(ids) != 1:
        raise BadInput(f"A correction is for one row; {len(ids)} were named.")
    found = [_find(warehouse, quarantine_id) for quarantine_id in ids]
    inbox.put([asked.again(inbox, warehouse.settings, raw, now) for asked in found])
    return found


def origin_of(asked: Asked, inbox: "Inbox", settings: Settings) -> Delivery | None:
    """The delivery that a row came by: some kinds read its path, and when it came."""
    found = CAME_BY.fullmatch(asked.file)
    if not found:
        return None
    kind, delivery_id = found.group(1), int(found.group(2))
    for delivery in inbox.after(delivery_id - 1, limit=1, limit_bytes=1):
        if (delivery.delivery_id, delivery.source, delivery.kind) == (delivery_id, asked.source, kind):
            return delivery
    return chunks.find(settings, delivery_id, asked.source, kind)


def _find(warehouse: "Warehouse", quarantine_id: str) -> Asked:
    listed = warehouse.rows(
        "select source, file, row, coalesce(raw, '') from quarantine_listing where quarantine_id = $id",
        {"id": quarantine_id},
    )
    if not listed:
        raise BadInput(f"There is no row {quarantine_id} in the quarantine (any more).")
    source, file, row, raw = listed[0]
    others = {other for other, _ in _at(warehouse, source, file, row)} - {quarantine_id}
    return Asked(quarantine_id, source, file, row, raw, frozenset(others))


def _at(warehouse: "Warehouse", source: str, file: str, row: int) -> list[tuple[str, str]]:
    """What was set aside of one place, with the reasons."""
    return warehouse.rows(
        "select quarantine_id, reason from quarantine_listing "
        "where source = $source and file = $file and row = $row and quarantine_id is not null",
        {"source": source, "file": file, "row": row},
    )


def outcome(warehouse: "Warehouse", asked: Sequence[Asked]) -> dict[str, Any]:
    """What became of rows that were read again: how many were taken, and why the others were not."""
    refused = []
    for one in asked:
        present = _at(warehouse, one.source, one.file, one.row)
        refused += [
            {"quarantine_id": found, "was": one.quarantine_id, "reason": reason}
            for found, reason in present
            if found not in one.others
        ]
    taken = len(asked) - len({one["was"] for one in refused})
    return {"taken": taken, "refused": refused}


def replay(warehouse: "Warehouse", delivery: Delivery) -> Iterator["ImportReport"]:
    """Take a row out of the quarantine and read it again; a bad one returns there, with its reason.

    A replay is a delivery like any other, so that the archive keeps it and a rebuild does it again.
    """
    row = take_from_quarantine(warehouse, delivery.headers.get("quarantine_id", ""))
    if row is None:
        return
    kind = kind_of(row)
    again = Gathered(row.source, delivery.received_at)
    again.take(kind, row.file, read_again(row, kind, delivery), first=row.row)
    yield load_rows(warehouse, row.source, again.rows, again.bad, now=delivery.received_at)


def kind_of(row: Quarantined) -> str:
    """What kind of delivery a row came by; what came in a file is a fact."""
    found = CAME_BY.fullmatch(row.file)
    return found.group(1) if found else FACTS


def read_again(row: Quarantined, kind: str, delivery: Delivery) -> list[Item]:
    """What a row holds now: a fact that says its shape, a row of a file, or an item of its kind."""
    given = _object(delivery.body)
    if kind == FACTS and row.shape in SHAPES and given is None:
        told = delivery.body.decode("utf-8", "replace")
        return [Item("quarantined", reason="the row is not a JSON object; correct it to one", raw=told)]
    if given is not None and row.shape in SHAPES and (kind == FACTS or f"{given.get('shape')}" in SHAPES):
        return [facts.item({"shape": row.shape, **given})]
    came_at = delivery.headers.get("received_at")
    received_at = datetime.fromisoformat(came_at) if came_at else delivery.received_at
    return translated(replace(delivery, kind=kind, source=row.source, received_at=received_at))


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        given = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None
