from datetime import datetime, timedelta

import pytest

from engine.lateness import LEAST, MOST, Rhythm, is_late, late_after

NOON = datetime(2026, 11, 23, 12)
MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)


def rhythm(pause: timedelta, known_for: timedelta = WEEK) -> Rhythm:
    return Rhythm(NOON - known_for, NOON, pause)


@pytest.mark.parametrize(
    ("pause", "after"),
    [
        (MINUTE, LEAST),
        (5 * MINUTE, LEAST),
        (20 * MINUTE, timedelta(hours=1)),
        (timedelta(hours=14), timedelta(hours=42)),
        (timedelta(hours=60), MOST),
    ],
)
def test_a_source_is_late_after_three_of_its_longest_pauses(pause: timedelta, after: timedelta) -> None:
    assert late_after(None, True, rhythm(pause)) == after


def test_a_source_that_is_known_for_less_than_a_day_is_given_a_week() -> None:
    assert late_after(None, True, rhythm(MINUTE, timedelta(hours=23))) == MOST
    assert late_after(None, True, None) == MOST


def test_files_and_the_demo_are_never_late_of_themselves() -> None:
    assert late_after(None, False, rhythm(MINUTE)) is None


def test_what_the_settings_say_goes_before_everything() -> None:
    assert late_after(30, False, None) == 30 * MINUTE
    assert late_after(30, True, rhythm(timedelta(hours=14))) == 30 * MINUTE
    assert late_after(0, True, rhythm(MINUTE)) is None


@pytest.mark.parametrize(
    ("silent", "after", "late"),
    [(LEAST, LEAST, False), (LEAST + MINUTE, LEAST, True), (WEEK, None, False)],
)
def test_silence_beyond_the_limit_is_late(silent: timedelta, after: timedelta | None, late: bool) -> None:
    assert is_late(NOON - silent, after, NOON) is late


def test_a_source_that_never_brought_anything_is_not_late() -> None:
    assert not is_late(None, LEAST, NOON)
