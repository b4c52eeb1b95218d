from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.calendar import GRAINS, Calendar, Grain

AWKWARD_ZONES = [
    "UTC",
    "Europe/Warsaw",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Cairo",
]


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("UTC", date(2024, 3, 31), datetime(2024, 3, 31)),
        ("Europe/Warsaw", date(2024, 4, 1), datetime(2024, 3, 31, 22)),
        ("America/Sao_Paulo", date(2018, 11, 4), datetime(2018, 11, 4, 3)),  # the clock jumps over midnight
        ("America/Havana", date(2024, 11, 3), datetime(2024, 11, 3, 4)),  # midnight happens twice: the first
    ],
)
def test_day_begins_at_its_first_local_instant(zone: str, day: date, expected: datetime) -> None:
    assert Calendar(ZoneInfo(zone)).midnight(day) == expected


def test_day_with_a_clock_change_has_23_or_25_hours() -> None:
    calendar = Calendar(ZoneInfo("Europe/Warsaw"))
    lengths = {}
    for day in (date(2024, 3, 31), date(2024, 10, 27), date(2024, 6, 1)):
        period = calendar.period(day, "day")
        lengths[day] = period.end_at - period.start_at
    assert list(lengths.values()) == [timedelta(hours=23), timedelta(hours=25), timedelta(hours=24)]


def test_weeks_begin_on_the_configured_day() -> None:
    thursday = date(2024, 2, 29)
    assert Calendar(ZoneInfo("UTC")).start_of(thursday, "week") == date(2024, 2, 26)
    assert Calendar(ZoneInfo("UTC"), week_start=6).start_of(thursday, "week") == date(2024, 2, 25)


def test_period_is_complete_at_its_end_and_not_before() -> None:
    period = Calendar(ZoneInfo("UTC")).period(date(2024, 2, 1), "month")
    assert period.is_complete(datetime(2024, 3, 1))
    assert not period.is_complete(datetime(2024, 2, 29, 23, 59, 59, 999999))


@given(
    zone=st.sampled_from(AWKWARD_ZONES),
    first=st.dates(date(1999, 1, 1), date(2035, 1, 1)),
    days=st.integers(0, 120),
    grain=st.sampled_from(GRAINS),
)
def test_periods_follow_each_other_without_gap_or_overlap(
    zone: str, first: date, days: int, grain: Grain
) -> None:
    periods = list(Calendar(ZoneInfo(zone)).periods(first, first + timedelta(days=days), grain))
    assert periods[0].start <= first < periods[0].end
    assert periods[-1].start <= first + timedelta(days=days) < periods[-1].end
    for before, after in pairwise(periods):
        assert (before.end, before.end_at) == (after.start, after.start_at)


@given(zone=st.sampled_from(AWKWARD_ZONES), instant=st.datetimes(datetime(1999, 1, 1), datetime(2035, 1, 1)))
def test_an_instant_lies_in_the_period_of_its_local_date(zone: str, instant: datetime) -> None:
    calendar = Calendar(ZoneInfo(zone))
    period = calendar.period(calendar.local_date(instant), "day")
    assert period.start_at <= instant < period.end_at
