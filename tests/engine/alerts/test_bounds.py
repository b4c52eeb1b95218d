"""Bounds around what is usual."""

import numpy as np

from engine.alerts.bounds import around

USUAL, OFF = np.array([[0.4]]), np.array([[0.05]])


def test_a_figure_at_a_bound_stays_within_however_it_was_rounded() -> None:
    assert 0.4 - 0.05 > 7 / 20  # as floats: the plain difference would breach
    low, high = around(USUAL, OFF, OFF, "both")
    assert low[0, 0] <= 7 / 20
    assert high[0, 0] >= 0.45


def test_a_side_that_does_not_count_has_no_bound() -> None:
    low, high = around(USUAL, OFF, OFF, "up")
    assert (np.isnan(low[0, 0]), high[0, 0] > 0.4) == (True, True)
    low, high = around(USUAL, OFF, OFF, "down")
    assert (low[0, 0] < 0.4, np.isnan(high[0, 0])) == (True, True)
