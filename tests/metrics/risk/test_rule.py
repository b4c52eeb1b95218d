"""The transparent rule."""

from datetime import date

import polars as pl

from metrics.risk.rule import bands, score, with_points

DAY = date(2024, 3, 4)


def points(since: float, days: float, trend: float, usage_from: date | None = date(2024, 1, 1)) -> list[str]:
    row = {"day": DAY, "days_since_active": since, "active_28": days, "days_trend": trend}
    return bands(score(with_points(pl.DataFrame([row]), usage_from))).tolist()


def test_points_are_for_how_long_ago_how_seldom_and_how_much_less() -> None:
    assert points(1, 20, 0.0) == ["low"]
    assert points(10, 3, -0.5) == ["medium"]
    assert points(60, 0, -2.0) == ["high"]


def test_where_no_usage_is_told_nobody_is_blamed_for_having_none() -> None:
    assert points(91, 0, 0.0, None) == ["low"]
    assert points(91, 0, 0.0, DAY) == ["low"]
