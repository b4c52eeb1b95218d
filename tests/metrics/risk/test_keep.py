"""What a refresh keeps of risk: the same as from the facts, at the cost of what changed."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.refresh import refresh
from metrics import read
from metrics.patience import NONE, Patience
from metrics.risk.told import Wanted, accounts, state
from metrics.risk.train import train
from tests.metrics.risk.conftest import Home, quiet, take_in
from tests.metrics.risk.simulate import Simulated, at, name_of

TRAINED = at(250)
TABLES = ("account_risk", "risk_model", "metrics")
STANDING = Patience(estimates=timedelta(minutes=5), past=timedelta(hours=1))
OF_RISK = ("churn_risk_mean", "high_risk_accounts", "mrr_at_risk")


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, simulated: Simulated) -> Path:
    """A home with a model, refreshed; what came after day 251 is still to come."""
    base = tmp_path_factory.mktemp("risk")
    settings = Settings(home=base / "home")
    take_in(settings, simulated.write(base / "files", at(251)))
    with Warehouse.open(settings) as warehouse:
        train(warehouse, settings, as_of=TRAINED, show=quiet)
        refresh(settings, warehouse, at(250, 50_000))
    return base / "home"


@pytest.fixture
def known(trained: Path, tmp_path: Path) -> Settings:
    shutil.copytree(trained, tmp_path / "home")
    return Settings(home=tmp_path / "home")


def told(
    settings: Settings, as_of: datetime, *, full: bool = False, patience: Patience = NONE
) -> dict[str, pl.DataFrame]:
    with Warehouse.open(settings) as warehouse:
        name = refresh(settings, warehouse, as_of, full=full, patience=patience).name
    return {table: read.table(settings, name, table) for table in TABLES}


def same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    for table in TABLES:
        keys = [name for name in one[table].columns if one[table][name].dtype != pl.Float64]
        assert one[table].sort(keys).equals(other[table].sort(keys), null_equal=True), table


def late(folder: Path, day: int, facts: int) -> Path:
    """Usage, a failed payment and a cancellation of days ago, and of somebody new."""
    folder.mkdir()
    rows = [f"{name_of(n)},{at(day - n % 40, 100 * n).isoformat()}Z,opened" for n in range(facts)]
    (folder / "events.csv").write_text("account_id,occurred_at,name\n" + "\n".join(rows) + "\n")
    (folder / "payments.csv").write_text(
        "payment_id,invoice_id,account_id,attempted_at,amount,outcome\n"
        f"late,i,{name_of(3)},{at(day - 12).isoformat()}Z,20,failed\n"
    )
    (folder / "subscription_changes.csv").write_text(
        "subscription_id,account_id,effective_at,mrr,status,plan\n"
        f"extra,{name_of(5)},{at(day - 30).isoformat()}Z,40,active,team\n"
        f"new,{name_of(11)},{at(day, 20_000).isoformat()}Z,70,active,scale\n"
    )
    return folder


def test_a_refresh_of_what_changed_tells_the_same_as_one_from_the_facts(
    known: Settings, simulated: Simulated, tmp_path: Path
) -> None:
    told(known, at(250, 50_000))
    take_in(known, late(tmp_path / "late", 250, 60))
    same(told(known, at(250, 60_000)), told(known, at(250, 60_000), full=True))
    take_in(known, simulated.write(tmp_path / "rest", at(253)))
    same(told(known, at(252, 50_000)), told(known, at(252, 50_000), full=True))


def test_estimates_may_stand_a_while_and_then_tell_all_that_came_in_meanwhile(
    known: Settings, tmp_path: Path
) -> None:
    before = told(known, at(250, 50_000))
    take_in(known, late(tmp_path / "late", 250, 60))
    soon = told(known, at(250, 50_100), patience=STANDING)
    assert soon["account_risk"].drop("as_of").equals(before["account_risk"].drop("as_of"))
    counted = [
        frames["metrics"].filter((pl.col("metric") == "mrr") & (pl.col("dimension") == "all"))
        for frames in (before, soon)
    ]
    assert not counted[0].drop("as_of").equals(counted[1].drop("as_of"))
    later = told(known, at(250, 51_000), patience=STANDING)
    shutil.copytree(known.home, tmp_path / "alone")
    whole = told(Settings(home=tmp_path / "alone"), at(250, 51_000), full=True)
    assert by_account(later).equals(by_account(whole))
    assert not by_account(later).equals(by_account(before))
    assert past_risk(later).equals(past_risk(before))
    assert not past_risk(later).equals(past_risk(whole))
    last = told(known, at(250, 54_000), patience=STANDING)
    same(last, told(known, at(250, 54_000), full=True))


def by_account(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return tables["account_risk"].drop("as_of").sort("account_id")


def past_risk(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """What the metrics of risk say of days before yesterday, whose end is told at the beginning of today."""
    told_of = pl.col("metric").is_in(OF_RISK) & (pl.col("grain") == "day")
    told_of &= pl.col("period_start") < at(249).date()
    frame = tables["metrics"].filter(told_of).drop("as_of")
    return frame.sort("metric", "grain", "period_start", "dimension", "segment")


def test_estimates_do_not_stand_beyond_midnight(known: Settings, tmp_path: Path) -> None:
    told(known, at(250, 86_390))
    take_in(known, late(tmp_path / "late", 250, 60))
    turned = told(known, at(251, 5), patience=STANDING)
    same(turned, told(known, at(251, 5), full=True))


def test_every_paying_account_has_a_risk_a_band_and_the_model(known: Settings) -> None:
    found = told(known, at(250, 50_000))
    rows, figures = found["account_risk"], found["metrics"].filter(pl.col("metric").is_in(OF_RISK))
    assert rows.columns == [
        "account_id",
        "as_of",
        "risk",
        "band",
        "reason_1",
        "reason_2",
        "reason_3",
        "model",
    ]
    assert rows["risk"].is_between(0, 1).all()
    assert set(rows["band"]) <= {"low", "medium", "high"}
    assert rows["model"].n_unique() == 1
    assert rows["reason_1"].drop_nulls().str.starts_with("associated with: ").all()
    newest = figures.filter((pl.col("dimension") == "all") & ~pl.col("complete"))
    mean, high, at_risk = (newest.filter(pl.col("metric") == name).row(0, named=True) for name in OF_RISK)
    assert mean["denominator"] == rows.height
    assert mean["value"] == pytest.approx(rows["risk"].mean())
    assert high["value"] == (rows["band"] == "high").sum()
    assert at_risk["value"] == pytest.approx(board(known)["mrr_at_risk"].sum(), abs=0.05)


def board(settings: Settings) -> pl.DataFrame:
    return accounts(settings, read.current(settings) or "", Wanted(), limit=10_000)


def test_segments_add_up_and_days_of_the_past_are_told_by_the_model_of_then(known: Settings) -> None:
    figures = told(known, at(250, 50_000))["metrics"].filter(pl.col("metric") == "high_risk_accounts")
    by_day = figures.group_by("period_start", "dimension").agg(pl.col("value").sum())
    assert by_day.group_by("period_start").agg(pl.col("value").n_unique())["value"].max() == 1
    days = figures["period_start"].unique().sort()
    assert days.len() > 60
    assert (days.diff().drop_nulls() == timedelta(days=1)).all()


def test_what_comes_in_on_time_scores_nobody_anew(
    known: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(known, at(250, 50_000))
    folder = tmp_path / "now"
    folder.mkdir()
    rows = [f"{name_of(n)},{at(250, 51_000 + n).isoformat()}Z,opened" for n in range(50)]
    (folder / "events.csv").write_text("account_id,occurred_at,name\n" + "\n".join(rows) + "\n")
    take_in(known, folder)

    def never(*_: object) -> None:
        raise AssertionError("somebody was scored")

    monkeypatch.setattr("metrics.risk.keep.score", never)
    after = told(known, at(250, 60_000))
    assert after["account_risk"].drop("as_of").equals(before["account_risk"].drop("as_of"))


def test_without_a_model_there_are_bands_and_no_history(home: Home) -> None:
    settings = home(until=at(120))
    found = told(settings, at(119))
    assert found["account_risk"]["risk"].null_count() == found["account_risk"].height > 0
    assert set(found["account_risk"]["band"]) <= {"low", "medium", "high"}
    assert not found["metrics"].filter(pl.col("metric").is_in(OF_RISK)).height
    known = state(settings, read.current(settings) or "")
    assert known is not None
    assert not known.is_open
    assert known.reason == "No model has been trained yet."


def test_a_card_of_later_is_not_shown_in_an_edition_of_the_past(known: Settings) -> None:
    with Warehouse.open(known) as warehouse:
        name = refresh(known, warehouse, at(230), aside=True).name
    assert not read.table(known, name, "risk_model").height
    found = state(known, name)
    assert found is not None
    assert found.trained_as_of is None


def test_the_names_of_accounts_and_plans_are_told_as_they_are(known: Settings) -> None:
    found = accounts(known, read.current(known) or "", Wanted(search="a0000"), limit=5)
    assert found["account_id"].str.starts_with("a0000").all()
    assert not accounts(known, read.current(known) or "", Wanted(owner="nobody"), limit=5).height
