"""The benchmarks do what they say, at sizes at which nothing is measured."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import freshness, peers, refresh_changes
from benchmarks.company.batch import after
from benchmarks.company.history import Company
from benchmarks.refresh_changes import Home, home_with
from data.settings import Settings

COMPANY = Company(events=3_000, accounts=200)
EARLY = """
select count(*) from events join accounts using (account_key) where events.occurred_at < accounts.created_at
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with home_with(COMPANY, tmp_path / "home") as made:
        yield made


def test_a_history_has_the_events_asked_for_and_none_before_the_sign_up(home: Home) -> None:
    home.load(after(COMPANY, 1, 1_000))
    assert home.warehouse.value("select count(*) from events") == 4_000
    assert home.warehouse.value(EARLY) == 0
    assert home.warehouse.value("select count(*) from quarantine") == 0


def test_a_batch_brings_late_events_sign_ups_and_changes(home: Home) -> None:
    batch = after(COMPANY, 1, 2_000)
    home.load(batch)
    new = "where import_id > 1"
    late = f"select count(*) from events {new} and occurred_at < $until - interval 1 minute"
    assert 300 < home.warehouse.value(late, {"until": batch.until}) < 500
    for table in ("accounts", "account_updates", "subscription_changes"):
        assert home.warehouse.value(f"select count(*) from {table} {new}") > 0


def test_refreshing_what_changed_ends_where_a_full_refresh_does(home: Home) -> None:
    found = refresh_changes.measure(home, [50, 300], rounds=1)
    assert set(found.refresh) == {50, 300}
    assert not refresh_changes.differences(home)


def test_a_fact_that_a_refresh_overlooked_is_found(home: Home) -> None:
    home.refresh()
    home.warehouse.run("update events set day = day + 7, occurred_at = occurred_at + interval 7 days")
    assert "metrics" in refresh_changes.differences(home)


def test_the_peers_find_the_triangle_that_we_publish() -> None:
    assert peers.compare(COMPANY, 100, rounds=1) == []


@pytest.mark.browser
def test_probes_are_seen_in_a_browser_while_events_come_in(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    key = freshness.make_home(settings, COMPANY.events, COMPANY.accounts)
    given = Namespace(rate=20, late=0.2, accounts=COMPANY.accounts, probes=3, minutes=0.05, warm_up=0.0)
    assert freshness.measure(settings, key, given) == 0
