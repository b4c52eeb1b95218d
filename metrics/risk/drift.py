"""How far the features of the newest week are from those of the weeks learnt from: same weekday, PSI."""

import numpy as np
import polars as pl

from metrics.risk.card import Measure, finite
from metrics.risk.columns import Column
from metrics.risk.encode import values_of

BINS = 10
FLOOR = 1e-4  # a share that is empty counts as this much


def drift(learnt: pl.DataFrame, newest: pl.DataFrame, columns: tuple[Column, ...]) -> list[Measure]:
    """The population stability index of every feature; above 0.25 a feature has changed a lot."""
    if not learnt.height or not newest.height:
        return []
    return [
        Measure(f"drift.{column.name}", finite(psi(learnt, newest, column)), n=newest.height)
        for column in columns
    ]


def psi(learnt: pl.DataFrame, newest: pl.DataFrame, column: Column) -> float:
    before, now = (shares(frame, learnt, column) for frame in (learnt, newest))
    return float(((now - before) * np.log(now / before)).sum())


def shares(
    frame: pl.DataFrame, learnt: pl.DataFrame, column: Column
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The share of rows in each bin; levels, or tenths of what was learnt from, and nothing known."""
    values, known = values_of(frame, column.name), values_of(learnt, column.name)
    if column.kind == "category":
        levels = known.unique().sort()[:50]
        counts = np.array([*(float((values == level).sum()) for level in levels), 0.0])
        counts[-1] = len(values) - counts.sum()
    else:
        told = known[~np.isnan(known)]
        edges = np.unique(np.quantile(told, np.linspace(0, 1, BINS + 1)[1:-1])) if told.size else np.array([])
        place = np.searchsorted(edges, values[~np.isnan(values)], side="left")
        counts = np.r_[np.bincount(place, minlength=len(edges) + 1), np.isnan(values).sum()].astype(float)
    held = np.maximum(counts / max(len(values), 1), FLOOR)
    return np.asarray(held / held.sum())
