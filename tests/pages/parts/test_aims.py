"""Targets in words: met, short, over, never by colour alone."""

from datetime import date

import pytest

from pages.parts import aims, sparks
from pages.parts.numbers import Figure, Row, metrics

START = date(2026, 11, 9)


def figure(metric: str, value: float | None) -> Figure:
    row = Row(START, value, None, None, None, None, True)
    return Figure(metrics()[metric], "week", (row, row), row, row, None)


@pytest.mark.parametrize(
    ("metric", "value", "goal", "said"),
    [
        ("activation_rate", 0.379, 0.40, "target 40.0 %, 2.1 pp short"),
        ("activation_rate", 0.40, 0.40, "target 40.0 %, met"),
        ("logo_churn_rate", 0.03, 0.02, "target 2.00 %, 1 pp over"),
        ("logo_churn_rate", 0.01, 0.02, "target 2.00 %, met"),
        ("mrr", 1_000.0, 2_500.0, "target $2.50k, $1.50k short"),
        ("time_to_first_value_p50", 9.0, 5.0, "target 5.0 h, 4.0 h over"),
        ("activation_rate", None, 0.40, "target 40.0 %, not known yet"),
    ],
)
def test_a_target_says_how_far_it_is(metric: str, value: float | None, goal: float, said: str) -> None:
    assert aims.told(figure(metric, value), goal, "USD").replace("\u00a0", " ") == said


def test_a_missed_target_has_a_mark_and_words_besides_its_colour() -> None:
    text = aims.line(figure("activation_rate", 0.3), 0.4, "USD", may_aim=False)
    assert "✗" in text
    assert "short" in text
    assert "<button" not in text


def test_only_who_may_is_offered_to_set_one() -> None:
    assert "data-open" in aims.line(figure("mrr", 1.0), None, "USD", may_aim=True)
    assert "data-open" not in aims.line(figure("mrr", 1.0), None, "USD", may_aim=False)


def test_a_target_far_above_all_values_is_still_within_the_sparkline() -> None:
    rows = [Row(START, value, None, None, None, None, True) for value in (0.3, 0.35)]
    assert sparks.scale_of(rows, 0.9).high == 0.9
    assert "hf-aim" in sparks.spark(rows, 0.9)
    assert "hf-aim" not in sparks.spark(rows)
