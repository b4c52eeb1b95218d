"""Facts that are in canonical shapes already: what pull sources bring, and what the demo company does."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from data.intake.delivery import Delivery, Fact, Item
from data.shapes import SHAPES

TITLE = "Facts"
ABOUT = "Rows of the canonical shapes, as pulled sources bring them; this kind has no door."
PATHS: tuple[str, ...] = ()
HEADERS: tuple[str, ...] = ()
SNIPPET = ""


def body(facts: Iterable[tuple[str, Mapping[str, Any]]]) -> bytes:
    """A delivery of this kind: pairs of a shape's name and a row of it."""
    told = [{"shape": shape, **values} for shape, values in facts]
    return json.dumps({"facts": told}, ensure_ascii=False, default=str).encode("utf-8", "replace")


def unreadable(item: Item) -> bytes:
    """A delivery of something that a pulled source could not read."""
    told = {"set_aside": item.reason, "field": item.field, "value": item.value, "raw": item.raw}
    return json.dumps({"facts": [told]}).encode()


def translate(delivery: Delivery) -> list[Item]:
    """One item a fact; a body without facts is one item that is set aside."""
    try:
        given = json.loads(delivery.body)
    except (ValueError, RecursionError):
        return [_set_aside("the body is not JSON", delivery.body.decode("utf-8", "replace"))]
    facts = given.get("facts", [given] if "shape" in given else None) if isinstance(given, dict) else None
    if not isinstance(facts, list):
        return [_set_aside("the body has no list of facts", delivery.body.decode("utf-8", "replace"))]
    return [item(fact) for fact in facts]


def item(given: object) -> Item:
    if not isinstance(given, dict):
        return _set_aside("the fact is not a JSON object", json.dumps(given))
    if "set_aside" in given:
        return _set_aside(*(given.get(name) for name in ("set_aside", "raw", "field", "value")))
    shape = given.get("shape")
    if not isinstance(shape, str) or shape not in SHAPES:
        reason = f"there is no such shape; the shapes are {', '.join(SHAPES)}"
        return _set_aside(reason, json.dumps(given), field="shape", value=str(shape))
    values = {name: value for name, value in given.items() if name != "shape"}
    return Item("accepted", (Fact(shape, values),))


def _set_aside(reason: Any, raw: Any, field: Any = None, value: Any = None) -> Item:
    return Item("quarantined", reason=str(reason), raw=raw or "", field=field, value=value)
