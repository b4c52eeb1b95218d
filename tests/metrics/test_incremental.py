"""A refresh of what changed gives, cell for cell, what one from the facts gives, whatever came and how."""

import os
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest

from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import load_rows
from data.unify.rows import Rows
from engine.refresh import refresh
from metrics import read
from metrics.compute import compute
from metrics.explore.answer import known
from metrics.journal.facts import KINDS
from metrics.journal.read import everything
from metrics.kept import FLOWS
from metrics.patience import NONE, Patience
from metrics.publish import publish
from tests.metrics.facts import Facts, at

BEGIN = datetime(2024, 2, 1)
SEEDS = range(
    int(os.environ.get("HOLDFAST_FIRST_SEED", "1")), 1 + (60 if os.environ.get("HOLDFAST_LONG_TESTS") else 4)
)
PEOPLE = [f"p{number}" for number in range(6)]
GROUPS = ["g0", "g1"]
VISITORS = ["v0", "v1", "v2"]
NAMES = ["welcome_seen", "value_demonstrated", "first_action", "login", "ignored"]
TABLES = ("metrics", "cohorts", "movements", "value_curve", "account_state", "segments", "feed", "lifetime")
KNOWN = ("account", "mrr", "attribute", "early", "first_day", "event_count", "member", "event_name")
Batch = list[Rows]


def rules(random: Random) -> dict[str, Any]:
    return {
        "timezone": random.choice(["UTC", "America/New_York", "Asia/Kolkata"]),
        "segments": random.choice([("plan",), ("plan", "tier"), ()]),
        "week_start": random.choice(["monday", "sunday"]),
        "activation": {"within_days": random.choice([1, 7])},
        "engagement": {"events": random.choice([(), ("login", "first_action")])},
    }


def told(shape: str, rows: Sequence[dict[str, Any]]) -> Rows:
    texts = [{name: None if value is None else str(value) for name, value in row.items()} for row in rows]
    return Rows(
        shape,
        pl.DataFrame(texts, infer_schema_length=None, schema_overrides=dict.fromkeys(texts[0], pl.String)),
        "made up",
    )


class Company:
    """Facts drawn at random, most of them about now; some late, some early, some said before."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.now = BEGIN
        self.said: list[Rows] = []

    def moment(self) -> str:
        ago = self.random.choice([0.02, 0.5, 3, 40, -0.5]) * self.random.random()
        return (self.now - timedelta(days=ago)).isoformat(timespec="milliseconds") + "Z"

    def whoever(self) -> str:
        return self.random.choice(PEOPLE + GROUPS + VISITORS)

    def batch(self) -> Batch:
        made = [draw() for draw in self.random.choices(self.draws, k=self.random.randint(0, 5))]
        if self.said and self.random.random() < 0.3:
            made.append(self.random.choice(self.said))
        self.said += made
        return made

    @property
    def draws(self) -> list[Any]:
        return [
            self.events,
            self.events,
            self.events,
            self.accounts,
            self.updates,
            self.links,
            self.changes,
            self.rates,
        ]

    def events(self) -> Rows:
        return told(
            "events",
            [
                {
                    "event_id": self.random.randint(0, 10_000),
                    "account_id": self.whoever(),
                    "occurred_at": self.moment(),
                    "name": self.random.choice(NAMES),
                }
                for _ in range(self.random.randint(1, 8))
            ],
        )

    def accounts(self) -> Rows:
        return told(
            "accounts",
            [{"account_id": self.random.choice(PEOPLE), "created_at": self.moment(), "plan": self.plan()}],
        )

    def updates(self) -> Rows:
        row = {"account_id": self.random.choice(PEOPLE + GROUPS), "updated_at": self.moment()}
        more = {
            "plan": self.plan(),
            "tier": self.random.choice(["a", "b"]),
            "created_at": self.moment(),
            "name": "N",
        }
        row |= {key: more[key] for key in more if self.random.random() < 0.4}
        return told("account_updates", [row])

    def links(self) -> Rows:
        kind = self.random.choice(["person", "group"])
        ends = (VISITORS, PEOPLE) if kind == "person" else (PEOPLE, GROUPS)
        one, other = (self.random.choice(end) for end in ends)
        return told(
            "identities", [{"account_id": one, "into_id": other, "linked_at": self.moment(), "kind": kind}]
        )

    def changes(self) -> Rows:
        return told(
            "subscription_changes",
            [
                {
                    "subscription_id": f"s{self.random.randint(0, 6)}",
                    "account_id": self.random.choice(PEOPLE + GROUPS),
                    "effective_at": self.moment(),
                    "mrr": self.random.choice(["0", "10", "25.5", "99"]),
                    "status": self.random.choice(["active", "trialing", "canceled", "past_due"]),
                    "currency": self.random.choice([None, "EUR", "USD"]),
                    "plan": self.plan(),
                }
                for _ in range(self.random.randint(1, 3))
            ],
        )

    def rates(self) -> Rows:
        day = (self.now - timedelta(days=self.random.randint(0, 40))).date()
        return told(
            "fx_rates", [{"date": day, "currency": "EUR", "rate": self.random.choice(["1.1", "1.25"])}]
        )

    def patience(self) -> Patience:
        """None, or so much that one lane is taken, or none of them."""
        return Patience(lane=timedelta(days=self.random.choice([0, 1e-6, 0.1, 30])))

    def plan(self) -> str:
        return self.random.choice(["pro", "free", ""])

    def later(self) -> datetime:
        """Seconds, hours or days pass."""
        self.now += timedelta(days=self.random.choice([0, 1e-5, 0.01, 0.3, 2, 9]) * self.random.random())
        return self.now


def load(warehouse: Warehouse, batch: Batch, now: datetime) -> None:
    for rows in batch:
        with warehouse.transaction():
            load_rows(warehouse, "door", [rows], now=now)


def tables(settings: Settings, edition: str) -> dict[str, pl.DataFrame]:
    found = {name: read.table(settings, edition, name) for name in TABLES}
    found |= {f"known {name}": known(settings, edition, name) for name in KNOWN}
    found |= {f"journal {kind}": everything(settings, edition, kind) for kind in KINDS}
    return {name: frame.sort(frame.columns) for name, frame in found.items()}


def from_the_facts(settings: Settings, now: datetime, elsewhere: Path) -> dict[str, pl.DataFrame]:
    """The same facts refreshed whole, in a home of their own."""
    alone = settings.model_copy(update={"home": elsewhere})
    elsewhere.mkdir()
    shutil.copy(settings.warehouse, alone.warehouse)
    with Warehouse.open(alone) as warehouse:
        return tables(alone, refresh(alone, warehouse, now, full=True).name)


def difference(found: dict[str, pl.DataFrame], expected: dict[str, pl.DataFrame]) -> str:
    for name, wanted in expected.items():
        if not close(found[name], wanted):
            extra = found[name].join(wanted, on=wanted.columns, how="anti", nulls_equal=True)
            lacking = wanted.join(found[name], on=wanted.columns, how="anti", nulls_equal=True)
            return f"{name}: incremental has {extra.head(4).rows()}, whole has {lacking.head(4).rows()}"
    return ""


def close(found: pl.DataFrame, expected: pl.DataFrame) -> bool:
    """Equal to the last digit, but for sums of logarithms: those may differ in the twelfth."""
    floats = [name for name, kind in expected.schema.items() if kind == pl.Float64]
    return found.with_columns(pl.col(floats).round(11)).equals(
        expected.with_columns(pl.col(floats).round(11))
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_any_interleaving_gives_what_a_whole_refresh_gives(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metrics.journal.keep.MOST_ROWS", 4)
    monkeypatch.setattr("metrics.journal.keep.MOST_FILES", 3)
    company = Company(seed)
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", memory="500MB", **rules(company.random))
        for round_number in range(4):
            with Warehouse.open(settings) as warehouse:
                for left in reversed(range(company.random.randint(1, 5))):
                    now = company.later()
                    load(warehouse, company.batch(), now)
                    edition = refresh(
                        settings, warehouse, now, patience=company.patience() if left else NONE
                    ).name
            found = tables(settings, edition)
            expected = from_the_facts(settings, now, Path(folder) / f"whole{round_number}")
            assert not (wrong := difference(found, expected)), f"seed {seed}, round {round_number}: {wrong}"


def test_an_account_said_to_begin_later_is_there_once_its_time_has_come(settings: Settings) -> None:
    row = {"account_id": "a", "updated_at": "2024-01-01T00:00:00Z", "created_at": "2024-01-05T12:00:00Z"}
    with Warehouse.open(settings) as warehouse:
        load(warehouse, [told("account_updates", [row])], at("2024-01-02T00:00:00"))
        for day, accounts in ((2, 0), (5, 0), (6, 1)):
            edition = refresh(settings, warehouse, datetime(2024, 1, day)).name
            assert read.edition(settings, edition).accounts == accounts, day


def test_a_new_segment_is_added_to_every_period_without_beginning_afresh(
    settings: Settings, tmp_path: Path
) -> None:
    facts = Facts(settings)
    for number in range(4):
        facts.account(f"a{number}", f"2024-01-0{1 + number}T00:00:00", plan="pro").change(
            f"a{number}", f"2024-01-1{number}T00:00:00", str(10 + number)
        )
    now = at("2024-02-03T00:00:00")
    with Warehouse.open(settings) as warehouse:
        facts.store(warehouse)
        refresh(settings, warehouse, now)
        row = {"account_id": "b", "updated_at": "2024-02-02T00:00:00Z", "plan": "team"}
        load(warehouse, [told("account_updates", [row])], now)
        with compute(warehouse, settings, as_of=now) as computed:
            assert computed.draft.is_wider
            assert not computed.draft.is_fresh
            edition = publish(computed, published_at=now).name
    found = tables(settings, edition)
    new = found["metrics"].filter((pl.col("metric") == "mrr") & (pl.col("segment") == "team"))
    assert new["period_start"].min() == datetime(2024, 1, 1).date()
    assert not difference(found, from_the_facts(settings, now, tmp_path / "whole"))


def test_money_is_counted_again_where_somebody_who_pays_is_touched_and_nowhere_else(
    settings: Settings, tmp_path: Path
) -> None:
    facts = (
        Facts(settings)
        .account("a", "2024-01-01T00:00:00", plan="pro")
        .change("a", "2024-01-02T00:00:00", "9")
    )
    facts.account("b", "2024-01-01T00:00:00", plan="pro")
    facts.account("c", "2024-01-01T00:00:00", plan="team")
    now = at("2024-02-03T00:00:00")
    with Warehouse.open(settings) as warehouse:
        facts.store(warehouse)
        refresh(settings, warehouse, now)
    for account, touched in (("b", 0), ("a", 1)):
        row = {"account_id": account, "updated_at": "2024-02-02T00:00:00Z", "plan": "team"}
        with Warehouse.open(settings) as warehouse:
            load(warehouse, [told("account_updates", [row])], now)
            with compute(warehouse, settings, as_of=now) as computed:
                assert computed.draft.rows["paying_scope"] == touched
                edition = publish(computed, published_at=now).name
        assert not difference(tables(settings, edition), from_the_facts(settings, now, tmp_path / account))


def test_a_lane_that_stands_is_not_laid_out(settings: Settings) -> None:
    listed = "select table_name from duckdb_tables() where database_name = 'steps'"
    facts = Facts(settings).account("a", "2024-01-01T00:00:00").event("a", "2024-01-02T00:00:00")
    row = {"event_id": 9, "account_id": "a", "occurred_at": "2024-02-01T00:00:00Z", "name": "login"}
    with Warehouse.open(settings) as warehouse:
        facts.store(warehouse)
        refresh(settings, warehouse, at("2024-02-03T00:00:00"))
        for patience, is_told in ((timedelta(hours=1), False), (timedelta(0), True)):
            load(warehouse, [told("events", [row | {"event_id": 9 + is_told}])], at("2024-02-03T00:00:01"))
            told_later = Patience(patience, timedelta(hours=1), timedelta(hours=1))
            with compute(
                warehouse, settings, as_of=at("2024-02-03T00:00:02"), patience=told_later
            ) as computed:
                assert (("cohort_cell",) in computed.run(listed)) == is_told


def test_flows_stay_small_when_they_are_added_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metrics.roll.COMPACT_AT", 0)
    with Warehouse.open(settings) as warehouse:
        facts = Facts(settings).account("a", "2024-01-01T00:00:00").event("a", "2024-01-02T00:00:00")
        facts.store(warehouse)
        refresh(settings, warehouse, at("2024-01-03T00:00:00"))
        for hour in range(12):
            row = {
                "event_id": hour,
                "account_id": "a",
                "occurred_at": f"2024-01-03T{hour:02}:00:00Z",
                "name": "login",
            }
            with warehouse.transaction():
                load_rows(warehouse, "door", [told("events", [row])], now=at("2024-01-03T12:00:00"))
            refresh(settings, warehouse, datetime(2024, 1, 3, hour, 30))
        for name, (keys, _) in FLOWS.items():
            rows, distinct = warehouse.rows(
                f"select count(*), count(distinct ({', '.join(keys)})) from kept.{name}"
            )[0]
            assert rows <= distinct * 1.2 + 1, name
