"""A bound that a metric must not cross."""

import pytest

from data.errors import BadInput
from engine.alerts.kinds import kind
from engine.alerts.panel import BETWEEN, BREACH, INCONCLUSIVE, RECOVERED
from tests.engine.alerts.made import marked, panel, rate, verdicts

LIMIT = kind("limit")


def test_a_figure_below_the_bound_breaches_and_one_at_it_does_not() -> None:
    said = LIMIT.judge(LIMIT.read({"below": 0.35}), rate([(34, 100), (35, 100), (36, 100)]))
    assert verdicts(said) == [BREACH, RECOVERED, RECOVERED]
    assert said.low.tolist() == [[0.35] * 3]
    assert said.beyond[0, 0] == pytest.approx(0.01)


def test_a_figure_above_the_bound_breaches_and_one_at_it_does_not() -> None:
    said = LIMIT.judge(LIMIT.read({"above": 10}), panel([9, 10, 11]))
    assert verdicts(said) == [RECOVERED, RECOVERED, BREACH]
    assert said.high.tolist() == [[10.0] * 3]


def test_a_figure_recovers_at_or_beyond_the_bound_of_its_own() -> None:
    said = LIMIT.judge(LIMIT.read({"below": 0.35, "recover": 0.40}), rate([(34, 100), (39, 100), (40, 100)]))
    assert verdicts(said) == [BREACH, BETWEEN, RECOVERED]
    said = LIMIT.judge(LIMIT.read({"above": 10, "recover": 8}), panel([11, 9, 8]))
    assert verdicts(said) == [BREACH, BETWEEN, RECOVERED]


def test_too_few_no_value_and_a_late_source_are_inconclusive() -> None:
    given = marked(rate([(1, 29), (1, 30), (0, 0), (1, 90), (1, 90)]), stale=[(0, 3)], unknown=[(0, 4)])
    said = LIMIT.judge(LIMIT.read({"below": 0.5, "minimum_n": 30}), given)
    assert verdicts(said) == [INCONCLUSIVE, BREACH, INCONCLUSIVE, INCONCLUSIVE, INCONCLUSIVE]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({}, "give either 'below' or 'above'"),
        ({"below": 1, "above": 2}, "give either 'below' or 'above'"),
        ({"below": 0.4, "recover": 0.3}, "recover = 0.3 must not lie under below = 0.4"),
        ({"above": 3, "recover": 4}, "recover = 4.0 must not lie over above = 3.0"),
    ],
)
def test_bounds_that_contradict_each_other_are_refused(told: dict[str, float], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        LIMIT.read(told)
