"""MRR of those who will begin: a level and a slope that move and the seasons, told from the months seen.

The logarithm of what a month is expected to bring is a level, which grows by a slope, and what the months of
the year add to it; level and slope may move, and the slope may fade (the structural model of Harvey 1989; the
damping of Gardner & McKenzie 1985). How much there is of each is not chosen: all combinations in `GRID` and
all `SEASONS` are filtered, and draws come from each as often as it explains what was seen.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from metrics.lifetime.panel import Panel

Floats = npt.NDArray[np.float64]
MONTHS = 36  # that are looked at
AHEAD = 12
YEAR = 12
AROUND = 3  # months on either side of which a month's mean is made
FLOOR = 0.1  # of the mean of all months: what a month counts as bringing, at least
SAME = 10.0  # customers' worth of trust in months of the year being alike
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
# How far months of the year are from their mean, as a logarithm, and whether in waves of a year and half a
# year or each month by itself; with how likely that is before anything was seen.
SEASONS = {(0.0, "none"): 0.5, (0.1, "waves"): 0.15, (0.3, "waves"): 0.1, (0.1, "months"): 0.15,
           (0.3, "months"): 0.1}  # fmt: skip
SHARES = {  # of the variance, by wave: two of a year, two of half a year, …, and that of every other month
    "none": np.zeros(YEAR - 1),
    "waves": np.array([0.4, 0.4, 0.1, 0.1] + [0.0] * (YEAR - 5)),
    "months": np.full(YEAR - 1, 1 / (YEAR - 1)),
}
SCALES = np.array([far * np.sqrt(SHARES[kind]) for far, kind in SEASONS])  # (season, wave)
LIKELY_SEASON = np.array(list(SEASONS.values()))


def waves_of_the_year() -> Floats:
    """Waves that all seasons are sums of, each with a mean of 0 and a mean square of 1; (month, wave)."""
    month = np.arange(YEAR)[:, None]
    turns = np.arange(1, YEAR // 2) * month * 2 * np.pi / YEAR
    both = np.stack([np.cos(turns), np.sin(turns)], axis=2).reshape(YEAR, -1) * np.sqrt(2)
    return np.concatenate([both, (-1.0) ** month], axis=1)


WAVES = waves_of_the_year()


@dataclass(frozen=True)
class Seen:
    """By month the logarithm of what it brought, its variance by chance; `unit`: that at a mean of 1."""

    told: Floats
    noise: Floats
    unit: float
    month: npt.NDArray[np.int64]  # of the year, from 0


@dataclass(frozen=True)
class State:
    """After the last month, by row of `GRID`: level and slope without waves, and what each takes from them.

    waves: by season and row, with a root of their covariance; weight: how likely season and row are.
    """

    mean: Floats  # (row, 2)
    taken: Floats  # (row, 2, wave)
    spread: Floats  # (row, 2, 2)
    waves: Floats  # (season, row, wave)
    root: Floats  # (season, row, wave, wave)
    weight: Floats  # (season, row)


def new_mrr(panel: Panel, until: int, random: np.random.Generator, draws: int) -> Floats:
    """MRR of those who begin in each of the next months, by (draw, month ahead)."""
    seen = months_seen(panel, until)
    if seen is None:
        return np.zeros((draws, AHEAD))
    return drawn(filtered(seen), seen, random, draws)


def months_seen(panel: Panel, until: int) -> Seen | None:
    """What months brought, as a logarithm around their mean: a month that brought nothing has one too."""
    brought, squares = (
        table[:, : until + 1, : until + 1].diagonal(axis1=1, axis2=2).sum(axis=0)
        for table in (panel.mrr, panel.squares)
    )
    first = int(np.argmax(brought > 0))
    first += len(brought) - first >= FEWEST and bool(brought[first + 1 :].any())
    first = max(first, len(brought) - MONTHS)
    brought, unit = brought[first:], float(squares[first:].sum())
    if not brought.any():
        return None
    unit /= float(brought.sum())
    month = (panel.first + first + np.arange(len(brought))) % YEAR
    usual = usually(brought, month, unit)
    return Seen(np.log(usual) + brought / usual - 1, unit / usual, unit, month)


def usually(brought: Floats, month: npt.NDArray[np.int64], unit: float) -> Floats:
    """The mean of the months around, times what the same months of other years were of theirs."""
    around = np.array([brought[max(n - AROUND, 0) : n + AROUND + 1].mean() for n in range(len(brought))])
    around = np.maximum(around, FLOOR * brought.mean())
    of_year = np.array(
        [
            (brought[month == one].sum() + SAME * unit) / (around[month == one].sum() + SAME * unit)
            for one in range(YEAR)
        ]
    )
    return np.asarray(np.maximum(around * of_year[month], FLOOR * brought.mean()))


def filtered(seen: Seen) -> State:
    """Kalman's filter for every row of the grid at once, of the months and of what each wave adds to them."""
    columns = np.concatenate([seen.told[:, None], WAVES[seen.month]], axis=1)
    chance, (move, jolt) = GRID[:, 3], moves()
    mean = np.zeros((len(GRID), 2, columns.shape[1]))
    mean[:, 0, 0] = seen.told.mean()
    spread = np.tile(np.diag([LEVEL**2, SLOPE**2]), (len(GRID), 1, 1))
    offs, wides = np.empty((len(columns), len(GRID), columns.shape[1])), np.empty((len(columns), len(GRID)))
    for number, (told, noise) in enumerate(zip(columns, seen.noise, strict=True)):
        if number:
            mean, spread = move @ mean, move @ spread @ move.transpose(0, 2, 1) + jolt
        offs[number], wides[number] = told - mean[:, 0], spread[:, 0, 0] + chance * noise
        gain = spread[:, :, 0] / wides[number][:, None]
        mean = mean + gain[:, :, None] * offs[number][:, None, :]
        spread = spread - gain[:, :, None] * spread[:, None, 0, :]
    waves, root, gained = seasons(offs / np.sqrt(wides)[:, :, None])
    likelihood = gained - 0.5 * (np.log(wides) + offs[:, :, 0] ** 2 / wides).sum(axis=0)
    weight = LIKELY_SEASON[:, None] * BEFORE * np.exp(likelihood - likelihood.max())
    return State(mean[:, :, 0], mean[:, :, 1:], spread, waves, root, weight / weight.sum())


def moves() -> tuple[Floats, Floats]:
    """By row of the grid, what a month makes of level and slope, and the covariance of how far both move."""
    level, slope, stays, _ = GRID.T
    move, jolt = np.zeros((2, len(GRID), 2, 2))
    move[:, 0, 0], move[:, 0, 1], move[:, 1, 1] = 1.0, stays, stays
    jolt[:, 0, 0], jolt[:, 1, 1] = level**2 + slope**2, slope**2
    jolt[:, 0, 1] = jolt[:, 1, 0] = slope**2
    return move, jolt


def seasons(offs: Floats) -> tuple[Floats, Floats, Floats]:
    """Waves and a root of their covariance by season and row, and by how much they explain more than none.

    offs: by (month, row, what was seen and each wave), what was not foretold, in standard deviations. A
    regression of the first on the others, drawn to 0 by how far the waves may go.
    """
    told, waves = offs[:, :, 0].T, offs[:, :, 1:].transpose(1, 2, 0)
    scales = SCALES[:, None]
    pull = scales * np.einsum("rwt,rt->rw", waves, told)
    alike = scales[..., None] * (waves @ waves.transpose(0, 2, 1)) * scales[:, :, None, :]
    root = np.linalg.inv(np.linalg.cholesky(alike + np.eye(waves.shape[1]))).transpose(0, 1, 3, 2)
    found = np.einsum("srij,srkj,srk->sri", root, root, pull, optimize=True)
    gained = 0.5 * (found * pull).sum(axis=2) + np.log(root.diagonal(axis1=2, axis2=3)).sum(axis=2)
    return scales * found, scales[..., None] * root, gained


def drawn(state: State, seen: Seen, random: np.random.Generator, draws: int) -> Floats:
    """Paths of what months bring: of level, slope and seasons, and of each month's chance around them."""
    chosen = random.choice(state.weight.size, draws, p=state.weight.ravel())
    season, row = np.unravel_index(chosen, state.weight.shape)
    jolted, bent, stays, chance = GRID[row].T
    waves = state.waves[season, row] + spread_by(state.root[season, row], random)
    start = state.mean[row] - np.einsum("dij,dj->di", state.taken[row], waves)
    root = np.asarray(np.linalg.cholesky(state.spread[row] + 1e-12 * np.eye(2)), dtype=np.float64)
    level, slope = (start + spread_by(root, random)).T
    now, paths = start[:, 0], np.empty((draws, AHEAD))
    for month in range(AHEAD):
        slope = np.clip(stays * slope + bent * random.standard_normal(draws), -STEEPEST, STEEPEST)
        level = level + slope + jolted * random.standard_normal(draws)
        level = np.clip(level, now - FARTHEST, now + FARTHEST)
        usual = np.exp(level + waves @ WAVES[(seen.month[-1] + month + 1) % YEAR])
        strays = chance * seen.unit / usual
        paths[:, month] = usual * random.gamma(1 / strays, strays)
    return paths


def spread_by(root: Floats, random: np.random.Generator) -> Floats:
    """Normal draws with a covariance of their own each, of which `root` is a root."""
    return np.asarray(np.einsum("dij,dj->di", root, random.standard_normal(root.shape[:2])))
