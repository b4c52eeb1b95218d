import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

import pytest

from data.settings import ROOT, Settings, load
from engine import beside, desk
from engine.control.state import is_running
from engine.schedule import GIVES_WAY

WEB = """
import asyncio
from data.settings import load
from engine import beside

async def serve():
    async with beside.engine(load()):
        await asyncio.sleep(3600)

asyncio.run(serve())
"""


@pytest.fixture
def home(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("HOLDFAST_HOME", "HOLDFAST_CONFIG"):
        monkeypatch.setenv(name, environment[name])
    return load()


async def soon(is_so: Callable[[], object], what: str) -> None:
    until = monotonic() + 30
    while not is_so():
        if monotonic() > until:
            pytest.fail(f"not within 30 s: {what}")
        await asyncio.sleep(0.05)


@asynccontextmanager
async def engine_beside(home: Settings) -> AsyncIterator[int]:
    """An engine beside this process; gives its pid once it runs."""
    async with beside.engine(home):
        await soon(lambda: desk.status(home).alive, "an engine runs")
        yield desk.status(home).pid or 0


def test_engine_runs_beside_and_stops_with_the_web_process(home: Settings) -> None:
    async def serve() -> int:
        async with engine_beside(home) as pid:
            assert pid != os.getpid()
            own = os.getpriority(os.PRIO_PROCESS, 0)
            assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, own + GIVES_WAY)  # pages go first
            return pid

    pid = asyncio.run(serve())
    assert not is_running(pid)
    status = desk.status(home)
    assert (status.alive, status.pid) == (False, None)


def test_a_killed_engine_is_started_again(home: Settings) -> None:
    async def serve() -> None:
        async with engine_beside(home) as first:
            os.kill(first, signal.SIGKILL)
            await soon(lambda: desk.status(home).pid not in (None, first), "another engine runs")

    asyncio.run(serve())


def test_an_engine_that_runs_already_is_left_alone_and_replaced_when_it_ends(
    home: Settings, engine: "subprocess.Popen[str]", caplog: pytest.LogCaptureFixture
) -> None:
    async def serve() -> None:
        async with beside.engine(home) as supervisor:
            assert supervisor is not None
            await asyncio.sleep(1)
            assert supervisor.child is None
            assert caplog.text.count("its engine is used here too") == 1
            engine.terminate()
            await soon(lambda: desk.status(home).pid not in (None, engine.pid), "ours has taken over")

    asyncio.run(serve())


def test_an_engine_that_was_started_a_moment_too_late_gives_way_and_it_is_said(
    home: Settings, engine: "subprocess.Popen[str]", caplog: pytest.LogCaptureFixture
) -> None:
    """As of two web processes that begin at once: neither sees an engine yet, and both start one."""
    supervisor = beside.Supervisor(home)
    supervisor.spawn()
    until = monotonic() + 60
    while "its engine is used here too" not in caplog.text:
        assert monotonic() < until
        supervisor.stopping.wait(supervisor.look())
    assert supervisor.child is None
    supervisor.look()
    assert caplog.text.count("its engine is used here too") == 1
    assert desk.status(home).pid == engine.pid


def test_engine_elsewhere_is_not_started(home: Settings) -> None:
    async def serve() -> None:
        async with beside.engine(home.model_copy(update={"engine": "elsewhere"})) as supervisor:
            assert supervisor is None

    asyncio.run(serve())
    assert not home.home.exists()


def test_engine_ends_when_the_web_process_is_killed(
    home: Settings, environment: dict[str, str], eventually: Callable[..., None]
) -> None:
    web = subprocess.Popen([sys.executable, "-c", WEB], cwd=ROOT, env=environment)
    try:
        eventually(lambda: desk.status(home).alive, "an engine runs")
        pid = desk.status(home).pid
        assert pid is not None
    finally:
        web.kill()
        web.wait()
    eventually(lambda: not is_running(pid), "the engine follows the web process")


def test_an_engine_that_cannot_start_is_tried_less_and_less_often(home: Settings) -> None:
    home.home.mkdir(parents=True)
    home.warehouse.write_text("this is no warehouse " * 1000)
    supervisor = beside.Supervisor(home)
    pauses = []
    for _ in range(3):
        supervisor.look()
        assert supervisor.child is not None
        supervisor.child.wait(30)
        pauses.append(supervisor.look())
    assert pauses == [0.2, 0.4, 0.8]
