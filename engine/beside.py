"""Keeps an engine running beside the web process: starts it, restarts it when it dies, stops it."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from logging import WARNING
from pathlib import Path
from time import monotonic

from data.errors import HoldfastError
from data.settings import ROOT, Settings, config_file
from engine import clock
from engine.control import state
from engine.control.store import Control
from engine.logs import say

LOOK_EVERY = 0.2
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
LIVED_WELL = 30.0  # seconds after which a death is an accident and not a habit
STOPS_WITHIN = 10.0


@asynccontextmanager
async def engine(settings: Settings) -> AsyncIterator["Supervisor | None"]:
    """`async with beside.engine(settings):` an engine runs for as long as the block does."""
    if settings.engine == "elsewhere":
        yield None
        return
    supervisor = Supervisor(settings)
    supervisor.start()
    try:
        yield supervisor
    finally:
        await asyncio.to_thread(supervisor.stop)


class Supervisor:
    """Watches over one home; an engine that somebody else started is left alone while it lives."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.child: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.deaths = 0
        self.is_guest = False  # another's engine is used, and that has been said
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.watch, name="engine-supervisor", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """Stop our engine; give it time to break off, then none."""
        self.stopping.set()
        self.thread.join()
        if self.child is None:
            return
        self.child.terminate()
        try:
            self.child.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.close()

    def watch(self) -> None:
        wait = 0.0
        while not self.stopping.wait(wait):
            wait = self.look()

    def look(self) -> float:
        """See to it that an engine runs; returns the seconds until the next look."""
        if self.child and self.child.poll() is None:
            return LOOK_EVERY
        if self.child:
            return self.bury()
        if not self.another_runs():
            self.spawn()
        elif not self.is_guest:  # also where ours was started a moment too late
            self.is_guest = True
            say(
                f"another Holdfast already works in {self.settings.home}; its engine is used here too",
                level=WARNING,
                action="supervise",
            )
        return LOOK_EVERY

    def another_runs(self) -> bool:
        try:
            return state.read(Control.open(self.settings)).is_alive(clock.now())
        except HoldfastError:
            return False  # the engine will say what is wrong with the store

    def spawn(self) -> None:
        self.started_at, self.is_guest = monotonic(), False
        with suppress(OSError):  # no memory or processes left; the next look tries again
            self.child = subprocess.Popen(
                [sys.executable, "-m", "engine", "run", "--watch-input"],
                cwd=ROOT,
                env=child_environment(self.settings),
                stdin=subprocess.PIPE,
                start_new_session=True,
            )

    def bury(self) -> float:
        """Forget an engine that ended; the pause before the next grows while they die young."""
        code = self.child.returncode if self.child else 0
        self.deaths = 0 if monotonic() - self.started_at > LIVED_WELL else self.deaths + 1
        self.close()
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** max(0, self.deaths - 1))
        if not self.another_runs():
            say(
                "the engine ended; starting another",
                level=WARNING,
                action="supervise",
                code=code,
                pause=pause,
            )
        return pause

    def close(self) -> None:
        if self.child and self.child.stdin:
            self.child.stdin.close()
        self.child = None


def child_environment(settings: Settings) -> dict[str, str]:
    """The engine reads the same settings, whatever folder the web process was started in."""
    told = {"HOLDFAST_HOME": str(settings.home)}
    if "HOLDFAST_CONFIG" in os.environ:
        told["HOLDFAST_CONFIG"] = str(Path(config_file()).resolve())
    return os.environ | told
