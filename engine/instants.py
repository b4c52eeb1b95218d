"""Reads the instants that people type."""

import re
from datetime import date, datetime

from data.calendar import Calendar, naive_utc
from data.errors import BadInput
from data.settings import Settings

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def instant(typed: str, settings: Settings) -> datetime:
    """An ISO 8601 instant as naive UTC.

    With an offset (`2025-03-01T09:00:00+01:00`, `…Z`) it is that instant; without one it is UTC; a date
    alone is the midnight at which that day begins in the company's time zone.

    Raises:
        BadInput: it is not ISO 8601, or lies outside the years that can be counted with.
    """
    try:
        if DATE.fullmatch(typed.strip()):
            return Calendar.of(settings).midnight(date.fromisoformat(typed.strip()))
        found = datetime.fromisoformat(typed.strip())
        return naive_utc(found) if found.tzinfo else found
    except (ValueError, OverflowError) as wrong:
        raise BadInput(
            f"{typed!r} is not an instant; write 2025-03-01T09:00:00Z, 2025-03-01T10:00:00+01:00 "
            "or 2025-03-01 (the midnight at which that day begins)."
        ) from wrong
