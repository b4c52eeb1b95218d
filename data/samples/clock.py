"""Seconds since 1970 as the samples count them: office hours, waking hours, and columns of timestamps."""

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 604_800
NEVER = 1 << 40  # an instant after every other

# How busy each local hour is, and each weekday from Monday on.
HOURS = np.array(
    [2, 1, 1, 1, 1, 2, 8, 30, 80, 120, 130, 120, 80, 100, 120, 120, 110, 80, 40, 25, 20, 15, 9, 5]
)
WEEKDAYS = np.array([1.1, 1.15, 1.1, 1.05, 0.85, 0.18, 0.15])
_SHARE = np.concatenate([[0.0], np.cumsum(HOURS) / HOURS.sum()])


def seconds(instant: datetime) -> int:
    """A naive UTC instant as whole seconds."""
    return int(instant.replace(tzinfo=UTC).timestamp())


def instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC).replace(tzinfo=None)


def weekday(day: Ints | int) -> Ints:
    """The weekday, Monday 0, of days counted since 1970 (which began on a Thursday)."""
    return (np.asarray(day, dtype=np.int64) + 3) % 7


def evenly(first: int, count: int, turn: float = 0.6180339887498949) -> Floats:
    """Numbers between 0 and 1 that look random and yet fill the range evenly, whichever stretch one takes.

    Used where a planted story must not be drowned by luck: a sequence of multiples of an irrational number.
    """
    even: Floats = np.arange(first, first + count, dtype=np.float64) * turn % 1.0
    return even


def office_seconds(uniform: Floats) -> Ints:
    """Uniform numbers as seconds of a local day, most of them in office hours."""
    return np.interp(uniform, _SHARE, np.arange(25) * HOUR).astype(np.int64)


def when_awake(at: Ints, offset: Ints, uniform: Floats) -> Ints:
    """Instants that would fall in the local night, moved to the morning after it."""
    local = (at + offset * HOUR) % DAY
    late = local >= 22 * HOUR
    asleep = late | (local < 7 * HOUR)
    morning = 7 * HOUR + (uniform * 3 * HOUR).astype(np.int64)
    return np.where(asleep & (at < NEVER), at - local + late * DAY + morning, at)


def column(at: Ints, *, until: int = NEVER) -> pl.Series:
    """Instants as timestamps; one at or after `until` has not happened and is null."""
    known = pl.Series(np.where(at < min(until, NEVER), at, -1)).replace(-1, None)
    return pl.from_epoch(known, time_unit="s").cast(pl.Datetime("us"))


def money(ten_thousandths: Ints) -> pl.Series:
    """Whole ten-thousandths as an exact decimal with four places."""
    parts = pl.DataFrame({"of": ten_thousandths}).select(
        (
            pl.when(pl.col("of") < 0).then(pl.lit("-")).otherwise(pl.lit(""))
            + (pl.col("of").abs() // 10_000).cast(pl.String)
            + "."
            + (pl.col("of").abs() % 10_000).cast(pl.String).str.zfill(4)
        ).cast(pl.Decimal(18, 4))
    )
    return parts.to_series()


def numbered(prefix: str, count: int, digits: int) -> pl.Series:
    """Ids from 1 on."""
    return pl.Series([f"{prefix}-{k:0{digits}d}" for k in range(1, count + 1)], dtype=pl.String)


def text(values: tuple[str, ...], index: Ints) -> pl.Series:
    """Names by their position; a position below zero has no name."""
    named = np.array([*values, None], dtype=object)
    return pl.Series(named[index].tolist(), dtype=pl.String)
