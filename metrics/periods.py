"""The calendar as a table: every period from the first fact to that of as_of."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import polars as pl

from data.calendar import GRAINS, Calendar, Grain, Period

SCHEMA: dict[str, Any] = {
    "period_key": pl.Int32,
    "grain": pl.String,
    "number": pl.Int32,
    "period_start": pl.Date,
    "last_day": pl.Date,
    "is_complete": pl.Boolean,
    "is_matured": pl.Boolean,
    "has_accounts": pl.Boolean,
    "has_revenue": pl.Boolean,
}


def calendar_frame(
    calendar: Calendar,
    as_of: datetime,
    within_days: int,
    first_account: date | None,
    first_change: date | None,
) -> pl.DataFrame:
    """One row a period. `number` counts the periods of a grain, `period_key` all of them.

    `last_day`: its last local day, or that of `as_of`. `has_accounts`, `has_revenue`: whether the period is
    that of the first account, or of the first change of a subscription, or later.
    """
    known = [day for day in (first_account, first_change) if day]
    if not known:
        return pl.DataFrame(schema=SCHEMA)
    today = calendar.local_date(as_of)
    rows = [
        (number, period, min(period.end - timedelta(days=1), today))
        for grain in GRAINS
        for number, period in enumerate(periods_of(calendar, min(known), today, grain))
    ]
    return pl.DataFrame(
        [
            (
                key,
                period.grain,
                number,
                period.start,
                last_day,
                period.is_complete(as_of),
                period.end_at + timedelta(days=within_days) <= as_of,
                first_account is not None and last_day >= first_account,
                first_change is not None and last_day >= first_change,
            )
            for key, (number, period, last_day) in enumerate(rows)
        ],
        schema=SCHEMA,
        orient="row",
    )


@lru_cache(maxsize=16)
def periods_of(calendar: Calendar, first: date, last: date, grain: Grain) -> tuple[Period, ...]:
    return tuple(calendar.periods(first, last, grain))
