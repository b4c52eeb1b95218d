from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.delivery.quiet import QuietHours

NIGHT = QuietHours("Europe/Warsaw", time(22), time(7))


def utc(zone: str, *local: int, fold: int = 0) -> datetime:
    return datetime(*local, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC).replace(tzinfo=None)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("local", "over"),
    [
        ((2026, 1, 15, 21, 59), None),
        ((2026, 1, 15, 22, 0), (2026, 1, 16, 7, 0)),
        ((2026, 1, 15, 23, 30), (2026, 1, 16, 7, 0)),
        ((2026, 1, 16, 0, 0), (2026, 1, 16, 7, 0)),
        ((2026, 1, 16, 6, 59), (2026, 1, 16, 7, 0)),
        ((2026, 1, 16, 7, 0), None),
        ((2026, 3, 28, 23, 0), (2026, 3, 29, 7, 0)),  # the night is an hour shorter
        ((2026, 10, 24, 23, 0), (2026, 10, 25, 7, 0)),  # and an hour longer
    ],
)
def test_quiet_hours_over_midnight_end_on_the_wall_clock(
    local: tuple[int, ...], over: tuple[int, ...] | None
) -> None:
    expected = utc("Europe/Warsaw", *over) if over else None
    assert NIGHT.over_at(utc("Europe/Warsaw", *local)) == expected


def test_an_end_that_the_clock_jumps_over_is_the_jump() -> None:
    quiet = QuietHours("Europe/Warsaw", time(22), time(2, 30))  # on 29 March 2026 02:00 is 03:00
    assert quiet.over_at(utc("Europe/Warsaw", 2026, 3, 28, 23)) == datetime(2026, 3, 29, 1)


def test_an_end_that_the_clock_shows_twice_is_the_first_of_them() -> None:
    quiet = QuietHours("Europe/Warsaw", time(22), time(2, 30))  # on 25 October 2026 03:00 is 02:00
    assert quiet.over_at(utc("Europe/Warsaw", 2026, 10, 24, 23)) == datetime(2026, 10, 25, 0, 30)


def test_a_channel_without_an_end_or_with_both_alike_has_no_quiet_hours() -> None:
    assert QuietHours.of("UTC", None, "07:00") is None
    assert QuietHours.of("UTC", "07:00", "07:00") is None


@given(
    st.sampled_from(["Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)),
    st.times(),
    st.times(),
)
def test_what_is_put_off_comes_at_the_first_minute_that_is_not_quiet(
    zone: str, instant: datetime, start: time, end: time
) -> None:
    start, end = (clock.replace(second=0, microsecond=0) for clock in (start, end))
    quiet = QuietHours(zone, start, end)
    over = quiet.over_at(instant)
    if start == end:
        return
    if over is None:
        assert not quiet.holds(instant)
        return
    assert instant < over < instant + timedelta(hours=26)
    assert not quiet.holds(over)
    assert quiet.holds(over - timedelta(minutes=1)) or over - timedelta(minutes=1) < instant
