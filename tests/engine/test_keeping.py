import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from data.intake.inbox import Arrival, Inbox
from data.settings import Settings
from engine import keeping
from engine.backup import backup
from engine.control.state import EngineState

Command = Callable[..., "subprocess.CompletedProcess[str]"]
NOON = datetime(2026, 11, 23, 12)


def test_what_waits_in_the_inbox_is_told_with_its_age(settings: Settings) -> None:
    assert keeping.inbox(settings, EngineState(), NOON).sentence == "Everything in the inbox was taken in."
    Inbox.open(settings).put([Arrival("app", "facts", NOON, {}, b"{}")] * 3)
    late = keeping.inbox(settings, EngineState(position=1), NOON + timedelta(minutes=2))
    assert (late.grade, late.sentence) == (
        "note",
        "2 deliveries (0.0 MB) wait in the inbox, the oldest for 120 seconds; "
        "start the engine and it takes them in, the oldest first.",
    )


def test_a_clock_that_was_set_back_makes_nothing_older(settings: Settings) -> None:
    Inbox.open(settings).put([Arrival("app", "facts", NOON, {}, b"{}")])
    assert keeping.inbox(settings, EngineState(), NOON - timedelta(days=1)).grade == "fine"


def test_an_old_backup_is_noted(settings: Settings, tmp_path: Path) -> None:
    settings.archive.mkdir(parents=True)
    assert "There is no backup yet" in keeping.last_backup(settings, NOON).sentence
    backup(settings, tmp_path / "saved", now=NOON, show=lambda _: None)
    assert keeping.last_backup(settings, NOON + timedelta(days=1)).grade == "fine"
    old = keeping.last_backup(settings, NOON + timedelta(days=8))
    assert (old.grade, "8 days ago" in old.sentence) == ("note", True)


def test_what_a_rebuild_would_lose_is_found(settings: Settings, company: Path, command: Command) -> None:
    command("import", company)
    assert "The archive holds 1 imports and 0 files" in command("doctor").stdout
    (kept,) = settings.archive.glob("*/import-*")
    shutil.rmtree(kept)
    told = command("doctor")
    assert told.returncode == 1
    assert "a rebuild would lose 1 imports that are not in the archive" in told.stdout
