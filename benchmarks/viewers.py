"""Many live viewers of the overview: how long a redraw takes, against the usual way and an empty page.

python -m benchmarks.viewers [--viewers 150] [--seconds 60] [--every 5] [--processes 1] [--only ours usual]

A real server serves the demo company, of which another process publishes a new edition every few seconds.
Each viewer speaks Streamlit's protocol over a websocket, as a browser does: it loads the page, then redraws
it when it hears of an edition over /live (ours), or by a timer (the others, which know no better). A redraw
takes from asking for it until the script has finished, as the viewer sees it. `usual` is
benchmarks/usual/overview.py: the same cards, charts and tables as tutorials write them, with default
settings. With more than one process the viewers are shared out among as many servers, all reading the same
editions.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.page_rerun import EMPTY, ROOT, free_port, make_home, wait_until_up
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.refresh import refresh

SMALL = 200  # bytes; what says that a script has finished is never longer
ARRIVING = 0.15  # seconds between two viewers who open the page
USUAL = Path(__file__).parent / "usual"


@dataclass
class Seen:
    """What viewers went through, in seconds; a lag ends with the redraw that shows a published edition."""

    redraws: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)
    lost: int = 0


class Page:
    """One viewer's page: its session, and which part of it is live."""

    def __init__(self, wire: ClientConnection) -> None:
        self.wire, self.page_hash, self.live_part = wire, "", ""

    async def load(self) -> float:
        """Load the page; find the part that has most in it, which is the live one."""
        began, parts = time.perf_counter(), Counter[str]()
        await self.ask("")
        while True:
            message = ForwardMsg.FromString(await self.wire.recv())
            kind = message.WhichOneof("type")
            if kind == "navigation":
                self.page_hash = message.navigation.page_script_hash
            if kind == "delta":
                refuse_exceptions(message)
                parts[message.delta.fragment_id] += 1
            if kind == "script_finished":
                break
        del parts[""]
        self.live_part = next((name for name, _ in parts.most_common(1)), "")
        return time.perf_counter() - began

    async def redraw(self) -> float:
        began = time.perf_counter()
        await self.ask(self.live_part)
        while True:
            told = await self.wire.recv()
            if len(told) < SMALL and ForwardMsg.FromString(told).WhichOneof("type") == "script_finished":
                return time.perf_counter() - began

    async def ask(self, part: str) -> None:
        asked = BackMsg()
        asked.rerun_script.page_script_hash = self.page_hash
        asked.rerun_script.fragment_id = part
        await self.wire.send(asked.SerializeToString())


def refuse_exceptions(message: ForwardMsg) -> None:
    if message.delta.new_element.WhichOneof("type") == "exception":
        raise SystemExit(f"The page failed: {message.delta.new_element.exception.message}")


@dataclass(frozen=True)
class Crowd:
    """So many viewers, for so long; `news`: where the pointer to the newest edition is."""

    ports: Sequence[int]
    viewers: int
    seconds: float
    every: float
    is_live: bool
    news: Path

    async def watch(self) -> Seen:
        seen = Seen()
        until = time.monotonic() + self.viewers * ARRIVING + self.seconds
        measured_from = time.monotonic() + self.viewers * ARRIVING
        await asyncio.gather(
            *(self.view(number, seen, measured_from, until) for number in range(self.viewers))
        )
        return seen

    async def view(self, number: int, seen: Seen, measured_from: float, until: float) -> None:
        await asyncio.sleep(number * ARRIVING)
        port = self.ports[number % len(self.ports)]
        try:
            async with connect(
                f"ws://127.0.0.1:{port}/_stcore/stream",
                subprotocols=["streamlit"],
                max_size=None,  # type: ignore[list-item]
            ) as wire:
                page = Page(wire)
                seen.loads.append(await page.load())
                follow = self.by_news if self.is_live else self.by_timer
                await asyncio.wait_for(
                    follow(page, port, seen, measured_from), max(0.1, until - time.monotonic())
                )
        except TimeoutError:
            pass
        except ConnectionClosed:
            seen.lost += 1

    async def by_news(self, page: Page, port: int, seen: Seen, measured_from: float) -> None:
        async with connect(f"ws://127.0.0.1:{port}/live", max_size=None) as news:
            known = json.loads(await news.recv())["edition"]
            async for told in news:
                edition = json.loads(told)["edition"]
                if edition != known:
                    known = edition
                    await self.timed(page, seen, measured_from)

    async def by_timer(self, page: Page, _: int, seen: Seen, measured_from: float) -> None:
        due = time.monotonic() + random.random() * self.every
        while True:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due += self.every
            await self.timed(page, seen, measured_from)

    async def timed(self, page: Page, seen: Seen, measured_from: float) -> None:
        published = self.news.stat().st_mtime
        took = await page.redraw()
        if time.monotonic() > measured_from:
            seen.redraws.append(took)
            seen.lags.append(time.time() - published)


def publish(home: Path, every: float, stop: "multiprocessing.synchronize.Event") -> None:
    """Runs in a process of its own, as the engine does: a new edition every so many seconds."""
    with Warehouse.open(Settings(home=home)) as warehouse:
        due = time.monotonic()
        while not stop.wait(max(0.0, due - time.monotonic())):
            refresh(Settings(home=home), warehouse, datetime.now(UTC).replace(tzinfo=None))
            due += every


@contextmanager
def published(home: Path, every: float) -> Iterator[None]:
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    process = context.Process(target=publish, args=(home, every, stop))
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join(60)


@contextmanager
def served(script: Path, home: Path) -> Iterator[tuple[int, psutil.Process]]:
    """A server of its own; but for our own, with Streamlit's default settings."""
    port = free_port()
    environment = os.environ | {
        "HOLDFAST_HOME": str(home),
        "HOLDFAST_ENGINE": "elsewhere",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, str(script), "--port", str(port)]
    with subprocess.Popen(command, cwd=script.parent, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            wait_until_up(port, server)
            yield port, psutil.Process(server.pid)
        finally:
            server.terminate()


def cpu_of(processes: Sequence[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def measure(name: str, script: Path, home: Path, given: argparse.Namespace) -> None:
    with ExitStack() as opened:
        servers = [opened.enter_context(served(script, home)) for _ in range(given.processes)]
        opened.enter_context(published(home, given.every))
        news = Settings(home=home).published / "current"
        crowd = Crowd(
            [port for port, _ in servers], given.viewers, given.seconds, given.every, name == "ours", news
        )
        began, before = time.monotonic(), cpu_of([process for _, process in servers])
        seen = asyncio.run(crowd.watch())
        busy = (cpu_of([process for _, process in servers]) - before) / (time.monotonic() - began)
    lag = percentile(seen.lags, 0.95) if name == "ours" else float("nan")
    print(
        f"{name:<8}{given.viewers:>8}{given.processes:>9}{len(seen.redraws) / given.seconds:>12.1f}"
        f"{1000 * percentile(seen.redraws, 0.5):>12.0f}{1000 * percentile(seen.redraws, 0.95):>12.0f}"
        f"{lag:>12.2f}"
        f"{1000 * statistics.median(seen.loads or [float('nan')]):>12.0f}{busy:>12.2f}{seen.lost:>12}",
        flush=True,
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--viewers", type=int, default=150)
    asked.add_argument("--seconds", type=float, default=60.0, help="measured, once all have opened the page")
    asked.add_argument("--every", type=float, default=5.0, help="seconds between two editions")
    asked.add_argument("--processes", type=int, default=1, help="servers that share the viewers")
    asked.add_argument("--only", nargs="+", default=["ours", "usual", "empty"])
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        make_home(home)
        empty = Path(folder) / "run.py"
        empty.write_text(EMPTY)
        (Path(folder) / "empty.py").write_text("")
        scripts = {"ours": ROOT / "app.py", "usual": USUAL / "run.py", "empty": empty}
        titles = ("redraws/s", "p50, ms", "p95, ms", "lag p95, s", "load, ms", "cores", "lost")
        print(f"{'':<8}{'viewers':>8}{'servers':>9}" + "".join(f"{title:>12}" for title in titles))
        for name in given.only:
            with suppress(KeyboardInterrupt):
                measure(name, scripts[name], home, given)


if __name__ == "__main__":
    main()
