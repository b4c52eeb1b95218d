"""A small company, imported and refreshed through the product itself, and a server that shows it."""

import csv
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.settings import ROOT

MENU = ROOT / "pages" / "menu.py"
PLANS, REGIONS, CHANNELS = ("Team", "Starter"), ("Europe", "Asia"), ("Organic", "Partner")
STEPS = ("welcome_seen", "value_demonstrated", "first_action")
WITHIN = 120.0  # seconds for anything a process has to do


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def account(number: int, created: datetime) -> dict[str, str]:
    return {
        "account_id": f"acc-{number:03}",
        "created_at": stamp(created),
        "name": f"Company <{number}>",  # looks like a tag on purpose
        "plan": PLANS[number % 2],
        "region": REGIONS[number // 2 % 2],
        "channel": CHANNELS[number % 2],
    }


def events_of(number: int, created: datetime, now: datetime) -> list[dict[str, str]]:
    """Every third account stops after one step; the others go on and come back weekly."""
    reached = STEPS[: 1 if number % 3 == 0 else 3]
    steps = [(created + timedelta(hours=1 + hour * 5), name) for hour, name in enumerate(reached)]
    visits = [
        (created + timedelta(days=7 * week + number % 5), "visited") for week in range(1, 30 - number % 20)
    ]
    return [
        {
            "event_id": f"e{number}-{place}",
            "account_id": f"acc-{number:03}",
            "occurred_at": stamp(at),
            "name": name,
        }
        for place, (at, name) in enumerate(steps + visits)
        if at < now
    ]


def changes_of(number: int, created: datetime, now: datetime) -> list[dict[str, str]]:
    """A subscription after five days, more of it later, and for some an end."""
    price = 49 + 10 * (number % 4)
    plan = [(5, price, "active"), (40, price + 20, "active"), (90 + number, 0, "canceled")]
    rows = plan if number % 5 == 0 else plan[:2]
    return [
        {
            "subscription_id": f"sub-{number}",
            "account_id": f"acc-{number:03}",
            "effective_at": stamp(created + timedelta(days=days)),
            "mrr": str(mrr),
            "status": status,
        }
        for days, mrr, status in rows
        if created + timedelta(days=days) < now
    ]


def write(folder: Path, shape: str, rows: list[dict[str, str]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{shape}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def write_company(folder: Path, now: datetime) -> None:
    born = [(number, now - timedelta(days=200 - number * 4, hours=number)) for number in range(50)]
    write(folder, "accounts", [account(number, created) for number, created in born])
    write(folder, "events", [row for number, created in born for row in events_of(number, created, now)])
    write(
        folder,
        "subscription_changes",
        [row for number, created in born for row in changes_of(number, created, now)],
    )


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    return kept | {"HOLDFAST_HOME": str(home)}


def engine(home: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "engine", *arguments],
        cwd=ROOT,
        env=environment(home),
        check=True,
        capture_output=True,
        timeout=WITHIN,
    )


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a small company with one edition; copy it before changing it."""
    base = tmp_path_factory.mktemp("company")
    write_company(base / "files", datetime.now(UTC))
    engine(base / "home", "import", str(base / "files"))
    engine(base / "home", "refresh")
    return base / "home"


@pytest.fixture
def open_menu(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], AppTest]]:
    """Opens the menu over a home, in this process."""

    def opened(home: Path) -> AppTest:
        monkeypatch.setenv("HOLDFAST_HOME", str(home))
        st.cache_resource.clear()
        return AppTest.from_file(str(MENU), default_timeout=30)

    yield opened
    st.cache_resource.clear()


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


@contextmanager
def serve(home: Path, log: Path) -> Iterator[Server]:
    """`python app.py` on a free port of loopback, until the block ends."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port)],
            cwd=ROOT,
            env=environment(home),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until = monotonic() + WITHIN
        while not is_served(url):
            assert process.poll() is None, log.read_text()
            assert monotonic() < until, log.read_text()
        yield Server(home, url, process, log)
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture(scope="session")
def server(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a copy of the company; tests may import into it, but not break it."""
    base = tmp_path_factory.mktemp("server")
    shutil.copytree(company, base / "home")
    with serve(base / "home", base / "log") as running:
        yield running


@pytest.fixture(scope="session")
def activity_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company that sent accounts and events, and no subscription."""
    base = tmp_path_factory.mktemp("activity")
    write_company(base / "files", datetime.now(UTC))
    (base / "files" / "subscription_changes.csv").unlink()
    engine(base / "home", "import", str(base / "files"))
    engine(base / "home", "refresh")
    return base / "home"
