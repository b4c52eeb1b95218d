"""The shifted-beta-geometric model of how long subscribers stay (Fader & Hardie 2007)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LOGIT_LIMIT = 12.0  # of the mean churn probability
SPREAD_LIMITS = (-6.0, 14.0)  # of log(alpha + beta): at the upper one all subscribers are alike
PRIOR_PRECISION = 1 / 9  # keeps the draws of a direction that the data says nothing of within reason


@dataclass(frozen=True)
class Sbg:
    """`covariance`: of (log(alpha / beta), log(alpha + beta))."""

    alpha: float
    beta: float
    log_likelihood: float
    covariance: Floats

    @property
    def place(self) -> Floats:
        return np.array([np.log(self.alpha / self.beta), np.log(self.alpha + self.beta)])


def retention_rate(alpha: float, beta: float, periods: npt.ArrayLike) -> Floats:
    """The share of those who came to the t-th renewal who renew, t = 1, 2, … (equation 6 of the paper)."""
    t = np.asarray(periods, dtype=float)
    return np.asarray((beta + t - 1) / (alpha + beta + t - 1))


def hazard(alpha: npt.ArrayLike, beta: npt.ArrayLike, periods: npt.ArrayLike) -> Floats:
    """The share of those who came to the t-th renewal who leave at it."""
    a, b, t = (np.asarray(part, dtype=float) for part in (alpha, beta, periods))
    return np.asarray(a / (a + b + t - 1))


def survival(alpha: float, beta: float, periods: npt.ArrayLike) -> Floats:
    """The share of subscribers who are still there after t renewals: B(alpha, beta + t) / B(alpha, beta)."""
    from scipy.special import betaln  # noqa: PLC0415 (SciPy is slow to import, and only a fit needs it)

    t = np.asarray(periods, dtype=float)
    return np.asarray(np.exp(betaln(alpha, beta + t) - betaln(alpha, beta)))


def expected_residual_lifetime(alpha: float, beta: float, renewed: int = 0) -> float | None:
    """Renewals still to come of one who renewed `renewed` times (Fader & Hardie 2010, no discounting).

    None where it has no finite mean: with alpha of 1 or less too many stay for ever.
    """
    return None if alpha <= 1 else (beta + renewed) / (alpha - 1)


def discounted_residual_lifetime(alpha: float, beta: float, renewed: int, rate: float) -> float:
    """The same with each renewal discounted at `rate` per period, finite for any rate above 0.

    Equation 6 of Fader & Hardie 2010: a Gauss hypergeometric function; the present period is not counted.
    """
    from scipy.special import hyp2f1  # noqa: PLC0415

    first = (beta + renewed) / (alpha + beta + renewed)
    series = hyp2f1(1.0, beta + renewed + 1, alpha + beta + renewed + 1, 1 / (1 + rate))
    return float(first * series / (1 + rate))


def log_likelihood(alpha: float, beta: float, at_risk: Floats, lost: Floats) -> float:
    """Of the numbers that came to the t-th renewal and left at it; right-censoring is part of it."""
    h = hazard(alpha, beta, np.arange(1, len(at_risk) + 1))
    return float(np.sum(lost * np.log(h) + (at_risk - lost) * np.log1p(-h)))


def fit_cohort(alive: Sequence[float]) -> Sbg:
    """Fit one cohort: how many there were at first and after each renewal."""
    counts = np.asarray(alive, dtype=float)
    return fit(counts[:-1], counts[:-1] - counts[1:])


def fit(at_risk: npt.ArrayLike, lost: npt.ArrayLike) -> Sbg:
    """The maximum of the likelihood, and the curvature there.

    at_risk, lost: for the renewals 1, 2, …, how many came to it and how many left at it.
    """
    from scipy.optimize import minimize  # noqa: PLC0415

    n, d = np.asarray(at_risk, dtype=float), np.asarray(lost, dtype=float)

    def cost(place: Floats) -> tuple[float, Floats]:
        alpha, beta = parameters(place)
        h, slopes = hazard_and_slopes(alpha, beta, len(n))
        return -log_likelihood(alpha, beta, n, d), -(slopes @ ((d - n * h) / (h * (1 - h))))

    mean = float(np.clip(d.sum() / max(n.sum(), 1.0), 1e-4, 0.9))
    limits = [(-LOGIT_LIMIT, LOGIT_LIMIT), SPREAD_LIMITS]
    starts = [np.array([np.log(mean / (1 - mean)), spread]) for spread in (0.5, 3.0, 8.0)]
    ends = [minimize(cost, start, jac=True, method="L-BFGS-B", bounds=limits,
                     options={"ftol": 1e-13, "gtol": 1e-9}) for start in starts]  # fmt: skip
    best = min(ends, key=lambda end: float(end.fun))
    alpha, beta = parameters(best.x)
    return Sbg(alpha, beta, -float(best.fun), covariance(best.x, n))


def parameters(place: Floats) -> tuple[float, float]:
    """alpha and beta of (log(alpha / beta), log(alpha + beta))."""
    share = 1 / (1 + np.exp(-place[0]))
    whole = np.exp(place[1])
    return float(share * whole), float((1 - share) * whole)


def hazard_and_slopes(alpha: float, beta: float, renewals: int) -> tuple[Floats, Floats]:
    """The hazard of each renewal, and how it moves with (log(alpha / beta), log(alpha + beta))."""
    t, share, whole = np.arange(1, renewals + 1), alpha / (alpha + beta), alpha + beta
    h = np.clip(hazard(alpha, beta, t), 1e-12, 1 - 1e-12)
    return h, np.stack([h * (1 - share), h * (t - 1) / (whole + t - 1)])


def covariance(place: Floats, at_risk: Floats) -> Floats:
    """The inverse of the expected information: what is known of the parameters, by the size of the data."""
    h, slopes = hazard_and_slopes(*parameters(place), len(at_risk))
    information = (slopes * (at_risk / (h * (1 - h)))) @ slopes.T
    return np.asarray(np.linalg.inv(information + PRIOR_PRECISION * np.eye(2)))


def draw(model: Sbg, random: np.random.Generator, draws: int) -> tuple[Floats, Floats]:
    """Parameters as uncertain as the data leaves them: `draws` of alpha, and of beta."""
    root = np.linalg.cholesky(model.covariance)
    place = model.place[:, None] + root @ random.standard_normal((2, draws))
    logit = np.clip(place[0], -LOGIT_LIMIT, LOGIT_LIMIT)
    whole = np.exp(np.clip(place[1], *SPREAD_LIMITS))
    share = 1 / (1 + np.exp(-logit))
    return share * whole, (1 - share) * whole
