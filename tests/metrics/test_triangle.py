from decimal import Decimal

import polars as pl

from metrics.triangle import Mean, weighted_means


def test_every_cohort_weighs_its_size_and_a_running_period_does_not_count() -> None:
    rows = pl.DataFrame(
        {
            "period_index": [0, 1, 0, 1],
            "size": [100, 100, 10, 10],
            "retained": [100, 50, 10, 10],
            "complete": [True, True, True, False],
        }
    )
    assert weighted_means(rows, "retained", "size") == [
        Mean(0, Decimal(110), Decimal(110), 2),
        Mean(1, Decimal(50), Decimal(100), 1),
    ]


def test_money_stays_exact_and_nothing_to_divide_by_is_null() -> None:
    money = pl.Decimal(18, 4)
    rows = pl.DataFrame(
        {"period_index": [0, 0], "complete": [True, True], "mrr_k": ["0.1000", "0.2000"], "mrr_0": ["0", "0"]}
    ).with_columns(pl.col("mrr_k", "mrr_0").cast(money))
    (mean,) = weighted_means(rows, "mrr_k", "mrr_0")
    assert mean.part == Decimal("0.3000")
    assert mean.share is None
