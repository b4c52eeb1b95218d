"""A rate that differs from its own past by more than chance."""

from statistics import NormalDist

import numpy as np
import pytest

from data.errors import BadInput
from engine.alerts import noise
from engine.alerts.kinds import kind
from engine.alerts.panel import BREACH, INCONCLUSIVE, RECOVERED, Panel
from tests.engine.alerts.made import marked, panel, rate, verdicts

RATE = kind("rate")
SHIPPED = RATE.read({})


def last(given: Panel, **told: object) -> int:
    return verdicts(RATE.judge(RATE.read(told), given))[-1]


def test_twenty_sign_ups_never_raise_a_false_alarm() -> None:
    assert last(rate([*[(8, 20)] * 8, (0, 20)])) == INCONCLUSIVE
    random = np.random.default_rng(5)
    for least in (1, 20):
        hits = random.binomial(20, 0.4, (300, 60))
        given = rate(*[[(int(hit), 20) for hit in row] for row in hits])
        said = RATE.judge(RATE.read({"minimum_n": least}), given).verdict[:, 8:]
        assert (said == BREACH).mean() < 0.01  # at 99 % confidence


def test_a_rate_of_many_that_falls_clearly_breaches() -> None:
    assert last(rate([*[(120, 300)] * 8, (75, 300)])) == BREACH
    assert last(rate([*[(120, 300)] * 8, (165, 300)])) == BREACH
    assert last(rate([*[(120, 300)] * 8, (165, 300)]), direction="down") == RECOVERED


@pytest.mark.parametrize("hits", range(0, 300, 6))
def test_it_breaches_exactly_where_newcombes_interval_leaves_out_0_and_the_effect_is_large(hits: int) -> None:
    z = NormalDist().inv_cdf(0.975)
    share, tries, past, past_tries = (np.array([[each]]) for each in (hits / 300, 300, 0.4, 2400))
    below, above = noise.newcombe(share, tries, past, past_tries, z)
    difference = hits / 300 - 0.4
    leaves_out = difference + below[0, 0] < 0 or difference - above[0, 0] > 0
    expected = BREACH if leaves_out and abs(difference) > 0.05 + 1e-9 else RECOVERED
    assert last(rate([*[(120, 300)] * 8, (hits, 300)]), confidence=0.95) == expected


def test_an_effect_up_to_the_least_does_not_breach_however_many_there_are() -> None:
    many = [(400_000, 1_000_000)] * 8
    assert last(rate([*many, (350_000, 1_000_000)])) == RECOVERED
    assert last(rate([*many, (349_000, 1_000_000)])) == BREACH
    assert last(rate([*many, (350_000, 1_000_000)]), minimum_effect=0.01) == BREACH


def test_what_is_usual_is_the_pooled_past_of_the_window() -> None:
    given = rate([(0, 1000), (10, 100), (90, 100), (30, 60)])
    said = RATE.judge(RATE.read({"window": 2}), given)
    assert said.usual[0, -1] == pytest.approx(0.5)


def test_a_rate_that_always_varied_by_more_than_chance_takes_more_to_breach() -> None:
    steady = [(120, 300)] * 8
    restless = [(60, 300), (180, 300)] * 4
    assert last(rate([*steady, (75, 300)])) == BREACH
    assert last(rate([*restless, (75, 300)])) == RECOVERED


def test_days_take_more_to_breach_than_weeks_because_there_are_so_many() -> None:
    given = [*[(40, 100)] * 28, (26, 100)]
    assert last(rate(given, grain="week")) == BREACH
    assert last(rate(given, grain="day")) == RECOVERED
    assert last(rate(given, grain="day"), confidence=0.95) == BREACH


def test_too_few_now_or_before_are_inconclusive() -> None:
    assert last(rate([*[(120, 300)] * 8, (0, 29)])) == INCONCLUSIVE
    assert last(rate([*[(120, 300)] * 8, (0, 30)])) == BREACH
    assert last(rate([(4, 10), (6, 19), (0, 300)])) == INCONCLUSIVE
    assert last(rate([(4, 10), (6, 20), (0, 300)])) == BREACH


def test_what_is_no_rate_is_inconclusive() -> None:
    assert verdicts(RATE.judge(SHIPPED, panel([40.0] * 9, grain="week", unit="count"))) == [INCONCLUSIVE] * 9
    hours = panel([20.0] * 9, grain="week", unit="hours", numerator=[[90.0] * 9], denominator=[[100.0] * 9])
    assert verdicts(RATE.judge(SHIPPED, hours)) == [INCONCLUSIVE] * 9


def test_periods_of_a_late_source_are_left_out_of_the_past() -> None:
    given = marked(rate([(120, 300), (0, 9_000), (120, 300), (75, 300)]), stale=[(0, 1)])
    said = RATE.judge(SHIPPED, given)
    assert (said.usual[0, -1], verdicts(said)[-1]) == (0.4, BREACH)


def test_a_confidence_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match=r"confidence = 95 is not allowed"):
        RATE.read({"confidence": 95})


def test_it_says_what_it_watches() -> None:
    said = RATE.says(RATE.read({"direction": "down"}), lambda value: f"{value:.0%}")
    assert said == "falls below its own past by more than 5% and by more than chance explains"
