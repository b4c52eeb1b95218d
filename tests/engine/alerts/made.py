"""Panels for tests: written out, or made at random with all that can be wrong in them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from data.calendar import Grain
from engine.alerts.panel import Judgement, Numbers, Panel

FIRST = date(2024, 1, 1)  # a Monday
DAYS: dict[Grain, int] = {"day": 1, "week": 7, "month": 31}
FIELDS = ("verdict", "low", "high", "usual", "beyond")
Row = Sequence[float | None]


def panel(
    *rows: Row,
    grain: Grain = "day",
    unit: str = "",
    numerator: Sequence[Row] | None = None,
    denominator: Sequence[Row] | None = None,
) -> Panel:
    """A panel of values; None is null."""
    value = matrix(rows)
    nothing = np.full(value.shape, np.nan)
    everywhere = np.ones(value.shape, dtype=bool)
    starts = tuple(FIRST + timedelta(days=DAYS[grain] * place) for place in range(value.shape[1]))
    return Panel(
        grain,
        starts,
        tuple(datetime.combine(start + timedelta(days=DAYS[grain]), time()) for start in starts),
        tuple(f"segment {row}" for row in range(len(value))),
        value,
        nothing if numerator is None else matrix(numerator),
        nothing if denominator is None else matrix(denominator),
        everywhere,
        ~everywhere,
        unit,
    )


def matrix(rows: Sequence[Row]) -> Numbers:
    return np.array([[np.nan if each is None else each for each in row] for row in rows], dtype=np.float64)


def rate(*rows: Sequence[tuple[int, int]], grain: Grain = "week", unit: str = "rate") -> Panel:
    """A panel of rates: (hits, tries) of each period; of no tries they are null."""
    return panel(
        *[[hits / tries if tries else None for hits, tries in row] for row in rows],
        grain=grain,
        unit=unit,
        numerator=[[hits for hits, _ in row] for row in rows],
        denominator=[[tries for _, tries in row] for row in rows],
    )


def marked(
    panel: Panel, *, stale: Sequence[tuple[int, int]] = (), unknown: Sequence[tuple[int, int]] = ()
) -> Panel:
    """With cells, as (segment, column), for which a source was late, or that were never recorded."""
    is_stale, is_known = panel.is_stale.copy(), panel.is_known.copy()
    numbers = {name: getattr(panel, name).copy() for name in ("value", "numerator", "denominator")}
    for cell in stale:
        is_stale[cell] = True
    for cell in unknown:
        is_known[cell] = False
        for each in numbers.values():
            each[cell] = np.nan
    return replace(panel, is_stale=is_stale, is_known=is_known, **numbers)


def at_random(seed: int, segments: int, columns: int, grain: Grain, unit: str) -> Panel:
    """With nulls, zeros, outliers, late sources and cells never recorded; a unit of "" is not told."""
    random = np.random.default_rng(seed)
    shape = (segments, columns)
    sort = unit or str(random.choice(["count", "rate", "money"]))
    denominator = random.poisson(random.choice([3.0, 40.0, 400.0]), shape).astype(float)
    numerator = random.binomial(denominator.astype(int), random.uniform(0.05, 0.95)).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = {
            "count": random.poisson(random.choice([0.3, 4.0, 90.0]), shape).astype(float),
            "rate": numerator / denominator,
            "ratio": numerator / denominator,
            "money": np.round(random.normal(random.choice([-30.0, 0.0, 500.0]), 20, shape), 2),
            "hours": random.lognormal(3, 1, shape),
        }[sort]
    if sort in ("count", "money"):
        numerator = denominator = np.full(shape, np.nan)
    made = replace(
        panel(*value, grain=grain, unit=unit),
        numerator=numerator,
        denominator=denominator,
        is_stale=random.random(shape) < 0.05,
    )
    value[random.random(shape) < 0.05] = np.nan
    value[random.random(shape) < 0.02] *= 9
    value[random.random(shape) < 0.03] = 0.0
    return marked(made, unknown=list(zip(*np.nonzero(random.random(shape) < 0.05), strict=True)))


def verdicts(judgement: Judgement, row: int = 0) -> list[int]:
    found: list[int] = judgement.verdict[row].tolist()
    return found


def part(judgement: Judgement, rows: Any, columns: Any) -> dict[str, Any]:
    """What a judgement says of some cells, to be compared with another's."""
    return {name: getattr(judgement, name)[rows, columns].tolist() for name in FIELDS}


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two say the same, to the last digit."""
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in FIELDS)
