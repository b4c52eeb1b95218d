"""Runs the doors as people do: `python -m engine intake`, or `python app.py`, on a free port of loopback."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import httpx

from data.intake import keys
from data.intake.delivery import Delivery
from data.intake.inbox import Inbox
from data.settings import Settings
from tests.pages.serving import ROOT, WITHIN, environment, free_port

INTAKE = ("-m", "engine", "intake")
PAGES = ("app.py",)


@dataclass
class Serving:
    """A server over a home; `url` is where its doors are."""

    home: Path
    url: str
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def inbox(self) -> Inbox:
        return Inbox.open(Settings(home=self.home))

    def key(self, source: str = "web") -> str:
        """A new write key of a source."""
        return keys.create(self.inbox, source, datetime.now(UTC).replace(tzinfo=None))[1]

    def kept(self) -> list[Delivery]:
        """All deliveries that are in the inbox, the oldest first."""
        return self.inbox.after(0, limit_bytes=10**9, limit=10**6)

    def kill(self) -> None:
        """As a loss of power does it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=WITHIN)


@contextmanager
def serve(base: Path, *program: str, **more: str) -> Iterator[Serving]:
    """The doors over the home `base/home`, until the block ends. `more` are HOLDFAST_ variables."""
    port, log = free_port(), base / "log"
    line = [sys.executable, *(program or INTAKE), "--port", str(port)]
    env = environment(base / "home", **{f"HOLDFAST_{name}": value for name, value in more.items()})
    with log.open("ab") as out:
        process = subprocess.Popen(line, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)
    serving = Serving(base / "home", f"http://127.0.0.1:{port}", log, process)
    try:
        wait_until_up(serving)
        yield serving
    finally:
        process.terminate()
        process.wait(timeout=WITHIN)


def wait_until_up(serving: Serving) -> None:
    until = datetime.now(UTC).timestamp() + WITHIN
    while not is_up(serving.url):
        assert serving.process.poll() is None, serving.log.read_text()
        assert datetime.now(UTC).timestamp() < until, serving.log.read_text()
        sleep(0.1)


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=1).is_success
    except httpx.TransportError:
        return False
