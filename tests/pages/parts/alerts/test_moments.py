"""Until when: spans and instants on the company's clock, as naive UTC."""

from datetime import datetime

import pytest
import streamlit as st

from pages.parts.alerts import moments
from pages.parts.sources import standing


@pytest.fixture(autouse=True)
def in_berlin(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("HOLDFAST_HOME", str(tmp_path))
    monkeypatch.setenv("HOLDFAST_TIMEZONE", "Europe/Berlin")
    monkeypatch.setattr(standing, "now", lambda: datetime(2026, 11, 20, 23, 30))  # a Saturday there
    st.cache_resource.clear()


def test_the_present_is_that_of_the_company() -> None:
    assert moments.here() == datetime(2026, 11, 21, 0, 30)


def test_what_the_clock_there_shows_is_an_instant() -> None:
    assert moments.instant(datetime(2026, 11, 21, 9)) == datetime(2026, 11, 21, 8)
    assert moments.instant(datetime(2026, 7, 1, 9)) == datetime(2026, 7, 1, 7)


@pytest.mark.parametrize(
    ("reach", "told"),
    [
        ("4h", "for four hours (Sat 21\u00a0Nov, 04:30)"),
        ("tomorrow", "until tomorrow morning (Sun 22\u00a0Nov, 09:00)"),
        ("monday", "until Monday morning (Mon 23\u00a0Nov, 09:00)"),
        ("own", "until another instant …"),
    ],
)
def test_a_choice_says_when_it_ends(reach: str, told: str) -> None:
    assert moments.told(reach) == told
