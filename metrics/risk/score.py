"""Says of accounts what was in force on a day: risk where there is evidence, band and reasons always."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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

ROWS, AT_ONCE = 50_000, 2
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
    """A row an account: risk (NaN where none is shown), band."""

    risk: Vector
    band: NDArray[np.str_]


def is_told(model: Model | None, step: Step | None) -> bool:
    """Whether probabilities are shown."""
    return model is not None and step is not None and step.linear is not None and step.is_open


def score(model: Model | None, step: Step | None, table: pl.DataFrame) -> Scored:
    """Score a table of features that has the points of the rule."""
    if model is None or step is None or not is_told(model, step):
        return Scored(np.full(table.height, np.nan), rule.bands(rule.score(table)))
    log_odds = in_parts(table, lambda part: model.log_odds(step, part))
    risk = probability(log_odds)
    return Scored(risk, bands(risk, step.base))


def in_parts(table: pl.DataFrame, of: Callable[[pl.DataFrame], Matrix]) -> Matrix:
    """What comes of a table, a row an account, from parts of it that fit the processor's caches."""
    if table.height <= ROWS:
        return of(table)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return np.concatenate(list(pool.map(of, table.iter_slices(ROWS))))


def linear_of(model: Model | None, step: Step | None) -> Linear:
    """The terms that reasons are told in: the model's, or the rule's."""
    if model is None or step is None or step.linear is None or not step.is_open:
        return POINTS
    return model.linears[step.linear]


def parts_of(model: Model | None, step: Step | None, table: pl.DataFrame) -> Matrix:
    """Log-odds by group, a row an account."""
    linear = linear_of(model, step)
    return in_parts(table, lambda part: reasons.contributions(linear, part))


def bands(risk: Vector, base: float) -> NDArray[np.str_]:
    """High from three times the share that leaves, or a half; medium from one and a half times."""
    high = np.minimum(HIGH * base, CERTAIN)
    return np.where(risk >= high, "high", np.where(risk >= MEDIUM * base, "medium", "low"))


def explained(
    parts: Matrix, model: Model | None, step: Step | None, table: pl.DataFrame, dimensions: tuple[str, ...]
) -> pl.DataFrame:
    """The three reasons of each account, in words."""
    usual = linear_of(model, step).encoding.usual
    return reasons.sentences(table, reasons.topmost(parts), usual, dimensions)


def needed(model: Model | None, columns: tuple[Column, ...]) -> tuple[str, ...]:
    """The files of features to be read: without a model, those of the rule; empty for all."""
    del columns
    return () if model is not None else ("usage",)
