"""Real processes on a home of their own: commands, engines, and looking again until a deadline."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from pydantic import SecretStr

from data.settings import ROOT, Settings

if TYPE_CHECKING:
    from tests.data.sources.conftest import Postgres

DEADLINE = 90.0  # seconds; a small machine that does other things as well is slow
LARGE = 600_000
Command = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "subprocess.Popen[str]"]

ACCOUNTS = """account_id,created_at,name,plan
a1,2025-01-06T10:00:00Z,Ada,pro
a2,2025-01-07T10:00:00Z,Bob,free
a3,2025-01-20T10:00:00Z,Cy,pro
"""
EVENTS = """event_id,account_id,occurred_at,name
e1,a1,2025-01-06T10:05:00Z,welcome_seen
e2,a1,2025-01-06T10:06:00Z,value_demonstrated
e3,a1,2025-01-06T11:00:00Z,first_action
e4,a2,2025-01-07T10:05:00Z,welcome_seen
e5,nobody,2025-01-08T10:05:00Z,welcome_seen
e6,a2,not a time,welcome_seen
"""
EMPTYING = """
do $$ declare one record; begin
    perform pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid();
    set local session_replication_role = replica;  -- in any order
    for one in select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'
        loop execute format('delete from %I', one.tablename); end loop;
    perform setval(format('%I', sequencename), 1, false) from pg_sequences;
end $$
"""
CHANGES = """subscription_id,account_id,effective_at,mrr
s1,a1,2025-01-10T00:00:00Z,50
s1,a1,2025-02-10T00:00:00Z,80.5
"""


@pytest.fixture
def environment(settings: Settings, tmp_path: Path) -> dict[str, str]:
    config = tmp_path / "holdfast.toml"
    config.touch()
    told = {"HOLDFAST_HOME": str(settings.home), "HOLDFAST_CONFIG": str(config)}
    if settings.control:
        told["HOLDFAST_CONTROL"] = settings.control.get_secret_value()
    return os.environ | told


@pytest.fixture(scope="session")
def server() -> "Iterator[Postgres]":
    """A PostgreSQL of the tests' own."""
    from tests.data.sources.conftest import running

    with running() as postgres:
        yield postgres


@pytest.fixture
def database(server: "Postgres") -> Iterator[str]:
    """The address of a PostgreSQL database without tables, of this test alone."""
    with of_its_own(server) as address:
        yield address


@contextmanager
def of_its_own(server: "Postgres") -> Iterator[str]:
    name = f"test_{uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.execute(f"create database {name}")
    yield server.url.rpartition("/")[0] + f"/{name}"
    with server.connect() as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def ready(server: "Postgres") -> Iterator[str]:
    """The address of a database with the tables in it, and nothing in them before and after a test."""
    with of_its_own(server) as address, tempfile.TemporaryDirectory() as home:
        opened(Settings(home=Path(home), control=SecretStr(address)))
        yield address


def emptied(address: str) -> None:
    """As it was before a test, in a twentieth of what making it again takes."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(EMPTYING)


def opened(settings: Settings) -> None:
    """Have the tables made, and let go of them."""
    from engine.control.store import Control

    Control.open(settings)
    let_go(settings)


def let_go(settings: Settings) -> None:
    from engine.control.store import _key, _opened

    if control := _opened.pop(_key(settings), None):
        control.engine.dispose()


@pytest.fixture
def served_settings(tmp_path: Path, ready: str) -> Iterator[Settings]:
    """A home whose control store is on PostgreSQL."""
    settings = Settings(home=tmp_path / "home", control=SecretStr(ready))
    yield settings
    let_go(settings)
    emptied(ready)


@pytest.fixture(params=["sqlite", "postgresql"])
def either_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A home with its control store in SQLite, and one with it on PostgreSQL."""
    if request.param == "sqlite":
        return Settings(home=tmp_path / "home")
    served: Settings = request.getfixturevalue("served_settings")
    return served


@pytest.fixture
def company(tmp_path: Path) -> Path:
    return written(tmp_path / "company")


def written(folder: Path) -> Path:
    folder.mkdir()
    for shape, text in (("accounts", ACCOUNTS), ("events", EVENTS), ("subscription_changes", CHANGES)):
        (folder / f"{shape}.csv").write_text(text)
    return folder


@pytest.fixture
def imported(settings: Settings, company: Path) -> Path:
    """The company, imported by this process."""
    import_company(settings, company)
    return company


def import_company(settings: Settings, company: Path) -> None:
    from data.archive.imports import Keeper
    from data.store.warehouse import Warehouse
    from data.unify.load import import_folder

    with Warehouse.open(settings) as warehouse:
        keeper = Keeper(settings, warehouse)
        import_folder(warehouse, company, now=datetime(2025, 3, 1), keep=keeper.keep)
        keeper.settle()


@pytest.fixture(scope="session")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the company in it, published as of the middle of February; to be copied."""
    from data.store.warehouse import Warehouse
    from engine.refresh import refresh

    base = tmp_path_factory.mktemp("published")
    settings = Settings(home=base / "home")
    import_company(settings, written(base / "company"))
    with Warehouse.open(settings) as warehouse:
        refresh(settings, warehouse, datetime(2025, 2, 15))
    let_go(settings)
    return settings.home


@pytest.fixture
def published(settings: Settings, company: Path, published_once: Path) -> Path:
    """The company, imported, and published as of the middle of February."""
    shutil.copytree(published_once, settings.home)
    return company


@pytest.fixture(scope="session")
def large_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One whose import takes long enough to be killed in the middle."""
    folder = tmp_path_factory.mktemp("large")
    accounts = (f"b{n},2025-01-{1 + n % 28:02d}T00:00:00Z" for n in range(5_000))
    (folder / "accounts.csv").write_text("\n".join(["account_id,created_at", *accounts]))
    events = (f"f{n},b{n % 5_000},2025-02-{1 + n % 28:02d}T10:00:00Z,first_action" for n in range(LARGE))
    (folder / "events.csv").write_text("\n".join(["event_id,account_id,occurred_at,name", *events]))
    return folder


@pytest.fixture
def command(environment: dict[str, str], settings: Settings) -> Command:
    """Run what `python -m engine …` runs to its end, in this process, which saves starting one."""
    from typer.testing import CliRunner

    from engine.__main__ import app

    def run(*words: str | Path, typed: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
        line, told = [*map(str, words)], environment | more
        cleared = dict.fromkeys(os.environ.keys() - told.keys())
        ended = CliRunner().invoke(app, line, prog_name="python -m engine", input=typed, env=cleared | told)
        let_go(Settings(home=Path(told["HOLDFAST_HOME"]), control=settings.control))
        if ended.exception is not None and not isinstance(ended.exception, SystemExit):
            raise ended.exception
        return subprocess.CompletedProcess(line, ended.exit_code, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def process(environment: dict[str, str]) -> Command:
    """Run `python -m engine …` to its end, as a process of its own."""

    def run(*words: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
        line = [sys.executable, "-m", "engine", *map(str, words)]
        return subprocess.run(
            line, cwd=ROOT, env=environment | more, text=True, capture_output=True, timeout=120, check=False
        )

    return run


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Start `python -m engine …`; whatever still runs at the end of the test is ended."""
    started: list[subprocess.Popen[str]] = []

    def begin(*words: str | Path) -> "subprocess.Popen[str]":
        line = [sys.executable, "-m", "engine", *map(str, words)]
        process = subprocess.Popen(
            line, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.kill()
        process.communicate()


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Look again and again until it is so, or fail when the deadline has passed."""

    def wait(is_so: Callable[[], object], what: str, seconds: float = DEADLINE) -> None:
        until = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > until:
                pytest.fail(f"not within {seconds:.0f} s: {what}")
            time.sleep(0.05)  # each look is processor time that what is waited for lacks

    return wait


@pytest.fixture
def engine(start: Start, settings: Settings, eventually: Callable[..., None]) -> "subprocess.Popen[str]":
    """An engine that runs."""
    from engine import desk

    process = start("run")
    eventually(lambda: desk.status(settings).pid == process.pid, "the engine runs")
    return process
