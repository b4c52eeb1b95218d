"""The timeline: one line an alert, what fires now first."""

from datetime import datetime, timedelta

from engine.desk.alerts import Span
from pages.parts.alerts import pictures, timeline

NOON = datetime(2026, 11, 23, 12)
DAY = timedelta(days=1)


def span(number: int, status: str, began: int, ended: int | None) -> Span:
    left = None if ended is None else NOON - ended * DAY
    return Span(number, 1, "rule", f"s{number}", status, NOON - began * DAY, left, 0.1, "breached")


def test_what_fires_now_comes_first_and_then_what_moved_last() -> None:
    spans = [
        span(1, "firing", 80, 70),
        span(2, "firing", 60, None),
        span(3, "pending", 2, None),
        span(1, "pending", 5, 4),
    ]
    assert timeline.ordered(spans) == [2, 3, 1]


def test_an_alert_that_fires_since_long_ago_stands_above_one_that_pends_since_today() -> None:
    assert timeline.ordered([span(1, "pending", 0, None), span(2, "firing", 500, None)]) == [2, 1]


def test_the_picture_spans_the_days_asked_for_whichever_of_it_is_filled() -> None:
    drawn = pictures.within(pictures.TIMELINE, NOON - 90 * DAY, NOON, rows=3)
    low, high = drawn["encoding"]["x"]["scale"]["domain"]
    assert high - low == 90 * 86_400_000
    assert drawn["height"] > pictures.TIMELINE["height"]
    assert "domain" not in pictures.TIMELINE["encoding"]["x"]["scale"]
