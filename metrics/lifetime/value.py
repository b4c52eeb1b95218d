"""Lifetime value under contract: what customers who pay now will bring within some months, discounted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.lifetime.outlook import Key, Outlook, Z
from metrics.lifetime.panel import Panel

Floats = npt.NDArray[np.float64]
WIDE = 0.4  # a spread above which a lognormal would never come near 0


@dataclass(frozen=True)
class Terms:
    """Gross margin as a share, and the yearly rate at which money to come is discounted."""

    gross_margin: float
    discount_rate: float

    def weights(self, months: int) -> Floats:
        """What one unit of MRR is worth at the end of each of the next months."""
        return np.asarray(self.gross_margin * (1 + self.discount_rate) ** (-np.arange(1, months + 1) / 12))


@dataclass(frozen=True)
class Estimate:
    """A mean and a 90 % interval; `spread`: the standard deviation as a share of it."""

    value: float
    lower: float
    upper: float
    spread: float

    def at_least(self, spread: float) -> "Estimate":
        """The same with an interval no narrower than that of such a spread."""
        if spread <= self.spread:
            return self
        return Estimate(self.value, *around(self.value, spread), spread)


def around(value: float, spread: float) -> tuple[float, float]:
    """90 % of a lognormal with this mean; of so few customers that all may leave, of a normal from 0 on."""
    if spread > WIDE:
        return max(value * (1 - Z * spread), 0.0), value * (1 + Z * spread)
    middle = value * np.exp(-(spread**2) / 2)
    low, high = middle * np.exp(-Z * spread), middle * np.exp(Z * spread)
    return min(float(low), value), max(float(high), value)


def estimate(draws: Floats, noise: float) -> Estimate:
    """From the means of the draws and the standard deviation of chance around them."""
    value = float(draws.mean())
    if value <= 0:
        return Estimate(0.0, 0.0, 0.0, 0.0)
    ratio = float(np.sqrt(draws.var() + noise**2)) / value
    spread = ratio if ratio > WIDE else float(np.sqrt(np.log1p(ratio**2)))
    return Estimate(value, *around(value, spread), spread)


def per_customer(
    outlook: Outlook, panel: Panel, key: Key, terms: Terms, horizons: Sequence[int]
) -> dict[int, Estimate]:
    """Of a mean customer paying at the end of the month: margin × MRR × survival, summed over the months."""
    weights = terms.weights(max(horizons))
    mrr = panel.aged["mrr"][:, :, outlook.place]
    kinds, ages = np.nonzero(mrr > 0)
    times = (outlook.factor(key) * outlook.size).astype(np.float32)
    stays = np.exp(-outlook.gone[:, kinds, ages, : len(weights)] * times[:, None, None])
    paid = weights * np.exp(outlook.growth[:, : len(weights)])
    money = np.einsum("dah,a->dh", stays, mrr[kinds, ages].astype(np.float32)).astype(float) * paid
    usual, worth = stays.mean(axis=0).astype(float), paid.mean(axis=0)
    squares = panel.aged["squares"][:, :, outlook.place][kinds, ages]
    paying, found = panel.paying(outlook.place), {}
    for months in horizons:
        sums = money[:, :months].sum(axis=1)
        noise = np.sqrt(max(float(squares @ lived_variance(usual[:, :months], worth[:months])), 0.0))
        found[months] = estimate(sums / paying, noise / paying)
    return found


def lived_variance(stays: Floats, worth: Floats) -> Floats:
    """The variance of what one customer brings who pays 1: E[(Σ worth)²] − E[Σ worth]², by age."""
    before = np.concatenate([[0.0], np.cumsum(worth)[:-1]])
    second = stays @ (worth * (worth + 2 * before))
    return np.asarray(second - (stays @ worth) ** 2)


def brought(panel: Panel, place: int, weights: Floats) -> float:
    """What a mean customer paying at the end of a month did bring in the months after, until it left."""
    months = panel.mrr[:, : place + 1, place + 1 : place + 1 + len(weights)].sum(axis=(0, 1))
    return float(months @ weights / panel.paying(place))


def naive(panel: Panel, place: int, terms: Terms, months: int = 12) -> tuple[float | None, float]:
    """ARPA ÷ churn, times the margin, and the churn: the mean monthly rate of the last months.

    It takes every customer to be alike and for ever: those who are left longer leave less, and money to come
    counts as money now. None where nobody left.
    """
    first = max(place - months, 0)
    at_risk = panel.accounts[:, :, first:place].sum()
    churn = float(panel.lost[:, :, first:place].sum() / max(at_risk, 1.0))
    arpa = float(panel.mrr[:, :, place].sum() / panel.paying(place))
    return (terms.gross_margin * arpa / churn if churn > 0 else None), churn


def tilted(first_hazard: Floats, odds_ratio: Floats) -> Floats:
    """A hazard whose odds are multiplied: how a risk score moves the first month of a customer."""
    odds = first_hazard / np.maximum(1 - first_hazard, 1e-9) * odds_ratio
    return np.asarray(odds / (1 + odds))


def odds_ratios(risks: Floats, usual: float) -> Floats:
    """By how much the odds of each risk exceed those of the usual one."""
    held = np.clip(risks, 1e-4, 1 - 1e-4)
    base = min(max(usual, 1e-4), 1 - 1e-4)
    return np.asarray(held / (1 - held) / (base / (1 - base)))
