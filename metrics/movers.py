"""What moved most between two complete periods, whether that is usual, and what explains it."""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from math import hypot
from statistics import median

import polars as pl

from data.calendar import Grain
from metrics.contribution import Cause, cause
from metrics.runs import completed, runs
from metrics.usual import Range, Side, Standing, ranges, standing

# What a manager asks for, in that order; what an edition does not have is left out. Then the grains at which
# it is looked for, and how much of it is shown at once.
DRIVERS = (
    "mrr",
    "activation_rate",
    "time_to_first_value_p50",
    "mrr_at_risk",
    "expansion_mrr",
    "lifetime_value",
    "net_revenue_retention",
    "logo_churn_rate",
)
DRIVER_GRAINS: tuple[Grain, ...] = ("week", "month", "day")
DRIVERS_SHOWN = 6
HISTORY = 26  # earlier moves that say what is usual
KEPT = 98  # newest periods that are looked at
STANDINGS = 500  # of series, that are kept
WEEKS = 8
NORMAL = 1.4826
FEWEST = 6
Z = 1.959963984540054
LARGE = 3.0  # usual deviations from which on a move is called unusual
DAYS = 7
NOTHING = Cause()


@dataclass(frozen=True)
class Move:
    """A change of one metric from one complete period to another.

    `size`: how far it is from its usual change over as many periods, in usual deviations, None where too few
    are known; `side` and `since`: where the newer figure and those just before are outside their usual range.
    """

    metric: str
    period_start: date
    against: date
    before: float
    now: float
    size: float | None
    range: Range | None = None
    side: Side | None = None
    since: date | None = None
    cause: Cause = NOTHING

    @property
    def is_unusual(self) -> bool:
        return self.side is not None or (self.size is not None and self.size >= LARGE)

    @property
    def change(self) -> float:
        return self.now - self.before


def moves(
    whole: pl.DataFrame,
    parts: pl.DataFrame,
    units: Mapping[str, str],
    *,
    most: int = 3,
    base: Callable[[date], date | None] | None = None,
    then: pl.DataFrame | None = None,
) -> list[Move]:
    """The moves of the metrics in `units`, the most unusual first, `most` of them with what explains them.

    Args:
        whole, parts: rows of the metrics table of one grain: of one place (all accounts, or a segment), those
            of a metric in the order of their periods, and of the dimensions it is split by.
        units: the unit of each metric that is looked at.
        base: the period to compare one with; unless given, the one before it.
        then: rows to compare with instead, as they were known then; a metric without one is left out.
    """
    return explained(ranked(whole, units, base=base, then=then), whole, parts, units, most=most, then=then)


def ranked(
    whole: pl.DataFrame,
    units: Mapping[str, str],
    *,
    base: Callable[[date], date | None] | None = None,
    then: pl.DataFrame | None = None,
) -> list[Move]:
    """The moves, the most unusual first, without what explains them."""
    rows = runs(whole, "metric")
    found = [
        move
        for metric in units
        if (metric,) in rows and (move := move_of(completed(rows[metric,]), metric, base, then)) is not None
    ]
    return sorted(found, key=lambda move: (not move.is_unusual, -(move.size or 0.0), move.metric))


def explained(
    found: list[Move],
    whole: pl.DataFrame,
    parts: pl.DataFrame,
    units: Mapping[str, str],
    *,
    most: int,
    then: pl.DataFrame | None = None,
) -> list[Move]:
    """The same moves, the first of them with what explains them; `parts` from `looked_back` on are enough."""
    rows = runs(whole, "metric")
    told = [
        with_cause(move, completed(rows[move.metric,]), parts, units[move.metric], then)
        for move in found[:most]
    ]
    return told + found[most:]


def looked_back(found: Sequence[Move], whole: pl.DataFrame) -> date:
    """The start of the first period that explains any of these moves, of which there is one at least."""
    rows = runs(whole, "metric")
    return min(looked_at(completed(rows[move.metric,]), move)[0] for move in found)


def looked_at(complete: pl.DataFrame, move: Move) -> list[date]:
    """The starts of the periods that explain a move."""
    starts: list[date] = complete["period_start"].to_list()
    far = bisect_left(starts, move.against)
    return starts[-max(HISTORY * 2, len(starts) - far + HISTORY) :]


def of_metric(rows: pl.DataFrame, metric: str) -> pl.DataFrame:
    return rows.filter(pl.col("metric") == metric)


def known_then(then: pl.DataFrame, metric: str, start: date) -> pl.DataFrame:
    return of_metric(then, metric).filter(pl.col("period_start") == start)


def with_cause(
    move: Move, complete: pl.DataFrame, parts: pl.DataFrame, unit: str, then: pl.DataFrame | None
) -> Move:
    wanted = looked_at(complete, move)
    rows = parts.filter(pl.col("metric") == move.metric, pl.col("period_start").is_in(wanted))
    if rows.is_empty():
        return move
    found = cause(
        complete.tail(len(wanted)),
        rows,
        unit,
        now=move.period_start,
        before=move.against,
        then=None if then is None else known_then(then, move.metric, move.against),
    )
    return replace(move, cause=found)


def move_of(
    rows: pl.DataFrame, metric: str, base: Callable[[date], date | None] | None, then: pl.DataFrame | None
) -> Move | None:
    """The change of one metric to its last complete period; nothing without two figures that differ.

    Args:
        rows: the complete ones in their order.
    """
    starts: list[date] = rows["period_start"].to_list()
    values: list[float | None] = rows["value"].to_list()
    start = (base(starts[-1]) if base else starts[-2]) if len(starts) > 1 else None
    if start not in starts[:-1]:
        return None
    place = starts.index(start)
    before = values[place] if then is None else whole_of(known_then(then, metric, start))
    now = values[-1]
    if now is None or before is None or now == before:
        return None
    noise, step = deviations(rows), DAYS if is_daily(starts) else 1
    stands = standing_of(tuple(starts[-KEPT:]), tuple(values[-KEPT:]), tuple(noise[-KEPT:]), step)
    size = unusual(values, len(values) - 1 - place, now - before, of_difference(noise, place), step)
    return Move(metric, starts[-1], start, before, now, size, stands.range, stands.side, stands.since)


@lru_cache(STANDINGS)
def standing_of(
    starts: tuple[date, ...], values: tuple[float | None, ...], noise: tuple[float | None, ...], step: int
) -> Standing:
    """From one edition to the next most figures stand where they stood."""
    return standing(starts, values, ranges(values, noise, step))


def whole_of(then: pl.DataFrame) -> float | None:
    found = then.filter(pl.col("dimension") == "all")["value"].to_list()
    return found[0] if found else None


def is_daily(starts: Sequence[date]) -> bool:
    return len(starts) > 1 and starts[-1] - starts[-2] == timedelta(days=1)


def deviations(rows: pl.DataFrame) -> list[float | None]:
    """Each figure's own standard deviation, by the interval that it carries."""
    ends = zip(rows["lower"].to_list(), rows["upper"].to_list(), strict=True)
    return [None if low is None or high is None else (high - low) / (2 * Z) for low, high in ends]


def of_difference(noise: Sequence[float | None], base: int) -> float:
    return hypot(noise[-1] or 0.0, noise[base] or 0.0)


def unusual(
    values: Sequence[float | None], lag: int, change: float, noise: float = 0.0, step: int = 1
) -> float | None:
    """How far a change over `lag` periods is from those before, in usual deviations; None for too few.

    Args:
        noise: the standard deviation that counting alone gives it; the usual one is no smaller.
        step: 7 where only every seventh change is of the same kind, as from a Friday to a Saturday.
    """
    pairs = list(zip(values[: -lag - 1], values[lag:-1], strict=True))[::-1][step - 1 :: step]
    earlier = [now - before for before, now in pairs if before is not None and now is not None][:HISTORY]
    if len(earlier) < FEWEST:
        return None
    middle = median(earlier)
    off = [abs(one - middle) for one in earlier]
    usual = max(NORMAL * median(off) or sum(off) / len(off), noise)
    return abs(change - middle) / usual if usual > 0 else None


def usual_range(daily: pl.DataFrame) -> pl.DataFrame:
    """Adds `usual_low`, `usual` and `usual_high` to the days of one count.

    Of the eight days before that fall on the same weekday: all but the lowest and the highest, and their
    median. Null where fewer than four are known.
    """
    known = {
        start: value
        for start, value, complete in daily.select("period_start", "value", "complete").iter_rows()
        if complete and value is not None
    }
    bands = [band(known, start) for start in daily["period_start"].to_list()]
    columns = ("usual_low", "usual", "usual_high")
    return daily.with_columns(
        pl.Series(name, [found[place] for found in bands], dtype=pl.Float64)
        for place, name in enumerate(columns)
    )


def band(known: Mapping[date, float], start: date) -> tuple[float | None, float | None, float | None]:
    days = (start - timedelta(weeks=back) for back in range(1, WEEKS + 1))
    same = sorted(known[day] for day in days if day in known)
    if len(same) < 4:
        return None, None, None
    return same[1], median(same), same[-2]
