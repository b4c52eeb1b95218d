"""Revenue: hand-worked examples of every definition."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from data.settings import Settings
from tests.metrics.facts import Facts, Figures

KINDS = ("new", "reactivation", "expansion", "contraction", "churned")


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    facts = Facts(Settings(home=tmp_path_factory.mktemp("revenue"), segments=("plan",)))
    facts.account("a", "2024-01-01T00:00:00", plan="pro")
    facts.change("a", "2024-01-05T10:00:00", "100").change("a", "2024-01-20T00:00:00", "150")
    facts.change("a", "2024-02-10T00:00:00", "150", "canceled")
    facts.change("a", "2024-02-20T00:00:00", "120")  # comes back within the month, for less
    facts.account("b", "2024-01-02T00:00:00", plan="free")
    facts.change("b", "2024-01-10T00:00:00", "40", "trialing", subscription="b1")
    facts.change("b", "2024-01-31T23:59:59", "40", "past_due", subscription="b1")
    facts.change("b", "2024-02-01T00:00:00", "10", subscription="b2")
    facts.change("b", "2024-02-15T00:00:00", "40", "paused", subscription="b1")
    facts.account("c", "2024-01-03T00:00:00", plan="free")
    facts.change("c", "2024-01-15T09:00:00", "70").change("c", "2024-01-15T17:00:00", "0")  # gone by evening
    facts.change("c", "2024-02-28T12:00:01", "70")  # after as_of
    facts.account("d", "2024-01-04T00:00:00", plan="free")
    facts.change("d", "2024-01-31T00:00:00", "30").change("d", "2024-02-03T00:00:00", "30", "canceled")
    facts.change("nobody", "2023-06-01T00:00:00", "999")  # its account never came
    return facts.figures("2024-02-28T12:00:00")


def moved(figures: Figures, grain: str, start: str, segment: str = "all") -> dict[str, Any]:
    rows = figures.table("movements").filter(
        pl.col("grain") == grain, pl.col("period_start").cast(str) == start, pl.col("segment") == segment
    )
    return rows.row(0, named=True)


def amounts(row: dict[str, Any]) -> list[int]:
    return [int(row[name]) for name in ("opening", *KINDS, "closing")]


def test_a_months_movements_are_the_sum_of_its_days(figures: Figures) -> None:
    assert amounts(moved(figures, "month", "2024-01-01")) == [0, 170, 0, 50, 0, 0, 220]
    assert amounts(moved(figures, "month", "2024-02-01")) == [220, 0, 120, 10, -40, -180, 130]
    assert amounts(moved(figures, "month", "2024-02-01", "free")) == [70, 0, 0, 10, -40, -30, 10]


def test_what_came_and_went_within_a_day_is_not_seen(figures: Figures) -> None:
    assert amounts(moved(figures, "day", "2024-01-15")) == [100, 0, 0, 0, 0, 0, 100]


def test_past_due_counts_and_trials_do_not(figures: Figures) -> None:
    assert figures.value("mrr", "day", "2024-01-30") == 150
    assert figures.value("mrr", "day", "2024-01-31") == 220
    assert figures.value("paying_accounts", "day", "2024-01-31") == 3


def test_rows_begin_with_the_first_change_of_a_known_account(figures: Figures) -> None:
    days = list(figures.values("mrr", "day"))
    assert (days[0], days[-1]) == ("2024-01-05", "2024-02-28")
    assert next(iter(figures.values("signups", "day"))) == "2024-01-01"


def test_retention_compares_the_end_of_a_period_with_the_day_before_it(figures: Figures) -> None:
    # a: 150 → 120, b: 40 → 10, d: 30 → 0. That a was away for ten days is not seen.
    net = figures.row("net_revenue_retention", "month", "2024-02-01")
    assert (net["numerator"], net["denominator"], net["complete"]) == (130, 220, False)
    assert figures.row("gross_revenue_retention", "month", "2024-02-01")["numerator"] == 130
    logos = figures.row("logo_churn_rate", "month", "2024-02-01")
    assert (logos["numerator"], logos["denominator"]) == (1, 3)
    assert logos["lower"] < logos["value"] < logos["upper"]
    # On 1 February b grew from 40 to 50: growth counts in the net figure only.
    assert figures.row("net_revenue_retention", "day", "2024-02-01")["numerator"] == 230
    assert figures.row("gross_revenue_retention", "day", "2024-02-01")["numerator"] == 220


def test_retention_is_null_where_nobody_paid_before(figures: Figures) -> None:
    row = figures.row("net_revenue_retention", "month", "2024-01-01")
    assert (row["value"], row["numerator"], row["denominator"]) == (None, 0, 0)
    assert figures.value("logo_churn_rate", "month", "2024-01-01") is None


def test_quick_ratio_divides_what_was_won_by_what_was_lost(figures: Figures) -> None:
    row = figures.row("quick_ratio", "month", "2024-02-01")
    assert (row["numerator"], row["denominator"]) == (130, 220)
    assert figures.value("quick_ratio", "month", "2024-01-01") is None


def test_arpa_is_mrr_over_paying_accounts(figures: Figures) -> None:
    assert figures.value("arpa", "month", "2024-02-01") == 65
    assert figures.value("arpa", "day", "2024-02-28", dimension="plan", segment="pro") == 120


def test_cohorts_carry_their_revenue(figures: Figures) -> None:
    rows = figures.table("cohorts").filter(pl.col("grain") == "month", pl.col("segment") == "all")
    money = rows.select("mrr_0", "mrr_k", "gross_mrr_k").rows()
    assert money == [(Decimal(220), Decimal(220), Decimal(220)), (Decimal(220), Decimal(130), Decimal(130))]
    weekly = figures.table("cohorts").filter(pl.col("grain") == "week", pl.col("segment") == "all")
    # Week 0 ends with a's 100; then b and d come, a grows: gross never passes the first week's 100.
    assert weekly["mrr_0"].unique().to_list() == [Decimal(100)]
    assert weekly["gross_mrr_k"].to_list()[:6] == [Decimal(100)] * 5 + [Decimal(0)]


def test_account_state_says_since_when_an_account_pays(figures: Figures) -> None:
    states = figures.table("account_state").rows_by_key("account_id", named=True, unique=True)
    assert (states["a"]["mrr"], str(states["a"]["paying_since"])) == (Decimal(120), "2024-02-20")
    assert (states["b"]["mrr"], str(states["b"]["paying_since"])) == (Decimal(10), "2024-01-31")
    assert (states["d"]["mrr"], states["d"]["paying_since"]) == (Decimal(0), None)


def test_the_feed_tells_what_happened_last(figures: Figures) -> None:
    feed = figures.table("feed").sort("at", descending=True)
    told = [(row["kind"], row["account_id"], row["amount"]) for row in feed.iter_rows(named=True)]
    assert told[:5] == [
        ("reactivated", "a", Decimal(120)),
        ("downgraded", "b", Decimal(-40)),
        ("churned", "a", Decimal(-150)),
        ("churned", "d", Decimal(-30)),
        ("upgraded", "b", Decimal(10)),
    ]


def test_money_is_converted_at_the_rate_of_the_day_it_took_effect(tmp_path: Path) -> None:
    facts = Facts(Settings(home=tmp_path, segments=(), timezone="America/New_York"))
    facts.account("a", "2024-01-01T12:00:00")
    facts.rate("2024-01-02", "EUR", "1.1").rate("2024-01-05", "EUR", "1.23456789").rate(
        "2024-01-06", "EUR", "9"
    )
    facts.change(
        "a", "2024-01-01T20:00:00", "10", currency="EUR", subscription="early"
    )  # no rate yet: left out
    facts.change("a", "2024-01-06T04:59:59", "33.3333", currency="EUR")  # still 5 January in New York
    facts.change("a", "2024-01-07T12:00:00", "5", currency="USD", subscription="home")
    facts.change("a", "2024-01-08T12:00:00", "7", currency="CHF")  # unknown: the state before stays in force
    figures = facts.figures("2024-01-09T12:00:00")
    closing = figures.table("movements").filter(pl.col("grain") == "day")
    assert dict(closing.select(pl.col("period_start").cast(str), "closing").iter_rows()) == {
        "2024-01-05": Decimal("41.1522"),  # 33.3333 × 1.23456789 = 41.15222…
        "2024-01-06": Decimal("41.1522"),
        "2024-01-07": Decimal("46.1522"),
        "2024-01-08": Decimal("46.1522"),
        "2024-01-09": Decimal("46.1522"),
    }


def test_the_last_change_of_an_instant_wins_and_the_end_of_a_span_gives_way(tmp_path: Path) -> None:
    facts = Facts(Settings(home=tmp_path, segments=()))
    facts.account("a", "2024-01-01T00:00:00")
    facts.change("a", "2024-01-02T00:00:00", "10").change("a", "2024-01-02T00:00:00", "20")
    facts.change("a", "2024-01-03T00:00:00", "30")  # the next span begins where the last one ends
    facts.change("a", "2024-01-03T00:00:00", "20", "canceled", ends_span=True)
    figures = facts.figures("2024-01-04T00:00:00")
    assert figures.values("mrr", "day") == {"2024-01-02": 20, "2024-01-03": 30, "2024-01-04": 30}


def test_a_sum_below_zero_is_neither_new_nor_churned(tmp_path: Path) -> None:
    facts = Facts(Settings(home=tmp_path, segments=()))
    facts.account("a", "2024-01-01T00:00:00")
    facts.change("a", "2024-01-01T00:00:00", "-5").change("a", "2024-01-02T00:00:00", "0")
    facts.change("a", "2024-01-03T00:00:00", "8").change("a", "2024-01-04T00:00:00", "-1")
    figures = facts.figures("2024-01-04T12:00:00")
    days = [amounts(moved(figures, "day", f"2024-01-0{day}")) for day in (1, 2, 3, 4)]
    assert days == [
        [0, 0, 0, 0, -5, 0, -5], [-5, 0, 0, 5, 0, 0, 0], [0, 8, 0, 0, 0, 0, 8], [8, 0, 0, 0, -9, 0, -1],
    ]  # fmt: skip
    assert figures.values("paying_accounts", "day")["2024-01-04"] == 0


def test_a_day_ends_at_local_midnight_also_where_the_clock_jumps(tmp_path: Path) -> None:
    facts = Facts(Settings(home=tmp_path, segments=(), timezone="Europe/Warsaw"))
    facts.account("a", "2024-03-01T00:00:00")
    facts.change("a", "2024-03-30T22:59:59", "10")  # 23:59:59 on the 30th
    facts.change("a", "2024-03-31T21:59:59", "20")  # 23:59:59 on the 31st, a day of 23 hours
    facts.change("a", "2024-03-31T22:00:00", "30")  # midnight
    figures = facts.figures("2024-03-31T22:00:00")
    assert figures.values("mrr", "day") == {"2024-03-30": 10, "2024-03-31": 20, "2024-04-01": 30}
    assert figures.row("mrr", "day", "2024-03-31")["complete"]
