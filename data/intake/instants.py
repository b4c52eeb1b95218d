"""When something happened, from the times that a client sent."""

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from data.intake.reading import BadField
from data.store.local_time import FIRST, LAST
from data.unify.parse import EPOCH, NAIVE, SPACED, ZONED

# The forms that files are read in, too.
_ISO, _SPACED, _EPOCH = re.compile(f"{ZONED}|{NAIVE}"), re.compile(SPACED), re.compile(EPOCH)
_WRONG = "is not a time such as 2024-05-31T13:45:00Z"
_OUTSIDE = f"is outside the years {FIRST.year} to {LAST.year - 1}"
_REAL_SKEW = timedelta(seconds=60)  # less is the way of the request, not a wrong clock
_OLD = timedelta(days=30)  # longer before sending than any offline queue: history, not a device's clock


def is_given(value: Any) -> bool:
    return value is not None and not (isinstance(value, str) and not value.strip())


def read_instant(field: str, value: Any) -> datetime:
    """An instant, naive UTC, from ISO text or seconds, milliseconds or microseconds since 1970.

    Raises:
        BadField: it is no time, or lies outside the years that the store holds.
    """
    at = _from_iso(field, value) if isinstance(value, str) else _from_epoch(field, value)
    return within_bounds(field, value, at)


def within_bounds(field: str, value: Any, at: datetime) -> datetime:
    if not FIRST <= at < LAST:
        raise BadField(field, value, _OUTSIDE)
    return at


def read_leniently(value: Any) -> datetime | None:
    """The same, or None: for times that only help to correct others."""
    try:
        return read_instant("", value) if is_given(value) else None
    except BadField:
        return None


def iso(at: datetime) -> str:
    """Always as long, so that texts sort as instants do."""
    return at.isoformat(timespec="microseconds") + "Z"


def _from_iso(field: str, text: str) -> datetime:
    text = text.strip()
    if not _ISO.fullmatch(text):
        if _EPOCH.fullmatch(text):
            return _from_epoch(field, float(text))
        if not _SPACED.fullmatch(text):
            raise BadField(field, text, _beyond(text))
        text = text[:11] + text[11:].replace(" ", "").replace("UTC", "Z")
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None and at.tzinfo is not UTC:
            at = at.astimezone(UTC)
        return at.replace(tzinfo=None)
    except (ValueError, OverflowError) as wrong:
        raise BadField(field, text, _beyond(text)) from wrong


def _beyond(text: str) -> str:
    """A year of five digits or before Christ is a time, only none of ours; so is the calendar's edge."""
    return _OUTSIDE if re.match(r"[+-]\d{4,6}-\d\d|0001-01-01|9999-12-31", text) else _WRONG


def _from_epoch(field: str, value: Any) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadField(field, value, _WRONG)
    if value < 0:
        raise BadField(field, value, _OUTSIDE)
    if 1e8 <= value < 1e10:
        return FIRST + timedelta(seconds=value)
    if 1e11 <= value < 1e13:
        return FIRST + timedelta(milliseconds=value)
    if 1e14 <= value < 1e16:
        return FIRST + timedelta(microseconds=value)
    raise BadField(field, value, _WRONG)


def corrected(at: datetime, sent: datetime | None, received: datetime) -> datetime:
    """A client's time, set right by what its clock showed on sending and ours on receiving.

    Segment and PostHog document the same formula: at + (received - sent). A difference within a minute is
    no wrong clock, and what happened long before it was sent was not stamped by the clock that sent it.
    """
    if sent is None or sent - at > _OLD:
        return at
    skew = received - sent
    return at + skew if abs(skew) > _REAL_SKEW else at
