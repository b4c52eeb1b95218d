"""What the tests of two groups come to, in whole sentences."""

from datetime import date

import pytest

from metrics.explore.compare import Contrast
from metrics.explore.question import Question
from pages.parts import speech
from pages.parts.cohorts import difference
from pages.parts.cohorts.asking import Asked
from pages.parts.segment import Segment

ASKED = Asked(Question(), Segment(), 0, "USD")


def cell(adjusted: float) -> Contrast:
    return Contrast(date(2026, 1, 1), 1, (60.0, 100.0), (20.0, 100.0), 0.2, 0.5, adjusted / 2, adjusted)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "<b>&lt;a&gt;</b> is above <b>b</b> in 1 and below in 0 of 2 cells, more than chance would make",
        ),
        ("pl", "Komórki, w których <b>&lt;a&gt;</b> jest ponad <b>b</b>: 1, poniżej: 0, z 2 komórek"),
    ],
    ids=["en", "pl"],
)
def test_real_differences_are_counted_and_names_are_escaped(language: str, sentence: str) -> None:
    with speech.speaking(language):
        assert sentence in difference.said([cell(0.001), cell(0.9)], "<a>", "b", ASKED)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "No difference that chance would not make as well. 1 cell tested"), ("pl", "1 komórkę")],
    ids=["en", "pl"],
)
def test_no_difference_is_said_with_what_was_tested(language: str, sentence: str) -> None:
    with speech.speaking(language):
        assert sentence in difference.said([cell(0.9)], "a", "b", ASKED)
