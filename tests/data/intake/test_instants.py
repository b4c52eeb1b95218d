"""Which times are read, and how a client's clock is set right."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.intake.instants import corrected, iso, read_instant, read_leniently
from data.intake.reading import BadField

NOON = datetime(2026, 3, 1, 12)


@pytest.mark.parametrize(
    ("told", "instant"),
    [
        ("2026-03-01T12:00:00Z", NOON),
        ("2026-03-01T12:00:00.000000000Z", NOON),
        ("2026-03-01T14:00:00+02:00", NOON),
        ("2026-03-01 14:00:00 +0200", NOON),
        ("2026-03-01 12:00:00 UTC", NOON),
        ("2026-03-01T12:00:00", NOON),
        (" 2026-03-01T12:00:00Z ", NOON),
        ("2026-03-01", datetime(2026, 3, 1)),
        (1772366400, NOON),
        (1772366400.0, NOON),
        (1772366400000, NOON),
        ("1772366400", NOON),
        ("1772366400000", NOON),
        (1772366400000000, NOON),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1)),
        ("2200-12-31T23:59:59Z", datetime(2200, 12, 31, 23, 59, 59)),
    ],
)
def test_time_is_read_in_every_form(told: object, instant: datetime) -> None:
    assert read_instant("timestamp", told) == instant


@pytest.mark.parametrize(
    "told",
    [
        "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+05:00", "1969-12-31T23:59:59Z", "1970-01-01T00:30:00+01:00", "2201-01-01",
        "+275760-09-13T00:00:00.000Z", -1, -1e300,
    ],
)  # fmt: skip
def test_time_outside_the_years_of_the_store_is_refused(told: object) -> None:
    with pytest.raises(BadField, match="is outside the years 1970 to 2200"):
        read_instant("timestamp", told)


@pytest.mark.parametrize(
    "told",
    [
        "yesterday", "Mon Mar 02 2026 12:00:00 GMT+0100", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z",
        "2026-W09-7", "20260301T120000Z", "12345678901", True, [], {}, 0, 12345, 1e17,
        float("nan"), float("inf"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(told: object) -> None:
    with pytest.raises(BadField, match="is not a time such as 2024-05-31T13:45:00Z"):
        read_instant("timestamp", told)
    assert read_leniently(told) is None


@pytest.mark.parametrize(
    ("at", "sent", "expected"),
    [
        (timedelta(0), None, timedelta(0)),
        (timedelta(seconds=-5), timedelta(seconds=-3), timedelta(seconds=-5)),  # the way of the request
        (timedelta(hours=-3), timedelta(hours=-2), timedelta(hours=-1)),  # a slow clock
        (timedelta(hours=5), timedelta(hours=6), timedelta(hours=-1)),  # a fast clock
        (timedelta(days=-20500), timedelta(days=-20500), timedelta(0)),  # a clock that stands at 1970
        (timedelta(days=-40), timedelta(hours=-2), timedelta(days=-40)),  # history, sent late
        (timedelta(days=-3), timedelta(0), timedelta(days=-3)),  # kept offline for days
    ],
)
def test_clock_is_set_right(at: timedelta, sent: timedelta | None, expected: timedelta) -> None:
    shown = None if sent is None else NOON + sent
    assert corrected(NOON + at, shown, NOON) == NOON + expected


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)),
    st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)),
)
def test_written_times_sort_as_they_are_and_read_back(one: datetime, other: datetime) -> None:
    assert (iso(one) < iso(other)) == (one < other)
    assert read_instant("", iso(one)) == one
