"""The BG/NBD model of how often customers without a contract come back (Fader, Hardie & Lee 2005)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LIMITS = (-9.0, 9.0)  # of the logarithms of the parameters


@dataclass(frozen=True)
class Bgnbd:
    """`covariance`: of the logarithms of (r, alpha, a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    covariance: Floats

    @property
    def parameters(self) -> Floats:
        return np.array([self.r, self.alpha, self.a, self.b])


def log_likelihoods(parameters: Floats, repeats: Floats, recency: Floats, age: Floats) -> Floats:
    """One customer each (equation 6 of the paper, in the form of its spreadsheet note)."""
    from scipy.special import betaln, gammaln  # noqa: PLC0415 (SciPy is slow to import)

    r, alpha, a, b = parameters
    same = gammaln(r + repeats) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + repeats) - (r + repeats) * np.log(alpha + age)
    gone = betaln(a + 1, b + np.maximum(repeats, 1) - 1) - (r + repeats) * np.log(alpha + recency)
    either = np.where(repeats > 0, np.logaddexp(alive, gone), alive)
    return np.asarray(same - betaln(a, b) + either)


def fit(repeats: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike) -> Bgnbd:
    """The maximum of the likelihood.

    repeats: purchases after the first; recency: from the first to the last; age: from the first until now.
    """
    from scipy.optimize import minimize  # noqa: PLC0415

    columns = np.stack([np.asarray(part, dtype=float) for part in (repeats, recency, age)], axis=1)
    kinds, counts = np.unique(columns, axis=0, return_counts=True)
    x, t_x, t = kinds.T
    scale = max(float(t.max()), 1e-9) / 10  # so that one start serves days and years

    def cost(place: Floats) -> float:
        found = counts @ log_likelihoods(np.exp(place), x, t_x / scale, t / scale)
        return -float(found) / float(counts.sum())

    starts = [np.log([0.5, 1.0, 1.0, 2.5]), np.log([1.0, 3.0, 0.3, 3.0])]
    ends = [minimize(cost, start, method="L-BFGS-B", bounds=[LIMITS] * 4,
                     options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": 500}) for start in starts]  # fmt: skip
    best = min(ends, key=lambda end: float(end.fun))
    spread = covariance(cost, best.x, float(counts.sum()))
    r, alpha, a, b = (float(value) for value in np.exp(best.x))
    found = -float(best.fun) * float(counts.sum()) - float(counts @ x) * float(np.log(scale))
    return Bgnbd(r, alpha * scale, a, b, found, spread)


def covariance(
    cost: Callable[[Floats], float], place: Floats, customers: float, step: float = 1e-3
) -> Floats:
    """The inverse of the curvature, with a weak prior where the data says nothing."""
    size = len(place)
    curve = np.zeros((size, size))
    eye = np.eye(size) * step
    for i in range(size):
        for j in range(i, size):
            corners = [cost(place + s * eye[i] + u * eye[j]) * s * u for s in (1, -1) for u in (1, -1)]
            curve[i, j] = curve[j, i] = sum(corners) / (4 * step * step)
    values, vectors = np.linalg.eigh(curve * customers)
    return np.asarray((vectors / (np.maximum(values, 0) + 1.0)) @ vectors.T)


def is_alive(parameters: Floats, repeats: Floats, recency: Floats, age: Floats) -> Floats:
    """The probability that a customer has not gone for good."""
    r, alpha, a, b = parameters
    odds = np.exp((r + repeats) * np.log((alpha + age) / (alpha + recency)))
    gone = a / (b + np.maximum(repeats, 1) - 1) * odds
    return np.asarray(np.where(repeats > 0, 1 / (1 + gone), 1.0))


def expected_purchases(
    parameters: Floats, repeats: Floats, recency: Floats, age: Floats, ahead: float
) -> Floats:
    """Purchases that a customer will make within `ahead` from now (equation 10).

    parameters: r, alpha, a and b: numbers, or columns of them, of which each makes a row.
    """
    from scipy.special import hyp2f1  # noqa: PLC0415

    r, alpha, a, b = parameters
    a = np.where(
        np.abs(a - 1) < 1e-6, 1 + 1e-6, a
    )  # at 1 the limit is another one; beside it nothing is lost
    share = hyp2f1(r + repeats, b + repeats, a + b + repeats - 1, ahead / (alpha + age + ahead))
    shrunk = np.exp((r + repeats) * np.log((alpha + age) / (alpha + age + ahead)))
    made = (a + b + repeats - 1) / (a - 1) * (1 - shrunk * share)
    return np.asarray(made * is_alive(parameters, repeats, recency, age))


def draw(model: Bgnbd, random: np.random.Generator, draws: int) -> Floats:
    """Parameters as uncertain as the data leaves them: a row a draw."""
    root = np.linalg.cholesky(model.covariance + 1e-12 * np.eye(4))
    place = np.log(model.parameters) + random.standard_normal((draws, 4)) @ root.T
    return np.asarray(np.exp(np.clip(place, *LIMITS)))
