"""What changed and why, what to compare with, and targets: cached reads, keyed by edition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import polars as pl

from data.calendar import year_before
from engine.desk import past, targets
from engine.desk.targets import Place, Target
from metrics import movers
from metrics.movers import DRIVER_GRAINS, DRIVERS, DRIVERS_SHOWN, Move
from pages.parts import numbers
from pages.parts.kept import kept
from pages.parts.lately import lately
from pages.parts.numbers import Figure, Row
from pages.parts.segment import Grain, Segment

WATCHED = (*DRIVERS, "signups", "active_accounts", "churned_mrr", "churn_risk_mean", "high_risk_accounts")
EXPLAINED = 3


@dataclass(frozen=True)
class Against:
    """What figures are compared with; `is_then`: as it was known when that period was over."""

    kind: Literal["previous", "year", "date"] = "previous"
    day: date | None = None
    is_then: bool = False

    def base(self, start: date, grain: Grain, starts: Sequence[date]) -> date | None:
        """The period that one is compared with; None where there is none."""
        earlier = [one for one in starts if one < start]
        if self.kind == "previous":
            return earlier[-1] if earlier else None
        wanted = year_before(start, grain) if self.kind == "year" else self.day
        return wanted if wanted in earlier else None


EVERYBODY, BEFORE = Segment(), Against()


@dataclass(frozen=True)
class Scene:
    """Whose figures are shown, of when, against what; `batch`: how far the history that is asked reaches."""

    edition: str
    grain: Grain
    of: Segment = EVERYBODY
    until: date | None = None
    against: Against = BEFORE
    batch: int = 0


@kept(tells=[Scene])
def moves(scene: Scene) -> list[Move]:
    """Every move of one place, the most unusual first; of all accounts, the first are explained."""
    name, grain, of, until, against = scene.edition, scene.grain, scene.of, scene.until, scene.against
    wanted = tuple(metric for metric in WATCHED if metric in numbers.metrics())
    whole = numbers.up_to(numbers.series(name, wanted, grain, of.dimension, of.name), until)
    starts = sorted({*whole["period_start"].to_list()})
    units = {metric: numbers.metrics()[metric].unit for metric in wanted}
    before = then(scene, against_starts(against, starts, grain)) if against.is_then else None
    found = movers.ranked(whole, units, base=lambda start: against.base(start, grain, starts), then=before)
    first = found[:EXPLAINED]
    if not first or not split_by(name, of):
        return found
    metrics, since = tuple(move.metric for move in first), movers.looked_back(first, whole)
    parts = numbers.up_to(numbers.split(name, metrics, grain, since), until)
    return movers.explained(found, whole, parts, units, most=EXPLAINED, then=before)


def split_by(name: str, of: Segment) -> tuple[str, ...]:
    """The dimensions of a place; a segment's own segments are not counted."""
    return numbers.edition(name).segments if of == Segment() else ()


def as_whole(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(dimension=pl.lit("all"), segment=pl.lit("all"))


def against_starts(against: Against, starts: Sequence[date], grain: Grain) -> tuple[date, ...]:
    found = {against.base(start, grain, starts) for start in starts}
    return tuple(sorted(start for start in found if start is not None))


@kept(tells=[Scene])
def then(scene: Scene, starts: tuple[date, ...]) -> pl.DataFrame:
    """Figures as they were known then: of the place, and of the segments that it is split by."""
    settings, grain, of = numbers.settings(), scene.grain, scene.of
    whole = as_whole(past.known_then(settings, grain, starts, of.dimension, of.name))
    split = split_by(scene.edition, of)
    parts = [past.known_then(settings, grain, starts, dimension, None) for dimension in split]
    return pl.concat([whole, *parts])


def batch() -> int:
    """How far the history reaches."""
    return past.batch(numbers.settings())


@kept(tells=[Scene])
def figures(scene: Scene, wanted: tuple[str, ...]) -> dict[str, Figure]:
    """Figures as cards show them, `before` being what they are compared with; none where there are no rows.

    What is not counted by this grain is shown by another.
    """
    found: dict[str, Figure] = {}
    for grain in (scene.grain, *(other for other in DRIVER_GRAINS if other != scene.grain)):
        missing = tuple(metric for metric in wanted if metric in numbers.metrics() and metric not in found)
        made = numbers.figures(scene.edition, missing, grain, scene.of, scene.until) if missing else {}
        found |= {metric: figure for metric, figure in made.items() if figure.rows}
    compared = {metric: compare(replace(scene, grain=one.grain), one) for metric, one in found.items()}
    return {metric: compared[metric] for metric in wanted if metric in compared}


def compare(scene: Scene, figure: Figure) -> Figure:
    """The figure with what it is compared with in the place of the period before."""
    against, of = scene.against, scene.of
    if figure.last is None or (against.kind == "previous" and not against.is_then):
        return figure
    metric = figure.metric.name
    rows = numbers.series(scene.edition, (metric,), scene.grain, of.dimension, of.name).filter("complete")
    start = against.base(figure.last.start, scene.grain, rows["period_start"].to_list())
    if start is None:
        return replace(figure, before=None)
    if against.is_then:
        rows = then(scene, (start,)).filter(pl.col("metric") == metric, pl.col("dimension") == "all")
    return replace(figure, before=row_of(rows.filter(pl.col("period_start") == start), start))


def row_of(rows: pl.DataFrame, start: date) -> Row:
    """A row of the history has no interval; where there is none, there is no figure."""
    if rows.is_empty():
        return Row(start, None, None, None, None, None, True)
    value, numerator, denominator = rows.select("value", "numerator", "denominator").row(0)
    return Row(start, value, numerator, denominator, None, None, True)


def cards(figures: dict[str, Figure]) -> list[Figure]:
    """The drivers that there are figures of, as many as stand in a row."""
    return [figures[metric] for metric in DRIVERS if metric in figures][:DRIVERS_SHOWN]


@lately
def goals() -> dict[Place, Target]:
    """The targets as they are at this moment."""
    return dict(targets.targets(numbers.settings()))


def aims(figures: Iterable[Figure], of: Segment) -> dict[str, float]:
    """The targets that figures of a segment have at this moment, by metric."""
    known = goals()
    found = {figure.metric.name: known.get(place(figure, of)) for figure in figures}
    return {metric: target.value for metric, target in found.items() if target is not None}


def place(figure: Figure, of: Segment) -> Place:
    return Place(figure.metric.name, figure.grain, of.dimension, of.name)
