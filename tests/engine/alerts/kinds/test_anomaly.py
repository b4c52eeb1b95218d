"""A figure that is unlike the same weekday of the weeks before."""

import numpy as np
import pytest

from engine.alerts.kinds import kind
from engine.alerts.panel import BREACH, INCONCLUSIVE, RECOVERED, Panel
from tests.engine.alerts.made import marked, panel, rate, verdicts

ANOMALY = kind("anomaly")
SHIPPED = ANOMALY.read({})
RHYTHM = np.array([100, 110, 105, 100, 95, 30, 35], dtype=float)


def weeks(many: int, noise: float = 0.0, seed: int = 1) -> list[float]:
    """Days of a steady business that rests at the weekend."""
    days = np.tile(RHYTHM, many)
    drawn = np.random.default_rng(seed).normal(0, 1, len(days)) * np.sqrt(days) * noise
    return [float(each) for each in np.round(days + drawn)]


def last(given: Panel, **told: object) -> int:
    return verdicts(ANOMALY.judge(ANOMALY.read(told), given))[-1]


def test_a_weekend_is_no_anomaly_and_its_numbers_on_a_workday_are() -> None:
    assert RECOVERED in verdicts(ANOMALY.judge(SHIPPED, panel(weeks(12), unit="count")))
    assert BREACH not in verdicts(ANOMALY.judge(SHIPPED, panel(weeks(12), unit="count")))
    assert last(panel([*weeks(8), 30], unit="count")) == BREACH


def test_what_is_usual_is_the_median_of_the_same_weekday() -> None:
    given = [*weeks(8, noise=1), 100.0]
    said = ANOMALY.judge(SHIPPED, panel(given, unit="count"))
    assert said.usual[0, -1] == np.median(given[:56:7])


def test_a_count_is_never_taken_to_be_steadier_than_chance() -> None:
    constant = [100.0] * 56
    assert last(panel([*constant, 130], unit="count")) == RECOVERED  # 3 standard deviations of 10
    assert last(panel([*constant, 145], unit="count")) == BREACH
    assert last(panel([*constant, 70], unit="count")) == RECOVERED
    assert last(panel([*constant, 55], unit="count")) == BREACH


def test_a_count_that_is_usually_0_does_not_breach_at_the_first_few() -> None:
    nothing = [0.0] * 56
    assert last(panel([*nothing, 4], unit="count")) == RECOVERED
    assert last(panel([*nothing, 9], unit="count")) == BREACH


def test_a_rate_is_never_taken_to_be_steadier_than_chance() -> None:
    constant = [(8, 20)] * 56
    assert last(rate([*constant, (2, 20)], grain="day")) == RECOVERED
    assert last(rate([*constant, (200, 2000)], grain="day")) == BREACH  # of so many, the same share is news


def test_one_bad_week_leaves_the_bounds_nearly_where_they_were() -> None:
    clean = weeks(8, noise=1)
    dirty = [*clean[:28], *[5.0] * 7, *clean[35:]]
    bounds = [
        ANOMALY.judge(SHIPPED, panel([*days, 100.0], unit="count")).low[0, -1] for days in (clean, dirty)
    ]
    assert bounds[1] == pytest.approx(bounds[0], abs=15)


def test_a_level_that_stays_becomes_the_usual_within_the_weeks_looked_back_on() -> None:
    shifted = [*weeks(9, noise=1), *(2 * each for each in weeks(9, noise=1, seed=2))]
    said = verdicts(ANOMALY.judge(SHIPPED, panel(shifted, unit="count")))
    assert said[63] == BREACH
    assert set(said[63 + 56 :]) == {RECOVERED}


def test_a_return_from_a_spike_is_no_anomaly() -> None:
    spiked = weeks(12, noise=1)
    spiked[70] *= 4
    said = verdicts(ANOMALY.judge(SHIPPED, panel(spiked, unit="count")))
    assert said[70] == BREACH
    assert BREACH not in said[71:]


def test_an_amount_that_never_moved_takes_a_visible_move_to_breach() -> None:
    constant = [50_000.0] * 56
    assert last(panel([*constant, 50_500], unit="money")) == RECOVERED
    assert last(panel([*constant, 55_000], unit="money")) == BREACH
    assert last(panel([*[0.0] * 56, 300.0], unit="money")) == INCONCLUSIVE  # nothing tells how much is much


def test_losses_are_judged_like_gains() -> None:
    gains = panel([*weeks(8, noise=1), 30.0], unit="money")
    losses = panel([*(-each for each in weeks(8, noise=1)), -30.0], unit="money")
    of_gains, of_losses = ANOMALY.judge(SHIPPED, gains), ANOMALY.judge(SHIPPED, losses)
    assert np.allclose(of_losses.high, -of_gains.low, equal_nan=True)
    assert np.allclose(of_losses.low, -of_gains.high, equal_nan=True)


def test_too_few_of_the_same_weekday_are_inconclusive() -> None:
    days = weeks(8, noise=1)
    assert verdicts(ANOMALY.judge(SHIPPED, panel(days, unit="count")))[:28] == [INCONCLUSIVE] * 28
    assert INCONCLUSIVE not in verdicts(ANOMALY.judge(SHIPPED, panel(days, unit="count")))[28:]
    late = marked(panel([*days, 100.0], unit="count"), stale=[(0, day) for day in range(0, 35, 7)])
    assert last(late) == INCONCLUSIVE


def test_weeks_are_held_against_the_weeks_before() -> None:
    given = panel([100, 104, 97, 99, 103, 98, 101, 100, 160, 101], grain="week", unit="count")
    assert verdicts(ANOMALY.judge(SHIPPED, given))[4:] == [RECOVERED] * 4 + [BREACH, RECOVERED]


def test_a_distance_up_to_the_floor_never_breaches_and_one_side_can_be_left_out() -> None:
    constant = [100.0] * 56
    assert last(panel([*constant, 145], unit="count"), floor=50) == RECOVERED
    assert last(panel([*constant, 145], unit="count"), direction="down") == RECOVERED
    assert last(panel([*constant, 145], unit="count"), direction="up") == BREACH


@pytest.mark.parametrize("mean", [3, 30, 3000])
def test_chance_alone_breaches_about_as_rarely_as_promised(mean: float) -> None:
    days = np.random.default_rng(7).poisson(mean * np.tile(RHYTHM / 80, 12), (400, 84)).astype(float)
    said = ANOMALY.judge(SHIPPED, panel(*days, unit="count"))
    judged = said.verdict[:, 56:]
    assert (judged != INCONCLUSIVE).all()
    assert (judged == BREACH).mean() < 0.001  # 3.5 standard deviations: 0.0005


def test_it_says_what_it_watches() -> None:
    said = ANOMALY.says(ANOMALY.read({"direction": "down"}), lambda value: f"{value:g}")
    assert said == "is unusually low (more than 3.5 times its noise from the 8 weeks before)"
