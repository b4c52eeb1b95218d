from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.speech.figures import THIN
from engine import wording
from pages.parts import words


@given(
    st.one_of(st.none(), st.floats(-1e13, 1e13), st.integers(-(10**7), 10**7).map(float), st.floats(-2, 2)),
    st.sampled_from(["rate", "count", "money", "hours", "ratio"]),
    st.sampled_from(["USD", "PLN", "CHF"]),
)
def test_messages_write_figures_as_pages_do(number: float | None, unit: str, currency: str) -> None:
    assert wording.value(number, unit, currency) == words.value(number, unit, currency)


@pytest.mark.parametrize(
    ("number", "unit", "written"),
    [
        (0.421, "rate", "42.1 %"),
        (1_240_000, "money", "$1.24M"),
        (3.2, "hours", "3.2 h"),
        (1204, "count", "1,204"),
        (-0.5, "ratio", "−0.50"),
        (None, "rate", "—"),
        (float("nan"), "count", "—"),
    ],
)
def test_figures_are_written_in_their_unit(number: float | None, unit: str, written: str) -> None:
    assert wording.value(number, unit).replace(THIN, " ") == written


def test_instants_are_told_on_the_clocks_of_the_zone() -> None:
    assert wording.moment(datetime(2026, 7, 1, 22, 30), "Europe/Warsaw") == "2 Jul 2026, 00:30"


def test_periods_and_spans_are_told_in_words() -> None:
    day = date(2026, 11, 9)
    assert wording.period(day, "day") == "on Mon 9 Nov 2026"
    assert wording.period(day, "week") == "in the week of 9 Nov 2026"
    assert wording.period(day.replace(day=1), "month") == "in Nov 2026"
    spans = [timedelta(minutes=4), timedelta(hours=3), timedelta(days=12)]
    assert [wording.span(one).replace(THIN, " ") for one in spans] == ["4 min", "3 h", "12 d"]
