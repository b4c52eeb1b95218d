import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from data.settings import Settings
from engine import desk
from engine.lock import engine_lock, has_taken


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_engine_stops_cleanly_when_told(
    settings: Settings, engine: "subprocess.Popen[str]", number: signal.Signals
) -> None:
    engine.send_signal(number)
    _, said = engine.communicate(timeout=10)
    assert engine.returncode == 0
    assert "the engine stopped" in said
    assert "Traceback" not in said
    assert desk.status(settings).alive is False
    assert not settings.warehouse.with_name("warehouse.duckdb.wal").exists()


def test_a_second_engine_says_who_is_there_already(
    engine: "subprocess.Popen[str]", process: Callable[..., "subprocess.CompletedProcess[str]"]
) -> None:
    second = process("run")
    assert second.returncode == 1
    assert second.stderr.startswith(f"An engine (pid {engine.pid}) is already running for ")
    assert len(second.stderr.splitlines()) == 1


def test_of_two_engines_started_at_once_one_runs(
    settings: Settings, start: Callable[..., "subprocess.Popen[str]"], eventually: Callable[..., None]
) -> None:
    both = [start("run"), start("run")]
    eventually(lambda: [process.poll() for process in both].count(1) == 1, "one gives way")
    (loser,) = [process for process in both if process.poll() == 1]
    assert "is already running" in loser.communicate()[1]
    eventually(lambda: desk.status(settings).alive, "the other runs")


def test_engine_waits_for_a_command_that_holds_the_warehouse(
    settings: Settings, start: Callable[..., "subprocess.Popen[str]"], eventually: Callable[..., None]
) -> None:
    lock = engine_lock(settings)
    assert has_taken(lock)
    process = start("run")
    eventually((settings.home / "control.sqlite").exists, "it has come as far as the lock")
    assert not desk.status(settings).alive
    lock.release()
    eventually(lambda: desk.status(settings).pid == process.pid, "it runs")


def test_an_empty_home_publishes_nothing(settings: Settings, engine: "subprocess.Popen[str]") -> None:
    assert not settings.published.exists()
    assert desk.status(settings).queue == 0


def test_engine_imports_what_a_page_asks_for_and_publishes_it(
    settings: Settings, engine: "subprocess.Popen[str]", company: Path, eventually: Callable[..., None]
) -> None:
    asked = desk.import_folder(settings, company)
    eventually(lambda: desk.status(settings).edition, "an edition is published")
    job = desk.job(settings, asked)
    assert job is not None
    assert job.state == "done"
    status = desk.status(settings)
    assert (status.last_error, status.queue) == (None, 0)
    assert status.refresh_seconds is not None


def test_a_refused_job_tells_its_reason_and_the_engine_goes_on(
    settings: Settings, engine: "subprocess.Popen[str]", tmp_path: Path, eventually: Callable[..., None]
) -> None:
    asked = desk.import_folder(settings, tmp_path / "nowhere")
    eventually(lambda: desk.status(settings).queue == 0, "the job is over")
    job = desk.job(settings, asked)
    assert job is not None
    assert job.state == "failed"
    assert "nowhere" in (job.error or "")
    assert engine.poll() is None
