"""A whole Holdfast in processes of its own, under load, in which anything may be killed at any instant."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil

from data.intake import keys
from data.intake.inbox import Inbox
from data.settings import ROOT, Settings
from metrics import read
from metrics.editions import UNFINISHED
from tests.pages.serving import environment, free_port

IN_A_BATCH = 20
COPIES = 'with open(paths[0], "rb") as source'  # how the publisher's child is told from others


@dataclass
class Keeper:
    """Keeps one program running: whenever it ends, another begins."""

    line: list[str]
    env: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    starts: int = 0

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.line,
                cwd=ROOT,
                env=self.env,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.starts += 1

    def look(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.start()

    def kill(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            return False
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        return True

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


@dataclass
class Sender:
    """Sends batches of events, each event once; remembers which were answered with 200."""

    url: str
    key: str
    first: int
    stop: threading.Event
    accepted: set[str] = field(default_factory=set)
    sent: int = 0

    def run(self) -> None:
        while not self.stop.is_set():
            ids = [f"{self.first}-{self.sent + number}" for number in range(IN_A_BATCH)]
            self.sent += IN_A_BATCH
            if self.is_accepted(ids):
                self.accepted.update(ids)
            else:
                time.sleep(0.05)  # the door is closed; knock again

    def is_accepted(self, ids: list[str]) -> bool:
        now = datetime.now(UTC).isoformat()
        batch = [
            {"type": "track", "messageId": one, "userId": f"a{hash(one) % 50}", "event": "first_action",
             "timestamp": now, "properties": {"id": one}}
            for one in ids
        ]  # fmt: skip
        try:
            answer = httpx.post(
                f"{self.url}/v1/batch", json={"batch": batch}, auth=(self.key, ""), timeout=10
            )
        except httpx.TransportError:
            return False
        return answer.status_code == 200


@dataclass
class Reader:
    """Reads whatever edition is current, as a page does, and notes what must never be seen."""

    settings: Settings
    stop: threading.Event
    wrong: list[str] = field(default_factory=list)
    seen: list[tuple[str, int]] = field(default_factory=list)

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.look()
            except Exception as fault:  # noqa: BLE001 (whatever a reader sees that is no edition is a finding)
                self.wrong.append(f"{type(fault).__name__}: {fault}")
            time.sleep(0.05)

    def look(self) -> None:
        name = read.current(self.settings)
        if name is None or (self.seen and self.seen[-1][0] == name):
            return
        events = read.edition(self.settings, name).events
        read.table(self.settings, name, "metrics")
        if self.seen and (name < self.seen[-1][0] or events < self.seen[-1][1]):
            self.wrong.append(f"{name} with {events} events came after {self.seen[-1]}")
        self.seen.append((name, events))


class Town:
    """Engine, doors, senders and a reader over one home."""

    def __init__(self, base: Path, seed: int, senders: int = 2) -> None:
        self.settings = Settings(home=base / "home")
        self.luck = random.Random(seed)
        self.stop = threading.Event()
        port = free_port()
        env = environment(self.settings.home, HOLDFAST_ARCHIVE_AFTER_SECONDS="0.5")
        engine = [sys.executable, "-m", "engine", "run"]
        doors = [sys.executable, "-m", "engine", "intake", "--port", str(port)]
        self.engine = Keeper(engine, env, base / "engine.log")
        self.doors = Keeper(doors, env, base / "doors.log")
        _, key = keys.create(self.inbox, "app", datetime.now(UTC).replace(tzinfo=None))
        url = f"http://127.0.0.1:{port}"
        self.senders = [Sender(url, key, first, self.stop) for first in range(senders)]
        self.reader = Reader(self.settings, self.stop)
        self.threads = [threading.Thread(target=one.run) for one in (*self.senders, self.reader)]
        self.killed = {"engine": 0, "doors": 0, "publisher": 0}

    @property
    def inbox(self) -> Inbox:
        return Inbox.open(self.settings)

    @property
    def accepted(self) -> set[str]:
        return set[str]().union(*(sender.accepted for sender in self.senders))

    def begin(self) -> None:
        for one in (self.engine, self.doors):
            one.start()
        for thread in self.threads:
            thread.start()

    def kill_something(self) -> None:
        """Wait a random while, then kill something random that runs; what runs no more is started again."""
        if self.luck.random() < 0.4:  # otherwise many an engine would die before it did anything
            self.wait_a_while_for_an_edition()
        until = time.monotonic() + self.luck.expovariate(1 / 0.8)
        whom = self.luck.choice(("engine", "doors", "publisher"))
        while not (time.monotonic() > until and self.is_killed(whom)):
            for one in (self.engine, self.doors):
                one.look()
            if time.monotonic() > until + 20:  # nothing is published at the moment
                whom = self.luck.choice(("engine", "doors"))
            time.sleep(0.002 if whom == "publisher" else 0.02)
        self.killed[whom] += 1

    def wait_a_while_for_an_edition(self) -> None:
        seen, until = len(self.reader.seen), time.monotonic() + 10
        while len(self.reader.seen) == seen and time.monotonic() < until:
            for one in (self.engine, self.doors):
                one.look()
            time.sleep(0.02)

    def is_killed(self, whom: str) -> bool:
        if whom == "publisher":
            return self.kill_publisher()
        return (self.engine if whom == "engine" else self.doors).kill()

    def kill_publisher(self) -> bool:
        """The child of the engine that copies editions, in the middle of one."""
        engine = self.engine.process
        if engine is None or engine.poll() is not None or not self.is_copying():
            return False
        try:
            for child in psutil.Process(engine.pid).children():
                if any(COPIES in word for word in child.cmdline()):
                    child.send_signal(signal.SIGKILL)
                    return True
        except psutil.Error:
            pass
        return False

    def is_copying(self) -> bool:
        """Whether a copy is unfinished: the child lives on between two."""
        return any(self.settings.published.glob(f"[0-9]*{UNFINISHED}"))

    def wait_for(self, is_so: Callable[[], bool], what: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not is_so():
            for one in (self.engine, self.doors):
                one.look()
            assert time.monotonic() < until, f"not within {seconds:.0f} s: {what}\n{self.logs()}"
            time.sleep(0.05)

    def logs(self) -> str:
        return "\n".join(one.log.read_text(errors="replace")[-3000:] for one in (self.engine, self.doors))

    def end(self) -> None:
        """Stop the load, let the engine take in what waits, and stop it."""
        self.stop_load()
        self.wait_for(self.has_caught_up, "everything was taken in")
        self.engine.stop()
        self.doors.stop()

    def stop_load(self) -> None:
        self.stop.set()
        for thread in self.threads:
            if thread.ident:
                thread.join()

    def has_caught_up(self) -> bool:
        from engine import desk

        status = desk.status(self.settings)
        return status.alive and status.drained_at is not None and status.backlog == 0

    def abandon(self) -> None:
        self.stop_load()
        for one in (self.engine, self.doors):
            one.kill()


def is_long() -> bool:
    return bool(os.environ.get("HOLDFAST_LONG_TESTS"))
