import os
import signal
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.errors import EngineBusy
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine import clock, desk, handover
from engine.control import jobs
from engine.control.store import Control
from engine.work import Order, perform

Command = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]
Engine = subprocess.Popen[str]
NOON = datetime(2025, 3, 1, 12)
EVERY_EVENT = ["events", "600000", "600000", "0", "0", "0"]


def outcome(done: "subprocess.CompletedProcess[str]") -> tuple[int, str, str]:
    return done.returncode, done.stdout, done.stderr


def test_an_import_reads_the_same_whoever_does_it(
    engine: Engine, command: Command, company: Path, tmp_path: Path
) -> None:
    alone = {"HOLDFAST_HOME": str(tmp_path / "alone")}
    for _ in range(2):
        assert outcome(command("import", company)) == outcome(command("import", company, **alone))


@pytest.mark.parametrize("words", [("import", "{empty}"), ("import", "{bad}", "--strict")])
def test_a_refusal_reads_the_same_whoever_gives_it(
    engine: Engine, command: Command, company: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    line = [word.format(empty=tmp_path / "empty", bad=company) for word in words]
    handed, direct = command(*line), command(*line, HOLDFAST_HOME=str(tmp_path / "alone"))
    assert outcome(handed) == outcome(direct)
    assert (handed.returncode, handed.stdout) == (1, "")
    assert len(handed.stderr.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_an_import_whose_engine_ends_is_finished_by_the_command(
    *,
    settings: Settings,
    engine: Engine,
    start: Start,
    large_company: Path,
    eventually: Callable[..., None],
    number: signal.Signals,
) -> None:
    importing = start("import", large_company)
    eventually(lambda: list(settings.home.glob("tmp/import-*")), "the engine is at it")
    engine.send_signal(number)
    engine.wait(10)
    said, complained = importing.communicate(timeout=60)
    assert (importing.returncode, complained) == (0, "")
    assert said.splitlines()[-1].split() == EVERY_EVENT
    with Warehouse.open(settings) as warehouse:
        assert warehouse.value("select count(*) from imports") == 1
        assert warehouse.value("select count(*) from events") == 600_000


def test_an_import_whose_engine_was_replaced_is_finished_by_the_next(
    settings: Settings, engine: Engine, start: Start, company: Path, eventually: Callable[..., None]
) -> None:
    engine.send_signal(signal.SIGSTOP)
    asked = desk.import_folder(settings, company)
    engine.kill()
    engine.wait()
    start("run")
    eventually(lambda: (job := desk.job(settings, asked)) and job.state == "done", "the next engine did it")


def test_an_import_that_was_committed_before_its_engine_died_is_not_done_twice(
    settings: Settings, company: Path
) -> None:
    order = Order("import", {"folder": str(company)}, NOON, NOON)
    with Warehouse.open(settings) as warehouse:
        first = perform(order, settings, warehouse, lambda _: None)
        again = perform(order, settings, warehouse, lambda _: None)
        assert again["counts"] == first["counts"]
        assert warehouse.value("select count(*) from imports") == 1


def test_two_commands_at_once_take_turns(start: Start, large_company: Path) -> None:
    both = [start("import", large_company), start("import", large_company)]
    said = sorted(process.communicate(timeout=90)[0].splitlines()[-1].split()[1:4] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert said == [["600000", "0", "600000"], ["600000", "600000", "0"]]


def test_a_silent_engine_is_complained_of_and_nothing_is_left_in_its_queue(
    settings: Settings, engine: Engine, company: Path
) -> None:
    engine.send_signal(signal.SIGSTOP)
    later = lambda: clock.now() + timedelta(minutes=1)  # noqa: E731
    with pytest.raises(EngineBusy, match=rf"The engine \(pid {engine.pid}\) holds the warehouse but has not"):
        handover.carry_out(settings, "import", {"folder": str(company)}, show=lambda _: None, now=later)
    assert jobs.waiting(Control.open(settings)) == 0


def test_an_interrupted_command_takes_its_work_back(
    settings: Settings, engine: Engine, start: Start, company: Path, eventually: Callable[..., None]
) -> None:
    engine.send_signal(signal.SIGSTOP)
    importing = start("import", company)
    eventually(lambda: desk.status(settings).queue == 1, "the job is queued")
    importing.send_signal(signal.SIGINT)
    _, complained = importing.communicate(timeout=10)
    assert (importing.returncode, complained) == (130, "Interrupted.\n")
    assert desk.status(settings).queue == 0


def test_ctrl_c_ends_an_import_at_once_and_nothing_is_kept(
    settings: Settings, start: Start, large_company: Path, eventually: Callable[..., None]
) -> None:
    importing = start("import", large_company)
    eventually(lambda: list(settings.home.glob("tmp/import-*")), "it has begun")
    importing.send_signal(signal.SIGINT)
    said, complained = importing.communicate(timeout=10)
    assert (importing.returncode, said, complained) == (130, "", "Interrupted.\n")
    with Warehouse.open(settings) as warehouse:
        assert warehouse.value("select count(*) from imports") == 0


def test_an_engine_with_other_settings_is_not_given_work(
    engine: Engine, command: Command, company: Path
) -> None:
    refused = command("import", company, HOLDFAST_TIMEZONE="Europe/Warsaw")
    assert outcome(refused) == (
        1,
        "",
        f"The engine (pid {engine.pid}) was started with timezone = 'UTC', but here it is 'Europe/Warsaw'; "
        "restart the engine so that both agree.\n",
    )


def test_what_does_not_change_numbers_may_differ(engine: Engine, command: Command, company: Path) -> None:
    assert command("import", company, HOLDFAST_PORT="9999", HOLDFAST_MEMORY="1GB").returncode == 0


def test_a_command_that_is_killed_leaves_nothing_and_no_lock(
    settings: Settings, start: Start, large_company: Path, command: Command, eventually: Callable[..., None]
) -> None:
    importing = start("import", large_company)
    eventually(lambda: list(settings.home.glob("tmp/import-*")), "it has begun")
    importing.kill()
    importing.wait()
    with Warehouse.open(settings) as warehouse:
        assert warehouse.value("select count(*) from imports") == 0
        assert warehouse.value("select count(*) from accounts") == 0
    assert command("import", large_company).stdout.splitlines()[-1].split() == EVERY_EVENT
    assert os.listdir(settings.home / "tmp") == []  # noqa: PTH208
