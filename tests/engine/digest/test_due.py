"""When a weekly letter is due, on clocks that jump, through restarts and delays."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.digest.due import LATEST, Schedule, is_worth_waiting, moment, monday_of, next_moment, week_due

SET_UP = datetime(2026, 1, 1)
MONDAY_EIGHT = Schedule(0, 8, "Europe/Warsaw", SET_UP)
WEEK = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 7)  # eight o'clock in Warsaw


def test_it_is_due_at_its_hour_on_its_own_clock_and_not_a_minute_before() -> None:
    assert week_due(MONDAY_EIGHT, AT - timedelta(minutes=1)) is None
    assert week_due(MONDAY_EIGHT, AT) == WEEK


def test_a_week_that_was_sent_is_not_sent_again_whatever_its_day_becomes() -> None:
    sent = replace(MONDAY_EIGHT, sent_for=WEEK)
    assert week_due(sent, AT + timedelta(hours=1)) is None
    assert week_due(replace(sent, weekday=2), AT + timedelta(days=2, hours=1)) is None
    assert week_due(sent, AT + timedelta(weeks=1)) == WEEK + timedelta(weeks=1)


def test_after_a_pause_of_the_engine_it_is_sent_late_but_not_very_late() -> None:
    assert week_due(MONDAY_EIGHT, AT + LATEST - timedelta(minutes=1)) == WEEK
    assert week_due(MONDAY_EIGHT, AT + LATEST) is None


def test_a_letter_of_sunday_night_can_still_go_out_on_monday() -> None:
    sunday = replace(MONDAY_EIGHT, weekday=6, hour=23)
    assert week_due(sunday, datetime(2026, 11, 30, 3)) == WEEK


def test_what_was_due_before_it_was_set_up_is_not_sent() -> None:
    assert week_due(replace(MONDAY_EIGHT, since=AT + timedelta(minutes=1)), AT + timedelta(hours=1)) is None


def test_while_it_is_paused_nothing_is_due() -> None:
    assert week_due(replace(MONDAY_EIGHT, is_paused=True), AT) is None


@pytest.mark.parametrize(
    ("zone", "monday", "weekday", "hour", "expected"),
    [
        ("Europe/Warsaw", date(2026, 3, 23), 6, 2, datetime(2026, 3, 29, 1)),  # 2 o'clock is skipped
        ("Europe/Warsaw", date(2026, 10, 19), 6, 2, datetime(2026, 10, 25, 0)),  # 2 o'clock comes twice
        ("Asia/Kolkata", date(2026, 11, 23), 0, 8, datetime(2026, 11, 23, 2, 30)),
        ("Pacific/Auckland", date(2026, 11, 23), 0, 8, datetime(2026, 11, 22, 19)),
    ],
)
def test_the_hour_is_that_of_the_wall_clock(
    zone: str, monday: date, weekday: int, hour: int, expected: datetime
) -> None:
    assert moment(Schedule(weekday, hour, zone, SET_UP), monday) == expected


@given(
    some.sampled_from(["UTC", "Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]),
    some.integers(0, 6),
    some.integers(0, 23),
    some.lists(some.integers(1, 47), min_size=250, max_size=250),
)
def test_whoever_looks_at_any_times_sends_every_week_once(
    zone: str, weekday: int, hour: int, pauses: list[int]
) -> None:
    schedule = Schedule(weekday, hour, zone, datetime(2026, 2, 1))
    now, sent = datetime(2026, 2, 1), []
    for pause in pauses:
        now += timedelta(hours=pause)
        week = week_due(schedule, now)
        if week is not None:
            sent.append(week)
            schedule = replace(schedule, sent_for=week)
    assert len(sent) == len(set(sent))
    assert sent == [sent[0] + timedelta(weeks=at) for at in range(len(sent))]
    assert monday_of(schedule, now) - sent[-1] <= timedelta(weeks=1)


def test_it_waits_an_hour_for_numbers_of_its_own_day() -> None:
    assert is_worth_waiting(MONDAY_EIGHT, WEEK, AT - timedelta(minutes=5), AT + timedelta(minutes=1))
    assert not is_worth_waiting(MONDAY_EIGHT, WEEK, AT + timedelta(seconds=1), AT + timedelta(minutes=1))
    assert not is_worth_waiting(MONDAY_EIGHT, WEEK, AT - timedelta(days=3), AT + timedelta(hours=1))


def test_the_next_one_is_a_week_after_one_that_was_sent() -> None:
    assert next_moment(MONDAY_EIGHT, AT - timedelta(hours=1)) == AT
    sent = replace(MONDAY_EIGHT, sent_for=WEEK)
    assert next_moment(sent, AT + timedelta(minutes=1)) == AT + timedelta(weeks=1)
