"""Looks at the inside of a body that is suspicious: one that is large, or that gave no facts."""

import json
from typing import Any

from data.intake.answers import Refusal


def refuse_oversize(body: bytes, item_bytes: int) -> None:
    """Raises: Refusal (413), when a single item is larger than it may be."""
    if len(body) <= item_bytes:
        return
    try:
        sizes = [len(json.dumps(item)) for item in _items(json.loads(body))]
    except (ValueError, RecursionError):
        return  # what is no JSON is judged elsewhere
    for number, size in enumerate(sizes, start=1):
        if size > item_bytes:
            sentence = f"Item {number} is {size:,} bytes large; an item may have {item_bytes:,}."
            raise Refusal(413, "item_too_large", sentence)


def _items(given: Any) -> list[Any]:
    """The batch in a body, wherever it is; a body that is no batch is one item."""
    if isinstance(given, list):
        return given
    lists = [value for value in given.values() if isinstance(value, list)] if isinstance(given, dict) else []
    return max(lists, key=len, default=[given])


def refuse_malformed(body: bytes) -> None:
    """Raises: Refusal (400), when the body is neither JSON nor the form that browsers send it in."""
    if body.startswith(b"data=") or b"&data=" in body:
        return
    if not body.strip():
        raise Refusal(400, "empty_body", "The request has no body; send JSON.")
    try:
        json.loads(body)
    except RecursionError as deep:
        raise Refusal(400, "too_deep", "The body is nested too deeply.") from deep
    except ValueError as bad:
        raise Refusal(400, "not_json", f"The body is not JSON: {bad}.") from bad
