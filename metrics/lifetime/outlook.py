"""What a month knew of the months to come: draws of who is still there, for every age and segment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from metrics.lifetime import hazard
from metrics.lifetime.panel import Panel

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Key = tuple[str, str]
ALL: Key = ("all", "all")
HORIZON = 36
GROWS = 12  # months for which customers who stay go on paying more, or less, as they did
Z = 1.6448536269514722  # a two-sided 90 % interval of the normal distribution


@dataclass(frozen=True)
class Outlook:
    """Arrays of draws. `gone`: the cumulative hazard by (draw, kind, age, month ahead).

    factors: by segment, how much more it leaves; size: how much more money leaves than customers.
    growth: the logarithm of what one who stays pays more by each month ahead; (draw, month ahead).
    """

    place: int
    curve: hazard.Curve
    level: hazard.Level
    gone: Singles
    factors: Mapping[Key, Floats]
    means: Mapping[Key, float]
    size: Floats
    growth: Floats
    chance: Floats  # of each draw, standard normal: what happens to so few customers

    @property
    def draws(self) -> int:
        return int(self.gone.shape[0])

    def factor(self, key: Key) -> Floats:
        return self.factors.get(key, np.ones(self.draws))

    def staying(self, key: Key, *, of_money: bool = False, churn: float = 1.0) -> Floats:
        """The share still there, by (draw, kind, age, month ahead)."""
        times = self.factor(key) * churn * (self.size if of_money else 1.0)
        return np.exp(-self.gone * times[:, None, None, None].astype(self.gone.dtype))


def look(
    panels: Mapping[Key, Panel], place: int, until: int, *, draws: int, seed: int, horizon: int = HORIZON
) -> Outlook:
    """From all that was known at the end of the month `until`, for customers of the ages at `place`."""
    whole, random = panels[ALL], np.random.default_rng([seed, until])
    curve = hazard.curve(whole, until, horizon, random, draws)
    level = hazard.level(whole, curve.mean, until)
    paths = hazard.level_paths(level, horizon, random, draws)
    ages = int(whole.accounts.shape[1])
    steps = -np.log1p(-np.minimum(curve.draws, 0.9999))
    ahead = np.stack([steps[:, :, h : h + ages] for h in range(horizon)], axis=3)
    gone = np.cumsum(ahead * paths[:, None, None, :], axis=3).astype(np.float32)
    factors, means = factors_of(panels, curve, until, random, draws)
    grown = hazard.growth(whole, until)
    months = np.minimum(np.arange(1, horizon + 1), GROWS)
    rates = grown.mean + grown.error * random.standard_t(grown.freedom, draws)
    size = hazard.size_factor(whole, until, random, draws)
    return Outlook(
        place,
        curve,
        level,
        gone,
        factors,
        means,
        size,
        rates[:, None] * months,
        random.standard_normal(draws),
    )


def factors_of(
    panels: Mapping[Key, Panel], curve: hazard.Curve, until: int, random: np.random.Generator, draws: int
) -> tuple[dict[Key, Floats], dict[Key, float]]:
    """By segment, each drawn to the others of its dimension; of all customers none."""
    drawn: dict[Key, Floats] = {}
    means: dict[Key, float] = {}
    for dimension in sorted({dimension for dimension, _ in panels} - {"all"}):
        keys = [key for key in panels if key[0] == dimension]
        left = np.array([panels[key].lost[:, :, :until].sum() for key in keys])
        awaited = np.array([hazard.expected(panels[key], curve.mean, until).sum() for key in keys])
        mean, found = hazard.segment_factors(left, awaited, random, draws)
        drawn |= {key: found[:, number] for number, key in enumerate(keys)}
        means |= {key: float(mean[number]) for number, key in enumerate(keys)}
    return drawn, means


def placed(found: Outlook, place: int) -> Outlook:
    """The same for the customers of another month: the running one's."""
    return replace(found, place=place)
