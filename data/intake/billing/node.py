"""A value of a JSON document and the path that leads to it, so that a complaint can name the place."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from data.errors import BadInput
from data.speech import english
from data.store.local_time import FIRST, LAST

_NUMBER = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII)
_HALF = re.compile("[\0\ud800-\udfff]")
_LARGEST = 18  # digits before and after the point of any number that is worked with
_SHOWN = 200


class Unreadable(BadInput):
    """A payload holds something that cannot be read."""

    def __init__(self, field: str, value: Any, complaint: str) -> None:
        self.field = field
        self.value = None if value is None else _shown(value)
        super().__init__(f"{field} is missing" if value is None else f"{field} '{self.value}' {complaint}")


def document(body: bytes) -> "Node":
    """The JSON document of a body; its fractions are decimals, never binary floats.

    Raises:
        Unreadable: it is not JSON, holds NaN or an infinity, or is nested too deeply.
    """
    try:
        return Node(json.loads(body, parse_float=_exact, parse_constant=_no_number))
    except RecursionError as deep:
        raise Unreadable("body", _text_of(body), english("is nested too deeply")) from deep
    except ValueError as wrong:
        raise Unreadable("body", _text_of(body), english("is not JSON: {wrong}", wrong=wrong)) from wrong


def _exact(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation as wrong:
        raise ValueError("a number is beyond all bounds") from wrong


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _text_of(body: bytes) -> str:
    return body[:_SHOWN].decode("utf-8", "replace")


def storable(text: str) -> str:
    """The text with the characters replaced that no store takes."""
    return _HALF.sub("�", text)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else f"({type(value).__name__})"
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, int | float | Decimal):
        text = str(value)
    text = storable(text[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@dataclass(frozen=True)
class Node:
    """A value and where it stands. A path through what is absent leads to a node that holds nothing."""

    value: Any
    path: str = ""

    def __bool__(self) -> bool:
        return self.value is not None

    def at(self, *keys: str) -> "Node":
        """What lies under these keys, one below the other."""
        node = self
        for key in keys:
            inner = node.value.get(key) if isinstance(node.value, Mapping) else None
            node = Node(inner, f"{node.path}.{key}" if node.path else key)
        return node

    def has(self, key: str) -> bool:
        return isinstance(self.value, Mapping) and key in self.value

    @property
    def is_object(self) -> bool:
        return isinstance(self.value, Mapping)

    @property
    def is_true(self) -> bool:
        return self.value is True

    def each(self) -> "Iterator[Node]":
        """The values of a list, or of Stripe's way to write one: an object with the list under `data`."""
        values = self.value
        if isinstance(values, Mapping):
            values = values.get("data")
        for number, inner in enumerate(values if isinstance(values, list | tuple) else ()):
            yield Node(inner, f"{self.path}[{number}]")

    def fields(self) -> "Iterator[tuple[str, Node]]":
        """The keys of an object that can be written, and what they hold."""
        for key in self.value if isinstance(self.value, Mapping) else ():
            if isinstance(key, str) and key and not _HALF.search(key):
                yield key, self.at(key)

    def text(self) -> str | None:
        """A text, or a whole number as text; None where it is absent or blank."""
        if self.value is None or isinstance(self.value, bool):
            return None
        if isinstance(self.value, int) and self.value.bit_length() < 200:
            return str(self.value)
        if not isinstance(self.value, str):
            raise Unreadable(self.path, self.value, english("is not a text"))
        if _HALF.search(self.value):
            raise Unreadable(self.path, self.value, english("has characters that cannot be written"))
        return self.value.strip() or None

    def id(self) -> str | None:
        """An id, which is a text, or the `id` of the object that stands expanded in its place."""
        return self.at("id").text() if self.is_object else self.text()

    def needed(self) -> str:
        """The same, where there has to be one."""
        found = self.id()
        if found is None:
            raise Unreadable(self.path, None, "")
        return found

    def number(self) -> Fraction | None:
        """An exact number, from a number or a decimal text."""
        if self.value is None or self.value == "":
            return None
        number = None if isinstance(self.value, bool) else _decimal(self.value)
        if number is None:
            raise Unreadable(self.path, self.value, english("is not a number"))
        if not number:
            return Fraction(0)
        if abs(number.adjusted()) > _LARGEST or len(number.as_tuple().digits) > 2 * _LARGEST:
            raise Unreadable(self.path, self.value, english("has too many digits"))
        return Fraction(number)

    def instant(self, *, per_second: int = 1) -> datetime | None:
        """An instant, naive UTC, from a count since 1970 or an ISO text with an offset; None where absent."""
        if self.value is None or self.value == "":
            return None
        at = self._from_iso(self.value) if isinstance(self.value, str) else self._from_count(per_second)
        if at is None or not FIRST <= at < LAST:
            raise Unreadable(
                self.path,
                self.value,
                english("is outside the years {first} to {last}", first=FIRST.year, last=LAST.year - 1),
            )
        return at

    def needed_instant(self) -> datetime:
        at = self.instant()
        if at is None:
            raise Unreadable(self.path, None, "")
        return at

    def _from_count(self, per_second: int) -> datetime | None:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float | Decimal):
            raise Unreadable(self.path, self.value, english("is not a time"))
        seconds = (self.number() or Fraction(0)) / per_second
        if not 0 <= seconds < 10**10:
            return None
        return FIRST + timedelta(microseconds=int(seconds * 1_000_000))

    def _from_iso(self, text: str) -> datetime | None:
        try:
            at = datetime.fromisoformat(text)
            return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
        except OverflowError:
            return None
        except ValueError as wrong:
            raise Unreadable(self.path, text, english("is not a time")) from wrong


def _decimal(value: Any) -> Decimal | None:
    """The exact decimal of a number or of a plain decimal text; a binary float goes by its shortest text."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        return None
    if not isinstance(value, str | int | float | Decimal):
        return None
    if isinstance(value, int) and value.bit_length() > 200:
        return Decimal("1e999")
    try:
        number = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
