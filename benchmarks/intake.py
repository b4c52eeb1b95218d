"""Events a second that the doors make durable, in batches and one by one, and how long a sender waits.

python -m benchmarks.intake [--seconds 10] [--connections 64] [--viewers 0] [--pages] [--trace 30]

A real server (`python -m engine intake`, or with --pages or viewers the whole `python app.py`) is driven over
loopback by a process of its own that does nothing but write requests and read answers. Every 200 was on the
disk before it was sent; the deliveries in the inbox are counted afterwards. The engine does not run.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil

from benchmarks.page_rerun import Viewer, connect, free_port, make_home
from data.intake import keys
from data.intake.inbox import Inbox
from data.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
BATCH = 100
RERUN_EVERY = 2.0  # seconds between two reruns of a viewer's page, as when an edition appears
NEVER = 10**12


@dataclass(frozen=True)
class Load:
    """One way of sending: `size` events a request; as fast as answers come, or `rate` requests a second."""

    title: str
    path: str
    size: int
    rate: float | None = None


LOADS = (
    Load(f"batches of {BATCH}", "/v1/batch", BATCH),
    Load("single calls", "/v1/track", 1),
    Load("500 calls/s", "/v1/track", 1, rate=500.0),
)


@dataclass
class Result:
    """What the sender saw: seconds each request took, by status."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: int = 0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def event(number: int) -> dict[str, object]:
    """A track call with the properties and context that libraries send: some 500 bytes."""
    return {
        "type": "track",
        "messageId": f"{os.getpid():08x}-5e1d-4a6b-9c1f-{number:012x}",
        "userId": f"user_{number % 5000}",
        "event": ("report_exported", "project_created", "first_action")[number % 3],
        "timestamp": datetime.now(UTC).isoformat(),
        "properties": {"feature": "export", "rows": number % 997, "format": "csv", "path": "/reports/weekly"},
        "context": {
            "library": {"name": "analytics-python", "version": "2.4.0"},
            "groupId": f"acct_{number % 700}",
            "ip": "203.0.113.7",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
        },
        "integrations": {},
    }


def request(load: Load, key: str, number: int) -> bytes:
    events = [event(number * load.size + at) for at in range(load.size)]
    told = {"batch": events, "sentAt": datetime.now(UTC).isoformat()} if load.size > 1 else events[0]
    body = json.dumps(told).encode()
    token = b64encode(f"{key}:".encode()).decode()
    head = (
        f"POST {load.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Sender:
    """So many connections, each sending one request after the other; requests are made beforehand."""

    def __init__(self, port: int, requests: list[bytes], rate: float | None) -> None:
        self.port, self.requests, self.rate, self.next = port, requests, rate, 0
        self.result = Result()

    async def run(self, connections: int, seconds: float) -> Result:
        self.began = time.perf_counter()
        until = self.began + seconds
        await asyncio.gather(*(self.connection(until) for _ in range(connections)))
        self.result.seconds = time.perf_counter() - self.began
        return self.result

    async def connection(self, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while (due := await self.turn()) < until:
            writer.write(self.requests[self.next % len(self.requests)])
            status = await answer(reader)
            self.note(status, time.perf_counter() - due)
        writer.close()

    async def turn(self) -> float:
        """When the next request is due: whoever is late because the one before took long has waited, too."""
        self.next += 1
        now = time.perf_counter()
        if self.rate is None:
            return now
        due = self.began + self.next / self.rate
        await asyncio.sleep(max(0.0, due - now))
        return due

    def note(self, status: int, seconds: float) -> None:
        if status == 200:
            self.result.latencies.append(seconds)
        else:
            self.result.refused += 1


async def answer(reader: asyncio.StreamReader) -> int:
    """The status; the rest of the answer is read and let go."""
    head = await reader.readuntil(b"\r\n\r\n")
    lowered = head.lower()
    start = lowered.index(b"content-length:") + 15
    await reader.readexactly(int(lowered[start : lowered.index(b"\r\n", start)]))
    return int(head[9:12])


def send(port: int, key: str, load: Load, connections: int, seconds: float) -> Result:
    """Runs in a process of its own."""
    requests = [request(load, key, number) for number in range(400 if load.size > 1 else 5000)]
    return asyncio.run(Sender(port, requests, load.rate).run(connections, seconds))


@dataclass
class Trace:
    """The memory of the server in MB, and its processor time, while somebody sends."""

    process: psutil.Process
    every: float
    megabytes: list[float] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["Trace"]:
        thread = threading.Thread(target=self.sample)
        before = self.process.cpu_times()
        thread.start()
        try:
            yield self
        finally:
            self.stopped.set()
            thread.join()
            after = self.process.cpu_times()
            self.busy = after.user + after.system - before.user - before.system

    def sample(self) -> None:
        while True:
            self.megabytes.append(self.process.memory_info().rss / 1e6)
            if self.stopped.wait(self.every):
                return


@contextmanager
def served(home: Path, pages: bool) -> Iterator[tuple[int, psutil.Process]]:
    port = free_port()
    program = ["app.py"] if pages else ["-m", "engine", "intake"]
    env = os.environ | {"HOLDFAST_HOME": str(home), "HOLDFAST_ENGINE": "elsewhere"}
    env |= {"HOLDFAST_INTAKE__REQUESTS_PER_SECOND": "1000000"}
    line = [sys.executable, *program, "--port", str(port)]
    with subprocess.Popen(line, cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as server:
        try:
            wait_until_up(port, server)
            yield port, psutil.Process(server.pid)
        finally:
            server.terminate()


def wait_until_up(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise SystemExit(f"The server stopped with exit code {server.returncode}.")
        try:
            if httpx.get(f"http://127.0.0.1:{port}/healthz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise SystemExit("The server did not come up within a minute.")


@contextmanager
def watching(port: int, viewers: int) -> Iterator[None]:
    """So many people with the overview open, whose page is drawn again every other second."""
    stopped = threading.Event()
    threads = [threading.Thread(target=watch, args=(port, stopped), daemon=True) for _ in range(viewers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join(timeout=30)


def watch(port: int, stopped: threading.Event) -> None:
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None) as wire:  # type: ignore[list-item]
        viewer = Viewer(wire, "")
        viewer.rerun()
        while not stopped.wait(RERUN_EVERY):
            viewer.rerun(next(iter(sorted(viewer.fragments)), ""))


def measure(home: Path, server: tuple[int, psutil.Process], load: Load, given: argparse.Namespace) -> None:
    port, process = server
    inbox = Inbox.open(Settings(home=home))
    before = inbox.backlog(0).count
    key = keys.create(inbox, "bench", datetime.now(UTC).replace(tzinfo=None))[1]
    trace = Trace(process, given.trace)
    with trace.running(), multiprocessing.get_context("spawn").Pool(1) as pool:
        result = pool.apply(send, (port, key, load, given.connections, given.seconds))
    kept = inbox.backlog(0).count - before
    tell(load, result, trace, kept)
    inbox.remove(0, NEVER)


def tell(load: Load, result: Result, trace: Trace, kept: int) -> None:
    answered = len(result.latencies)
    print(
        f"{load.title:<16}{answered * load.size / result.seconds:>10,.0f}{answered / result.seconds:>12,.0f}"
        f"{1000 * result.percentile(0.5):>9.1f}{1000 * result.percentile(0.95):>9.1f}"
        f"{1000 * result.percentile(0.99):>9.1f}{result.refused:>9}"
        f"{trace.busy / result.seconds:>8.2f}{trace.megabytes[0]:>8.0f}{max(trace.megabytes):>8.0f}",
        flush=True,
    )
    if kept < answered:
        raise SystemExit(f"{answered} deliveries were accepted, but {kept} are in the inbox.")
    if len(trace.megabytes) > 3:
        print("  memory, MB: " + " ".join(f"{one:.0f}" for one in trace.megabytes))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each load is sent")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--only", choices=[load.title.split()[0] for load in LOADS], help="one of the loads")
    parser.add_argument("--viewers", type=int, default=0, help="how many watch the overview meanwhile")
    parser.add_argument("--pages", action="store_true", help="drive app.py even without viewers")
    parser.add_argument("--trace", type=float, default=30.0, help="seconds between two looks at the memory")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder) / "home"
        if given.viewers:
            make_home(home)
        server = stack.enter_context(served(home, given.pages or given.viewers > 0))
        stack.enter_context(watching(server[0], given.viewers))
        print(
            f"{'load':<16}{'events/s':>10}{'requests/s':>12}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"
            f"{'refused':>9}{'cores':>8}{'MB':>8}{'peak':>8}"
        )
        for load in [load for load in LOADS if given.only in (None, load.title.split()[0])]:
            measure(home, server, load, given)


if __name__ == "__main__":
    main()
