"""What chance does to counts and rates, held against published figures."""

import numpy as np
import pytest

from engine.alerts import noise
from metrics.functions import Z
from tests.engine.alerts.made import panel, rate


def one(number: float) -> np.ndarray:
    return np.array([[number]])


def test_wilson_gives_the_published_interval() -> None:
    low, high = noise.wilson(one(81 / 263), one(263), Z)  # Newcombe 1998, table I
    assert (low[0, 0], high[0, 0]) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))


@pytest.mark.parametrize(
    ("hits", "past_hits", "low", "high"),
    [  # Newcombe 1998, Interval estimation for the difference between independent proportions, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0000),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_newcombe_gives_the_published_intervals(
    hits: tuple[int, int], past_hits: tuple[int, int], low: float, high: float
) -> None:
    share, past = hits[0] / hits[1], past_hits[0] / past_hits[1]
    below, above = noise.newcombe(one(share), one(hits[1]), one(past), one(past_hits[1]), Z)
    assert share - past - above[0, 0] == pytest.approx(low, abs=5e-5)
    assert share - past + below[0, 0] == pytest.approx(high, abs=5e-5)


def test_counts_are_known_by_their_unit_or_are_whole_and_no_quotient() -> None:
    assert noise.is_count(panel([3, 2.5, None, -1], unit="count")).all()
    assert not noise.is_count(panel([3, 2.5], unit="money")).any()
    assert noise.is_count(panel([3, 0, 2.5, None, -1])).tolist() == [[True, True, False, False, False]]
    assert not noise.is_count(rate([(3, 3)], unit="")).any()


def test_rates_are_known_by_their_unit_or_are_quotients_of_whole_numbers() -> None:
    assert noise.is_rate(rate([(1, 4), (4, 4), (0, 0)])).tolist() == [[True, True, False]]
    assert noise.is_rate(rate([(1, 4)], unit="")).all()
    assert not noise.is_rate(rate([(1, 4)], unit="ratio")).any()
    above_one = panel([1.5], numerator=[[3]], denominator=[[2]])
    assert not noise.is_rate(above_one).any()
    assert noise.is_quotient(above_one).all()
    hours = panel([20.0], numerator=[[30]], denominator=[[40]], unit="hours")  # reached value, of so many
    assert not noise.is_quotient(hours).any()


def test_chance_never_leaves_a_rate_or_a_count_without_noise() -> None:
    assert noise.of_rate(one(0.0), one(20))[0, 0] > 0
    assert noise.of_rate(one(1.0), one(20))[0, 0] > 0
    assert noise.of_rate(one(0.4), one(2400))[0, 0] == pytest.approx(0.01, rel=1e-3)
    assert np.isnan(noise.of_rate(one(0.4), one(0)))
    assert noise.of_count(one(0.0))[0, 0] > 0
    assert noise.of_count(one(100.0))[0, 0] == 10


def test_a_quiet_weekday_is_taken_to_be_as_noisy_as_a_tenth_of_the_others() -> None:
    middles = np.array([100.0] * 6 + [1.0])[:, None, None]
    assert noise.scale(middles)[:, 0, 0].tolist() == [100.0] * 6 + [10.0]
    assert noise.scale(np.zeros((7, 1, 1))).tolist() == np.ones((7, 1, 1)).tolist()
