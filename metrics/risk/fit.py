"""Ridge logistic regression on any table of features: fitted by Newton's method, kept as plain numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.risk.columns import Column
from metrics.risk.encode import Encoding, Matrix, learned, rounded

Vector = NDArray[np.float64]
RIDGE = 300.0  # half the square of a weight costs this much log-likelihood
# (each loss is seen by some four weekly snapshots)
STEPS, HALVES, CLOSE, ROUNDING = 50, (1.0, 0.5, 0.25, 0.125, 0.0625), 1e-12, 1e-12
ROWS = 8192
RIDGES = (3.0, 30.0, 300.0)
TRY_UP_TO = 60_000  # rows; where there are more, the ridge hardly matters
LATEST = 0.25  # the share of the rows, the latest, on which a ridge is tried


@dataclass(frozen=True)
class Linear:
    """log-odds = intercept + weights · terms. Terms are centred: 0 is what the average account has."""

    encoding: Encoding
    weights: Vector
    intercept: float
    ridge: float
    rows: int
    positives: int

    def log_odds(self, table: pl.DataFrame) -> Vector:
        return self.encoding.weighed(table, self.weights) + self.intercept

    def told(self) -> dict[str, Any]:
        """As data: what a file holds."""
        return {
            "encoding": self.encoding.told(),
            "weights": [float(weight) for weight in self.weights],
            "intercept": self.intercept,
            "ridge": self.ridge,
            "rows": self.rows,
            "positives": self.positives,
        }

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Linear":
        return cls(
            Encoding.of(told["encoding"]),
            np.asarray(told["weights"], dtype=np.float64),
            float(told["intercept"]),
            float(told["ridge"]),
            int(told["rows"]),
            int(told["positives"]),
        )


def probability(log_odds: Vector) -> Vector:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -35.0, 35.0))))


def fit(
    table: pl.DataFrame, outcome: Vector, columns: Iterable[Column], *, ridge: float | None = None
) -> Linear:
    """Fit to rows in the order of time.

    Args:
        table: a row a snapshot, the earliest first, with the columns named.
        outcome: 1 where the account left, else 0; both must occur.
        ridge: found on the latest quarter of the rows unless given.
    """
    encoding, matrix = learned(table, columns)
    found = ridge if ridge is not None else best_ridge(matrix, outcome, RIDGES)
    weights, intercept = newton(matrix, outcome, found)
    return Linear(encoding, weights, intercept, found, len(outcome), int(outcome.sum()))


def newton(matrix: Matrix, outcome: Vector, ridge: float) -> tuple[Vector, float]:
    """Weights and intercept with the least log-loss and ridge, by steps halved where they overshoot."""
    from scipy.linalg import solve  # noqa: PLC0415 (SciPy is slow to import, and only training needs it)

    share = float(np.clip(outcome.mean(), 1e-9, 1 - 1e-9))
    found = np.append(np.zeros(matrix.shape[1]), np.log(share / (1 - share)))
    odds = np.full(len(outcome), found[-1])
    cost = loss_of(odds, outcome) + ridge * float(found[:-1] @ found[:-1]) / 2
    for _ in range(STEPS):
        slope, curve = slopes(matrix, outcome, odds, ridge, found)
        step = solve(curve, slope, assume_a="pos")
        if float(slope @ step) < CLOSE:
            break
        way = matrix @ step[:-1] + step[-1]
        for halved in HALVES:
            tried, there = found - halved * step, odds - halved * way
            now = loss_of(there, outcome) + ridge * float(tried[:-1] @ tried[:-1]) / 2
            if now <= cost * (1 + ROUNDING):
                break
        found, odds, cost = tried, there, now
    return np.array([rounded(w) for w in found[:-1]]), rounded(float(found[-1]))


def slopes(
    matrix: Matrix, outcome: Vector, odds: Vector, ridge: float, found: Vector
) -> tuple[Vector, Matrix]:
    """The gradient, and the curvature by parts of the rows that fit the processor's caches."""
    from scipy.linalg.blas import dsyrk  # noqa: PLC0415

    risk = probability(odds)
    off, weight = risk - outcome, np.sqrt(risk * (1 - risk))
    terms = matrix.shape[1]
    curve = np.zeros((terms + 1, terms + 1), order="F")
    for start in range(0, len(outcome), ROWS):
        rows = slice(start, start + ROWS)
        part = np.empty((len(weight[rows]), terms + 1), order="F")
        part[:, :terms], part[:, terms] = matrix[rows] * weight[rows, None], weight[rows]
        curve = dsyrk(1.0, part, beta=1.0, c=curve, trans=1, overwrite_c=1)
    curve += np.triu(curve, 1).T
    curve[np.arange(terms), np.arange(terms)] += ridge
    return np.append(matrix.T @ off + ridge * found[:-1], off.sum()), curve


def loss_of(odds: Vector, outcome: Vector) -> float:
    return float(np.logaddexp(0.0, odds).sum() - outcome @ odds)


def best_ridge(matrix: Matrix, outcome: Vector, ridges: Sequence[float]) -> float:
    """The ridge that tells the latest rows best when fitted to the earlier ones."""
    early = int(len(outcome) * (1 - LATEST))
    both = len(set(outcome[:early])) == 2 and bool(outcome[early:].any())
    if len(outcome) > TRY_UP_TO or not both:
        return RIDGE
    losses = []
    for ridge in ridges:
        weights, intercept = newton(matrix[:early], outcome[:early], ridge)
        losses.append(log_loss(probability(matrix[early:] @ weights + intercept), outcome[early:]))
    return ridges[int(np.argmin(losses))]


def log_loss(risk: Vector, outcome: Vector) -> float:
    held = np.clip(risk, 1e-12, 1 - 1e-12)
    return float(-np.mean(outcome * np.log(held) + (1 - outcome) * np.log1p(-held)))
