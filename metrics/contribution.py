"""How much of a change each segment brought, in parts that add up, and whether one of them stands out.

An amount's parts are its segments' own changes. A ratio's change is split, segment by segment, into what the
segment's own rate did and what its share of the denominator did: Kitagawa's decomposition with the average of
both periods as weights (E. M. Kitagawa, Components of a Difference Between Two Rates, JASA 50, 1955), the mix
measured from the level of the whole, so that growing where the rate is high counts for the change and growing
where it is low against it. A quantile has no parts: its segments' own changes are told, and called that.

Whether a segment stands out is one question for all segments of all dimensions together: how far the most
one-sided of them is from its share of the change, against the same maximum in every earlier period (the
maximum statistic of Westfall and Young, Resampling-Based Multiple Testing, 1993). Looking at more dimensions
therefore finds nothing that is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import fsum
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.runs import runs

Kind = Literal["sum", "ratio", "apart"]
Array = NDArray[np.float64]
FEWEST = 9  # earlier changes: with fewer, "in one of ten" cannot be told from "never"
RARE = 0.1
CLOSE = 1e-9
SMALL = 0.1
NORMAL = (
    1.4826  # the median absolute deviation of a normal distribution, times this, is its standard deviation
)


@dataclass(frozen=True)
class Part:
    """A segment in a change: what its own rate did and what its share did; of an amount, all is its own."""

    dimension: str
    segment: str
    before: float | None
    now: float | None
    own: float
    mix: float = 0.0

    @property
    def whole(self) -> float:
        return self.own + self.mix


@dataclass(frozen=True)
class Split:
    """A change over the segments of one dimension; unless they are told `apart`, the parts add up to it."""

    dimension: str
    kind: Kind
    parts: tuple[Part, ...]
    lead: float = 0.0  # how far the most one-sided part is from its share, in its own usual deviations
    leader: str = ""

    @property
    def mix(self) -> float:
        """What the segments' shares did, all together."""
        return fsum(part.mix for part in self.parts)

    @property
    def change(self) -> float:
        return fsum(part.whole for part in self.parts)

    @property
    def reach(self) -> float:
        """How much of the change the foremost segment brought, beyond an equal part for each."""
        if self.kind == "apart" or not self.change:
            return -1.0
        return max(part.whole / self.change for part in self.parts) - 1 / len(self.parts)

    def foremost(self, most: int) -> list[Part]:
        """The parts that went the way of the whole, the largest first; where one leads, it comes first."""
        way = [part for part in self.parts if part.whole * self.change > 0]
        way.sort(key=lambda part: (part.segment != self.leader, -abs(part.whole), part.segment))
        return way[:most]


@dataclass(frozen=True)
class Cause:
    """What explains a change. `stands_out` is None where too few earlier changes are known to tell."""

    splits: tuple[Split, ...] = ()
    stands_out: bool | None = None
    earlier: int = 0

    @property
    def telling(self) -> Split | None:
        """The dimension where a segment stands out, or else has most beyond an equal part."""
        if self.stands_out:
            return max(self.splits, key=lambda split: (split.lead, split.dimension))
        return max(self.splits, key=lambda split: (split.reach, split.dimension), default=None)


CELL = ("period_start", "segment", "value", "numerator", "denominator")


@dataclass(frozen=True)
class Grid:
    """One metric over one dimension: a row a period, a column a segment; `sizes` are its denominators."""

    dimension: str
    segments: tuple[str, ...]
    values: Array
    amounts: Array
    sizes: Array
    has_intervals: bool = False
    kind: Kind = field(default="apart")


def cause(
    whole: pl.DataFrame,
    parts: pl.DataFrame,
    unit: str,
    *,
    now: date,
    before: date,
    then: pl.DataFrame | None = None,
) -> Cause:
    """Splits the change of one metric between two periods over each dimension.

    Args:
        whole, parts: the metric's rows of dimension `all` and of the others, of one grain.
        then: rows of the period `before` as they were known then, instead of those in `whole` and `parts`.
    """
    periods = sorted({*whole["period_start"].to_list()})
    if now not in periods or before not in periods:
        return Cause()
    place, base = periods.index(now), periods.index(before)
    total = grid(whole, "all", periods)
    found = sorted(runs(parts, "dimension").items(), key=lambda run: run[0])
    grids = [grid(rows, name, periods) for (name,), rows in found if name != "all"]
    if then is not None:
        total = put(total, then.filter(pl.col("dimension") == "all"), base)
        grids = [put(one, then.filter(pl.col("dimension") == one.dimension), base) for one in grids]
    kinds = [kind_of(one, total, unit, (base, place)) for one in grids]
    known = [replace(one, kind=kind) for one, kind in zip(grids, kinds, strict=True) if one.segments]
    return judged(known, total, place, base)


def judged(grids: Sequence[Grid], total: Grid, place: int, base: int) -> Cause:
    lag = place - base
    ends = [end for end in range(lag, place) if end - lag != base and end != place]
    earlier = [end for end in ends if is_known(total, end) and is_known(total, end - lag)]
    leads = [leading(one, total, [*earlier, place], lag) for one in grids if len(one.segments) > 1]
    several = [one for one in grids if len(one.segments) > 1]
    splits = tuple(
        replace(
            split(one, place, base), lead=float(found[-1].max()), leader=one.segments[int(found[-1].argmax())]
        )
        for one, found in zip(several, leads, strict=True)
    )
    if not splits:
        return Cause()
    if len(earlier) < FEWEST:
        return Cause(led_by_none(splits), None, len(earlier))
    most = np.max([found.max(axis=1) for found in leads], axis=0)
    as_rare = (1 + int(np.sum(most[:-1] >= most[-1]))) / len(most)
    stands_out = bool(as_rare <= RARE and most[-1] > 0)
    return Cause(splits if stands_out else led_by_none(splits), stands_out, len(earlier))


def led_by_none(splits: Sequence[Split]) -> tuple[Split, ...]:
    return tuple(replace(split, leader="") for split in splits)


def is_known(total: Grid, place: int) -> bool:
    return bool(np.isfinite(total.values[place, 0]))


def grid(rows: pl.DataFrame, dimension: str, periods: Sequence[date]) -> Grid:
    """The rows of one metric and dimension; what has no row counts nothing."""
    segments = tuple(sorted({*rows["segment"].to_list()}))
    shape = (len(periods), len(segments))
    values, amounts, sizes = (np.full(shape, np.nan), np.zeros(shape), np.zeros(shape))
    row_of = {start: place for place, start in enumerate(periods)}
    column_of = {name: place for place, name in enumerate(segments)}
    columns = (rows[name].to_list() for name in CELL)
    for start, segment, value, numerator, denominator in zip(*columns, strict=True):
        if start not in row_of:
            continue
        at = row_of[start], column_of[segment]
        values[at] = np.nan if value is None else value
        amounts[at], sizes[at] = numerator or 0.0, denominator or 0.0
    has_intervals = "lower" in rows.columns and rows["lower"].null_count() < rows.height
    return Grid(dimension, segments, values, amounts, sizes, has_intervals)


def put(one: Grid, then: pl.DataFrame, base: int) -> Grid:
    """The grid with one period as it was known then; a segment that was unknown then counts nothing."""
    segments = tuple(sorted({*one.segments, *then["segment"].to_list()}))
    shape = (len(one.values), len(segments))
    wider = Grid(
        one.dimension, segments, np.full(shape, np.nan), np.zeros(shape), np.zeros(shape), one.has_intervals
    )
    places = [segments.index(name) for name in one.segments]
    period = grid(then, one.dimension, sorted({*then["period_start"].to_list()}))
    known = [segments.index(name) for name in period.segments]
    for name in ("values", "amounts", "sizes"):
        target = getattr(wider, name)
        target[:, places] = getattr(one, name)
        target[base] = np.nan if name == "values" else 0.0
        if len(getattr(period, name)):
            target[base, known] = getattr(period, name)[0]
    return wider


def kind_of(one: Grid, total: Grid, unit: str, places: Sequence[int]) -> Kind:
    """How the segments make the whole, by what they come to: nothing is split that does not add up."""
    rows = list(places)
    if total.sizes[rows].min() > 0 and is_ratio(total, rows):
        adds_up = (
            not one.amounts[rows][one.sizes[rows] == 0].any()
            and is_close(one.amounts[rows].sum(axis=1), total.amounts[rows, 0])
            and is_close(one.sizes[rows].sum(axis=1), total.sizes[rows, 0])
        )
        return "ratio" if adds_up else "apart"
    if unit in ("count", "money") and not total.sizes[rows].any():
        return "sum" if is_close(np.nansum(one.values[rows], axis=1), total.values[rows, 0]) else "apart"
    return "apart"


def is_ratio(total: Grid, rows: Sequence[int]) -> bool:
    """Whether the figure is its numerator over its denominator; of a quantile both are counted, too."""
    return is_close(total.amounts[rows, 0] / total.sizes[rows, 0], total.values[rows, 0])


def is_close(found: Array, wanted: Array) -> bool:
    return bool(np.allclose(found, wanted, rtol=CLOSE, atol=1e-6))


def split(one: Grid, place: int, base: int) -> Split:
    own, mix = changes(one, np.array([place]), np.array([base]))
    parts = [
        Part(one.dimension, name, number(one.values[base, at]), number(one.values[place, at]), *both)
        for at, (name, *both) in enumerate(zip(one.segments, own[0].tolist(), mix[0].tolist(), strict=True))
    ]
    return Split(one.dimension, one.kind, tuple(parts))


def number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def changes(one: Grid, places: NDArray[np.int_], bases: NDArray[np.int_]) -> tuple[Array, Array]:
    """Each segment's own part and its mix, a row a pair of periods."""
    if one.kind == "ratio":
        return ratio_parts(one.amounts[bases], one.sizes[bases], one.amounts[places], one.sizes[places])
    if one.kind == "sum":
        own = np.nan_to_num(one.values[places]) - np.nan_to_num(one.values[bases])
    else:
        own = np.nan_to_num(one.values[places] - one.values[bases])
    return own, np.zeros_like(own)


def ratio_parts(n0: Array, d0: Array, n1: Array, d1: Array) -> tuple[Array, Array]:
    """Kitagawa's rate and composition effects, along the last axis; together they are the ratio's change.

    A segment that one of the periods lacks has no rate there: it is given the other's, and all of its part
    is mix.
    """
    w0, w1 = shares(d0), shares(d1)
    r0, r1 = divided(n0, d0), divided(n1, d1)
    r0, r1 = np.where(d0 > 0, r0, r1), np.where(d1 > 0, r1, r0)
    whole = [divided(n.sum(-1, keepdims=True), d.sum(-1, keepdims=True)) for n, d in ((n0, d0), (n1, d1))]
    own = (w0 + w1) / 2 * (r1 - r0)
    mix = (w1 - w0) * ((r0 + r1) / 2 - (whole[0] + whole[1]) / 2)
    return own, mix


def shares(sizes: Array) -> Array:
    return divided(sizes, sizes.sum(-1, keepdims=True) + np.zeros_like(sizes))


def divided(above: Array, below: Array) -> Array:
    found: Array = np.divide(above, below, out=np.zeros(np.broadcast(above, below).shape), where=below != 0)
    return found


def leading(one: Grid, total: Grid, places: Sequence[int], lag: int) -> Array:
    """How far each part lies beyond its share of the change, in its direction and in usual deviations.

    A row a period of `places`, of which the last is the one in question. What is small against the whole's
    usual change cannot lead, however unusual it is.
    """
    ends = np.array(places)
    own, mix = changes(one, ends, ends - lag)
    change = (total.values[ends, 0] - total.values[ends - lag, 0])[:, None]
    whole = own + mix
    excess = (whole - expected(one, ends, lag) * change) * np.sign(change)
    excess[:, ~np.isfinite(one.values[ends[-1]])] *= one.kind != "apart"  # nothing is known of it now
    least = SMALL * float(np.median(np.abs(change[:-1]))) if len(change) > 1 else 0.0
    usual = np.maximum(deviation(excess[:-1], one, ends, lag), least)
    found: Array = np.divide(excess, usual, where=excess != 0, out=np.zeros_like(excess))
    return found


def expected(one: Grid, ends: NDArray[np.int_], lag: int) -> Array:
    """The part of a change that would be each segment's if all moved alike."""
    if one.kind == "ratio":
        return (shares(one.sizes[ends]) + shares(one.sizes[ends - lag])) / 2
    if one.kind == "sum":
        usual = np.abs(np.nan_to_num(one.values[: ends[-1]])).sum(axis=0)
        return shares(usual) if usual.any() else np.full(len(usual), 1 / len(usual))
    return np.ones(len(one.segments))


def deviation(earlier: Array, one: Grid, ends: NDArray[np.int_], lag: int) -> Array:
    """The usual size of an excess: by its earlier ones, and no less than sampling alone would make it."""
    if len(earlier):
        middle = NORMAL * np.median(np.abs(earlier), axis=0)
        usual = np.where(middle > 0, middle, np.mean(np.abs(earlier), axis=0))
    else:
        usual = np.zeros(len(one.segments))
    everyone = usual[usual > 0]
    usual = np.where(usual > 0, usual, np.median(everyone) if len(everyone) else 1.0)
    return np.maximum(usual, sampling(one, ends, lag))


def sampling(one: Grid, ends: NDArray[np.int_], lag: int) -> Array:
    """The standard deviation of a rate's part by the counts behind it; 0 where it is not of counts."""
    if one.kind != "ratio" or not one.has_intervals:
        return np.zeros((len(ends), len(one.segments)))
    n, d = one.amounts[ends] + one.amounts[ends - lag], one.sizes[ends] + one.sizes[ends - lag]
    share = divided(n, d)
    spread = divided(np.ones_like(d), one.sizes[ends]) + divided(np.ones_like(d), one.sizes[ends - lag])
    found: Array = expected(one, ends, lag) * np.sqrt(np.maximum(share * (1 - share), 0.0) * spread)
    return found
