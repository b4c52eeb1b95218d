"""A backup is taken while everything runs, and brings a home back with every accepted delivery once."""

import subprocess
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.errors import BadInput
from data.intake.inbox import Arrival, Inbox
from data.intake.kinds import facts
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine import backup as saving
from engine.backup import backup, last
from engine.control import jobs
from engine.control.store import Control
from engine.drain import drain
from engine.restore import restore
from engine.shelve import Shelf

Command = Callable[..., "subprocess.CompletedProcess[str]"]
NOON = datetime(2026, 11, 23, 12)


def silent(_: str) -> None:
    """Nobody watches."""


def put(inbox: Inbox, first: int, last: int) -> None:
    for number in range(first, last + 1):
        told = {"event_id": f"e{number}", "account_id": "a1", "occurred_at": "2026-11-20", "name": "seen"}
        inbox.put([Arrival("app", "facts", NOON, {}, facts.body([("events", told)]))])


def ids(settings: Settings) -> list[str]:
    with Warehouse.open(settings) as warehouse:
        found = warehouse.rows("select count(*), count(distinct fact_id) from events")
        repeated = warehouse.rows("select coalesce(sum(repeated), 0) from source_counts")
    return [f"{number}" for number in (*found[0], *repeated[0])]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "elsewhere")


def test_what_is_archived_and_what_waits_come_back_once_each(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    inbox = Inbox.open(settings)
    put(inbox, 1, 6)
    with Warehouse.open(settings) as warehouse:
        drain(warehouse, inbox, limit=4)
        Shelf(settings, inbox).shelve(2)
    backup(settings, tmp_path / "saved", now=NOON, show=silent)
    done = restore(elsewhere, tmp_path / "saved", force=False, now=NOON, show=silent)
    assert (done["deliveries"], done["taken_at"]) == (6, NOON.isoformat())
    assert ids(elsewhere) == ["6", "6", "0"]
    assert Inbox.open(elsewhere).epoch != inbox.epoch


def test_a_backup_taken_while_deliveries_move_to_the_archive_is_whole(
    settings: Settings, elsewhere: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The inbox is copied before the archive: what left it in between is in both, and counts once."""
    inbox = Inbox.open(settings)
    put(inbox, 1, 5)
    with Warehouse.open(settings) as warehouse:
        position = drain(warehouse, inbox).position
    shelf = Shelf(settings, inbox)

    put(inbox, 6, 8)
    copy = saving.snapshot

    def copy_then_move(source: Path, target: Path) -> None:
        copy(source, target)
        if source.name == "inbox.sqlite":
            shelf.shelve(position)

    monkeypatch.setattr(saving, "snapshot", copy_then_move)
    backup(settings, tmp_path / "saved", now=NOON, show=silent)
    assert list((tmp_path / "saved" / "archive").glob("*/deliveries-*"))
    restore(elsewhere, tmp_path / "saved", force=False, now=NOON, show=silent)
    assert ids(elsewhere) == ["8", "8", "0"]


def test_deliveries_accepted_after_a_restore_are_not_taken_for_old_ones(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    put(Inbox.open(settings), 1, 3)
    backup(settings, tmp_path / "saved", now=NOON, show=silent)
    restore(elsewhere, tmp_path / "saved", force=False, now=NOON, show=silent)
    inbox = Inbox.open(elsewhere)
    put(inbox, 4, 5)
    with Warehouse.open(elsewhere) as warehouse:
        assert drain(warehouse, inbox).facts == 2
    assert ids(elsewhere) == ["5", "5", "0"]


def test_a_backup_taken_under_load_holds_all_that_was_accepted_before_it(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    inbox = Inbox.open(settings)
    put(inbox, 1, 1)
    accepted, stop = [1], threading.Event()

    def load() -> None:
        while not stop.is_set():
            put(inbox, accepted[0] + 1, accepted[0] + 1)
            accepted[0] += 1

    def engine() -> None:
        with Warehouse.open(settings) as warehouse:
            shelf = Shelf(settings, inbox)
            while not stop.is_set():
                shelf.shelve(drain(warehouse, inbox).position)

    threads = [threading.Thread(target=load), threading.Thread(target=engine)]
    for thread in threads:
        thread.start()
    try:
        known = [accepted[0]]
        for round_ in range(5):
            before = accepted[0]
            backup(settings, tmp_path / "saved", now=NOON + timedelta(minutes=round_), show=silent)
            known.append(before)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    restore(elsewhere, tmp_path / "saved", force=False, now=NOON, show=silent)
    found = ids(elsewhere)
    assert int(found[0]) >= known[-1]
    assert found[0] == found[1]
    assert found[2] == "0"


def test_a_damaged_backup_is_refused_before_anything_is_touched(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    put(Inbox.open(settings), 1, 1)
    backup(settings, tmp_path / "saved", now=NOON, show=silent)
    (file,) = (tmp_path / "saved").glob("inbox-*.sqlite")
    content = file.read_bytes()
    file.write_bytes(content[:-1] + b"x")
    with pytest.raises(BadInput, match=r"its checksum differs\); nothing was restored"):
        restore(elsewhere, tmp_path / "saved", force=False, now=NOON, show=silent)
    file.unlink()
    with pytest.raises(BadInput, match=r"is missing from the backup; nothing was restored"):
        restore(elsewhere, tmp_path / "saved", force=False, now=NOON, show=silent)
    assert not elsewhere.home.exists()


def test_a_folder_with_other_things_in_it_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").touch()
    with pytest.raises(BadInput, match="holds no backup of Holdfast"):
        backup(settings, tmp_path / "photos", now=NOON, show=silent)
    with pytest.raises(BadInput, match="lies in the home"):
        backup(settings, settings.home / "saved", now=NOON, show=silent)
    with pytest.raises(BadInput, match="holds no backup of Holdfast"):
        restore(settings, tmp_path / "photos", force=True, now=NOON, show=silent)


def test_a_backup_that_was_killed_leaves_the_one_before(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    inbox = Inbox.open(settings)
    put(inbox, 1, 2)
    backup(settings, tmp_path / "saved", now=NOON, show=silent)
    put(inbox, 3, 3)
    with Warehouse.open(settings) as warehouse:
        Shelf(settings, inbox).shelve(drain(warehouse, inbox).position)

    def die(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(settings, tmp_path / "saved", now=NOON + timedelta(hours=1), show=die)
    restore(elsewhere, tmp_path / "saved", force=False, now=NOON, show=silent)
    assert ids(elsewhere) == ["2", "2", "0"]


def test_work_that_was_under_way_is_not_begun_again(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    asked = jobs.submit(Control.open(settings), "import", {"folder": "/nowhere"}, NOON)
    backup(settings, tmp_path / "saved", now=NOON, show=silent)
    restore(elsewhere, tmp_path / "saved", force=False, now=NOON, show=silent)
    job = jobs.find(Control.open(elsewhere), asked)
    assert job is not None
    assert (job.state, job.error) == (
        "failed",
        "The backup was taken before this was done; ask for it again.",
    )


def test_the_commands_say_what_they_did(
    settings: Settings, company: Path, command: Command, engine: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    assert command("import", company).returncode == 0
    saved = command("backup", tmp_path / "saved")
    assert (saved.returncode, saved.stderr) == (0, "")
    assert saved.stdout.startswith("backed up ")
    noted = last(settings)
    assert noted is not None
    assert noted.folder == str(tmp_path / "saved")
    busy = command("restore", tmp_path / "saved")
    assert (busy.returncode, busy.stdout) == (1, "")
    assert "stop everything, then restore" in busy.stderr
    back = command("restore", tmp_path / "saved", HOLDFAST_HOME=str(tmp_path / "new"))
    assert (back.returncode, back.stderr) == (0, "")
    assert back.stdout.splitlines()[-1] == "rebuilt from 1 imports and 0 deliveries"
    exports = [
        command("export", "quarantine", HOLDFAST_HOME=str(home)).stdout
        for home in (settings.home, tmp_path / "new")
    ]
    assert exports[0].replace("\r", "") == exports[1].replace("\r", "") != ""


def test_a_home_that_is_not_empty_is_moved_aside_only_when_told(
    settings: Settings, elsewhere: Settings, tmp_path: Path
) -> None:
    put(Inbox.open(settings), 1, 1)
    backup(settings, tmp_path / "saved", now=NOON, show=silent)
    put(Inbox.open(elsewhere), 7, 9)
    with pytest.raises(BadInput, match="is not empty; give --force to move aside what is there"):
        restore(elsewhere, tmp_path / "saved", force=False, now=NOON, show=silent)
    done = restore(elsewhere, tmp_path / "saved", force=True, now=NOON, show=silent)
    assert (Path(done["aside"]) / "inbox.sqlite").exists()
    assert ids(elsewhere) == ["1", "1", "0"]


def test_the_history_of_the_metrics_is_saved_and_comes_back(
    settings: Settings, elsewhere: Settings, published: Path, tmp_path: Path
) -> None:
    from engine.alerts.history import History
    from metrics import read

    edition = read.current(settings)
    assert edition
    batch = History(settings).record(edition, NOON)
    backup(settings, tmp_path / "saved", now=NOON, show=silent)
    backup(settings, tmp_path / "saved", now=NOON + timedelta(hours=1), show=silent)
    restore(elsewhere, tmp_path / "saved", force=False, now=NOON, show=silent)
    assert batch > 0
    assert History(elsewhere).since(0).equals(History(settings).since(0))
    assert not list((elsewhere.home / "history").glob(".*"))


def test_a_history_that_is_merged_meanwhile_is_saved_whole(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A merge puts one file in the place of many, while the backup holds a list of those that go."""
    folder = settings.home / "history"
    folder.mkdir(parents=True)
    for batch in (1, 2, 3):
        (folder / f"{batch:08d}-{batch:08d}.parquet").write_bytes(b"one")
    copy = saving._copy

    def copy_after_merge(source: Path, target: Path) -> None:
        (folder / "00000001-00000003.parquet").write_bytes(b"all")
        for batch in (1, 2, 3):
            (folder / f"{batch:08d}-{batch:08d}.parquet").unlink(missing_ok=True)
        copy(source, target)

    monkeypatch.setattr(saving, "_copy", copy_after_merge)
    manifest = backup(settings, tmp_path / "saved", now=NOON, show=silent)
    assert [copied.name for copied in manifest.files if "history" in copied.name] == [
        "history/00000001-00000003.parquet"
    ]
    assert [path.name for path in (tmp_path / "saved" / "history").iterdir()] == ["00000001-00000003.parquet"]
