"""The transparent rule: points for how long ago, how often and how much less; what needs no training."""

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.risk.columns import Column
from metrics.risk.encode import Encoding, Term, rounded
from metrics.risk.fit import Linear, Vector, newton

PARTS = ("rule_recency", "rule_frequency", "rule_engagement")
GROUPS = dict(zip(PARTS, ("recency", "usage", "trend"), strict=True))
MEDIUM, HIGH = 4, 7  # points, of nine
COLUMNS = tuple(Column(part, GROUPS[part], "number") for part in PARTS)


def with_points(table: pl.DataFrame, usage_from: date | None) -> pl.DataFrame:
    """Points from 0 to 3: days since the last active one, active days in 28, and those against the 28 before.

    `usage_from`: the day of the first event of all; up to it no usage is told, and speaks against nobody.
    """
    known = pl.col("day") > usage_from if usage_from else pl.lit(False)
    since, days = pl.col("days_since_active"), pl.col("active_28")
    share = pl.col("days_trend").exp()
    points = {
        "rule_recency": pl.when(since <= 7).then(0).when(since <= 14).then(1).when(since <= 28).then(2),
        "rule_frequency": pl.when(days >= 12).then(0).when(days >= 4).then(1).when(days >= 1).then(2),
        "rule_engagement": pl.when(share >= 0.8)
        .then(0)
        .when(share >= 0.5)
        .then(1)
        .when(share >= 0.25)
        .then(2),
    }
    return table.with_columns(
        pl.when(known).then(found.otherwise(3)).otherwise(0).cast(pl.Float64).alias(name)
        for name, found in points.items()
    )


def score(table: pl.DataFrame) -> Vector:
    """Points of nine; of a table with its points."""
    return np.asarray(sum(table[part].to_numpy() for part in PARTS), dtype=np.float64)


def bands(points: Vector) -> NDArray[np.str_]:
    return np.where(points >= HIGH, "high", np.where(points >= MEDIUM, "medium", "low"))


def scaled(table: pl.DataFrame, outcome: Vector) -> Linear:
    """Platt scaling: the log-odds as a line in the points (Platt 1999), each part with the same weight."""
    points = score(table)
    center = float(points.mean())
    weights, intercept = newton((points - center).reshape(-1, 1), outcome, 1.0)
    terms = tuple(
        Term(part, GROUPS[part], "line", 0.0, 3.0, center=rounded(float(table[part].to_numpy().mean())))
        for part in PARTS
    )
    told = ("days_since_active", "active_28", "events_28")
    usual = {name: float(np.median(table[name].to_numpy())) for name in told}
    encoding = Encoding(terms, usual)
    return Linear(encoding, np.repeat(weights, 3), intercept, 1.0, len(outcome), int(outcome.sum()))
