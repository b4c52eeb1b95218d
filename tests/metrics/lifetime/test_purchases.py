"""What customers without a contract are worth, from their payments."""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from data.calendar import Calendar
from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import load_rows
from engine.refresh import refresh
from metrics.lifetime import bgnbd, purchases
from metrics.lifetime.value import Terms
from metrics.patience import NONE, Patience
from tests.metrics.facts import Facts, Figures
from tests.metrics.test_incremental import told

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


def bought_by(customers: int, until: date) -> pl.DataFrame:
    """A purchase each when they begin, and in most of the months after."""
    rows = [
        (
            member,
            date(2023, 1, 1) + timedelta(days=member % 90 + 30 * turn + member % (turn + 2)),
            10.0 + member,
        )
        for member in range(customers)
        for turn in range(1 + member % 13)
    ]
    kept = [row for row in rows if row[1] <= until]
    return pl.DataFrame(kept, schema={"member": pl.Int64, "day": pl.Date, "amount": pl.Float64}, orient="row")


def test_a_purchase_of_today_has_only_the_present_month_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    today, groups = date(2024, 3, 20), purchases.everyone(80, {("plan", "a"): list(range(0, 80, 2))})
    fitted: list[int] = []
    fit = bgnbd.fit
    monkeypatch.setattr(bgnbd, "fit", lambda *known: fitted.append(len(known[0])) or fit(*known))

    def counted(days: pl.DataFrame) -> object:
        settings = Settings(home=Path("home"))
        return purchases.rows_of(
            days, groups, terms=Terms(0.7, 0.1), today=today, calendar=Calendar.of(settings)
        )

    days = bought_by(80, today)
    counted(days)
    assert len(fitted) > 5
    fitted.clear()
    more = pl.concat([days, pl.DataFrame({"member": [3], "day": [today], "amount": [55.0]})])
    after = counted(more)
    assert len(fitted) == 1
    purchases._told.kept.clear()
    assert counted(more) == after


def test_while_an_engine_runs_the_value_may_stand_and_is_told_later(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    facts = Facts(settings)
    for number in range(60):
        at = FIRST + timedelta(days=number)
        facts.account(f"c{number}", at)
        for turn in range(1 + number % 4):
            facts.payment(f"c{number}", (at + timedelta(days=20 * turn)).isoformat(), "10", "succeeded")
    now, standing = datetime(2023, 6, 1, 12), Patience(past=timedelta(hours=1))
    paid = {
        "payment_id": "new", "invoice_id": "i", "account_id": "c1", "attempted_at": "2023-06-01T12:00:05Z",
        "amount": "500", "outcome": "succeeded",
    }  # fmt: skip
    with Warehouse.open(settings) as warehouse:
        facts.store(warehouse)

        def value(seconds: int, patience: Patience) -> pl.DataFrame:
            name = refresh(settings, warehouse, now + timedelta(seconds=seconds), patience=patience).name
            return Figures(settings, name).table("lifetime").sort("period_start", "horizon_months")

        before = value(0, NONE)
        with warehouse.transaction():
            load_rows(warehouse, "door", [told("payments", [paid])], now=now)
        assert value(10, standing).equals(before)
        after = value(3700, standing)
        assert not after.equals(before)
        assert after.equals(value(3700, NONE))
