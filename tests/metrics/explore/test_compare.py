"""Comparisons: figures of the papers, and what is never compared."""

from datetime import date

import polars as pl
import pytest
from scipy.stats import fisher_exact

from metrics.explore.compare import contrasts, fisher, holm, newcombe, p_value
from metrics.explore.means import means


def cells(rows: list[tuple[int, int, int, bool]], cohort: date = date(2024, 1, 1)) -> pl.DataFrame:
    return pl.DataFrame(
        [(cohort, index, size, part, size, complete) for index, size, part, complete in rows],
        schema=["cohort_start", "period_index", "size", "part", "whole", "complete"],
        orient="row",
    )


def test_newcombes_interval_is_that_of_his_paper() -> None:
    """Newcombe 1998, table II, method 10: 56/70 - 48/80 and 9/10 - 3/10."""
    assert newcombe((56, 70), (48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert newcombe((9, 10), (3, 10)) == pytest.approx((0.1705, 0.8090), abs=5e-5)


@pytest.mark.parametrize(("a", "m", "b", "n"), [(3, 10, 9, 10), (0, 5, 0, 7), (1, 3, 40, 60), (12, 12, 1, 9)])
def test_fishers_test_is_scipys(a: int, m: int, b: int, n: int) -> None:
    assert fisher(a, m, b, n) == pytest.approx(fisher_exact([[a, m - a], [b, n - b]])[1])


def test_large_counts_are_tested_by_their_proportions() -> None:
    assert p_value((60, 100), (40, 100)) == pytest.approx(0.004677735)


def test_holm_takes_account_of_how_many_are_looked_at() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_immature_small_and_empty_cells_are_never_compared() -> None:
    one = cells([(0, 50, 50, True), (1, 50, 30, True), (2, 50, 9, False)])
    other = cells([(0, 40, 40, True), (1, 40, 10, True), (2, 40, 30, True)])
    found = contrasts(one, other, of_accounts=True)
    assert [(cell.index, cell.p is None) for cell in found] == [(0, True), (1, False)]
    assert found[1].is_real
    assert contrasts(one, other, of_accounts=True, smallest=45) == []
    assert all(cell.p is None for cell in contrasts(one, other, of_accounts=False))


def test_two_cohorts_are_compared_period_by_period() -> None:
    one, other = cells([(1, 50, 30, True)]), cells([(1, 40, 10, True)], date(2024, 2, 1))
    assert contrasts(one, other, of_accounts=True) == []
    [found] = contrasts(one, other, of_accounts=True, by_cohort=False)
    assert found.difference == pytest.approx(0.35)


def test_the_mean_pools_complete_cohorts_of_some_size_with_wilsons_interval() -> None:
    both = pl.concat([cells([(1, 50, 30, True)]), cells([(1, 4, 4, True)], date(2024, 2, 1))])
    [mean] = means(both, of_accounts=True, smallest=10)
    assert (mean.share, mean.cohorts) == (0.6, 1)
    assert (mean.lower, mean.upper) == pytest.approx((0.46182, 0.72392), abs=1e-5)
    assert means(both, of_accounts=False)[0].lower is None
