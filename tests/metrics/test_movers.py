from datetime import date, datetime, timedelta

import polars as pl
import pytest

from metrics.movers import moves, unusual, usual_range

WEEKS = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(12)]
SCHEMA = {
    "metric": pl.String,
    "period_start": pl.Date,
    "dimension": pl.String,
    "segment": pl.String,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "complete": pl.Boolean,
    "as_of": pl.Datetime,
}


def rows(metric: str, segment: str, values: list[float | None]) -> pl.DataFrame:
    """One metric's weeks; the last one is still running."""
    dimension = "all" if segment == "all" else "plan"
    found = [
        (
            metric,
            WEEKS[k],
            dimension,
            segment,
            value,
            None,
            None,
            None,
            None,
            k < len(values) - 1,
            datetime(2026, 3, 1),
        )
        for k, value in enumerate(values)
    ]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def test_the_last_complete_change_is_taken_and_the_running_period_left_out() -> None:
    whole = rows("mrr", "all", [100, 110, 150, 5])
    (move,) = moves(whole, rows("mrr", "pro", []), {"mrr": "money"})
    assert (move.before, move.now, move.period_start, move.against) == (110, 150, WEEKS[2], WEEKS[1])


def test_moves_are_ordered_by_how_unusual_they_are() -> None:
    calm = rows("mrr", "all", [100, 110, 101, 110, 100, 112, 100, 110, 100, 110, 0])
    wild = rows("signups", "all", [100, 101, 100, 102, 100, 101, 100, 101, 100, 105, 0])
    units = {"mrr": "money", "signups": "count"}
    found = moves(pl.concat([calm, wild]), rows("mrr", "pro", []), units)
    assert [(move.metric, move.is_unusual) for move in found] == [("signups", True), ("mrr", False)]


def test_each_move_is_explained_by_the_segments_of_its_own_periods() -> None:
    whole = rows("mrr", "all", [0, 100, 160, 0])
    parts = pl.concat([rows("mrr", "pro", [0, 60, 110, 0]), rows("mrr", "basic", [0, 40, 50, 0])])
    (move,) = moves(whole, parts, {"mrr": "money"})
    split = move.cause.telling
    assert split is not None
    assert [(part.segment, part.whole) for part in split.foremost(2)] == [("pro", 50), ("basic", 10)]


def test_a_segment_that_went_the_other_way_explains_nothing() -> None:
    whole = rows("mrr", "all", [0, 100, 90, 0])
    parts = pl.concat([rows("mrr", "pro", [0, 60, 70, 0]), rows("mrr", "basic", [0, 40, 20, 0])])
    (move,) = moves(whole, parts, {"mrr": "money"})
    split = move.cause.telling
    assert split is not None
    assert [part.segment for part in split.foremost(2)] == ["basic"]


def test_any_earlier_period_can_be_compared_with() -> None:
    whole = rows("mrr", "all", [70, 100, 90, 0])
    (move,) = moves(whole, rows("mrr", "pro", []), {"mrr": "money"}, base=lambda _: WEEKS[0])
    assert (move.before, move.now) == (70, 90)
    assert moves(whole, rows("mrr", "pro", []), {"mrr": "money"}, base=lambda _: WEEKS[2]) == []


def test_what_was_known_then_is_compared_with_in_its_place() -> None:
    whole = rows("mrr", "all", [70, 100, 90, 0])
    then = whole.filter(pl.col("period_start") == WEEKS[1]).with_columns(value=pl.lit(95.0))
    (move,) = moves(whole, rows("mrr", "pro", []), {"mrr": "money"}, then=then)
    assert (move.before, move.now) == (95, 90)
    assert moves(whole, rows("mrr", "pro", []), {"mrr": "money"}, then=then.clear()) == []


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [None, 2.0, 3.0], [1.0, 1.0, 2.0]])
def test_without_two_complete_values_that_differ_there_is_no_move(values: list[float | None]) -> None:
    assert moves(rows("mrr", "all", values), rows("mrr", "pro", []), {"mrr": "money"}) == []


def test_a_change_that_comes_every_time_is_usual_and_a_halt_is_not() -> None:
    grows: list[float | None] = [100, 110, 121, 130, 141, 150, 160, 171, 180]
    assert (unusual(grows, 1, 10) or 0) < 1
    assert (unusual(grows, 1, -5) or 0) > 3
    assert unusual([100, 150, 170], 1, 20) is None


def test_the_usual_range_leaves_out_the_lowest_and_the_highest_same_weekday() -> None:
    weekly = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(6)]
    values = [1.0, 9.0, 4.0, 5.0, 6.0, 100.0]
    daily = pl.DataFrame({"period_start": weekly, "value": values, "complete": [True] * 6})
    found = usual_range(daily)
    assert found.row(5)[-3:] == (4.0, 5.0, 6.0)
    assert found.row(3)[-3:] == (None, None, None)
