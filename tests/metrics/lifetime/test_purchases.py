"""What customers without a contract are worth, from their payments."""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from data.settings import Settings
from metrics.lifetime import purchases
from tests.metrics.facts import Facts, Figures

FIRST = datetime(2022, 1, 1)


def test_days_with_purchases_are_counted_as_the_paper_does() -> None:
    days = pl.DataFrame(
        {
            "member": [0, 0, 0, 1],
            "day": [date(2024, 1, 1), date(2024, 1, 11), date(2024, 1, 31), date(2024, 2, 1)],
            "amount": [5.0, 10.0, 20.0, 7.0],
        }
    )
    known = purchases.bought(days, date(2024, 2, 10))
    assert known.repeats.tolist() == [2, 0]
    assert known.recency.tolist() == [30, 0]
    assert known.age.tolist() == [40, 9]
    assert known.spend.tolist() == [15.0, 7.0]
    # As known on 15 January: what came later is not there.
    assert purchases.bought(days, date(2024, 1, 15)).repeats.tolist() == [1]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """Three hundred customers who buy about every six weeks until they are gone."""
    random = np.random.default_rng(8)
    facts = Facts(Settings(home=tmp_path_factory.mktemp("shop"), segments=("plan",)))
    for number in range(300):
        at = FIRST + timedelta(days=float(random.uniform(0, 500)))
        facts.account(f"c{number}", at, plan="shop")
        rate, gone = random.gamma(1.5, 1 / 60), random.beta(1, 6)
        while at < datetime(2024, 3, 1):
            facts.payment(f"c{number}", at.isoformat(), f"{random.gamma(6, 5):.2f}", "succeeded")
            if random.random() < gone:
                break
            at += timedelta(days=float(random.exponential(1 / rate)))
    return facts.figures("2024-02-20T12:00:00")


def test_customers_without_a_contract_have_a_value_with_its_interval(shop: Figures) -> None:
    rows = shop.table("lifetime").filter(pl.col("segment") == "all")
    assert set(rows["basis"]) == {"no contract"}
    newest = rows.sort("period_start", "horizon_months").tail(1).row(0, named=True)
    assert newest["horizon_months"] == 36
    assert 0 < newest["lower"] < newest["value"] < newest["upper"]
    checks = shop.table("lifetime_backtest").filter(pl.col("segment") == "all")
    assert len(checks) >= 3
    off = (checks["forecast"] / checks["actual"]).log().abs().median()
    assert off is not None
    assert off < 0.35


def test_too_few_customers_give_a_reason(tmp_path: Path) -> None:
    facts = Facts(Settings(home=tmp_path / "home"))
    facts.account("a", "2024-01-01T00:00:00").payment("a", "2024-01-02T00:00:00", "10", "succeeded")
    figures = facts.figures("2024-06-01T00:00:00")
    rows = figures.table("lifetime")
    assert rows["value"].is_null().all()
    assert rows["reason"].str.starts_with("Too few have bought: 1").all()
