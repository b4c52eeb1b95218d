"""Watched folders: what lies there is imported by the engine, whole and once."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.intake import registry
from data.intake.inbox import Inbox
from data.settings import ROOT, Settings
from data.store.warehouse import Warehouse
from engine.control import jobs
from engine.control.store import Control
from engine.handover import carry_out_job
from engine.pull import Puller

NOW = datetime(2025, 6, 1, 12)
LOOKER = """
import os, sys
from datetime import datetime
from data.intake.inbox import Inbox
from data.settings import Settings
from engine.pull import Puller
settings = Settings(home=sys.argv[1])
inbox = Inbox.open(settings)
puller, keep, left = Puller(settings, inbox), inbox.put_pulled, int(sys.argv[2])
def die(*given):
    global left
    if not left:
        os.kill(os.getpid(), 9)
    left -= 1
    keep(*given)
inbox.put_pulled = die
puller.turn(datetime(2025, 6, 1, 12))
puller.wait()
"""


@pytest.fixture
def inbox(settings: Settings) -> Inbox:
    return Inbox.open(settings)


class Home:
    """An engine's turns by hand: a look into the folders, then the jobs that were asked for."""

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        self.settings, self.inbox = settings, inbox
        self.puller = Puller(settings, inbox)
        self.control = Control.open(settings)
        self.second = 0

    def look(self) -> str | None:
        self.second += 3600
        self.puller.turn(NOW + timedelta(seconds=self.second))
        self.puller.wait()
        found = registry.find(self.inbox, "files")
        assert found
        return found.last_error

    def work(self) -> list[str]:
        """What became of the jobs that wait."""
        ends = []
        with Warehouse.open(self.settings) as warehouse:
            while job := jobs.claim(self.control, os.getpid(), NOW):
                try:
                    given = {"show": lambda _: None, "now": lambda: NOW}
                    carry_out_job(job, self.control, self.settings, warehouse, **given)
                    ends.append("done")
                except Exception as fault:  # noqa: BLE001 (as the engine does)
                    jobs.fail(self.control, job.job_id, str(fault), NOW)
                    ends.append("failed")
        return ends

    def count(self, table: str) -> int:
        with Warehouse.open(self.settings) as warehouse:
            found: int = warehouse.value(f"select count(*) from {table}")
            return found

    @property
    def rooms(self) -> list[Path]:
        return list((self.settings.home / "watched" / "files").iterdir())


@pytest.fixture
def home(settings: Settings, inbox: Inbox, company: Path) -> Home:
    registry.add_source(inbox, "files", "folder", {"folder": str(company), "quiet": 0}, NOW)
    return Home(settings, inbox)


def test_files_are_imported_once_and_their_copies_removed(home: Home) -> None:
    assert home.look() is None
    assert len(home.rooms) == 3
    assert home.work() == ["done"] * 3
    assert (home.count("accounts"), home.count("events")) == (3, 5)
    home.look()
    assert (home.rooms, home.work()) == ([], [])


def test_a_changed_file_is_imported_again_and_a_touched_one_is_not(home: Home, company: Path) -> None:
    home.look()
    home.work()
    home.look()
    (company / "events.csv").touch()
    with (company / "accounts.csv").open("a") as file:
        file.write("a4,2025-02-01T00:00:00Z,Di,free\n")
    home.look()
    assert home.work() == ["done"]
    assert home.count("accounts") == 4


def test_a_bad_file_is_reported_at_its_source_and_does_not_stop_the_others(home: Home, company: Path) -> None:
    (company / "events-2025-03.csv").write_text("who,what\na1,seen\n")
    home.look()
    assert home.work() == ["done", "done", "failed", "done"]
    assert (home.look() or "").startswith("events-2025-03.csv: events.csv lacks the column account_id")
    assert home.work() == []
    (company / "events-2025-03.csv").write_text("account_id,name,occurred_at\na1,seen,2025-03-01T00:00:00Z\n")
    home.look()
    assert home.work() == ["done"]
    assert home.look() is None
    assert home.count("events") == 6


def test_mappings_are_imported_with_what_they_read(home: Home, company: Path) -> None:
    for file in company.iterdir():
        file.unlink()
    (company / "customers.csv").write_text("id,since\nc1,2025-01-01T00:00:00Z\n")
    (company / "accounts.sql").write_text("select id as account_id, since as created_at from customers")
    (company / "events.sql").write_text("select nonsense from customers")
    home.look()
    assert sorted(home.work()) == ["done", "failed"]
    assert (home.look() or "").startswith("events.sql: events.sql: ")
    assert home.count("accounts") == 1


def test_only_so_many_imports_are_asked_for_at_once(home: Home, company: Path) -> None:
    for number in range(20):
        text = f"account_id,name,occurred_at\na1,n{number},2025-03-01T00:00:00Z\n"
        (company / f"events-{number}.csv").write_text(text)
    home.look()
    assert len(home.rooms) == 8
    ends: list[str] = []
    while done := home.work():
        ends += done
        home.look()
    assert ends == ["done"] * 23
    assert home.count("events") == 25


@pytest.mark.parametrize("left", [0, 1, 2])
def test_killed_between_asking_and_writing_down_each_row_is_there_once(
    home: Home, settings: Settings, left: int
) -> None:
    line = [sys.executable, "-c", LOOKER, str(settings.home), str(left)]
    died = subprocess.run(line, cwd=ROOT, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL
    while True:
        home.look()
        if not home.work():
            break
    assert (home.count("accounts"), home.count("events"), home.look()) == (3, 5, None)


def test_an_import_that_was_lost_with_its_copies_is_asked_for_again(home: Home) -> None:
    from shutil import rmtree

    home.look()
    rmtree(home.settings.home / "watched")
    assert home.work() == ["failed"] * 3
    home.look()
    assert home.work() == ["done"] * 3


def test_a_file_that_is_being_written_is_not_taken_half(
    home: Home, company: Path, settings: Settings
) -> None:
    """A file changes between the look and the end of its copying: it is left for the next look."""
    from data.sources import folder
    from engine.watch import Watch

    source = registry.find(home.inbox, "files")
    assert source
    watch = Watch(settings, home.inbox, source, NOW)
    found = folder.find(folder.Params(folder=str(company), quiet=0), None, NOW)
    (due,) = [due for due in found.due if due.name == "events.csv"]
    with (company / "events.csv").open("a") as file:
        file.write("e9,a1,2025-01")
    watch.take(due, None)
    (company / "events.csv").unlink()
    watch.take(due, None)
    assert watch.known.asked == {}
    assert jobs.waiting(home.control) == 0


def test_the_engine_imports_what_is_put_into_a_folder(
    settings: Settings, inbox: Inbox, company: Path, engine: Any, eventually: Callable[..., None]
) -> None:
    from engine import desk

    given = {"folder": str(company), "quiet": 0, "every": 1}
    registry.add_source(inbox, "files", "folder", given, NOW)
    eventually(lambda: desk.status(settings).edition, "an edition is published")
    eventually(lambda: desk.status(settings).queue == 0, "all is imported")
    found = registry.find(inbox, "files")
    assert found
    assert found.last_error is None
