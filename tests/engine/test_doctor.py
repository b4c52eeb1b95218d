import os
import shutil
import signal
import subprocess
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest

from data.settings import Settings
from engine import doctor

Command = Callable[..., "subprocess.CompletedProcess[str]"]
Usage = namedtuple("Usage", "total used free")


def grades(told: str, grade: str) -> list[str]:
    return [line.removeprefix(grade).strip() for line in told.splitlines() if line.startswith(grade)]


def test_a_home_that_is_well_has_nothing_wrong(published: Path, command: Command) -> None:
    told = command("doctor")
    assert (told.returncode, told.stderr, grades(told.stdout, "wrong")) == (0, "", [])
    notes = " ".join(grades(told.stdout, "note"))
    assert "1 rows are set aside" in notes
    assert "1 facts wait for their account" in notes
    assert "No engine runs" in notes


def test_a_new_home_is_told_how_to_begin(command: Command) -> None:
    told = command("doctor")
    assert told.returncode == 0
    assert "No facts yet" in told.stdout


def test_a_running_engine_is_well(imported: Path, command: Command, engine: "subprocess.Popen[str]") -> None:
    told = command("doctor")
    assert grades(told.stdout, "wrong") == []
    assert f"The engine runs (pid {engine.pid}" in told.stdout


def test_an_engine_that_died_is_found(command: Command, engine: "subprocess.Popen[str]") -> None:
    engine.kill()
    engine.wait()
    told = command("doctor")
    assert told.returncode == 1
    assert grades(told.stdout, "wrong")[0].startswith(f"The engine (pid {engine.pid}) died; start it")


def test_a_bad_setting_is_found(command: Command) -> None:
    told = command("doctor", HOLDFAST_WEEK_START="someday")
    assert told.returncode == 1
    assert "week_start" in grades(told.stdout, "wrong")[0]


@pytest.mark.parametrize(
    ("file", "sentence"),
    [("control.sqlite", "The control store"), ("warehouse.duckdb", "warehouse.duckdb")],
)
def test_a_damaged_file_is_found(command: Command, settings: Settings, file: str, sentence: str) -> None:
    settings.home.mkdir(parents=True)
    (settings.home / file).write_text("no database " * 1000)
    told = command("doctor")
    assert told.returncode == 1
    assert sentence in grades(told.stdout, "wrong")[0]


def test_a_pointer_to_a_lost_edition_is_found(published: Path, command: Command, settings: Settings) -> None:
    for path in settings.published.glob("*.duckdb"):
        path.unlink()
    told = command("doctor")
    assert told.returncode == 1
    assert "python -m engine refresh" in grades(told.stdout, "wrong")[0]


@pytest.mark.parametrize("name", ["current", "*.duckdb"])
def test_a_damaged_edition_is_found(published: Path, command: Command, settings: Settings, name: str) -> None:
    for path in settings.published.glob(name):
        path.write_bytes(b"\xff\xfe" + path.read_bytes()[:10_000])
    told = command("doctor")
    assert told.returncode == 1
    assert grades(told.stdout, "wrong")[0].endswith("Publish another: `python -m engine refresh`.")


def test_a_full_disk_is_found(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 1_000_000))
    found = doctor.disk(settings)
    assert found.grade == "wrong"
    assert found.sentence.startswith("Only 0.0 GB free on the disk of ")
    assert "free at least 0.5 GB" in found.sentence


def test_a_home_that_cannot_be_written_to_is_found(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the home should be")
    assert doctor.home(settings).grade == "wrong"


def test_a_silent_engine_is_found(settings: Settings, engine: "subprocess.Popen[str]") -> None:
    from datetime import timedelta

    from engine import clock
    from engine.control import state
    from engine.control.store import Control

    os.kill(engine.pid, signal.SIGSTOP)
    found = doctor.alive(state.read(Control.open(settings)), settings, clock.now() + timedelta(seconds=30))
    assert found.grade == "wrong"
    assert "has not answered since" in found.sentence


def doctor_of(rows: list[str], folder: Path, command: Command) -> str:
    """The notes once these accounts came in beside the company's."""
    folder.mkdir()
    (folder / "accounts.csv").write_text("\n".join(["account_id,created_at,plan", *rows]))
    command("import", folder)
    command("refresh", "--as-of", "2025-02-15T00:00:00Z")
    return " ".join(grades(command("doctor").stdout, "note"))


def test_an_attribute_with_very_many_values_is_named(
    imported: Path, tmp_path: Path, command: Command
) -> None:
    rows = [f"w{number},2025-02-01,plan {number}" for number in range(doctor.MANY_SEGMENTS + 1)]
    assert "'plan' has" in doctor_of(rows, tmp_path / "wide", command)


def test_an_account_from_long_before_the_others_is_named(
    imported: Path, tmp_path: Path, command: Command
) -> None:
    notes = doctor_of(["old,2020-06-01,plan 1"], tmp_path / "old", command)
    assert "Account 'old' was created on 2020-06-01" in notes
