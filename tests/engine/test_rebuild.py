"""The warehouse comes out of the archive as it was, whoever rebuilds it."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.archive import chunks
from data.errors import GiveUp
from data.intake.inbox import Arrival, Inbox
from data.intake.kinds import facts
from data.settings import Settings
from data.store import exchange
from data.store.warehouse import Warehouse
from engine import work
from engine.rebuild import would_lose
from engine.shelve import Shelf
from engine.work import Order, perform

Command = Callable[..., "subprocess.CompletedProcess[str]"]
DAY = datetime(2025, 2, 1, 12)
LISTINGS = (
    "select account_id, created_at, plan from accounts order by seq",
    "select account_id, occurred_at, value, properties, source from events "
    "join account_keys using (account_key) join sources using (source_key) order by all",
    "select subscription_id, effective_at, mrr from subscription_changes order by seq",
    "select * from quarantine_listing order by all",
    "select source, shape, facts, last_fact_at, last_arrival_at, read, added, repeated from source_counts "
    "join sources using (source_key) order by all",
    "select source, minute, facts from arrivals join sources using (source_key) order by all",
    "select * from waiting_counts order by all",
    "select folder, finished_at from imports order by import_id",
    "select * from positions order by all",
)


class House:
    """A home that takes in deliveries and imports, in whatever order a test likes."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.warehouse = Warehouse.open(settings)
        self.inbox = Inbox.open(settings)
        self.shelf = Shelf(settings, self.inbox)
        self.now = DAY
        self.number = 0

    def deliver(self, source: str = "app", count: int = 3, **more: Any) -> None:
        for _ in range(count):
            self.number += 1
            self.now += timedelta(seconds=17)
            told = {
                "event_id": f"x{self.number}",
                "account_id": f"a{self.number % 5}",
                "name": "first_action",
            }
            told |= {"occurred_at": f"{self.now - timedelta(days=3)}Z"} | more
            self.inbox.put([Arrival(source, "facts", self.now, {}, facts.body([("events", told)]))])

    def do(self, kind: str, **arguments: Any) -> dict[str, Any]:
        self.now += timedelta(seconds=5)
        return perform(
            Order(kind, arguments, self.now, self.now), self.settings, self.warehouse, lambda _: None
        )

    def take_in(self) -> None:
        work.catch_up(self.settings, self.warehouse, lambda _: None)

    def shelve(self) -> None:
        (position,) = self.warehouse.rows("select position from positions")[0]
        self.shelf.shelve(position)

    def told(self) -> list[Any]:
        return [self.warehouse.rows(query) for query in LISTINGS]

    def reopen(self) -> None:
        self.warehouse.close()
        self.warehouse = Warehouse.open(self.settings)
        self.shelf = Shelf(self.settings, self.inbox)


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    opened = House(settings)
    yield opened
    opened.warehouse.close()


def fill(house: House, company: Path) -> None:
    """Deliveries and imports by turns, some archived, some only in the inbox; bad ones, repeats, replays."""
    house.deliver()
    house.deliver(name=None)
    house.take_in()
    house.shelve()
    house.do("import", folder=str(company), source="crm")
    house.deliver("shop")
    house.deliver(occurred_at="late", count=2)
    house.take_in()
    house.do("import", folder=str(company), source="crm")
    mended = {"event_id": "m", "account_id": "a1", "occurred_at": f"{DAY}Z", "name": "first_action"}
    (bad, *_) = house.warehouse.rows("select quarantine_id from quarantine_listing where value = 'late'")
    house.do("replay", ids=list(bad), raw=json.dumps(mended))
    house.shelve()
    house.deliver("app", event_id="x1")
    house.take_in()


def test_all_that_came_in_comes_out_again(house: House, company: Path) -> None:
    fill(house, company)
    before = house.told()
    done = house.do("rebuild")
    assert (done["deliveries"], done["imports"]) == (15, 2)
    assert house.told() == before


def test_a_rebuild_can_be_rebuilt_and_what_follows_goes_on(house: House, company: Path) -> None:
    fill(house, company)
    house.do("rebuild")
    house.reopen()
    house.deliver("shop")
    house.take_in()
    house.do("import", folder=str(company), source="late")
    before = house.told()
    house.do("rebuild")
    assert house.told() == before


def test_what_still_waits_in_the_inbox_is_taken_in_once_and_afterwards(house: House, company: Path) -> None:
    fill(house, company)
    house.deliver("shop")
    house.do("rebuild")
    house.take_in()
    shop = "select count(*) from events join sources using (source_key) where source = 'shop'"
    assert house.warehouse.value(shop) == 6


def test_deliveries_that_are_in_archive_and_inbox_count_once(house: House) -> None:
    """As if the engine had been killed between the two."""
    house.deliver(count=6)
    house.take_in()
    ready = house.inbox.after(0, limit=4, limit_bytes=10**9)
    chunks.keep(house.settings, 1, house.inbox.epoch, ready)
    before = house.told()
    house.do("rebuild")
    assert house.told() == before
    house.reopen()
    assert [one.delivery_id for one in house.inbox.after(0, limit=9, limit_bytes=10**9)] == [5, 6]
    house.shelve()
    house.do("rebuild")
    assert house.told() == before


def test_the_archive_has_a_folder_a_day(house: House) -> None:
    house.deliver()
    house.take_in()
    house.shelve()
    house.now += timedelta(days=1)
    house.deliver()
    house.take_in()
    house.shelve()
    assert sorted(path.name for path in house.settings.archive.iterdir()) == ["2025-02-01", "2025-02-02"]
    assert house.inbox.backlog(0).count == 0


def test_a_rebuild_that_was_killed_is_finished_by_the_next_opening(house: House, company: Path) -> None:
    fill(house, company)
    before = house.told()
    house.warehouse.run("checkpoint")
    house.warehouse.close()
    shutil.copyfile(house.settings.warehouse, exchange.rebuilt(house.settings))
    house.settings.warehouse.write_text("an old one")
    house.settings.warehouse.with_name("warehouse.duckdb.wal").write_text("of the old one")
    house.warehouse = Warehouse.open(house.settings)
    assert house.told() == before


def test_what_the_archive_lacks_is_said_and_nothing_is_touched(house: House, company: Path) -> None:
    fill(house, company)
    before = house.told()
    chunk = chunks.chunks(house.settings)[0]
    chunk.path.rename(chunk.path.with_name("elsewhere"))
    (kept,) = house.settings.archive.glob("*/import-0000000001")
    shutil.rmtree(kept)
    with pytest.raises(
        GiveUp, match="A rebuild would lose 1 imports that are not in the archive, the first from"
    ):
        house.do("rebuild")
    assert house.told() == before
    assert house.do("rebuild", anyway=True)["imports"] == 1


def test_deliveries_that_are_nowhere_are_missed(house: House) -> None:
    house.deliver()
    house.take_in()
    assert would_lose(house.settings, house.warehouse, house.inbox) == ""
    house.inbox.remove(1, 2)
    missed = would_lose(house.settings, house.warehouse, house.inbox)
    assert missed == "deliveries 1 to 3, which are neither archived nor in the inbox"


def test_a_warehouse_that_cannot_be_read_is_set_aside(
    settings: Settings, company: Path, command: Command
) -> None:
    assert command("import", company).returncode == 0
    settings.warehouse.write_text("no database " * 1000)
    done = command("rebuild")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "rebuilt from 1 imports and 0 deliveries"
    assert (settings.home / "warehouse.unreadable-1.duckdb").exists()


def test_without_an_archive_there_is_nothing_to_rebuild_from(settings: Settings, command: Command) -> None:
    settings.home.mkdir()
    settings.warehouse.write_text("no database " * 1000)
    done = command("rebuild")
    assert done.returncode == 1
    assert "There is no archive to rebuild it from" in done.stderr


def test_the_metrics_come_out_the_same_while_the_engine_runs(
    settings: Settings,
    company: Path,
    command: Command,
    engine: "subprocess.Popen[str]",
    eventually: Callable[..., None],
) -> None:
    assert command("import", company, "--source", "crm").returncode == 0
    told = {
        "event_id": "x1",
        "account_id": "a2",
        "occurred_at": "2025-01-08T10:00:00Z",
        "name": "first_action",
    }
    bad = ("events", told | {"occurred_at": "late"})
    body = facts.body([("events", told), bad])
    Inbox.open(settings).put([Arrival("app", "facts", datetime(2025, 1, 9), {}, body)])
    tables = [("metrics",), ("cohorts",), ("sources",), ("quarantine",)]
    as_of = ("refresh", "--as-of", "2025-02-15")
    assert command(*as_of).returncode == 0
    before = [command("export", *table).stdout for table in tables]
    done = command("rebuild")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "rebuilt from 1 imports and 1 deliveries"
    assert command(*as_of).returncode == 0
    assert [command("export", *table).stdout for table in tables] == before
    assert "first_action" in before[3]
    assert engine.poll() is None
