"""Server CPU of a page's rerun on a warm edition of the demo company, against that of an empty page.

python -m benchmarks.page_rerun [--reruns 60] [--limit 40]

A real server serves the pages; a client speaks Streamlit's protocol over the websocket, as a browser
does, asks for one rerun after another and reads all that comes back. What counts is the CPU time of the
server's process.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from data.samples import company
from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import import_folder
from engine.refresh import refresh

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "Overview": "",
    "Activation": "activation",
    "Cohorts": "cohorts",
    "Revenue": "revenue",
    "Metrics": "definitions",
}
WARM_UP = 8  # reruns before the clock starts: caches fill, code paths are compiled
EMPTY = """
from pathlib import Path
import streamlit as st
app = st.App(Path(__file__).with_name("empty.py"))
if __name__ == "__main__":
    import sys
    app.run(config={"server.port": int(sys.argv[2]), "server.address": "127.0.0.1"})
"""


@dataclass(frozen=True)
class Cost:
    """What one rerun costs the server, in milliseconds of CPU, and how long its answer takes."""

    page: str
    cpu: float
    answer: float
    messages: float
    kilobytes: float


def make_home(home: Path) -> None:
    """A home with the demo company's edition, and no engine that would refresh it meanwhile."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    settings = Settings(home=home)
    with tempfile.TemporaryDirectory() as folder, Warehouse.open(settings) as warehouse:
        company.write(Path(folder), now=now)
        import_folder(warehouse, Path(folder), source="demo", now=now)
        refresh(settings, warehouse, now)


@contextmanager
def served(script: Path, home: Path) -> Iterator[tuple[int, psutil.Process]]:
    """A server of its own process, on a free port, stopped by its id."""
    port = free_port()
    environment = os.environ | {"HOLDFAST_HOME": str(home), "HOLDFAST_ENGINE": "elsewhere"}
    command = [sys.executable, str(script), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            wait_until_up(port, server)
            yield port, psutil.Process(server.pid)
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def wait_until_up(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"The server stopped with exit code {server.returncode}.")
        try:
            if httpx.get(f"http://127.0.0.1:{port}/_stcore/health").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("The server did not come up within a minute.")


class Viewer:
    """Somebody who looks at one page and asks for it again."""

    def __init__(self, wire: ClientConnection, page: str) -> None:
        self.wire, self.page, self.page_hash = wire, page, ""
        self.fragments = Counter[str]()  # by the messages that each brings

    def rerun(self, fragment: str = "") -> tuple[int, int]:
        """Ask once and read until the script has finished; how many messages came, and how many bytes."""
        asked = BackMsg()
        asked.rerun_script.page_name = "" if self.page_hash else self.page
        asked.rerun_script.page_script_hash = self.page_hash
        asked.rerun_script.fragment_id = fragment
        self.wire.send(asked.SerializeToString())
        self.fragments = self.fragments if fragment else Counter()
        messages = size = 0
        while True:
            told = self.wire.recv(timeout=60)
            messages, size = messages + 1, size + len(told)
            if self._is_last(ForwardMsg.FromString(told)):
                return messages, size

    def _is_last(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
        if kind == "delta" and message.delta.fragment_id:
            self.fragments[message.delta.fragment_id] += 1
        if kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
            raise SystemExit(f"{self.page}: {message.delta.new_element.exception.message}")
        return kind == "script_finished"


def measure(name: str, page: str, server: tuple[int, psutil.Process], reruns: int) -> list[Cost]:
    """The cost of the whole page, and of the part that is drawn again when a new edition comes."""
    port, process = server
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None) as wire:  # type: ignore[list-item]
        viewer = Viewer(wire, page)
        costs = [timed(name, viewer, process, reruns)]
        for fragment, _ in viewer.fragments.most_common(1):  # the page; the search in the menu is another
            costs.append(timed(f"{name}, its live part", viewer, process, reruns, fragment))
        return costs


def timed(name: str, viewer: Viewer, process: psutil.Process, reruns: int, fragment: str = "") -> Cost:
    for _ in range(WARM_UP):
        viewer.rerun(fragment)
    before, began = process.cpu_times(), time.perf_counter()
    answers = [viewer.rerun(fragment) for _ in range(reruns)]
    after, took = process.cpu_times(), time.perf_counter() - began
    busy = after.user + after.system - before.user - before.system
    messages, size = (sum(part) / reruns for part in zip(*answers, strict=True))
    return Cost(name, 1000 * busy / reruns, 1000 * took / reruns, messages, size / 1000)


def measure_all(reruns: int) -> list[Cost]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        make_home(home)
        launcher = Path(folder) / "launch.py"
        launcher.write_text(EMPTY)
        launcher.with_name("empty.py").write_text("import streamlit\n")
        with served(launcher, home) as server:
            costs = measure("Empty page", "", server, reruns)
        with served(ROOT / "app.py", home) as server:
            for name, page in PAGES.items():
                costs += measure(name, page, server, reruns)
    return costs


def main() -> None:
    """Print a table; exit 1 where a page costs more than the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reruns", type=int, default=60)
    parser.add_argument("--limit", type=float, default=40.0, help="milliseconds of CPU a rerun may cost")
    given = parser.parse_args()
    costs = measure_all(given.reruns)
    print(f"{'page':<28}{'CPU ms':>8}{'answer ms':>11}{'messages':>10}{'kB':>8}")
    for cost in costs:
        print(
            f"{cost.page:<28}{cost.cpu:>8.1f}{cost.answer:>11.1f}{cost.messages:>10.0f}{cost.kilobytes:>8.0f}"
        )
    sys.exit(any(cost.cpu > given.limit for cost in costs))


if __name__ == "__main__":
    main()
