"""MRR of those who will begin: a level and a slope that move, told from the months that were seen.

The logarithm of what a month is expected to bring is a level, which grows by a slope; both may move, and the
slope may fade (the local linear trend of Harvey 1989; the damping of Gardner & McKenzie 1985). How much there
is of each is not chosen: all combinations in `GRID` are filtered, and draws come from each as often as it
explains what was seen.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from metrics.lifetime.panel import Panel

Floats = npt.NDArray[np.float64]
MONTHS = 36  # that are looked at
AHEAD = 12
AROUND = 3  # months on either side of which a month's mean is made
FLOOR = 0.1  # of the mean of all months: what a month counts as bringing, at least
FEWEST = 4  # months, from which on the first one, which holds all who were there before, is left out
SLOPE = 0.05  # the spread of slopes a month, before anything was seen
LEVEL = 3.0
STEEPEST, FARTHEST = 0.2, 2.5  # of a slope a month, and of a level from where it is now
# How far the level moves each month, how far the slope, how much of the slope stays, and how many times more
# months stray than by chance among so many customers; each with how likely it is before anything was seen.
JOLTS = {0.0: 0.5, 0.03: 0.35, 0.1: 0.15}
BENDS = {0.0: 0.6, 0.004: 0.3, 0.015: 0.1}
STAYS = {0.9: 0.5, 1.0: 0.5}
STRAYS = {1.0: 0.5, 1.7: 0.25, 3.0: 0.13, 6.0: 0.08, 15.0: 0.04}
GRID = np.array(list(product(JOLTS, BENDS, STAYS, STRAYS)))
LIKELY = (JOLTS.values(), BENDS.values(), STAYS.values(), STRAYS.values())
BEFORE = np.array([np.prod(row) for row in product(*LIKELY)])


@dataclass(frozen=True)
class Seen:
    """By month the logarithm of what it brought, its variance by chance; `unit`: that at a mean of 1."""

    told: Floats
    noise: Floats
    unit: float


@dataclass(frozen=True)
class State:
    """Level and slope after the last month by row of `GRID`, how uncertain they are, how likely the row."""

    mean: Floats  # (row, 2)
    spread: Floats  # (row, 2, 2)
    weight: Floats


def new_mrr(panel: Panel, until: int, random: np.random.Generator, draws: int) -> Floats:
    """MRR of those who begin in each of the next months, by (draw, month ahead)."""
    seen = months_seen(panel, until)
    if seen is None:
        return np.zeros((draws, AHEAD))
    return drawn(filtered(seen), seen.unit, random, draws)


def months_seen(panel: Panel, until: int) -> Seen | None:
    """What months brought, as a logarithm around their mean: a month that brought nothing has one too."""
    brought, squares = (
        table[:, : until + 1, : until + 1].diagonal(axis1=1, axis2=2).sum(axis=0)
        for table in (panel.mrr, panel.squares)
    )
    first = int(np.argmax(brought > 0))
    first += len(brought) - first >= FEWEST and bool(brought[first + 1 :].any())
    kept = slice(max(first, len(brought) - MONTHS), None)
    brought, unit = brought[kept], float(squares[kept].sum())
    if not brought.any():
        return None
    usual = np.array([brought[max(n - AROUND, 0) : n + AROUND + 1].mean() for n in range(len(brought))])
    usual = np.maximum(usual, FLOOR * brought.mean())
    unit /= float(brought.sum())
    return Seen(np.log(usual) + brought / usual - 1, unit / usual, unit)


def filtered(seen: Seen) -> State:
    """Kalman's filter for every row of the grid at once."""
    level, slope, stays, chance = GRID.T
    rows = len(GRID)
    mean = np.tile([seen.told.mean(), 0.0], (rows, 1))
    spread = np.tile(np.diag([LEVEL**2, SLOPE**2]), (rows, 1, 1))
    likelihood = np.zeros(rows)
    move = np.zeros((rows, 2, 2))
    move[:, 0, 0], move[:, 0, 1], move[:, 1, 1] = 1.0, stays, stays
    jolt = np.zeros((rows, 2, 2))
    jolt[:, 0, 0], jolt[:, 1, 1] = level**2 + slope**2, slope**2
    jolt[:, 0, 1] = jolt[:, 1, 0] = slope**2
    for number, (told, noise) in enumerate(zip(seen.told, seen.noise, strict=True)):
        if number:
            mean = np.einsum("rij,rj->ri", move, mean)
            spread = move @ spread @ move.transpose(0, 2, 1) + jolt
        off, wide = told - mean[:, 0], spread[:, 0, 0] + chance * noise
        likelihood -= 0.5 * (np.log(wide) + off**2 / wide)
        gain = spread[:, :, 0] / wide[:, None]
        mean = mean + gain * off[:, None]
        spread = spread - gain[:, :, None] * spread[:, None, 0, :]
    weight = BEFORE * np.exp(likelihood - likelihood.max())
    return State(mean, spread, weight / weight.sum())


def drawn(state: State, unit: float, random: np.random.Generator, draws: int) -> Floats:
    """Paths of what months bring: of level and slope, and of the chance of each month around them."""
    row = random.choice(len(GRID), draws, p=state.weight)
    jolted, bent, stays, chance = GRID[row].T
    root = np.linalg.cholesky(state.spread[row] + 1e-12 * np.eye(2))
    level, slope = (state.mean[row] + np.einsum("dij,dj->di", root, random.standard_normal((draws, 2)))).T
    now, paths = state.mean[row, 0], np.empty((draws, AHEAD))
    for month in range(AHEAD):
        slope = np.clip(stays * slope + bent * random.standard_normal(draws), -STEEPEST, STEEPEST)
        level = level + slope + jolted * random.standard_normal(draws)
        level = np.clip(level, now - FARTHEST, now + FARTHEST)
        strays = chance * unit / np.exp(level)
        paths[:, month] = np.exp(level) * random.gamma(1 / strays, strays)
    return paths
