"""A slow move: the newest days together against the weeks before them."""

import numpy as np
import pytest

from engine.alerts.kinds import kind
from engine.alerts.panel import BETWEEN, BREACH, INCONCLUSIVE, RECOVERED, Panel
from tests.engine.alerts.made import marked, panel, rate, verdicts

DRIFT = kind("drift")
SHIPPED = DRIFT.read({})
RHYTHM = np.array([1100, 1150, 1100, 1050, 1000, 300, 250], dtype=float)


def days(weeks: int, factor: float = 1.0) -> list[float]:
    return [float(each) for each in np.round(np.tile(RHYTHM, weeks) * factor)]


def last(given: Panel, **told: object) -> int:
    return verdicts(DRIFT.judge(DRIFT.read(told), given))[-1]


def test_a_week_is_held_against_the_four_before_it() -> None:
    said = DRIFT.judge(SHIPPED, panel([*days(4), *days(1, 1.3)], unit="count"))
    assert said.usual[0, -1] == pytest.approx(RHYTHM.mean())
    assert verdicts(said)[-1] == BREACH
    assert said.beyond[0, -1] == pytest.approx(1.3 * RHYTHM.mean() - said.high[0, -1], rel=1e-3)


def test_the_weekly_rhythm_is_no_drift() -> None:
    assert set(verdicts(DRIFT.judge(SHIPPED, panel(days(12), unit="count")))[34:]) == {RECOVERED}


def test_a_move_up_to_the_share_does_not_breach() -> None:
    for at, beyond in ((110.0, 110.1), (90.0, 89.9)):
        assert last(panel([*[100.0] * 28, *[at] * 7], unit="money"), by=0.1) == BETWEEN
        assert last(panel([*[100.0] * 28, *[beyond] * 7], unit="money"), by=0.1) == BREACH


def test_it_resolves_once_it_is_well_within_what_would_fire() -> None:
    assert last(panel([*[100.0] * 28, *[108.0] * 7], unit="money"), by=0.1) == BETWEEN
    assert last(panel([*[100.0] * 28, *[105.0] * 7], unit="money"), by=0.1) == RECOVERED
    assert last(panel([*[100.0] * 28, *[108.0] * 7], unit="money"), by=0.1, recover=1) == RECOVERED


def test_a_slow_fall_that_no_day_shows_is_found() -> None:
    fall = np.concatenate([np.ones(28), 0.985 ** np.arange(28)])
    noisy = np.random.default_rng(3).poisson(np.tile(RHYTHM, 8) * fall).astype(float)
    said = verdicts(DRIFT.judge(SHIPPED, panel(list(noisy), unit="count")))
    assert BREACH not in said[:28]
    assert BREACH in said[28:]


def test_the_noise_of_few_is_no_drift() -> None:
    few = np.random.default_rng(3).poisson(2.0, (200, 70)).astype(float)
    said = DRIFT.judge(SHIPPED, panel(*few, unit="count")).verdict[:, 34:]
    assert (said == BREACH).mean() < 0.002
    told = DRIFT.read({"z": 0})
    assert (DRIFT.judge(told, panel(*few, unit="count")).verdict[:, 34:] == BREACH).mean() > 0.2


def test_rates_are_pooled() -> None:
    large_and_small = [*[(400, 1000), (9, 10)] * 14, *[(200, 1000), (9, 10)] * 3, (200, 1000)]
    said = DRIFT.judge(SHIPPED, rate(large_and_small, grain="day"))
    assert said.usual[0, -1] == pytest.approx((14 * 409) / (14 * 1010))
    assert verdicts(said)[-1] == BREACH


def test_a_rate_of_few_is_not_taken_at_its_word() -> None:
    assert last(rate([*[(8, 20)] * 28, *[(6, 20)] * 7], grain="day")) != BREACH
    assert last(rate([*[(800, 2000)] * 28, *[(600, 2000)] * 7], grain="day")) == BREACH


def test_a_ratio_of_money_is_pooled_and_judged_by_the_noise_it_shows() -> None:
    held = panel(
        [*[0.9] * 6, 0.7], grain="month", unit="ratio",
        numerator=[[*[900.0] * 6, 700.0]], denominator=[[1000.0] * 7],
    )  # fmt: skip
    assert last(held) == BREACH


def test_hours_are_averaged_although_they_have_a_numerator() -> None:
    hours = panel(
        [*[20.0] * 8, 30.0, 30.0], grain="week", unit="hours",
        numerator=[[30.0] * 10], denominator=[[40.0] * 10],
    )  # fmt: skip
    said = DRIFT.judge(SHIPPED, hours)
    assert (said.usual[0, -1], verdicts(said)[-1]) == (20.0, BREACH)


def test_a_missing_sunday_does_not_look_like_growth() -> None:
    given = marked(panel(days(6), unit="count"), stale=[(0, 33), (0, 34)])
    said = DRIFT.judge(SHIPPED, given)
    assert verdicts(said)[35] == RECOVERED
    assert said.usual[0, 35] == pytest.approx(np.delete(RHYTHM, [5, 6]).mean())


def test_an_outage_in_the_weeks_before_does_not_look_like_growth_later() -> None:
    given = days(12)
    given[30:33] = [0.0] * 3
    said = verdicts(DRIFT.judge(SHIPPED, panel(given, unit="count")))
    assert BREACH in said[30:40]  # the outage itself moves the mean of its week
    assert BREACH not in said[40:]


def test_it_takes_two_thirds_of_either_span_to_judge() -> None:
    given = panel(days(6), unit="count")
    said = verdicts(DRIFT.judge(SHIPPED, given))
    assert said[:25] == [INCONCLUSIVE] * 25
    assert INCONCLUSIVE not in said[25:]
    gaps = marked(given, stale=[(0, day) for day in (36, 37, 38)])
    assert verdicts(DRIFT.judge(SHIPPED, gaps))[41] == INCONCLUSIVE


def test_weeks_and_months_have_spans_of_their_own() -> None:
    weeks = panel([*[100.0] * 8, 130.0, 130.0], grain="week", unit="money")
    months = panel([*[100.0] * 6, 130.0], grain="month", unit="money")
    assert (last(weeks), last(months)) == (BREACH, BREACH)


def test_only_the_direction_asked_for_counts() -> None:
    given = panel([*[100.0] * 28, *[130.0] * 7], unit="money")
    assert (last(given, direction="down"), last(given, direction="up")) == (RECOVERED, BREACH)


def test_it_says_what_it_watches() -> None:
    assert DRIFT.says(SHIPPED, str) == "drifts by more than 15 % from what it was in the weeks before"
