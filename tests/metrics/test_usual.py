from datetime import date, timedelta

import numpy as np

from metrics.usual import ranges, standing

WEEKS = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(40)]


def test_with_too_few_figures_nothing_is_usual() -> None:
    assert ranges([1.0, 2.0, 1.0, 2.0, 1.0]) == [None] * 5


def test_a_fall_is_outside_since_its_first_period_and_does_not_become_usual_at_once() -> None:
    values = [0.40, 0.42, 0.41, 0.39, 0.41, 0.40, 0.42, 0.40, 0.41, 0.39, 0.40, 0.30, 0.29, 0.31]
    found = standing(WEEKS, values, ranges(values))
    assert (found.side, found.since) == ("below", WEEKS[11])


def test_a_fall_that_stays_becomes_the_new_usual() -> None:
    values = [0.40, 0.42, 0.41, 0.39, 0.41, 0.40, 0.42, 0.40] + [0.30, 0.29, 0.31] * 4
    assert standing(WEEKS, values, ranges(values)).side is None


def test_steady_growth_is_usual_and_its_end_is_not() -> None:
    grows = [100.0 + 10 * at + (at * 7) % 3 for at in range(20)]
    assert standing(WEEKS, grows, ranges(grows)).side is None
    stops = [*grows, grows[-1], grows[-1], grows[-1]]
    assert standing(WEEKS, stops, ranges(stops)).side == "below"


def test_days_are_compared_with_their_own_weekday() -> None:
    week = [100.0, 104.0, 99.0, 102.0, 101.0, 20.0, 22.0]
    days = [date(2026, 1, 5) + timedelta(days=day) for day in range(84)]
    values = [week[at % 7] + at // 7 % 3 for at in range(84)]
    assert standing(days, values, ranges(values, step=7)).side is None
    assert standing(days, [*values[:-1], 100.0], ranges([*values[:-1], 100.0], step=7)).side == "above"


def test_a_range_is_no_narrower_than_counting_alone_allows() -> None:
    values = [0.5] * 12 + [0.4]
    assert standing(WEEKS, values, ranges(values, [0.06] * 13)).side is None
    assert standing(WEEKS, values, ranges(values, [0.01] * 13)).side == "below"


def test_gaps_are_passed_over() -> None:
    values = [1.0, None, 1.1, 0.9, 1.0, None, 1.1, 1.0, 0.9, 1.0, None]
    assert standing(WEEKS, values, ranges(values)).side is None
    assert standing(WEEKS, [*values[:-1], 9.0], ranges([*values[:-1], 9.0])).side == "above"


def test_of_figures_without_news_few_lie_outside_whether_they_stand_or_wander() -> None:
    dice = np.random.default_rng(5)
    for wander in (False, True):
        outside = total = 0
        for _ in range(40):
            noise = dice.normal(0, 1, 40)
            values = (np.cumsum(noise) if wander else noise).tolist()
            judged = [(one, made) for one, made in zip(values, ranges(values), strict=True) if made]
            outside += sum(made.side(one) is not None for one, made in judged)
            total += len(judged)
        assert outside / total < 0.05
