"""Bands of lifetime value are as much wider as forecasts that had come due strayed beyond theirs."""

import numpy as np
import pytest

from metrics.lifetime.outlook import ALL
from metrics.lifetime.value import Estimate
from metrics.lifetime.walk import ERRORS, Forecast, honest


def forecast(place: int, spread: float, error: float | None) -> Forecast:
    """Of 100 in 3 months, and of 200 in 36; `error`: the logarithm of what came over it, where it came."""
    estimates = {months: Estimate(value, 0.0, 0.0, spread) for months, value in ((3, 100.0), (36, 200.0))}
    came = {} if error is None else {3: 100 * float(np.exp(error))}
    return Forecast(place, ALL, estimates, {}, came, {})


def spreads(told: list[tuple[float, float | None]]) -> list[float]:
    """In 3 months, once they are honest; by place, of (spread, error)."""
    walked = [forecast(place, *one) for place, one in enumerate(told)]
    return [one.estimates[3].spread for one in honest(walked)]


def test_who_strayed_twice_as_far_as_told_is_told_twice_as_wide() -> None:
    told = [(0.1, 0.2), (0.1, -0.2), (0.1, 0.2), (0.1, None), (0.1, None), (0.1, None)]
    assert spreads(told)[-1] == pytest.approx(0.2)


def test_errors_of_a_smaller_company_count_by_what_chance_told_of_it_then() -> None:
    """It strayed by a fifth when it was told to stray by a fifth; now it is told to stray by a twentieth."""
    told = [(0.2, 0.2), (0.2, -0.2), (0.2, 0.2), (0.05, None), (0.05, None), (0.05, None)]
    assert spreads(told)[-1] == pytest.approx(0.05)
    twice = [(0.2, 0.4), (0.2, -0.4), (0.2, 0.4), *told[3:]]
    assert spreads(twice)[-1] == pytest.approx(0.1)


def test_who_strayed_less_than_told_is_told_no_narrower() -> None:
    told = [(0.1, 0.01)] * 8 + [(0.1, None)] * 3
    assert spreads(told) == pytest.approx([0.1] * 11)


def test_only_what_had_come_due_by_then_counts() -> None:
    told: list[tuple[float, float | None]] = [(0.1, 0.3)] * 12
    found = spreads(told)
    first = ERRORS - 1 + 3  # the place at which enough have come due
    assert found[:first] == pytest.approx([0.1] * first)
    assert found[first:] == pytest.approx([0.3] * (12 - first))
    later = [*told[:6], *[(0.1, -2.0)] * 6]
    assert spreads(later)[:9] == pytest.approx(found[:9])


def test_longer_ones_that_nobody_could_check_are_widened_by_as_much() -> None:
    walked = [forecast(place, 0.1, 0.2) for place in range(6)]
    assert honest(walked)[-1].estimates[36].spread == pytest.approx(0.2)


def test_forecasts_that_told_of_no_chance_widen_nothing() -> None:
    assert spreads([(0.0, 0.1)] * 8) == [0.0] * 8
