"""Pulling: which source's turn it is, page by page into the inbox, and what happens when one fails."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.intake import registry
from data.intake.inbox import Inbox
from data.intake.registry import Source
from data.settings import ROOT, Settings
from engine import pull
from engine.pull import Puller, Standing, is_due, pull_due

NOW = datetime(2025, 6, 1, 12)
MINUTE = timedelta(minutes=1)
EVERYTHING = {"limit_bytes": 10**9, "limit": 10**6}
PULLER = """
import os, sys
from datetime import datetime
from data.intake.inbox import Inbox
from data.settings import Settings
from engine.pull import Puller
settings, seconds = Settings(home=sys.argv[1]), int(sys.argv[2])
inbox = Inbox.open(settings)
puller = Puller(settings, inbox)
keep, count = inbox.put_pulled, 0
def keep_and_die(*given):
    global count
    count += 1
    if count == int(sys.argv[3]):
        os.kill(os.getpid(), 9)
    keep(*given)
    if count == int(sys.argv[4]):
        os.kill(os.getpid(), 9)
inbox.put_pulled = keep_and_die
puller.turn(datetime(2025, 6, 1, 12, 0, seconds))
puller.wait()
"""


@pytest.fixture
def inbox(settings: Settings) -> Inbox:
    return Inbox.open(settings)


@pytest.fixture
def puller(settings: Settings, inbox: Inbox) -> Puller:
    return Puller(settings, inbox)


@pytest.fixture
def shop(tmp_path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(tmp_path / "shop.db", isolation_level=None)
    connection.execute("create table happened (event_id integer, account_id, occurred_at, name)")
    return connection


def add(shop: sqlite3.Connection, first: int, last: int) -> None:
    rows = ((n, f"2025-05-01T10:00:{n // 10 % 60:02d}Z") for n in range(first, last + 1))
    shop.executemany("insert into happened values (?, 'a1', ?, 'seen')", rows)


def params(tmp_path: Path, **given: Any) -> dict[str, Any]:
    usual = {"table": "happened", "shape": "events", "cursor_column": "event_id"}
    return {"url": f"sqlite:///{tmp_path / 'shop.db'}", **usual, **given}


def turn(puller: Puller, now: datetime) -> int:
    begun = puller.turn(now)
    puller.wait()
    return begun


def told(inbox: Inbox, name: str = "shop") -> Source:
    found = registry.find(inbox, name)
    assert found
    return found


def events(inbox: Inbox) -> list[int]:
    bodies = [json.loads(one.body) for one in inbox.after(0, **EVERYTHING)]
    return [int(fact["event_id"]) for body in bodies for fact in body["facts"]]


def test_what_a_database_holds_comes_into_the_inbox_once(
    inbox: Inbox, puller: Puller, shop: sqlite3.Connection, tmp_path: Path
) -> None:
    registry.add_source(inbox, "shop", "sql", params(tmp_path, page_size=100), NOW)
    add(shop, 1, 250)
    assert turn(puller, NOW) == 1
    assert turn(puller, NOW + timedelta(seconds=59)) == 0
    add(shop, 251, 260)
    assert turn(puller, NOW + MINUTE) == 1
    assert sorted(events(inbox)) == list(range(1, 261))
    (first, *_) = inbox.after(0, **EVERYTHING)
    assert (first.source, first.kind, first.received_at) == ("shop", "facts", NOW)
    assert (told(inbox).last_pulled_at, told(inbox).last_error) == (NOW + MINUTE, None)


def test_many_pages_are_taken_in_several_turns(
    inbox: Inbox, puller: Puller, shop: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull, "PAGES_A_TURN", 3)
    registry.add_source(inbox, "shop", "sql", params(tmp_path, page_size=10), NOW)
    add(shop, 1, 100)
    turns = 0
    while turn(puller, NOW):
        turns += 1
    assert turns == 4
    assert sorted(events(inbox)) == list(range(1, 101))


def test_sources_wait_while_the_inbox_is_full(
    inbox: Inbox, puller: Puller, shop: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull, "MOST_WAITING", 3000)
    registry.add_source(inbox, "shop", "sql", params(tmp_path, page_size=10), NOW)
    add(shop, 1, 100)
    assert turn(puller, NOW) == 1
    taken = events(inbox)
    assert 0 < len(taken) < 100
    assert turn(puller, NOW) == 0
    while len(set(taken)) < 100:
        inbox.remove(0, 10**9)
        assert turn(puller, NOW) == 1
        taken += events(inbox)
    assert sorted(taken) == list(range(1, 101))


def test_a_source_that_fails_says_why_and_stops_no_other(
    inbox: Inbox, puller: Puller, shop: sqlite3.Connection, tmp_path: Path
) -> None:
    registry.add_source(inbox, "bad", "sql", params(tmp_path, table="missing"), NOW)
    registry.add_source(inbox, "worse", "sql", {"table": "happened"}, NOW)
    registry.add_source(inbox, "shop", "sql", params(tmp_path), NOW)
    add(shop, 1, 5)
    assert turn(puller, NOW) == 3
    assert len(events(inbox)) == 5
    assert (told(inbox, "bad").last_error or "").endswith("refuses: no such table: missing.")
    assert (told(inbox, "worse").last_error or "").startswith("SQL database needs 'url': Where it is")
    assert told(inbox, "bad").last_pulled_at is None


def test_a_source_that_does_not_answer_does_not_keep_the_others_waiting(
    inbox: Inbox, puller: Puller, shop: sqlite3.Connection, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://me:secret@127.0.0.1:{silent.getsockname()[1]}/shop"
        registry.add_source(inbox, "dead", "sql", params(tmp_path, url=url), NOW)
        registry.add_source(inbox, "shop", "sql", params(tmp_path), NOW)
        add(shop, 1, 5)
        assert puller.turn(NOW) == 2
        standing = puller.standings["shop"].thread
        assert standing
        standing.join(10)
        assert len(events(inbox)) == 5
        assert puller.standings["dead"].is_under_way
    puller.wait()
    said = told(inbox, "dead").last_error or ""
    assert said.startswith("The database shop on 127.0.0.1 did not answer: ")
    assert "secret" not in said


def test_a_failing_source_is_asked_less_and_less_often_until_it_is_mended(
    inbox: Inbox, puller: Puller, shop: sqlite3.Connection, tmp_path: Path
) -> None:
    registry.add_source(inbox, "shop", "sql", params(tmp_path, table="missing"), NOW)
    asked = [second for second in range(200) if turn(puller, NOW + timedelta(seconds=second))]
    assert asked == [0, 5, 15, 35, 75, 155]
    registry.update(inbox, "shop", params=params(tmp_path))
    assert turn(puller, NOW + timedelta(seconds=200)) == 1
    assert told(inbox).last_error is None
    assert told(inbox).last_pulled_at == NOW + timedelta(seconds=200)


def test_only_sources_that_are_on_and_are_asked_for_something_are_pulled(
    inbox: Inbox, puller: Puller, tmp_path: Path
) -> None:
    registry.add_source(inbox, "web", "segment", {}, NOW)
    registry.add_source(inbox, "billing", "stripe", {}, NOW)  # its webhooks come by themselves
    registry.add_source(inbox, "shop", "sql", params(tmp_path), NOW)
    registry.update(inbox, "shop", enabled=False)
    assert turn(puller, NOW) == 0


def test_a_source_that_is_removed_while_it_is_pulled_leaves_nothing_behind(
    inbox: Inbox, puller: Puller, shop: sqlite3.Connection, tmp_path: Path
) -> None:
    add(shop, 1, 5)
    registry.add_source(inbox, "shop", "sql", params(tmp_path), NOW)
    source = told(inbox)
    registry.remove(inbox, "shop")
    puller.begin(source, NOW)
    puller.wait()
    assert inbox.backlog(0).count == 0
    assert registry.sources(inbox) == []


def test_after_a_restart_the_interval_goes_on_from_the_last_pull(
    settings: Settings, inbox: Inbox, shop: sqlite3.Connection, tmp_path: Path
) -> None:
    registry.add_source(inbox, "shop", "sql", params(tmp_path, every=600), NOW)
    assert turn(Puller(settings, inbox), NOW) == 1
    again = Puller(settings, inbox)
    assert turn(again, NOW + timedelta(seconds=599)) == 0
    assert turn(again, NOW + timedelta(seconds=600)) == 1


def test_the_timetables_door_keeps_what_it_knows(
    settings: Settings, inbox: Inbox, shop: sqlite3.Connection, tmp_path: Path
) -> None:
    registry.add_source(inbox, "shop", "sql", params(tmp_path), NOW)
    assert [pull_due(settings, inbox, NOW + timedelta(seconds=n)) for n in (0, 1, 59)] == [1, 0, 0]
    pull._pullers[inbox.file].wait()


def test_params_may_stand_in_a_file(
    settings: Settings, shop: sqlite3.Connection, tmp_path: Path, command: Any
) -> None:
    (tmp_path / "shop.json").write_text(json.dumps(params(tmp_path)))
    said = command("source", "add", "sql", "shop", "--params", f"@{tmp_path / 'shop.json'}")
    assert (said.returncode, said.stderr) == (0, "")
    assert told(Inbox.open(settings)).params["table"] == "happened"


@pytest.mark.parametrize("kills", [(1, 99), (99, 1), (3, 99), (99, 3), (99, 4)])
def test_killed_around_any_page_it_goes_on_with_each_row_once(
    settings: Settings, inbox: Inbox, shop: sqlite3.Connection, tmp_path: Path, kills: tuple[int, int]
) -> None:
    registry.add_source(inbox, "shop", "sql", params(tmp_path, page_size=10), NOW)
    add(shop, 1, 75)

    def run(seconds: int, before: int, after: int) -> int:
        line = [sys.executable, "-c", PULLER, str(settings.home), *map(str, (seconds, before, after))]
        return subprocess.run(line, cwd=ROOT, timeout=120, check=False).returncode

    assert run(0, *kills) == -signal.SIGKILL
    assert len(events(inbox)) < 75
    assert run(1, 99, 99) == 0
    assert Counter(events(inbox)) == Counter(range(1, 76))


@given(
    every=st.integers(1, 7200),
    failures=st.integers(0, 40),
    elapsed=st.integers(-100_000, 100_000),
    has_more=st.booleans(),
)
def test_a_turn_comes_within_an_hour_or_the_interval_whatever_happened(
    every: int, failures: int, elapsed: int, has_more: bool
) -> None:
    source = Source("shop", "sql", {"every": every})
    standing = Standing(source.params, NOW, failures, has_more)
    due = is_due(source, timedelta(seconds=every), standing, NOW + timedelta(seconds=elapsed))
    if elapsed < 0 or elapsed >= max(every, 3600) or (has_more and not failures):
        assert due
    elif failures:
        assert due == (elapsed >= min(3600, 5 * 2 ** (failures - 1)))
    else:
        assert due == (elapsed >= every)
