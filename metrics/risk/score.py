"""Says of accounts what was in force on a day: risk where there is evidence, band and reasons always."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.risk import reasons, rule
from metrics.risk.columns import Column
from metrics.risk.encode import Encoding, Matrix, Term
from metrics.risk.fit import Linear, Vector, probability
from metrics.risk.model import Model
from metrics.risk.walk import Step

MEDIUM, HIGH, CERTAIN = 1.5, 3.0, 0.5  # times the share that leaves; a risk of a half is high in any case
POINTS = Linear(
    Encoding(
        tuple(Term(part, rule.GROUPS[part], "line", 0.0, 3.0) for part in rule.PARTS),
        {},
    ),
    np.array([1.0, 1.0, 1.0]),
    0.0,
    0.0,
    0,
    0,
)


@dataclass(frozen=True)
class Scored:
    """A row an account: risk (NaN where none is shown), band, log-odds by group."""

    risk: Vector
    band: NDArray[np.str_]
    parts: Matrix


def score(model: Model | None, step: Step | None, table: pl.DataFrame) -> Scored:
    """Score a table of features that has the points of the rule."""
    if model is None or step is None or step.linear is None or not step.is_open:
        empty = np.full(table.height, np.nan)
        return Scored(empty, rule.bands(rule.score(table)), reasons.contributions(POINTS, table))
    risk = probability(model.log_odds(step, table))
    return Scored(risk, bands(risk, step.base), reasons.contributions(model.linears[step.linear], table))


def bands(risk: Vector, base: float) -> NDArray[np.str_]:
    """High from three times the share that leaves, or a half; medium from one and a half times."""
    high = np.minimum(HIGH * base, CERTAIN)
    return np.where(risk >= high, "high", np.where(risk >= MEDIUM * base, "medium", "low"))


def explained(
    scored: Scored, model: Model | None, step: Step | None, table: pl.DataFrame, dimensions: tuple[str, ...]
) -> pl.DataFrame:
    """The three reasons of each account, in words."""
    told = model is not None and step is not None and step.linear is not None and step.is_open
    usual = model.linears[step.linear].encoding.usual if told else POINTS.encoding.usual  # type: ignore[union-attr,index]
    return reasons.sentences(table, reasons.topmost(scored.parts), usual, dimensions)


def needed(model: Model | None, columns: tuple[Column, ...]) -> tuple[str, ...]:
    """The files of features to be read: without a model, those of the rule; empty for all."""
    del columns
    return () if model is not None else ("usage",)
