"""What moved most between the last two complete periods, which segments explain it, what pace is usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

import polars as pl

HISTORY = 12
WEEKS = 8
# The median absolute deviation of a normal distribution, as a fraction of its standard deviation.
MAD = 0.6745


@dataclass(frozen=True)
class Share:
    """A segment's part in a move: `part` adds up to the whole move over the segments of its dimension."""

    dimension: str
    segment: str
    part: float
    before: float | None
    now: float | None


@dataclass(frozen=True)
class Move:
    """A change between the last two complete periods; `size` is in units of the metric's usual change."""

    metric: str
    period_start: date
    before: float
    now: float
    size: float
    because: tuple[Share, ...]


def moves(
    whole: pl.DataFrame, parts: pl.DataFrame, additive: Mapping[str, bool], *, most: int = 3
) -> list[Move]:
    """The largest moves of the metrics in `additive`, each with at most two segments that explain it.

    whole, parts: rows of the metrics table, of dimension `all` and of the others, of one grain.
    additive: whether the segments of a metric add up to the whole (amounts and counts; rates are weighed
        by their denominators). A metric that is mapped to False and has no denominators gets no explanation.
    """
    found = [move for metric in additive if (move := move_of(whole, metric)) is not None]
    found.sort(key=lambda move: (-move.size, move.metric))
    return [explained(move, parts, additive[move.metric]) for move in found[:most]]


def move_of(whole: pl.DataFrame, metric: str) -> Move | None:
    """The last change of one metric, or nothing where two complete values in a row are lacking."""
    rows = whole.filter((pl.col("metric") == metric) & pl.col("complete")).sort("period_start")
    values: list[float | None] = rows["value"].to_list()
    if len(values) < 2 or values[-1] is None or values[-2] is None or values[-1] == values[-2]:
        return None
    size = unusual(values[-HISTORY - 2 :])
    return Move(metric, rows["period_start"][-1], values[-2], values[-1], size, ())


def unusual(values: Sequence[float | None]) -> float:
    """How large the last change is, against the usual size of the changes before it.

    With fewer than three earlier changes, or none that differ, the change as a share of its start.
    """
    pairs = pairwise(values)
    changes = [now - before for before, now in pairs if before is not None and now is not None]
    *earlier, last = changes
    usual = median(abs(change) for change in earlier) / MAD if len(earlier) >= 3 else 0.0
    if usual > 0:
        return abs(last) / usual
    start = values[-2]
    return abs(last / start) if start else 0.0


def explained(move: Move, parts: pl.DataFrame, additive: bool) -> Move:
    """The move with the segments that account for most of it, of the dimension that tells most."""
    rows = parts.filter(pl.col("metric") == move.metric)
    dimensions = [shares(rows.filter(pl.col("dimension") == name), move, additive) for name in names(rows)]
    telling = max(dimensions, key=lambda found: leading(found, move), default=[])
    same_way = [share for share in telling if share.part * (move.now - move.before) > 0]
    same_way.sort(key=lambda share: (-abs(share.part), share.segment))
    return Move(move.metric, move.period_start, move.before, move.now, move.size, tuple(same_way[:2]))


def names(rows: pl.DataFrame) -> list[str]:
    return sorted(set(rows["dimension"].to_list()) - {"all"})


def leading(found: Sequence[Share], move: Move) -> float:
    """How much of the move the first segment explains, beyond an equal part for every segment."""
    if len(found) < 2:
        return -1.0
    way = move.now - move.before
    return max(share.part / way for share in found) - 1 / len(found)


def shares(rows: pl.DataFrame, move: Move, additive: bool) -> list[Share]:
    """Splits a move over the segments of one dimension so that the parts add up to it."""
    start = before_last(rows, move.period_start)
    now, before = at(rows, move.period_start), at(rows, start)
    return [
        share
        for segment in sorted(now)
        if (share := part_of(segment, now, before, move, additive)) is not None and share.part != 0
    ]


@dataclass(frozen=True)
class Cell:
    dimension: str
    value: float | None
    denominator: float | None


def at(rows: pl.DataFrame, start: date | None) -> dict[str, Cell]:
    chosen = rows.filter(pl.col("period_start") == start)
    columns = chosen.select("segment", "dimension", "value", "denominator")
    return {segment: Cell(*rest) for segment, *rest in columns.iter_rows()}


def before_last(rows: pl.DataFrame, last: date) -> date | None:
    earlier = rows.filter(pl.col("period_start") < last)["period_start"]
    found = earlier.max()
    return found if isinstance(found, date) else None


def part_of(
    segment: str, now: Mapping[str, Cell], before: Mapping[str, Cell], move: Move, additive: bool
) -> Share | None:
    """An amount's part is its own change; a rate's its weighted distance from the old whole."""
    cell, old = now[segment], before.get(segment)
    old_value = old.value if old else None
    if additive:
        part = (cell.value or 0.0) - (old_value or 0.0)
    else:
        lately, then = weight(now, segment), weight(before, segment)
        if lately is None or then is None:
            return None
        part = distance(cell.value, lately, move.before) - distance(old_value, then, move.before)
    return Share(cell.dimension, segment, part, old_value, cell.value)


def weight(cells: Mapping[str, Cell], segment: str) -> float | None:
    total = sum(cell.denominator or 0.0 for cell in cells.values())
    if total == 0:
        return None
    return (cells[segment].denominator or 0.0) / total if segment in cells else 0.0


def distance(value: float | None, share: float, whole: float) -> float:
    return 0.0 if value is None else share * (value - whole)


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
