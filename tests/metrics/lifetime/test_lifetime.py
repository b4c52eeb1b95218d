"""Lifetime value of whole companies, through a refresh: tiny and odd ones too."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from data.settings import Settings
from tests.metrics.facts import Facts, Figures

AS_OF = "2024-12-15T12:00:00"


def first_of(month: int) -> str:
    """The first of a month, counted from January 2022."""
    return f"{2022 + month // 12}-{month % 12 + 1:02}-05T00:00:00"


def company(folder: Path, lives: list[tuple[int, int | None, str]], **settings: Any) -> Figures:
    """Accounts that began in a month, left some months later or never, and pay so much."""
    facts = Facts(Settings(home=folder / "home", segments=("plan",), **settings))
    for number, (begun, stayed, mrr) in enumerate(lives):
        facts.account(f"a{number}", first_of(begun), plan="pro" if number % 2 else "basic")
        facts.change(f"a{number}", first_of(begun), mrr)
        if stayed is not None:
            facts.change(f"a{number}", first_of(begun + stayed), mrr, "canceled")
    return facts.figures(AS_OF)


def latest(figures: Figures, months: int = 36, segment: str = "all") -> dict[str, Any]:
    rows = figures.table("lifetime").filter(pl.col("horizon_months") == months, pl.col("segment") == segment)
    return rows.sort("period_start").row(-1, named=True)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """Ten begin each month for 35 months at 100; each leaves with 5 % a month."""
    random = np.random.default_rng(4)
    lives = [
        (month, stayed if month + stayed <= 34 else None, "100")
        for month in range(35)
        for stayed in random.geometric(0.05, 10).tolist()
    ]
    return company(tmp_path_factory.mktemp("steady"), lives)


def test_a_constant_churn_gives_the_sum_of_its_geometric_series(steady: Figures) -> None:
    for months in (12, 36):
        found = latest(steady, months)
        ahead = np.arange(1, months + 1)
        truth = float((100 * 0.95**ahead / 1.1 ** (ahead / 12)).sum())
        assert found["lower"] < truth < found["upper"], found
        assert found["value"] == pytest.approx(truth, rel=0.12)


def test_the_metric_is_the_table_at_36_months(steady: Figures) -> None:
    row = steady.row("lifetime_value", "month", "2024-11-01")
    table = steady.table("lifetime").filter(
        pl.col("period_start") == date(2024, 11, 1),
        pl.col("segment") == "all",
        pl.col("horizon_months") == 36,
    )
    assert (row["value"], row["lower"], row["upper"]) == table.select("value", "lower", "upper").row(0)
    assert row["numerator"] == pytest.approx(row["value"] * row["denominator"])
    assert row["complete"]
    assert not steady.row("lifetime_value", "month", "2024-12-01")["complete"]


def test_months_too_early_to_say_are_null_and_say_why(steady: Figures) -> None:
    row = steady.row("lifetime_value", "month", "2022-03-01")
    assert row["value"] is None
    reasons = steady.table("lifetime").filter(pl.col("value").is_null())["reason"].to_list()
    assert all(reasons)
    assert any(reason.startswith("Too short a history") for reason in reasons)


def test_forecasts_of_the_past_are_held_against_what_came(steady: Figures) -> None:
    rows = steady.table("lifetime_backtest").filter(pl.col("segment") == "all")
    assert set(rows["horizon_months"]) == {3, 6, 12}
    assert rows["is_covered"].mean() >= 0.7
    # A forecast is what was known then: the one of a month does not change with what came after it.
    forecast = rows.filter(pl.col("horizon_months") == 12).sort("period_start").row(-1, named=True)
    assert forecast["period_start"] == date(2023, 11, 1)


def test_cohorts_go_on_from_where_they_are_seen_and_never_rise(steady: Figures) -> None:
    rows = steady.table("projection").filter(pl.col("segment") == "all").sort("cohort_start", "months")
    for _, cohort in rows.group_by("cohort_start"):
        one = cohort.sort("months")
        assert one["months"].to_list() == list(range(len(one)))
        assert (one["share"].diff().drop_nulls() <= 1e-9).all()
        ahead = one.filter("is_projected")
        assert (ahead["lower"] <= ahead["share"]).all()
        assert (ahead["share"] <= ahead["upper"]).all()


def test_less_churn_means_more_mrr(steady: Figures) -> None:
    rows = steady.table("mrr_projection").filter(pl.col("segment") == "all", pl.col("months") == 12)
    assert rows.sort("churn_change")["mrr"].is_sorted(descending=True)
    start = steady.table("mrr_projection").filter(pl.col("months") == 0, pl.col("segment") == "all")
    assert set(start["mrr"]) == {steady.value("mrr", "month", "2024-11-01")}


@pytest.mark.parametrize(
    ("lives", "reason"),
    [
        ([], "Nobody has paid"),
        ([(3, None, "50")], "Too few have left: 0"),
        ([(month, None, "50") for month in range(34)], "Too few have left: 0"),
        ([(month, 1, "50") for month in range(30)], "Nobody paid"),
        ([(34, None, "50")], "Too short a history"),
        ([(34 - n % 3, None, "1e9") for n in range(9)], "Too short a history"),
    ],
    ids=["nobody", "one account", "no churn", "all left", "began last month", "new and large"],
)
def test_companies_too_small_to_say_get_a_reason_and_no_number(
    tmp_path: Path, lives: list[tuple[int, int | None, str]], reason: str
) -> None:
    figures = company(tmp_path, lives) if lives else Facts(Settings(home=tmp_path)).account(
        "a", "2024-01-01T00:00:00"
    ).figures(AS_OF)  # fmt: skip
    found = latest(figures)
    assert found["value"] is None
    assert found["reason"].startswith(reason)
    assert figures.table("metrics").filter(pl.col("metric") == "lifetime_value")["value"].is_finite().all()


def test_yearly_plans_leave_at_their_renewal(tmp_path: Path) -> None:
    """Forty begin each January and renew or leave at the year's end: half of them do."""
    facts = Facts(Settings(home=tmp_path / "home", segments=()))
    for year in (2019, 2020, 2021, 2022, 2023):
        for number in range(40):
            account = f"y{year}-{number}"
            facts.account(account, f"{year}-06-05T00:00:00")
            facts.change(account, f"{year}-06-05T00:00:00", "100", renews_at=f"{year + 1}-06-05T00:00:00")
            if number % 2:
                facts.change(account, f"{year + 1}-06-10T00:00:00", "100", "canceled")
    figures = facts.figures("2024-03-15T00:00:00")
    survival = figures.table("survival").sort("months")
    assert (survival["survival"][11], survival["survival"][13]) == pytest.approx((1.0, 0.5), abs=0.06)
    # Of the forty of 2023 half will be gone after June: nine months of all, three of half of them.
    young = latest(figures, 12)
    assert young["value"] is not None
    assert young["lower"] > 600
    assert young["upper"] < 1200


def test_a_made_up_margin_is_not_assumed(tmp_path: Path, steady: Figures) -> None:
    assert latest(steady)["gross_margin"] == 1.0
