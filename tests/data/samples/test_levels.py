"""The demo company's levels are those of a believable business; measured by the metrics themselves."""

from datetime import date

import polars as pl

from data.settings import Settings
from metrics import read

Published = tuple[Settings, str]
LAST_YEAR = (date(2025, 3, 1), date(2026, 3, 1))


def pooled(published: Published, metric: str, dimension: str = "all", segment: str = "all") -> float:
    """Numerators over denominators of the last twelve complete months."""
    rows = read.series(
        *published, [metric], grain="month", dimension=dimension, segment=segment, start=LAST_YEAR[0]
    ).filter(pl.col("period_start") < LAST_YEAR[1])
    return rows["numerator"].sum() / rows["denominator"].sum()


def months(published: Published, metric: str) -> pl.Series:
    rows = read.series(*published, [metric], grain="month", start=LAST_YEAR[0])
    return rows.filter(pl.col("period_start") < LAST_YEAR[1])["value"]


def test_nothing_is_quarantined_and_three_events_wait(published: Published) -> None:
    sources = read.sources(*published)
    assert sources["quarantined"].sum() == 0
    assert sources["waiting"].sum() == 3


def test_about_half_activate(published: Published) -> None:
    assert 0.5 < pooled(published, "activation_rate") < 0.6
    assert months(published, "activation_rate").is_between(0.42, 0.66).all()


def test_first_value_takes_hours(published: Published) -> None:
    assert months(published, "time_to_first_value_p50").is_between(4, 30).all()


def test_half_are_still_there_in_the_fourth_week(published: Published) -> None:
    fourth = read.cohorts(*published, grain="week").filter((pl.col("period_index") == 4) & pl.col("complete"))
    assert 0.42 < fourth["retained"].sum() / fourth["size"].sum() < 0.56


def test_logo_churn_is_two_to_five_per_cent_and_lower_for_larger_plans(published: Published) -> None:
    churn = {
        plan: pooled(published, "logo_churn_rate", "plan", plan) for plan in ("Starter", "Team", "Business")
    }
    assert churn["Starter"] > churn["Team"] > churn["Business"]
    assert all(0.01 < rate < 0.06 for rate in churn.values())
    assert 0.02 < pooled(published, "logo_churn_rate") < 0.05


def test_revenue_of_customers_roughly_holds(published: Published) -> None:
    assert 0.98 < pooled(published, "net_revenue_retention") < 1.06
    assert 0.94 < pooled(published, "gross_revenue_retention") < 0.99


def test_growth_outweighs_losses_a_few_times(published: Published) -> None:
    assert 2 < pooled(published, "quick_ratio") < 6


def test_stickiness_is_that_of_a_tool_for_work(published: Published) -> None:
    assert months(published, "stickiness").is_between(0.2, 0.5).all()


def test_every_movement_happens_nearly_every_month(published: Published) -> None:
    for metric in ("new_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr"):
        assert (months(published, metric) != 0).all()
    assert (months(published, "reactivation_mrr") != 0).sum() >= 8
