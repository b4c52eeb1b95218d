"""The engine takes in what came by the inbox, and goes on doing so through full disks and set clocks."""

import resource
import subprocess
import threading
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from data.archive import chunks
from data.intake.inbox import Arrival, Inbox
from data.intake.kinds import facts
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine import clock, desk, schedule
from engine.inflow import Inflow
from metrics import read

Engine = subprocess.Popen[str]
NOON = datetime(2026, 11, 23, 12)


def arrival(first: int, count: int) -> Arrival:
    told = [
        {
            "event_id": f"e{number}",
            "account_id": f"a{number % 9}",
            "occurred_at": "2026-11-20",
            "name": "seen",
        }
        for number in range(first, first + count)
    ]
    return Arrival("app", "facts", NOON, {}, facts.body([("events", row) for row in told]))


def test_what_comes_in_is_published_and_the_engine_says_it_is_abreast(
    settings: Settings, engine: Engine, eventually: Callable[..., None]
) -> None:
    Inbox.open(settings).put([arrival(0, 5)])
    eventually(lambda: desk.status(settings).edition, "an edition")
    eventually(lambda: desk.status(settings).drained_at, "it says so")
    assert desk.status(settings).backlog == 0


def test_what_took_turns_is_told_as_soon_as_nothing_more_comes_in(
    settings: Settings, engine: Engine, eventually: Callable[..., None]
) -> None:
    inbox = Inbox.open(settings)
    inbox.put([arrival(0, 5)])
    eventually(lambda: desk.status(settings).edition, "an edition")
    inbox.put([arrival(5, 5)])

    def is_whole() -> bool:
        info = read.edition(settings, read.current(settings) or "")
        return info.events == 10 and {info.cohorts_as_of, info.curves_as_of, info.explorer_as_of} == {
            info.as_of
        }

    eventually(is_whole, "cohorts, curves and the explorer too")


def test_what_came_while_no_engine_ran_is_taken_in_when_one_runs(
    settings: Settings, start: Callable[..., Engine], eventually: Callable[..., None]
) -> None:
    Inbox.open(settings).put([arrival(number, 1) for number in range(40)])
    start("run")
    eventually(lambda: desk.status(settings).drained_at, "it is taken in")
    eventually(lambda: desk.status(settings).backlog == 0, "all of it")


def test_what_comes_in_while_something_is_taken_in_waits_for_the_next_turn(settings: Settings) -> None:
    inbox, numbers = Inbox.open(settings), count()

    def is_wanted() -> bool:
        inbox.put([arrival(next(numbers), 1)])
        return True

    with Warehouse.open(settings) as warehouse:
        assert Inflow(settings, warehouse, lambda: NOON).take_in(is_wanted).deliveries == 1


def test_a_refresh_by_hand_takes_in_what_waits(settings: Settings, command: Callable[..., Any]) -> None:
    Inbox.open(settings).put([arrival(0, 7)])
    assert "· 7 events ·" in command("refresh").stdout


def test_a_stopped_engine_leaves_what_it_took_in_archived(
    settings: Settings, engine: Engine, eventually: Callable[..., None]
) -> None:
    Inbox.open(settings).put([arrival(0, 5)])
    eventually(lambda: desk.status(settings).drained_at, "it is taken in")
    engine.terminate()
    engine.wait(30)
    (chunk,) = chunks.chunks(settings)
    assert (chunk.first, chunk.last) == (1, 1)
    assert Inbox.open(settings).backlog(0).count == 0


SMALL_DISK = 600_000  # bytes in a file: more than the control store has, less than the warehouse needs


def events_published(settings: Settings) -> int:
    name = read.current(settings)
    return read.edition(settings, name).events if name else 0


def test_a_full_disk_stops_the_engine_from_taking_in_and_nothing_is_lost(
    settings: Settings, engine: Engine, eventually: Callable[..., None]
) -> None:
    """A limit on the size of files stands for the disk: it can be lifted from outside."""
    Inbox.open(settings).put([arrival(0, 1)])
    eventually(lambda: desk.status(settings).edition, "an edition")
    resource.prlimit(engine.pid, resource.RLIMIT_FSIZE, (SMALL_DISK, resource.RLIM_INFINITY))
    inbox = Inbox.open(settings)
    for number in range(40):
        inbox.put([arrival(1 + number * 500, 500)])
    eventually(lambda: desk.status(settings).last_error, "the engine says what is wrong")
    assert engine.poll() is None
    resource.prlimit(engine.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    eventually(lambda: events_published(settings) == 20_001, "it takes in what waited", 90)
    eventually(lambda: desk.status(settings).last_error is None, "nothing is wrong any more", 90)
    engine.terminate()
    engine.wait(30)
    with Warehouse.open(settings) as warehouse:
        assert warehouse.value("select count(*) from events") == 20_001
        assert warehouse.rows("select read, repeated from source_counts") == [(20_001, 0)]
        assert warehouse.rows("from quarantine") == []


def test_a_disk_that_is_full_for_the_archive_leaves_deliveries_in_the_inbox(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox.open(settings)
    inbox.put([arrival(0, 3)])
    with Warehouse.open(settings) as warehouse:
        inflow = Inflow(settings, warehouse, clock.now)
        inflow.take_in(lambda: True)
    settings.archive.write_text("a file where the archive should go")
    with pytest.raises(OSError, match="must be a folder"):
        inflow.shelve_rest()
    assert inbox.backlog(0).count == 1
    settings.archive.unlink()
    inflow.shelve_rest()
    assert inbox.backlog(0).count == 0


def test_after_a_failure_the_engine_rests_and_then_goes_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = Inbox.open(settings)
    inbox.put([arrival(0, 3)])
    with Warehouse.open(settings) as warehouse:
        inflow = Inflow(settings, warehouse, clock.now)
        with monkeypatch.context() as patched:
            patched.setattr("engine.inflow.drain", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                inflow.take_in(lambda: True)
        assert inflow.take_in(lambda: True).deliveries == 0
        inflow.rests_until = 0.0
        assert inflow.take_in(lambda: True).deliveries == 1


def test_a_clock_that_is_set_back_does_not_stop_the_timetable(
    monkeypatch: pytest.MonkeyPatch, eventually: Callable[..., None]
) -> None:
    """The timetable plans by the wall clock; a turn that was planned for later comes all the same."""
    turns, stop = threading.Event(), threading.Event()
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(turns.set, "interval", hours=1)
    scheduler.start()
    waiting = threading.Thread(target=schedule.wait, args=(stop, scheduler))
    waiting.start()
    try:
        assert not turns.is_set()
        offset = clock.offset()
        monkeypatch.setattr(clock, "offset", lambda: offset - 3600)
        eventually(turns.is_set, "the turn comes")
    finally:
        stop.set()
        waiting.join()
        scheduler.shutdown()
