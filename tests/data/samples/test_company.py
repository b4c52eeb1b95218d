from datetime import datetime
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest

from data.errors import BadInput
from data.samples import company
from data.samples.market import FEATURES, STEPS

NOW = datetime(2026, 3, 18, 14, 23, 5)
Tables = dict[str, pl.DataFrame]
HAPPENED_AT = {
    "accounts": "created_at",
    "subscription_changes": "effective_at",
    "invoices": "issued_at",
    "payments": "attempted_at",
    "messages": "sent_at",
    "feedback": "given_at",
    "tickets": "opened_at",
    "redemptions": "redeemed_at",
    "events": "occurred_at",
}


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def small(folder: Path, seed: int = 3) -> dict[str, str]:
    company.write(folder, accounts=80, months=3, seed=seed, now=NOW)
    return digests(folder)


def test_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    assert small(tmp_path / "a") == small(tmp_path / "b")


def test_another_seed_is_another_company(tmp_path: Path) -> None:
    first, second = small(tmp_path / "a"), small(tmp_path / "b", seed=4)
    assert first["accounts.csv"] != second["accounts.csv"]
    assert first["events.parquet"] != second["events.parquet"]


def test_company_needs_an_account_and_a_month(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at least one account"):
        company.write(tmp_path, accounts=0, now=NOW)


@pytest.mark.parametrize(("accounts", "months"), [(1, 1), (7, 1), (30, 2)])
def test_tiny_companies_are_made_too(tmp_path: Path, accounts: int, months: int) -> None:
    company.write(tmp_path, accounts=accounts, months=months, now=NOW)
    assert len(list(tmp_path.iterdir())) == 12


def test_every_shape_has_a_file(demo: Tables) -> None:
    more = {"invoice_lines", "fx_rates", "plan_limits"}
    assert set(demo) == set(HAPPENED_AT) | more
    assert all(len(frame) for frame in demo.values())


@pytest.mark.parametrize(("shape", "time"), HAPPENED_AT.items())
def test_facts_end_just_before_now(demo: Tables, now: datetime, shape: str, time: str) -> None:
    assert demo[shape][time].max() < now
    assert demo[shape][time].null_count() == 0


def test_last_use_is_minutes_old(demo: Tables, now: datetime) -> None:
    assert (now - demo["events"]["occurred_at"].max()).total_seconds() < 900


@pytest.mark.parametrize("shape", ["invoices", "messages", "tickets", "payments"])
def test_nothing_is_known_of_the_future(demo: Tables, now: datetime, shape: str) -> None:
    times = demo[shape].select(pl.col(pl.Datetime).exclude("due_at").max()).row(0)
    assert max(at for at in times if at) < now


@pytest.mark.parametrize(
    ("shape", "id"),
    [
        ("accounts", "account_id"),
        ("accounts", "name"),
        ("events", "event_id"),
        ("invoices", "invoice_id"),
        ("invoice_lines", "line_id"),
        ("payments", "payment_id"),
        ("messages", "message_id"),
        ("feedback", "feedback_id"),
        ("tickets", "ticket_id"),
        ("redemptions", "redemption_id"),
    ],
)
def test_ids_and_company_names_are_unique(demo: Tables, shape: str, id: str) -> None:
    assert demo[shape][id].is_unique().all()


def test_addresses_are_under_the_reserved_domain(demo: Tables) -> None:
    assert demo["accounts"]["email"].drop_nulls().str.contains(r"^[a-z.]+@[a-z0-9-]+\.example$").all()


def test_some_attributes_are_missing(demo: Tables) -> None:
    missing = demo["accounts"].null_count().row(0, named=True)
    assert all(missing[name] > 0 for name in ("email", "region", "channel", "owner"))
    assert missing["plan"] == 0


def test_only_three_events_are_of_accounts_nobody_knows(demo: Tables) -> None:
    known = demo["accounts"]["account_id"].implode()
    strangers = demo["events"].filter(~pl.col("account_id").is_in(known))
    assert len(strangers) == 3
    for shape in set(HAPPENED_AT) - {"events"}:
        assert demo[shape]["account_id"].is_in(known).all()


def test_events_are_steps_and_features(demo: Tables) -> None:
    assert set(demo["events"]["name"].unique()) == {*STEPS, *FEATURES}


def test_nobody_acts_before_signing_up(demo: Tables) -> None:
    joined = demo["events"].join(demo["accounts"], on="account_id")
    assert joined.select((pl.col("occurred_at") > pl.col("created_at")).all()).item()


def test_weekends_are_quiet(demo: Tables) -> None:
    for shape in ("accounts", "events"):
        days = (
            demo[shape]
            .group_by(pl.col(HAPPENED_AT[shape]).dt.weekday().alias("day"))
            .len()
            .sort("day")["len"]
        )
        assert days[5:].mean() < 0.35 * days[:5].mean()


def test_sign_ups_grow(demo: Tables, now: datetime) -> None:
    age = (now - demo["accounts"]["created_at"]).dt.total_days()
    late, early = (age < 180).sum(), (age > 367).sum()
    assert 1.3 < late / early < 2.6


def test_histories_begin_with_a_trial_or_a_purchase_and_stay_in_order(demo: Tables) -> None:
    first = demo["subscription_changes"].group_by("subscription_id", maintain_order=True).first()
    assert set(first["status"].unique()) == {"trialing", "active"}
    assert (first["status"] == "trialing").sum() == 2000
    assert 20 < (first["status"] == "active").sum() < 80
    again = demo["subscription_changes"].select(
        pl.struct("subscription_id", "effective_at").is_duplicated().any()
    )
    assert not again.item()


def test_every_kind_of_change_happens(demo: Tables) -> None:
    changes = demo["subscription_changes"].with_columns(
        before=pl.col("status").shift(1).over("subscription_id"),
        plan_before=pl.col("plan").shift(1).over("subscription_id"),
        seats_before=pl.col("quantity").shift(1).over("subscription_id"),
    )
    seen = set(changes.select("before", "status").unique().rows())
    assert {("trialing", "active"), ("trialing", "canceled"), ("active", "past_due")} <= seen
    assert {("past_due", "active"), ("past_due", "canceled"), ("active", "paused")} <= seen
    assert {("paused", "active"), ("canceled", "active"), ("active", "canceled")} <= seen
    moved = (
        changes.filter(pl.col("plan") != pl.col("plan_before")).select("plan_before", "plan").unique().rows()
    )
    assert {("Starter", "Team"), ("Team", "Business"), ("Business", "Team")} <= set(moved)
    assert changes.filter(pl.col("quantity") > pl.col("seats_before")).height > 200


def test_yearly_prices_are_divided_by_twelve(demo: Tables) -> None:
    starters = demo["subscription_changes"].filter(plan="Starter", currency="USD")["mrr"].cast(pl.String)
    assert set(starters.unique()) == {"29.0000", "24.1667"}


def test_three_currencies_have_a_rate_each_day(demo: Tables) -> None:
    assert set(demo["accounts"]["currency"].unique()) == {"USD", "EUR", "GBP"}
    share = (demo["accounts"]["currency"] == "USD").mean()
    assert 0.6 < share < 0.85
    first = demo["subscription_changes"]["effective_at"].min().date()
    days = demo["fx_rates"].filter(pl.col("currency") == "EUR")["date"].str.to_date()
    assert days.min() <= first
    assert days.max() == NOW.date()
    assert (days.diff().drop_nulls().dt.total_days() == 1).all()


def test_lines_add_up_to_their_invoice(demo: Tables) -> None:
    lines = demo["invoice_lines"].group_by("invoice_id").agg(pl.col("amount").sum().alias("lines"))
    joined = demo["invoices"].join(lines, on="invoice_id", how="left")
    assert joined.select((pl.col("lines").fill_null(0) == pl.col("amount")).all()).item()


def test_a_paid_invoice_has_its_payment(demo: Tables) -> None:
    paid = demo["payments"].filter(outcome="succeeded").select("invoice_id", "attempted_at", paid="amount")
    joined = demo["invoices"].filter(pl.col("amount") > 0).join(paid, on="invoice_id", how="left")
    assert joined.select((pl.col("paid_at").eq_missing(pl.col("attempted_at"))).all()).item()
    assert joined.drop_nulls("paid").select((pl.col("paid") == pl.col("amount")).all()).item()


def test_half_a_million_events(demo: Tables) -> None:
    assert 300_000 < len(demo["events"]) < 600_000
