"""Rehearsals as frames that charts draw."""

from collections.abc import Sequence
from dataclasses import astuple

import numpy as np
import polars as pl

from engine.alerts.lifecycle import Verdict
from engine.alerts.rehearsal import Rehearsal
from engine.delivery import Point

NAMES = [verdict.name.lower() for verdict in Verdict]
POINTS = {
    "period_start": pl.Date,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "is_firing": pl.Boolean,
}


def trend(of: Rehearsal) -> pl.DataFrame:
    """A row a segment and period: the figure, the bounds in force, the verdict, whether the alert fired."""
    panel, said = of.panel, of.judgement
    segments, periods = panel.value.shape
    numbers = {"value": panel.value, "low": said.low, "high": said.high, "usual": said.usual}
    return pl.DataFrame(
        {
            "segment": np.repeat(np.array(panel.segments, dtype=object), periods).tolist(),
            "period_start": list(panel.starts) * segments,
            "complete_at": list(panel.complete_at) * segments,
            **{name: matrix.ravel() for name, matrix in numbers.items()},
            "verdict": said.verdict.ravel(),
            "is_firing": of.is_firing.ravel(),
        },
        schema_overrides={"segment": pl.String, "period_start": pl.Date, "complete_at": pl.Datetime("us")},
    ).with_columns(
        pl.col("value", "low", "high", "usual").fill_nan(None),
        pl.col("verdict").replace_strict(range(len(NAMES)), NAMES, return_dtype=pl.String),
    )


def points(of: Sequence[Point]) -> pl.DataFrame:
    """The points of a trend as a frame."""
    return pl.DataFrame([astuple(point) for point in of], schema=POINTS, orient="row")
