"""The Gamma–Gamma model of what customers spend at a time (Fader, Hardie & Lee 2005; note of 2013)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LIMITS = (-9.0, 16.0)


@dataclass(frozen=True)
class GammaGamma:
    """Spend at a time is Gamma(p, ν), and ν differs among customers as Gamma(q, gamma)."""

    p: float
    q: float
    gamma: float
    log_likelihood: float

    @property
    def mean(self) -> float | None:
        """What all customers spend at a time on average; None where it is not finite."""
        return None if self.q <= 1 else self.p * self.gamma / (self.q - 1)


def fit(purchases: npt.ArrayLike, spend: npt.ArrayLike) -> GammaGamma:
    """The maximum of the likelihood (equation 1a of the note); both of customers with any, above 0."""
    from scipy.optimize import minimize  # noqa: PLC0415 (SciPy is slow to import)
    from scipy.special import gammaln  # noqa: PLC0415

    x, z = np.asarray(purchases, dtype=float), np.asarray(spend, dtype=float)
    scale = float(z.mean())  # so that one start serves every currency
    m = z / scale

    def cost(place: Floats) -> float:
        p, q, gamma = np.exp(place)
        each = (
            gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
            + (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * np.log(gamma + m * x)
        )  # fmt: skip
        return -float(each.mean())

    starts = [np.log([2.0, 3.0, 1.0]), np.log([6.0, 4.0, 0.5])]
    ends = [minimize(cost, start, method="L-BFGS-B", bounds=[LIMITS] * 3,
                     options={"ftol": 1e-14, "gtol": 1e-8, "maxiter": 1000}) for start in starts]  # fmt: skip
    best = min(ends, key=lambda end: float(end.fun))
    p, q, gamma = (float(value) for value in np.exp(best.x))
    return GammaGamma(p, q, gamma * scale, -float(best.fun) * len(x) - len(x) * float(np.log(scale)))


def expected_spend(model: GammaGamma, purchases: Floats, spend: Floats) -> Floats:
    """What a customer will spend at a time: the own mean, drawn to that of all the more, the less there is.

    Where the mean of all is not finite, the own mean stands by itself.
    """
    if model.q <= 1:
        return np.where(purchases > 0, spend, np.nan)
    px = model.p * purchases
    return np.asarray((model.gamma * model.p + px * spend) / (px + model.q - 1))
