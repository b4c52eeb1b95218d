"""What those who will begin pay: as it was, as it grew, and wide where little is known."""

import numpy as np
import pytest

from benchmarks.bands import World, company
from metrics.lifetime.newcomers import AHEAD, GRID, filtered, months_seen, new_mrr
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
    slope = float(state.weight @ state.mean[:, 1])
    assert slope == pytest.approx(0.03, abs=0.01)
    stays = GRID[:, 2] == 1.0
    assert state.weight[stays].sum() > state.weight[~stays].sum()
