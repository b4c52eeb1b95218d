from datetime import date, datetime, timedelta

import polars as pl
import pytest

from metrics.movers import moves, unusual, usual_range

WEEKS = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(8)]
SCHEMA = {
    "metric": pl.String,
    "period_start": pl.Date,
    "dimension": pl.String,
    "segment": pl.String,
    "value": pl.Float64,
    "denominator": pl.Float64,
    "complete": pl.Boolean,
    "as_of": pl.Datetime,
}


def rows(
    metric: str, segment: str, values: list[float | None], sizes: list[float] | None = None
) -> pl.DataFrame:
    """One metric's weeks; the last one is still running."""
    dimension = "all" if segment == "all" else "plan"
    found = [
        (
            metric,
            WEEKS[k],
            dimension,
            segment,
            value,
            sizes[k] if sizes else None,
            k < len(values) - 1,
            datetime(2026, 3, 1),
        )
        for k, value in enumerate(values)
    ]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def test_the_last_complete_change_is_taken_and_the_running_period_left_out() -> None:
    whole = rows("mrr", "all", [100, 110, 150, 5])
    (move,) = moves(whole, rows("mrr", "pro", []), {"mrr": True})
    assert (move.before, move.now, move.period_start) == (110, 150, WEEKS[2])


def test_moves_are_ordered_by_how_unusual_they_are() -> None:
    calm = rows("mrr", "all", [100, 110, 100, 110, 100, 110, 0])
    wild = rows("signups", "all", [100, 101, 100, 101, 100, 105, 0])
    found = moves(pl.concat([calm, wild]), rows("mrr", "pro", []), {"mrr": True, "signups": True}, most=1)
    assert [move.metric for move in found] == ["signups"]


def test_parts_of_an_amount_are_its_segments_own_changes() -> None:
    whole = rows("mrr", "all", [0, 100, 160, 0])
    parts = pl.concat([rows("mrr", "pro", [0, 60, 110, 0]), rows("mrr", "basic", [0, 40, 50, 0])])
    (move,) = moves(whole, parts, {"mrr": True})
    assert [(share.segment, share.part) for share in move.because] == [("pro", 50), ("basic", 10)]


def test_parts_of_a_rate_add_up_to_its_change_even_when_the_mix_shifts() -> None:
    whole = rows("activation_rate", "all", [None, 0.5, 0.35, None])
    parts = pl.concat(
        [
            rows("activation_rate", "pro", [None, 0.6, 0.5, None], [0, 50, 20, 0]),
            rows("activation_rate", "basic", [None, 0.4, 0.3125, None], [0, 50, 80, 0]),
        ]
    )
    (move,) = moves(whole, parts, {"activation_rate": False})
    assert sum(share.part for share in move.because) == pytest.approx(-0.15)


def test_a_segment_that_went_the_other_way_explains_nothing() -> None:
    whole = rows("mrr", "all", [0, 100, 90, 0])
    parts = pl.concat([rows("mrr", "pro", [0, 60, 70, 0]), rows("mrr", "basic", [0, 40, 20, 0])])
    (move,) = moves(whole, parts, {"mrr": True})
    assert [share.segment for share in move.because] == ["basic"]


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [None, 2.0, 3.0], [1.0, 1.0, 2.0]])
def test_without_two_complete_values_that_differ_there_is_no_move(values: list[float | None]) -> None:
    assert moves(rows("mrr", "all", values), rows("mrr", "pro", []), {"mrr": True}) == []


def test_a_short_history_is_measured_against_its_start() -> None:
    assert unusual([100, 150]) == 0.5
    assert unusual([0, 150]) == 0.0


def test_the_usual_range_leaves_out_the_lowest_and_the_highest_same_weekday() -> None:
    weekly = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(6)]
    values = [1.0, 9.0, 4.0, 5.0, 6.0, 100.0]
    daily = pl.DataFrame({"period_start": weekly, "value": values, "complete": [True] * 6})
    found = usual_range(daily)
    assert found.row(5)[-3:] == (4.0, 5.0, 6.0)
    assert found.row(3)[-3:] == (None, None, None)
