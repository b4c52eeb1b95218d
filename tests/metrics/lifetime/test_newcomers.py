"""What those who will begin pay: as it was, as it grew, and wide where little is known."""

import numpy as np
import pytest

from benchmarks.bands import World, company
from metrics.lifetime.newcomers import (
    AHEAD,
    BENDS,
    GRID,
    JOLTS,
    LEVEL,
    LIKELY_SEASON,
    SCALES,
    SLOPE,
    STAYS,
    STRAYS,
    WAVES,
    Seen,
    filtered,
    months_seen,
    new_mrr,
)
from metrics.lifetime.panel import Panel


def panel(mrr: list[float], each: float = 50.0) -> Panel:
    """Customers who begin in each month and pay `each`, and never leave."""
    size = len(mrr)
    table = np.zeros((2, size, size))
    for begun, brought in enumerate(mrr):
        table[0, begun, begun:] = brought
    return Panel(24_000, table / each, table, table * each, np.zeros_like(table))


def told(mrr: list[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mean, and the 90 % band, of each month ahead."""
    paths = new_mrr(panel(mrr), len(mrr) - 1, np.random.default_rng(1), 4000)
    return paths.mean(axis=0), *np.quantile(paths, (0.05, 0.95), axis=0)


def test_what_was_steady_goes_on() -> None:
    mean, lower, upper = told([2000.0] * 30)
    assert mean == pytest.approx([2000] * AHEAD, rel=0.06)
    assert (lower < 1800).all()
    assert (upper > 2200).all()


def test_what_grew_for_long_goes_on_growing_more_slowly_perhaps() -> None:
    grown = [1000 * 1.03**month for month in range(36)]
    mean, lower, upper = told(grown)
    ahead = grown[-1] * 1.03 ** np.arange(1, AHEAD + 1)
    assert (lower < ahead).all()
    assert (upper > ahead).all()
    assert mean[-1] > grown[-1] * 1.15


def test_what_stopped_growing_is_not_told_to_grow_on() -> None:
    mean, _, _ = told([1000 * 1.04 ** min(month, 20) for month in range(36)])
    assert mean[-1] == pytest.approx(1000 * 1.04**20, rel=0.12)


def test_the_first_month_holds_all_who_were_there_before_and_is_left_out() -> None:
    mean, _, _ = told([90_000.0, *[2000.0] * 12])
    assert mean[0] == pytest.approx(2000, rel=0.1)


def test_months_that_brought_nothing_are_counted_and_widen_the_band() -> None:
    mean, lower, _ = told([100.0, 0, 0, 100, 0, 50, 0, 0, 150, 0, 0, 100])
    assert 10 < mean[0] < 120
    assert lower[0] < 10


def test_where_nobody_ever_began_nobody_will() -> None:
    assert not new_mrr(panel([0.0] * 8), 7, np.random.default_rng(1), 50).any()


def test_one_month_is_enough_to_say_something() -> None:
    mean, lower, upper = told([2000.0])
    assert (lower < mean).all()
    assert (mean < upper).all()
    assert np.isfinite(upper).all()


def test_what_explains_the_months_weighs_most() -> None:
    grown = company(World(new=200, growing=0.03), np.random.default_rng(3))
    seen = months_seen(grown, 36)
    assert seen is not None
    state = filtered(seen)
    level_and_slope = state.mean - np.einsum("rij,srj->sri", state.taken, state.waves)
    slope = float((state.weight * level_and_slope[:, :, 1]).sum())
    assert slope == pytest.approx(0.03, abs=0.01)
    stays = GRID[:, 2] == 1.0
    assert state.weight[:, stays].sum() > state.weight[:, ~stays].sum()


def test_seasons_come_again_and_bands_are_as_narrow_as_without() -> None:
    seasons = 1 + 0.4 * np.sin(np.arange(48) * np.pi / 6)
    mean, lower, upper = told((2000 * seasons[:36]).tolist())
    assert mean == pytest.approx(2000 * seasons[36:], rel=0.12)
    _, steady_lower, steady_upper = told([2000.0] * 36)
    assert ((upper - lower) / mean).mean() < 1.2 * ((steady_upper - steady_lower) / 2000).mean()


def test_one_month_of_each_year_may_bring_three_times_as_much() -> None:
    mean, _, _ = told([6000.0 if month % 12 == 3 else 2000.0 for month in range(36)])
    assert mean[3] == pytest.approx(6000, rel=0.2)
    assert np.delete(mean, 3) == pytest.approx([2000] * 11, rel=0.15)


def test_no_seasons_are_seen_where_there_are_none() -> None:
    seen = months_seen(company(World(new=80), np.random.default_rng(2)), 36)
    assert seen is not None
    weight = filtered(seen).weight.sum(axis=1)
    assert weight[0] > LIKELY_SEASON[0]
    assert weight[0] == weight.max()


def test_a_few_months_leave_open_whether_there_are_seasons() -> None:
    weight = filtered(Seen(np.full(3, 7.0), np.full(3, 0.02), 30.0, np.arange(3))).weight.sum(axis=1)
    assert weight[1:].sum() > 0.3


@pytest.mark.parametrize("months", [1, 5, 20])
def test_the_filter_says_what_the_covariance_of_all_months_says(months: int) -> None:
    """Bayes' rule on the months' joint normal distribution, written out for some rows of the grid."""
    random = np.random.default_rng(months)
    seen = Seen(
        random.normal(5, 0.3, months), random.uniform(0.01, 0.05, months), 1.0, (3 + np.arange(months)) % 12
    )
    state, likelihood = filtered(seen), []
    off = seen.told - seen.told.mean()
    for row, season in [(0, 0), (17, 1), (44, 2), (61, 3), (89, 4)]:
        last, states = covariance_of_months(GRID[row], months)
        waves = WAVES[seen.month] * SCALES[season]
        whole = states + GRID[row, 3] * np.diag(seen.noise) + waves @ waves.T
        solved = np.linalg.solve(whole, off)
        assert state.waves[season, row] == pytest.approx(SCALES[season] * (waves.T @ solved))
        left = np.eye(11) - waves.T @ np.linalg.solve(whole, waves)
        root = state.root[season, row]
        assert root @ root.T == pytest.approx(SCALES[season][:, None] * left * SCALES[season], abs=1e-9)
        ended = state.mean[row] - state.taken[row] @ state.waves[season, row]
        assert ended == pytest.approx(np.array([seen.told.mean(), 0.0]) + last @ solved)
        likely = np.log(state.weight[season, row] / LIKELY_SEASON[season] / np.prod(prior_of(row)))
        likelihood.append((likely, -0.5 * (np.linalg.slogdet(whole)[1] + off @ solved)))
    ours, theirs = np.array(likelihood).T
    assert ours - ours[0] == pytest.approx(theirs - theirs[0])


def prior_of(row: int) -> list[float]:
    """How likely each part of a row of the grid is: its four tables in the order of `itertools.product`."""
    shape = [len(table) for table in (JOLTS, BENDS, STAYS, STRAYS)]
    places = np.unravel_index(row, shape)
    tables = (JOLTS, BENDS, STAYS, STRAYS)
    return [list(table.values())[place] for table, place in zip(tables, places, strict=True)]


def covariance_of_months(row: np.ndarray, months: int) -> tuple[np.ndarray, np.ndarray]:
    """Of the state after the last month with the level of each, and of all levels with each other."""
    jolt, bend, stays, _ = row
    move = np.array([[1.0, stays], [0.0, stays]])
    moved = np.array([[jolt**2 + bend**2, bend**2], [bend**2, bend**2]])
    spreads = [np.diag([LEVEL**2, SLOPE**2])]
    while len(spreads) < months:
        spreads.append(move @ spreads[-1] @ move.T + moved)
    levels, last = np.empty((months, months)), np.empty((2, months))
    for early in range(months):
        joint = spreads[early]
        for late in range(early, months):
            levels[late, early] = levels[early, late] = joint[0, 0]
            last[:, early] = joint[:, 0]
            joint = move @ joint
    return last, levels
