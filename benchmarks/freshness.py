"""From HTTP 200 to the screen: how long a marked fact takes to appear in a real browser, under load.

python -m benchmarks.freshness [--history 10000000] [--rate 500] [--late 0.2] [--probes 60] [--minutes 2]

A home with a long history, `python app.py` with its engine beside it, a process that posts `rate` events a
second in ten batches a second, and chromium on the overview. Each probe identifies a new account by a unique
name, which the page's feed shows. An observer in the page notes the instant at which the name entered the
document. What passes until the probe is taken in, and until it is published, is read from the editions.
"""

import argparse
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing.synchronize import Event
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from benchmarks.company.history import STEPS, USAGE, Company, write
from benchmarks.page_rerun import free_port
from data.errors import HoldfastError
from data.intake import keys
from data.intake.inbox import Inbox
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.refresh import refresh
from metrics import read
from metrics.risk.train import train

ROOT = Path(__file__).resolve().parent.parent
DAYS = 548
POSTS_A_SECOND = 10
IDENTIFY = 100  # of so many items one identifies an account
LATE_SECONDS = 90 * 86_400
LOST_AFTER = 30.0
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning] .hf-feed"
OBSERVER = """
() => {
    window.appeared = {}
    const look = () => {
        const now = performance.timeOrigin + performance.now()
        for (const who of document.querySelectorAll(".hf-feed span"))
            if (who.title.startsWith("Probe ")) window.appeared[who.title] ??= now
    }
    new MutationObserver(look).observe(document.body, {childList: true, subtree: true, attributes: true})
}
"""


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def make_home(settings: Settings, events: int, accounts: int) -> str:
    """A history that ends now, an edition of it, a churn model of this week, and a write key."""
    end = now()
    company = Company(events, accounts, DAYS, end - timedelta(days=DAYS))
    with Warehouse.open(settings) as warehouse:
        write(warehouse, company)
        refresh(settings, warehouse, end)
        train(warehouse, settings, as_of=end, refit=False, show=lambda _: None)
        refresh(settings, warehouse, end)
    return keys.create(Inbox.open(settings), "product", end)[1]


@contextmanager
def served(home: Path, log: Path) -> Iterator[str]:
    """`python app.py` with its engine beside it; its address."""
    url = f"http://127.0.0.1:{free_port()}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    command = [sys.executable, "app.py", "--port", url.rpartition(":")[2]]
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command, cwd=ROOT, env=environment | {"HOLDFAST_HOME": str(home)}, stdout=out, stderr=out
        ) as server,
    ):
        try:
            wait_until_up(url, server)
            yield url
        finally:
            server.terminate()


def wait_until_up(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        if server.poll() is not None:
            raise SystemExit(f"The server stopped with exit code {server.returncode}.")
        with suppress(httpx.TransportError):
            if httpx.get(f"{url}/readyz").is_success:
                return
        time.sleep(0.1)
    raise SystemExit("The server was not ready within two minutes.")


def post(client: httpx.Client, items: list[dict[str, object]]) -> None:
    client.post(
        "/v1/batch", json={"batch": items, "sentAt": datetime.now(UTC).isoformat()}
    ).raise_for_status()


def door(url: str, key: str) -> httpx.Client:
    return httpx.Client(base_url=url, auth=(key, ""), timeout=30, trust_env=False)


@dataclass(frozen=True)
class Traffic:
    """So many events a second of accounts that exist, in ten posts a second, a share of them late."""

    url: str
    key: str
    rate: int
    late: float
    accounts: int

    def send(self, stop: Event, sent: "multiprocessing.queues.Queue[tuple[int, float]]") -> None:
        """Runs in a process of its own; in the end it tells how many events it sent in how many seconds."""
        luck = random.Random(7)
        began, posts = time.perf_counter(), 0
        with door(self.url, self.key) as client:
            while not stop.wait(max(0.0, began + posts / POSTS_A_SECOND - time.perf_counter())):
                post(client, [self.item(luck) for _ in range(self.rate // POSTS_A_SECOND)])
                posts += 1
        sent.put((posts * (self.rate // POSTS_A_SECOND), time.perf_counter() - began))

    def item(self, luck: random.Random) -> dict[str, object]:
        ago = luck.random() * LATE_SECONDS if luck.random() < self.late else 0.0
        told: dict[str, object] = {
            "messageId": f"{luck.getrandbits(128):032x}",
            "userId": f"a{1 + int(self.accounts * 0.8 * luck.random() ** 2)}",
            "timestamp": (datetime.now(UTC) - timedelta(seconds=ago)).isoformat(),
        }
        if luck.randrange(IDENTIFY) == 0:
            return told | {"type": "identify", "traits": {"plan": luck.choice(["starter", "team", "scale"])}}
        name = luck.choice(STEPS if luck.randrange(200) == 0 else USAGE)
        return told | {"type": "track", "event": name, "properties": {"path": "/reports", "rows": 17}}


@contextmanager
def flowing(traffic: Traffic) -> Iterator[None]:
    context = multiprocessing.get_context("spawn")
    stop, sent = context.Event(), context.Queue()
    process = context.Process(target=traffic.send, args=(stop, sent))
    process.start()
    try:
        yield
    finally:
        stop.set()
        events, seconds = sent.get(timeout=60)
        process.join()
        print(f"sent {events / seconds:,.0f} events/s over {seconds:,.0f} s", flush=True)


@dataclass(frozen=True)
class Seen:
    """An edition: the instant its refresh began, when it was published, and which probes its feed shows."""

    as_of: float
    published: float
    probes: frozenset[str]


@dataclass
class Watcher:
    """Notes every edition as it is published."""

    settings: Settings
    editions: list[Seen] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["Watcher"]:
        thread = threading.Thread(target=self.watch)
        thread.start()
        try:
            yield self
        finally:
            self.stopped.set()
            thread.join()

    def watch(self) -> None:
        last = None
        while not self.stopped.wait(0.02):
            with suppress(HoldfastError, OSError):
                name = read.current(self.settings)
                if name and name != last:
                    self.note(name)
                    last = name

    def note(self, name: str) -> None:
        published = (self.settings.published / "current").stat().st_mtime
        feed = read.feed(self.settings, name, 100)
        probes = frozenset(who for who in feed["name"].to_list() if who and who.startswith("Probe "))
        as_of = read.edition(self.settings, name).as_of.replace(tzinfo=UTC).timestamp()
        self.editions.append(Seen(as_of, published, probes))


def chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise SystemExit("There is no chromium on the path.")
    return found


@contextmanager
def page_on(url: str) -> Iterator[Page]:
    """The overview in a browser, with the observer in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            page.goto(url)
            page.wait_for_selector(SETTLED, timeout=120_000)
            page.evaluate(OBSERVER)
            yield page
        finally:
            browser.close()


def probe(client: httpx.Client, number: int) -> tuple[str, float]:
    """A new account with a name of its own; the instant at which the door said 200."""
    name = f"Probe {number}"
    item = {"type": "identify", "messageId": name, "userId": f"probe-{number}", "traits": {"name": name}}
    post(client, [item | {"timestamp": datetime.now(UTC).isoformat()}])
    return name, time.time()


def probes_sent(page: Page, client: httpx.Client, count: int, seconds: float) -> dict[str, float]:
    """Send the probes at random instants; when each was accepted. The page goes on meanwhile."""
    luck = random.Random(11)
    began, sent = time.perf_counter(), {}
    for number, due in enumerate(sorted(luck.random() * seconds for _ in range(count)), start=1):
        page.wait_for_timeout(1000 * max(0.0, began + due - time.perf_counter()))
        name, accepted = probe(client, number)
        sent[name] = accepted
    return sent


def appeared(page: Page, sent: dict[str, float]) -> dict[str, float]:
    """When each probe entered the document."""
    wanted = f"() => Object.keys(window.appeared).length >= {len(sent)}"
    with suppress(Exception):  # what is missing is told as lost
        page.wait_for_function(wanted, timeout=1000 * LOST_AFTER)
    found: dict[str, float] = page.evaluate("() => window.appeared")
    return {name: at / 1000 for name, at in found.items()}


def stages(sent: dict[str, float], shown: dict[str, float], editions: list[Seen]) -> dict[str, list[float]]:
    """Seconds of each stage and of the whole, for every probe that was seen."""
    found: dict[str, list[float]] = {name: [] for name in ("taken in", "published", "on screen", "whole")}
    for name, accepted in sent.items():
        edition = next((one for one in editions if name in one.probes), None)
        if edition is None or name not in shown:
            continue
        found["taken in"].append(max(0.0, edition.as_of - accepted))
        found["published"].append(edition.published - max(accepted, edition.as_of))
        found["on screen"].append(shown[name] - edition.published)
        found["whole"].append(shown[name] - accepted)
    return found


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def report(found: dict[str, list[float]], editions: list[Seen], lost: int) -> None:
    print(f"{'seconds':<28}{'p50':>8}{'p95':>8}{'max':>8}")
    titles = {
        "taken in": "200 → taken in",
        "published": "taken in → published",
        "on screen": "published → in the DOM",
        "whole": "200 → in the DOM",
    }
    for name, title in titles.items():
        values = found[name]
        print(
            f"{title:<28}{percentile(values, 0.5):>8.2f}{percentile(values, 0.95):>8.2f}"
            f"{max(values, default=float('nan')):>8.2f}"
        )
    between = [after.published - before.published for before, after in pairwise(editions)]
    every = statistics.median(between) if between else float("nan")
    print(
        f"{len(found['whole'])} probes seen, {lost} lost; {len(editions)} editions, one every {every:.2f} s"
    )


def measure(settings: Settings, key: str, given: argparse.Namespace) -> int:
    """Run it; how many probes never appeared."""
    log = settings.home.parent / "server.log"
    with served(settings.home, log) as url, door(url, key) as client:
        traffic = Traffic(url, key, given.rate, given.late, given.accounts)
        with page_on(url) as page, flowing(traffic):
            page.wait_for_timeout(1000 * given.warm_up)
            with Watcher(settings).running() as watcher:
                sent = probes_sent(page, client, given.probes, 60 * given.minutes)
                shown = appeared(page, sent)
    found = stages(sent, shown, watcher.editions)
    report(found, watcher.editions, len(sent) - len(found["whole"]))
    return len(sent) - len(found["whole"])


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--history", type=int, default=10_000_000)
    asked.add_argument("--accounts", type=int, default=50_000)
    asked.add_argument("--rate", type=int, default=500, help="events a second")
    asked.add_argument("--late", type=float, default=0.2, help="share of them that is late, over 90 days")
    asked.add_argument("--probes", type=int, default=80)
    asked.add_argument("--minutes", type=float, default=2.5)
    asked.add_argument("--warm-up", type=float, default=15.0, help="seconds before the first probe")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home")
        key = make_home(settings, given.history, given.accounts)
        sys.exit(bool(measure(settings, key, given)))


if __name__ == "__main__":
    main()
