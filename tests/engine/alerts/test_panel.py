"""Panels, and judgements of values that must stay within bounds."""

from dataclasses import replace

import numpy as np

from engine.alerts.lifecycle import Verdict
from engine.alerts.panel import BETWEEN, BREACH, INCONCLUSIVE, RECOVERED, enough, judged_within, nowhere
from tests.engine.alerts.made import marked, panel, rate, verdicts


def test_codes_are_the_verdicts() -> None:
    assert list(Verdict) == [INCONCLUSIVE, BETWEEN, RECOVERED, BREACH]


def test_a_part_of_a_panel_has_the_same_segments_and_its_own_periods() -> None:
    whole = replace(rate([(1, 4), (2, 4), (3, 4)], [(0, 2), (1, 2), (2, 2)]), first=2)
    part = whole[1:]
    assert part.segments == whole.segments
    assert (part.starts, part.complete_at) == (whole.starts[1:], whole.complete_at[1:])
    assert part.value.tolist() == [[0.5, 0.75], [0.5, 1.0]]
    assert part.numerator.tolist() == [[2, 3], [1, 2]]
    assert (part.unit, part.grain, part.first) == ("rate", "week", 0)


def test_values_of_late_sources_are_not_trusted() -> None:
    doubtful = marked(panel([1, 2, 3]), stale=[(0, 1)])
    assert np.array_equal(doubtful.trusted, [[1, np.nan, 3]], equal_nan=True)


def test_it_takes_a_recorded_value_of_a_punctual_source_to_judge() -> None:
    doubtful = marked(panel([1, None, 3, 4]), stale=[(0, 2)], unknown=[(0, 3)])
    assert enough(doubtful, None).tolist() == [[True, False, False, False]]


def test_a_denominator_under_the_least_is_not_enough_and_one_at_it_is() -> None:
    assert enough(rate([(9, 29), (9, 30), (9, 31)]), 30).tolist() == [[False, True, True]]


def test_a_metric_without_a_denominator_is_not_held_to_one() -> None:
    assert enough(panel([5.0]), 30).tolist() == [[True]]


def test_values_breach_beyond_the_bounds_and_not_at_them() -> None:
    given = panel([1, 2, 3, 4, 5, None])
    level = np.ones_like(given.value)
    said = judged_within(given, enough(given, None), 2 * level, 4 * level)
    assert verdicts(said) == [BREACH, RECOVERED, RECOVERED, RECOVERED, BREACH, INCONCLUSIVE]
    assert said.beyond.tolist() == [[1, 0, 0, 0, 1, 0]]
    assert np.isnan(said.usual).all()


def test_values_between_the_bound_and_recovery_are_between() -> None:
    given = panel([1, 2, 3, 4, 5])
    level = np.ones_like(given.value)
    said = judged_within(given, enough(given, None), 2 * level, nowhere(given), recover_low=4 * level)
    assert verdicts(said) == [BREACH, BETWEEN, BETWEEN, RECOVERED, RECOVERED]
    said = judged_within(given, enough(given, None), nowhere(given), 4 * level, recover_high=2 * level)
    assert verdicts(said) == [RECOVERED, RECOVERED, BETWEEN, BETWEEN, BREACH]


def test_another_value_can_be_held_against_the_bounds() -> None:
    given = panel([1, 1])
    level = np.ones_like(given.value)
    said = judged_within(given, enough(given, None), level, nowhere(given), value=np.array([[0.5, 2.0]]))
    assert verdicts(said) == [BREACH, RECOVERED]
    assert said.beyond.tolist() == [[0.5, 0]]


def test_columns_in_front_are_inconclusive() -> None:
    given = panel([1, 3])
    level = np.full_like(given.value, 2.0)
    said = judged_within(given, enough(given, None), level, nowhere(given), usual=level)
    wide = said.after(2)
    assert verdicts(wide) == [INCONCLUSIVE, INCONCLUSIVE, BREACH, RECOVERED]
    assert wide.beyond.tolist() == [[0, 0, 1, 0]]
    assert np.array_equal(wide.low, [[np.nan, np.nan, 2, 2]], equal_nan=True)
    assert np.isnan(wide.high).all()
    assert said.after(0) is said
