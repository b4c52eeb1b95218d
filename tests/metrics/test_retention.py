"""Engagement and retention: hand-worked examples of every definition."""

from pathlib import Path

import polars as pl
import pytest

from data.settings import Settings
from tests.metrics.facts import Facts, Figures


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    facts = Facts(Settings(home=tmp_path_factory.mktemp("retention"), segments=("plan",)))
    facts.account("a", "2024-01-01T08:00:00", plan="pro")
    facts.account("b", "2024-01-03T08:00:00", plan="free")
    facts.account("c", "2024-01-30T00:00:00", plan="free")
    for day in ("2024-01-01T09:00:00", "2024-01-01T10:00:00", "2024-01-07T23:59:59", "2024-01-08T00:00:00"):
        facts.event("a", day)
    facts.event("a", "2024-02-05T00:00:00")  # 28 days after the last: it had just left the window
    facts.event("b", "2024-01-03T07:59:59")  # before the account
    facts.event("b", "2024-02-10T12:00:00")
    facts.event("b", "2024-02-14T12:00:01")  # after as_of
    return facts.figures("2024-02-14T12:00:00")


def test_active_accounts_are_distinct_in_each_period(figures: Figures) -> None:
    assert figures.value("active_accounts", "day", "2024-01-01") == 1
    assert figures.value("active_accounts", "day", "2024-01-03") == 0
    assert figures.value("active_accounts", "week", "2024-01-01") == 1
    assert figures.value("active_accounts", "week", "2024-01-08") == 1
    assert figures.value("active_accounts", "month", "2024-01-01") == 1
    assert figures.value("active_accounts", "month", "2024-02-01") == 2
    assert figures.value("active_accounts", "month", "2024-02-01", dimension="plan", segment="pro") == 1


def test_stickiness_looks_back_28_days_from_the_end_of_the_period(figures: Figures) -> None:
    row = figures.row("stickiness", "day", "2024-01-08")
    assert (row["numerator"], row["denominator"]) == (3 / 28, 1)
    assert figures.row("stickiness", "day", "2024-02-04")["numerator"] == 1 / 28
    assert figures.row("stickiness", "day", "2024-02-04")["denominator"] == 1
    assert figures.row("stickiness", "day", "2024-02-05")["numerator"] == 1 / 28
    running = figures.row("stickiness", "month", "2024-02-01")
    assert (running["numerator"], running["denominator"], running["complete"]) == (2 / 28, 2, False)
    assert running["value"] == pytest.approx(1 / 28)


def test_stickiness_is_null_where_nobody_was_active(tmp_path: Path) -> None:
    facts = Facts(Settings(home=tmp_path, segments=()))
    facts.account("a", "2024-01-01T00:00:00").event("a", "2024-01-02T00:00:00")
    figures = facts.figures("2024-01-31T00:00:00")
    assert figures.value("stickiness", "day", "2024-01-01") is None
    assert figures.row("stickiness", "day", "2024-01-29")["denominator"] == 1
    assert figures.row("stickiness", "day", "2024-01-30")["denominator"] == 0
    assert figures.value("stickiness", "day", "2024-01-30") is None


def test_every_cohort_has_a_row_up_to_the_period_of_as_of(figures: Figures) -> None:
    triangle = figures.table("cohorts").filter(pl.col("grain") == "month", pl.col("dimension") == "all")
    rows = triangle.select("cohort_start", "period_index", "size", "retained", "complete").rows()
    assert [(str(start), *others) for start, *others in rows] == [
        ("2024-01-01", 0, 3, 1, True),
        ("2024-01-01", 1, 3, 2, False),
    ]
    weeks = figures.table("cohorts").filter(pl.col("grain") == "week", pl.col("segment") == "all")
    assert weeks["cohort_start"].unique().len() == 2
    first = weeks.filter(pl.col("cohort_start") == pl.date(2024, 1, 1))
    assert first["retained"].to_list() == [1, 1, 0, 0, 0, 2, 0]
    assert first["complete"].to_list() == [True] * 6 + [False]


def test_only_the_named_events_are_engagement(tmp_path: Path) -> None:
    facts = Facts(Settings(home=tmp_path, segments=(), engagement={"events": ("work", "never_seen")}))
    facts.account("a", "2024-01-01T00:00:00")
    facts.event("a", "2024-01-01T00:00:00", "work").event("a", "2024-01-02T00:00:00", "login")
    assert facts.figures("2024-01-03T00:00:00").values("active_accounts", "day") == {
        "2024-01-01": 1, "2024-01-02": 0, "2024-01-03": 0,
    }  # fmt: skip


def test_weeks_begin_where_the_settings_say(tmp_path: Path) -> None:
    facts = Facts(Settings(home=tmp_path, segments=(), week_start="sunday"))
    facts.account("a", "2024-01-06T00:00:00")
    facts.event("a", "2024-01-06T00:00:00").event("a", "2024-01-07T00:00:00")
    facts.change("a", "2024-01-06T00:00:00", "10").change("a", "2024-01-07T00:00:00", "20")
    figures = facts.figures("2024-01-08T00:00:00")
    assert figures.values("active_accounts", "week") == {"2023-12-31": 1, "2024-01-07": 1}
    assert figures.value("net_revenue_retention", "week", "2024-01-07") == 2
    assert figures.value("net_revenue_retention", "week", "2023-12-31") is None
