"""Bytes to JSON values and back: whatever comes in, only what can be stored goes on."""

import json
import math
import re
from collections.abc import Mapping
from hashlib import blake2b
from itertools import accumulate
from typing import Any

import orjson

from data.errors import BadInput
from data.intake.delivery import Item
from data.speech import english

DEEPEST = 128  # levels of objects and lists within each other
_STRINGS = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)  # to the end of the text where one is not closed
_BRACKETS = bytes(1 if one in b"[{" else 0 for one in range(256))
_OTHERS = bytes(one for one in range(256) if one not in b"[{]}")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_SHOWN = 200
# Keys of an item that say how it was sent: left out of its content's hash and of what the quarantine shows.
_ENVELOPE = frozenset(("writeKey", "api_key", "token", "sentAt", "sent_at"))


class BadField(BadInput):
    """A field of an item holds what it may not."""

    def __init__(self, field: str, value: object = None, complaint: str = "is missing") -> None:
        self.field = field
        self.value = None if value is None else shown(value)
        super().__init__(f"{field} {complaint}" if value is None else f"{field} '{self.value}' {complaint}")


def document(body: bytes) -> Any:
    """The JSON value of a body: numbers beyond 64 bits as floats, a NUL or half a character as U+FFFD.

    Raises:
        BadInput: it is not JSON, or one of those that need mending is nested deeper than `DEEPEST`.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return storable(_leniently(body))
    return storable(value) if b"\\u0000" in body else value


def _leniently(body: bytes) -> Any:
    """What a strict reader refuses and clients send all the same: NaN, lone surrogates, broken UTF-8."""
    text = body.decode("utf-8-sig", "replace")
    if _depth(text) > DEEPEST:
        raise too_deep()
    try:
        return json.loads(text, parse_int=_whole)
    except (ValueError, RecursionError) as wrong:
        raise BadInput(f"The body is not JSON: {wrong}.") from wrong


def _depth(text: str) -> int:
    brackets = _STRINGS.sub("", text).encode("utf-8", "replace").translate(_BRACKETS, _OTHERS)
    return max(accumulate(2 * opens - 1 for opens in brackets), default=0)


def _whole(digits: str) -> int | float:
    if len(digits) <= 20 and -(2**63) <= (number := int(digits)) < 2**64:
        return number
    return float(digits)


def too_deep() -> BadInput:
    return BadInput(f"The body is nested deeper than {DEEPEST} levels.")


def storable(value: Any, levels: int = DEEPEST) -> Any:
    """The same value, every character that no store takes replaced.

    Raises:
        BadInput: it is nested deeper than `levels`.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("�", value)
    if not isinstance(value, dict | list):
        return value
    if levels == 0:
        raise too_deep()
    if isinstance(value, list):
        return [storable(inner, levels - 1) for inner in value]
    return {_UNSTORABLE.sub("�", key): storable(inner, levels - 1) for key, inner in value.items()}


def as_json(field: str, value: Any) -> str:
    """Valid JSON text: NaN and infinities are null.

    Raises:
        BadField: the value is nested too deeply.
    """
    try:
        return orjson.dumps(value).decode()
    except TypeError as wrong:
        raise BadField(field, "…", english("is nested too deeply")) from wrong


def shown(value: object) -> str:
    """A value as a person may look at it in a sentence: JSON, cut short."""
    text = value if isinstance(value, str) else _evident(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _evident(value: object) -> str:
    """JSON that still tells NaN from null."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return "(nested too deeply to show)"


def plain_object(item: Mapping[str, Any], field: str) -> dict[str, Any]:
    """The object under a key; empty where there is none (PHP writes an empty object as an empty list).

    Raises:
        BadField: there is something else.
    """
    value = item.get(field)
    if isinstance(value, dict):
        return value
    if value is None or value in ([], ""):
        return {}
    raise BadField(field, value, english("is not an object"))


def content_id(kind: str, item: Mapping[str, Any], salt: str) -> str:
    """An id for an item whose sender gave it none: the same content, the same id."""
    content = {key: value for key, value in item.items() if key not in _ENVELOPE}
    try:
        written = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except TypeError as wrong:
        raise BadField("item", "…", english("is nested too deeply")) from wrong
    return blake2b(written, key=f"{kind}|{salt}".encode()[:64], digest_size=16).hexdigest()


def quarantined(item: object, item_id: object, bad: BadInput) -> Item:
    """An item that cannot be taken, with the reason and all it said."""
    kept = {k: v for k, v in item.items() if k not in _ENVELOPE} if isinstance(item, dict) else item
    return Item(
        "quarantined",
        item_id=item_id if isinstance(item_id, str) and item_id else None,
        reason=str(bad),
        field=bad.field if isinstance(bad, BadField) else None,
        value=bad.value if isinstance(bad, BadField) else None,
        raw=_evident(kept),
    )


def unreadable(body: bytes, bad: BadInput) -> Item:
    """A body that is no JSON at all, kept as text."""
    raw = _UNSTORABLE.sub("�", body.decode("utf-8", "replace"))
    return Item("quarantined", reason=str(bad), raw=raw)
