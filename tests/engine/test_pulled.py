"""What sources are asked for ends in the warehouse, each row once, whatever dies in between."""

import json
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from data.intake import registry
from data.intake.inbox import Arrival, Inbox
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine import desk
from engine.drain import drain
from engine.pull import Puller
from tests.data.sources.stripe_server import KEY, Account, running
from tests.data.sources.test_stripe import customer, event, invoice, subscription

NOW = datetime(2025, 6, 1, 12)
ROWS = 30_000


def shop_with(tmp_path: Path) -> dict[str, object]:
    """A database of events, many of one second, and the params to read it."""
    file = tmp_path / "shop.db"
    with sqlite3.connect(file) as shop:
        shop.execute("create table happened (event_id integer, account_id, occurred_at, name)")
        rows = (
            (n, f"a{n % 50}", f"2025-05-01T{n // 3600 % 24:02d}:{n // 60 % 60:02d}:00Z") for n in range(ROWS)
        )
        shop.executemany("insert into happened values (?, ?, ?, 'seen')", rows)
        shop.execute("create index by_time on happened (occurred_at)")
    told = {"url": f"sqlite:///{file}", "table": "happened", "shape": "events", "every": 1}
    return {**told, "cursor_column": "occurred_at", "page_size": 300}


def test_a_backfill_survives_the_death_of_the_engine_again_and_again(
    settings: Settings,
    tmp_path: Path,
    start: Callable[..., "subprocess.Popen[str]"],
    eventually: Callable[..., None],
) -> None:
    inbox = Inbox.open(settings)
    registry.add_source(inbox, "shop", "sql", shop_with(tmp_path), NOW)
    for _ in range(4):
        before = registry.cursor_of(inbox, "shop")
        engine = start("run")
        eventually(lambda before=before: registry.cursor_of(inbox, "shop") != before, "a page is kept")
        engine.kill()
        engine.wait()
    engine = start("run")
    eventually(lambda: "base" in json.loads(registry.cursor_of(inbox, "shop") or "{}"), "all is read", 120)
    engine.terminate()
    engine.wait()
    with Warehouse.open(settings) as warehouse:
        while drain(warehouse, inbox).deliveries:
            pass
        found = warehouse.rows("select count(*), count(distinct fact_id) from events")
    assert found == [(ROWS, ROWS)]


def test_the_engine_stops_at_once_though_a_source_does_not_answer(
    settings: Settings, start: Callable[..., "subprocess.Popen[str]"], eventually: Callable[..., None]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://me:secret@127.0.0.1:{silent.getsockname()[1]}/shop"
        given = {"url": url, "table": "happened", "shape": "events", "cursor_column": "id"}
        registry.add_source(Inbox.open(settings), "dead", "sql", given, NOW)
        engine = start("run")
        waiting, _ = silent.accept()
        eventually(lambda: desk.status(settings).alive, "the engine runs")
        engine.send_signal(signal.SIGTERM)
        _, said = engine.communicate(timeout=8)
        waiting.close()
    assert engine.returncode == 0
    assert "Traceback" not in said


def pull_all(settings: Settings, inbox: Inbox, warehouse: Warehouse, now: datetime) -> None:
    puller = Puller(settings, inbox)
    puller.turn(now)
    puller.wait()
    take_in(inbox, warehouse)


def take_in(inbox: Inbox, warehouse: Warehouse) -> None:
    while drain(warehouse, inbox).deliveries:
        pass


def counts(warehouse: Warehouse) -> tuple[int, ...]:
    tables = ("subscription_changes", "invoices", "invoice_lines")
    return tuple(warehouse.value(f"select count(*) from {table}") for table in tables)


def test_what_comes_by_webhook_and_by_backfill_counts_once(settings: Settings) -> None:
    with running(Account()) as account:
        account.add("customers", *map(customer, range(30)))
        account.add("subscriptions", *map(subscription, range(30)))
        account.add("invoices", *map(invoice, range(30)))
        updated = "customer.subscription.updated"
        events = [event(n, 1_748_000_000 + n, subscription(n, 5000), updated) for n in range(30)]
        account.add("events", *events)
        inbox = Inbox.open(settings)
        given = {"api_key": KEY, "api_base": account.url}
        registry.add_source(inbox, "billing", "stripe", given, NOW)
        inbox.put([Arrival("billing", "stripe", NOW, {}, json.dumps(one).encode()) for one in events])
        with Warehouse.open(settings) as warehouse:
            take_in(inbox, warehouse)
            assert counts(warehouse) == (30, 0, 0)
            pull_all(settings, inbox, warehouse, NOW)
            assert counts(warehouse) == (30 + 60, 30, 30)  # how each began, and how it stood when listed
            registry.update(inbox, "billing", cursor=None)
            pull_all(settings, inbox, warehouse, NOW.replace(hour=13))
            assert counts(warehouse) == (30 + 90, 30, 30)  # how it stood an hour later
