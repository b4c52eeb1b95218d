"""A step from one period to the next, or from one weekday to the same a week later."""

import numpy as np
import pytest

from engine.alerts.kinds import kind
from engine.alerts.panel import BREACH, INCONCLUSIVE, RECOVERED
from tests.engine.alerts.made import marked, panel, rate, verdicts

CHANGE = kind("change")
WEEK = [100.0, 100, 100, 100, 100, 30, 20]


def test_a_day_is_held_against_the_same_weekday() -> None:
    said = CHANGE.judge(CHANGE.read({"by": 0.2}), panel([*WEEK, 79, 80, 120, 121, 100, 30, 20]))
    assert verdicts(said)[:7] == [INCONCLUSIVE] * 7
    assert verdicts(said)[7:] == [BREACH, RECOVERED, RECOVERED, BREACH, RECOVERED, RECOVERED, RECOVERED]
    assert said.usual[0, 7:].tolist() == WEEK


def test_a_day_can_be_held_against_the_day_before() -> None:
    said = CHANGE.judge(CHANGE.read({"by": 0.2, "against": "previous"}), panel([100, 79, 80, 100]))
    assert verdicts(said) == [INCONCLUSIVE, BREACH, RECOVERED, BREACH]


@pytest.mark.parametrize("grain", ["week", "month"])
def test_weeks_and_months_are_held_against_the_one_before(grain: str) -> None:
    given = panel([100, 79, 100], grain=grain)  # type: ignore[arg-type]
    assert verdicts(CHANGE.judge(CHANGE.read({"by": 0.2}), given)) == [INCONCLUSIVE, BREACH, BREACH]


def test_only_the_direction_asked_for_counts() -> None:
    given = panel([100, 50, 100], grain="week")
    down = CHANGE.judge(CHANGE.read({"by": 0.2, "direction": "down"}), given)
    up = CHANGE.judge(CHANGE.read({"by": 0.2, "direction": "up"}), given)
    assert (verdicts(down)[1:], verdicts(up)[1:]) == ([BREACH, RECOVERED], [RECOVERED, BREACH])
    assert np.isnan(down.high).all()


def test_a_move_up_to_the_floor_never_breaches() -> None:
    said = CHANGE.judge(CHANGE.read({"by": 0.2, "floor": 3}), panel([4, 7, 10, 14], grain="week"))
    assert verdicts(said)[1:] == [RECOVERED, RECOVERED, BREACH]


def test_the_floor_of_a_rate_is_in_points() -> None:
    given = rate([(10, 100), (15, 100), (21, 100)])
    said = CHANGE.judge(CHANGE.read({"by": 0.2, "floor": 0.05}), given)
    assert verdicts(said)[1:] == [RECOVERED, BREACH]


def test_losses_are_compared_by_their_size() -> None:
    given = panel([-100, -119, -150], grain="week", unit="money")
    said = CHANGE.judge(CHANGE.read({"by": 0.2, "direction": "down"}), given)
    assert verdicts(said)[1:] == [RECOVERED, BREACH]


def test_from_nothing_to_something_breaches_beyond_the_floor() -> None:
    given = panel([0, 0, 4], grain="week")
    assert verdicts(CHANGE.judge(CHANGE.read({}), given))[1:] == [RECOVERED, BREACH]
    assert verdicts(CHANGE.judge(CHANGE.read({"floor": 5}), given))[1:] == [RECOVERED, RECOVERED]


def test_what_does_not_count_is_not_compared_with() -> None:
    given = marked(panel([100, 50, 50, None, 50], grain="week"), stale=[(0, 1)])
    said = CHANGE.judge(CHANGE.read({}), given)
    assert verdicts(said) == [INCONCLUSIVE] * 5
    few = rate([(5, 10), (1, 40), (20, 40)])
    said = CHANGE.judge(CHANGE.read({"minimum_n": 30}), few)
    assert verdicts(said) == [INCONCLUSIVE, INCONCLUSIVE, BREACH]


def test_chance_alone_can_be_let_pass() -> None:
    few, many = panel([10, 16], grain="week", unit="count"), panel([1000, 1600], grain="week", unit="count")
    told = CHANGE.read({"by": 0.2, "chance": 3})
    assert verdicts(CHANGE.judge(told, few))[1] == RECOVERED
    assert verdicts(CHANGE.judge(told, many))[1] == BREACH
    few, many = rate([(8, 20), (4, 20)]), rate([(800, 2000), (400, 2000)])
    assert verdicts(CHANGE.judge(told, few))[1] == RECOVERED
    assert verdicts(CHANGE.judge(told, many))[1] == BREACH


def test_counts_differ_by_chance_up_to_so_many_roots_of_their_sum() -> None:
    said = CHANGE.judge(CHANGE.read({"by": 0.01, "chance": 3}), panel([100, 100], grain="week", unit="count"))
    for bound in (said.low[0, 1], said.high[0, 1]):
        assert abs(bound - 100) / np.sqrt(bound + 100) == pytest.approx(3)


def test_chance_leaves_amounts_alone() -> None:
    told, given = CHANGE.read({"by": 0.2, "chance": 3}), panel([10, 16], grain="week", unit="money")
    assert verdicts(CHANGE.judge(told, given))[1] == BREACH


def test_it_says_what_it_watches() -> None:
    told = CHANGE.read({"by": 0.2, "direction": "down", "floor": 5})
    said = CHANGE.says(told, lambda value: f"{value:g}")
    assert said == "falls by more than 20 % from the like period before, and by more than 5 in itself"
