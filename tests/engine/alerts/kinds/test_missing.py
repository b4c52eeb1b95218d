"""Figures that did not come."""

from engine.alerts.kinds import kind
from engine.alerts.panel import BREACH, INCONCLUSIVE, RECOVERED, Panel
from tests.engine.alerts.made import marked, panel, rate, verdicts

MISSING = kind("missing")
SHIPPED = MISSING.read({})


def judged(given: Panel, **told: object) -> list[int]:
    return verdicts(MISSING.judge(MISSING.read(told), given))


def test_a_count_at_0_is_missing() -> None:
    assert judged(panel([5, 6, 0, 7], unit="count")) == [RECOVERED, RECOVERED, BREACH, RECOVERED]


def test_a_figure_without_a_value_is_missing() -> None:
    assert judged(rate([(4, 9), (0, 0), (0, 9)])) == [RECOVERED, BREACH, RECOVERED]
    assert judged(panel([3.5, None, 0.0], unit="money")) == [RECOVERED, BREACH, RECOVERED]


def test_it_is_judged_although_a_source_is_late() -> None:
    given = marked(panel([50, 0, 60], unit="count"), stale=[(0, 1), (0, 2)])
    assert judged(given) == [RECOVERED, BREACH, RECOVERED]


def test_what_was_never_recorded_is_inconclusive() -> None:
    assert judged(marked(panel([50, 50], unit="count"), unknown=[(0, 1)])) == [RECOVERED, INCONCLUSIVE]


def test_a_day_without_any_is_no_news_where_that_is_usual() -> None:
    few = [2, 1, 0, 3, 2, 1, 2] * 4
    assert judged(panel([*few, 0, 0], unit="count"))[-2:] == [INCONCLUSIVE, INCONCLUSIVE]


def test_a_long_silence_is_news_where_few_come() -> None:
    few = [2, 1, 0, 3, 2, 1, 2] * 4
    said = judged(panel([*few, *[0] * 7, 1], unit="count"))[28:]
    assert said[0] == INCONCLUSIVE
    assert said[6:] == [BREACH, RECOVERED]


def test_silence_is_known_by_its_weekday() -> None:
    workdays = [40, 40, 40, 40, 40, 0, 0]
    said = judged(panel(workdays * 6, unit="count"))
    assert said[35:] == [RECOVERED] * 5 + [INCONCLUSIVE] * 2
    assert judged(panel([*workdays * 5, 0], unit="count"))[-1] == BREACH


def test_a_rate_of_nobody_is_no_news_where_few_come() -> None:
    few = [(1, 2), (0, 0), (1, 1), (2, 3)] * 4
    assert judged(rate([*few, (0, 0)]))[-1] == INCONCLUSIVE
    assert judged(rate([*[(9, 20)] * 16, (0, 0)]))[-1] == BREACH


def test_a_quantile_that_is_rarely_reached_is_not_missing() -> None:
    hours = panel([None] * 12, grain="week", unit="hours", numerator=[[20.0] * 12], denominator=[[50.0] * 12])
    assert judged(hours)[-1] == INCONCLUSIVE


def test_a_figure_under_the_least_is_missing_and_one_at_it_is_not() -> None:
    given = panel([4, 5, 6, None, 0], unit="count")
    assert judged(given, at_least=5) == [BREACH, RECOVERED, RECOVERED, BREACH, BREACH]
    said = MISSING.judge(MISSING.read({"at_least": 5}), given)
    assert said.low.tolist() == [[5.0] * 5]
    assert said.beyond.tolist() == [[1, 0, 0, 5, 5]]


def test_a_figure_of_too_few_is_inconclusive_unless_it_is_missing() -> None:
    assert judged(rate([(4, 29), (4, 30), (0, 0)]), minimum_n=30) == [INCONCLUSIVE, RECOVERED, BREACH]


def test_it_tells_how_much_usually_comes() -> None:
    said = MISSING.judge(SHIPPED, panel([*[40, 42, 41, 39, 43, 8, 6] * 3, 0], unit="count"))
    assert said.usual[0, -1] == 40


def test_it_says_what_it_watches() -> None:
    assert MISSING.says(SHIPPED, str) == "has no value or counts 0"
    told = MISSING.read({"at_least": 5})
    assert MISSING.says(told, lambda value: f"{value:g}") == "has no value or is under 5"
