"""Reads again what was set aside, as it came or as somebody corrected it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from data.intake.delivery import Delivery, Item
from data.intake.gather import Gathered
from data.intake.kinds import facts
from data.intake.translate import translated
from data.shapes import SHAPES
from data.unify.aside import Quarantined, take_from_quarantine
from data.unify.load import load_rows

if TYPE_CHECKING:
    from data.store.warehouse import Warehouse
    from data.unify.report import ImportReport

KIND = "replay"
FACTS = "facts"
CAME_BY = re.compile(r"(\w+) delivery \d+")


def replay(warehouse: "Warehouse", delivery: Delivery) -> Iterator["ImportReport"]:
    """Take a row out of the quarantine and read it again; if it is still bad it returns there, with its reason.

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
    if kind == FACTS and row.shape in SHAPES:
        return [fact_of(row.shape, delivery.body)]
    return translated(replace(delivery, kind=kind, source=row.source, headers={}))


def fact_of(shape: str, raw: bytes) -> Item:
    """A row of a shape, as JSON."""
    try:
        given = json.loads(raw)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        told = raw.decode("utf-8", "replace")
        return Item("quarantined", reason="the row is not a JSON object; correct it to one", raw=told)
    return facts.item({"shape": shape, **given})
