"""What a database's values are as values of a fact: texts that say exactly the same, or None."""

import json
import math
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

NEVER = datetime.max  # so, and as the last date, PostgreSQL's `infinity` is handed out: there is no such time


def as_text(value: Any, kind: str | None, zone: tzinfo) -> str | None:
    """A value as text; times become instants in UTC.

    Args:
        kind: what the shape's column holds; None for a column that the shape does not name.
        zone: where the clocks hang that show times without an offset.
    """
    if value is None or isinstance(value, str):
        return _instant_in(value, zone) if value and kind == "instant" else value
    if isinstance(value, date | time | timedelta):
        return _time(value, kind, zone)
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal | float):
        return number(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def number(value: int | Decimal | float) -> str:
    """Every digit, without an exponent."""
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f") if math.isfinite(value) else str(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _time(value: date | time | timedelta, kind: str | None, zone: tzinfo) -> str | None:
    if isinstance(value, datetime):
        if value.replace(tzinfo=None) == NEVER:
            return None
        return value.astimezone(zone).date().isoformat() if kind == "date" else instant(value, zone)
    if isinstance(value, timedelta):
        return number(Decimal(value // timedelta(microseconds=1)) / 1_000_000)
    if value == date.max:
        return None
    if isinstance(value, date) and kind == "instant":
        return instant(datetime.combine(value, time()), zone)
    return value.isoformat()


def instant(value: datetime, zone: tzinfo) -> str:
    """`2025-03-01T09:00:00Z`, with the fraction of the second where there is one."""
    return in_utc(value, zone).isoformat() + "Z"


def in_utc(value: datetime, zone: tzinfo) -> datetime:
    """The same instant, naive UTC; at the calendar's two ends there is no room to convert."""
    try:
        aware = value if value.tzinfo else value.replace(tzinfo=zone)
        return aware.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return value.replace(tzinfo=None)


def _instant_in(text: str, zone: tzinfo) -> str:
    """SQLite keeps times as text; one without an offset is read like any other such time."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    return instant(found, zone) if found.tzinfo is None and not text.strip().isdigit() else text
