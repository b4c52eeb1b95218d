"""Runs the product as people run it: its command line, and its web server on a free port of loopback."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import urlopen

from data.settings import ROOT

WITHIN = 120.0  # seconds for anything a process has to do


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    return kept | {"HOLDFAST_HOME": str(home)} | more


def engine(home: Path, *arguments: str, **more: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "engine", *arguments],
        cwd=ROOT,
        env=environment(home, **more),
        check=True,
        capture_output=True,
        timeout=WITHIN,
    )


@dataclass(frozen=True)
class Server:
    home: Path
    url: str
    process: subprocess.Popen[bytes]
    log: Path


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def is_served(url: str) -> bool:
    try:
        with urlopen(f"{url}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def wait_until(is_so: Callable[[], bool]) -> None:
    """Look again and again, for as long as anything a process does may take."""
    until = monotonic() + WITHIN
    while not is_so():
        assert monotonic() < until
        sleep(0.1)


@contextmanager
def serve(home: Path, log: Path, *, port: int | None = None, **more: str) -> Iterator[Server]:
    """`python app.py` on a port of loopback, a free one unless given, until the block ends."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port)],
            cwd=ROOT,
            env=environment(home, **more),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until = monotonic() + WITHIN
        while not is_served(url):
            assert process.poll() is None, log.read_text()
            assert monotonic() < until, log.read_text()
            sleep(0.1)
        yield Server(home, url, process, log)
    finally:
        process.terminate()
        process.wait(timeout=30)
