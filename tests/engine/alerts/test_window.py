"""Looking back over columns: what lies there, medians, sums and spreads."""

import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.alerts import window
from engine.alerts.panel import Numbers

ABSENT = np.nan
MATRIX = np.array([[1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 40.0]])
figures = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 30), st.integers(1, 4), st.integers(1, 5)),
    elements=st.one_of(st.floats(-1e6, 1e6), st.just(ABSENT)),
)


def equal(one: Numbers, other: object) -> bool:
    return np.array_equal(one, np.array(other), equal_nan=True)


def test_lags_look_back_and_find_nothing_before_the_first_column() -> None:
    found = window.lagged(MATRIX, range(1, 3))
    assert equal(found[0], [[ABSENT, 1, 2, 3], [ABSENT, 10, 20, 30]])
    assert equal(found[1], [[ABSENT, ABSENT, 1, 2], [ABSENT, ABSENT, 10, 20]])


def test_a_lag_of_none_is_the_column_itself() -> None:
    assert equal(window.lagged(MATRIX, range(2))[0], MATRIX)


@given(st.integers(0, 9), st.integers(1, 9), st.integers(0, 4))
def test_lags_from_a_column_on_are_those_of_the_whole(begin: int, many: int, first: int) -> None:
    lags = range(begin, begin + many)
    assert equal(window.lagged(MATRIX, lags, first), window.lagged(MATRIX, lags)[:, :, first:])


def test_like_periods_lie_side_by_side_with_nothing_after_the_last() -> None:
    days = np.arange(1.0, 10.0)[:, None]  # lags 1 to 9
    assert equal(window.by_rhythm(days, 7)[:, 0, 0], [1, 8])
    assert equal(window.by_rhythm(days, 7)[:, 2, 0], [3, ABSENT])
    assert window.by_rhythm(days, 1).shape == (9, 1, 1)


def test_weekdays_keep_their_place_whatever_lies_before() -> None:
    later = np.arange(3.0, 12.0)[:, None]  # lags 3 to 11
    weeks = window.by_rhythm(later, 7, before=3)
    assert equal(weeks[:, 3, 0], [3, 10])
    assert equal(weeks[:, 0, 0], [7, ABSENT])


@given(figures)
def test_medians_means_and_sums_pass_over_what_is_absent(values: Numbers) -> None:
    with warnings.catch_warnings(action="ignore"):  # NumPy warns where nothing is known
        median, mean = np.nanmedian(values, axis=0), np.nanmean(values, axis=0)
    assert np.allclose(window.median(values), median, equal_nan=True)
    assert np.allclose(window.mean(values), mean, equal_nan=True)
    assert np.allclose(window.total(values), np.nansum(values, axis=0))
    assert equal(window.known(values), (~np.isnan(values)).sum(axis=0))


@pytest.mark.parametrize("taken", [window.median, window.mean, window.total, window.spread, window.known])
@given(values=figures)
def test_one_line_has_the_same_digits_alone_as_among_others(
    taken: Callable[[Numbers], Numbers], values: Numbers
) -> None:
    whole = taken(values)
    for row, column in np.ndindex(whole.shape):
        alone = taken(np.ascontiguousarray(values[:, row : row + 1, column : column + 1]))
        assert equal(alone[0, 0], whole[row, column])


def test_of_nothing_there_is_no_median_and_no_spread() -> None:
    nothing = np.empty((0, 2, 3))
    assert np.isnan(window.median(nothing)).all()
    assert np.isnan(window.spread(nothing)).all()
    assert equal(window.total(nothing), np.zeros((2, 3)))


def test_the_spread_of_normal_figures_is_their_standard_deviation() -> None:
    residuals = np.random.default_rng(1).normal(0, 5, (56, 4_000))
    assert window.spread(residuals).mean() == pytest.approx(5, rel=0.02)


def test_a_few_outliers_hardly_move_the_spread() -> None:
    residuals = np.random.default_rng(1).normal(0, 5, (56, 4_000))
    residuals[:4] = 1e6
    assert window.spread(residuals).mean() == pytest.approx(5, rel=1 / 3)


def test_the_spread_is_surer_than_that_of_the_median_alone() -> None:
    residuals = np.random.default_rng(1).normal(0, 5, (56, 4_000))
    by_median = window.median(np.abs(residuals)) / window.MAD_OF_NORMAL
    assert window.spread(residuals).std() < 0.75 * by_median.std()


def test_where_most_residuals_are_0_the_others_still_tell_a_spread() -> None:
    residuals = np.zeros((10, 1))
    residuals[:3] = 4.0
    assert window.spread(residuals)[0] == pytest.approx(1.2 / window.MEAN_OF_NORMAL)
    assert window.spread(np.zeros((10, 1)))[0] == 0


def test_quotients_are_pooled_over_what_is_known() -> None:
    hits, tries = np.array([[1.0], [ABSENT], [5.0]]), np.array([[10.0], [ABSENT], [10.0]])
    assert window.pooled(hits, tries)[0] == pytest.approx(0.3)
    assert np.isnan(window.pooled(hits[1:2], tries[1:2])[0])
