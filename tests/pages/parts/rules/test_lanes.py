from datetime import date, datetime, timedelta

import polars as pl

from engine.desk.rehearsals import Rehearsed, Worth
from engine.desk.rules import Rule
from pages.parts.rules import lanes

ENDS = (date(2026, 1, 1), date(2026, 12, 31))
SCHEMA = {"segment": pl.String, "state": pl.String, "entered_at": pl.Datetime, "left_at": pl.Datetime}


def rehearsed(firings: dict[str, int], segments: tuple[str, ...]) -> Rehearsed:
    rule = Rule(name="r", metric="mrr", params={"below": 1.0})
    at = datetime(2026, 2, 1)
    rows = [
        (name, "firing", at + timedelta(days=10 * place), at + timedelta(days=10 * place + 3))
        for name, count in firings.items()
        for place in range(count)
    ]
    spans = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return Rehearsed(rule, pl.DataFrame(), spans, len(rows), 0.0, 0, Worth(), 0, segments)


def test_the_segments_that_fire_most_come_first_and_all_are_there() -> None:
    found = rehearsed({"b": 1, "c": 3}, ("a", "b", "c"))
    assert lanes.by_segment(found).rows() == [("c", 3), ("b", 1), ("a", 0)]


def test_a_firing_lies_where_it_was_in_the_time_that_is_shown() -> None:
    first, last = (datetime(2026, 1, 1), datetime(2026, 12, 31))
    assert lanes.share(first, ENDS) == 0
    assert lanes.share(last + timedelta(days=40), ENDS) == 100
    assert 49 < lanes.share(first + (last - first) / 2, ENDS) < 51
    assert "left:0.00%;width:100.00%" in lanes.strip([(first - timedelta(days=9), None)], "hf-now", ENDS)


def test_firings_that_lie_too_close_to_be_told_apart_are_one_part_of_the_lane() -> None:
    at = datetime(2026, 3, 1)
    days = [(at + timedelta(days=2 * place), at + timedelta(days=2 * place + 1)) for place in range(5)]
    strip = lanes.strip([*days, (datetime(2026, 9, 1), datetime(2026, 9, 9))], "hf-now", ENDS)
    assert strip.count("<i ") == 2
    assert "(5 times)" in strip
