from dataclasses import dataclass, field
from datetime import date

import pytest

from engine.desk.rehearsals import Worth
from pages.parts.rules import score


@dataclass
class Found:
    """What the sentences look at of a rehearsal."""

    firings: int = 0
    messages: int = 0
    days_firing: float = 0.0
    worth: Worth = field(default_factory=Worth)


USEFUL = Worth(judged=4, followed=3, chance=0.214, warning_days=11.0)


@pytest.mark.parametrize(
    ("now", "saved", "text"),
    [
        (
            Found(4, 9, worth=USEFUL),
            Found(7, 14),
            "It would have fired 4 times in 12 months, 9 messages; 3 of 4 followed by churn above usual "
            "(21\u00a0% would be by chance), median warning 11 days. The saved rule: 7 times, 14 messages.",
        ),
        (Found(1, 1), None, "It would have fired once in 12 months, 1 message."),
        (Found(), Found(2, 3), "It would not have fired in 12 months. The saved rule: twice, 3 messages."),
        (
            Found(2, 4, worth=Worth(2, 0, None, None)),
            None,
            "It would have fired twice in 12 months, 4 messages; 0 of 2 followed by churn above usual.",
        ),
        (
            Found(1, 2, worth=Worth(1, 1, 0.0, 1.0)),
            None,
            "It would have fired once in 12 months, 2 messages; 1 of 1 followed by churn above usual "
            "(0\u00a0% would be by chance), median warning 1 day.",
        ),
    ],
)
def test_a_rehearsal_is_a_sentence(now: Found, saved: Found | None, text: str) -> None:
    assert score.sentence(now, saved, "12 months") == text  # type: ignore[arg-type]


def test_a_change_is_a_line() -> None:
    said = score.moved(Found(4, 9, 21.4), Found(7, 1200, 40.0))  # type: ignore[arg-type]
    assert said == "7 → 4 firings, 1,200 → 9 messages, 40 → 21 days firing"


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (date(2026, 1, 2), "1 day"),
        (date(2026, 1, 15), "14 days"),
        (date(2026, 2, 12), "6 weeks"),
        (date(2026, 4, 2), "3 months"),
        (date(2026, 12, 30), "12 months"),
    ],
)
def test_how_far_back_is_said_in_the_unit_that_fits(end: date, text: str) -> None:
    assert score.span(date(2026, 1, 1), end) == text
