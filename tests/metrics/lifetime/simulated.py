"""Companies made up from a known hazard: who pays at the end of each month, years ahead."""

from dataclasses import dataclass

import numpy as np

from metrics.lifetime.panel import Panel

FIRST = 24_000


@dataclass(frozen=True)
class World:
    """Churn a month is Beta(alpha, beta) among accounts; `swing`: how far whole months stray from it.

    new: accounts that begin in a month; yearly: the share that can leave at the year's end only.
    """

    months: int = 36
    new: float = 40
    alpha: float = 1.2
    beta: float = 14.0
    swing: float = 0.0
    yearly: float = 0.0
    growing: float = 0.0
    ahead: int = 37


def company(world: World, random: np.random.Generator) -> Panel:
    """All months, those ahead too."""
    size = world.months + world.ahead
    tables = np.zeros((4, 2, size, size))
    strays = np.exp(months_that_stray(world, size, random))
    for begun in range(size):
        count = random.poisson(world.new * (1 + world.growing) ** begun)
        churn, pays = random.beta(world.alpha, world.beta, count), random.lognormal(3.5, 0.55, count)
        kind, alive = (random.random(count) < world.yearly).astype(int), np.ones(count, bool)
        for month in range(begun, size):
            leaves = alive & (random.random(count) < hazard(churn, kind, month - begun, strays[month]))
            alive &= ~leaves
            for one in (0, 1):
                there = pays[alive & (kind == one)]
                gone = pays[leaves & (kind == one)].sum()
                tables[:, one, begun, month] = len(there), there.sum(), (there**2).sum(), gone
    return Panel(FIRST, *tables)


def months_that_stray(world: World, size: int, random: np.random.Generator) -> np.ndarray:
    state, path = 0.0, np.zeros(size)
    for month in range(size):
        state = 0.8 * state + 0.6 * world.swing * random.standard_normal()
        path[month] = state
    return path


def hazard(churn: np.ndarray, kind: np.ndarray, age: int, strays: float) -> np.ndarray:
    if age == 0:
        return np.zeros_like(churn)
    monthly = 1 - (1 - churn) ** strays
    return np.where(kind == 1, 1 - (1 - churn) ** 6 if age % 12 == 0 else 0.002, monthly)


def seen(panel: Panel, months: int) -> Panel:
    """As it was known when the month after those was running."""
    tables = (panel.accounts, panel.mrr, panel.squares, panel.lost_mrr)
    return Panel(panel.first, *(table[:, : months + 2, : months + 2] for table in tables))
