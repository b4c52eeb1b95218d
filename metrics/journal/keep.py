"""Keeps the journal: new rows in the edition, and once they are many in files that are never changed.

A journal only grows, so that no refresh writes again what was written: of files of about one size the
eighth has them all put together, and a row is written anew as often as the journal grew eightfold.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from data.disk import make_folder, put_in_place
from data.settings import Settings
from data.store.warehouse import quoted
from metrics.journal.facts import COLUMNS, EVERY_EVENT, KINDS, ORDER, USAGE, USAGE_DAYS, Kind, facts_since
from metrics.session import run

Connection = duckdb.DuckDBPyConnection
LAYOUT = "journal 1"  # of the files; another one begins afresh
FOLDER = "journal"
SUFFIX = ".parquet"
SCHEMA = "journal"  # in the edition
MOST_ROWS = 100_000  # of a kind in the edition before they leave it for a file
MOST_FILES = 8  # of about one size
GROUP_ROWS = 20_480  # of a file that are read together
MARGIN_NS = 60_000_000_000  # a page may just be reading an edition that was removed


@dataclass(frozen=True)
class Journal:
    """The journal of a warehouse, as the connection sees it, with the edition in the making attached."""

    connection: Connection
    settings: Settings
    as_of: datetime

    @property
    def folder(self) -> Path:
        return self.settings.published / FOLDER

    @property
    def first_day(self) -> str:
        """The local day before the first of which usage is held, in SQL."""
        return f"local_date(timestamp '{self.as_of}') - {USAGE_DAYS}"

    def take(self, *, is_fresh: bool) -> None:
        """Add what is new, in a transaction on the edition; from nothing, everything."""
        if is_fresh:
            self.begin()
        for kind, sql in self.new(is_fresh).items():
            if is_fresh:  # rows that passed through the edition would leave their room in it
                self.write(kind, f"(\n{sql}\n)")
            else:
                self.add(kind, sql)
        self.tell()
        for kind in KINDS:
            if self.rows(kind) > MOST_ROWS:
                self.put_away(kind)
        self.put_together()

    def new(self, is_fresh: bool) -> dict[Kind, str]:
        """SQL for the rows of each kind that have not been told yet."""
        since, last_key = self.told()
        source = EVERY_EVENT.format(as_of=self.as_of) if is_fresh else "temp.arrived"
        return {
            "fact": facts_since(since),
            "key": f"select account_id, account_key from account_keys where account_key > {last_key}",
            "usage": USAGE.format(source=source, first=self.first_day),
        }

    def begin(self) -> None:
        run(self.connection, f"create schema if not exists edition.{SCHEMA}")
        for kind in KINDS:
            listed = ", ".join(f"{name} {type_}" for name, type_ in COLUMNS[kind].items())
            run(self.connection, f"create or replace table edition.{SCHEMA}.{kind} ({listed})")
        run(
            self.connection,
            f"create or replace table edition.{SCHEMA}.file (kind varchar, name varchar, rows bigint)",
        )
        run(
            self.connection,
            f"create or replace table edition.{SCHEMA}.told as select 0 as import_id, -1 as last_key",
        )

    def told(self) -> tuple[int, int]:
        """The import and the key of an account up to which it has been told."""
        [(since, last_key)] = run(self.connection, f"select import_id, last_key from edition.{SCHEMA}.told")
        return int(since), int(last_key)

    def tell(self) -> None:
        run(
            self.connection,
            f"update edition.{SCHEMA}.told set import_id = (select import_id from last_import), "
            "last_key = (select coalesce(max(account_key), -1) from account_keys)",
        )

    def add(self, kind: Kind, sql: str) -> None:
        columns = ", ".join(COLUMNS[kind])
        run(self.connection, f"insert into edition.{SCHEMA}.{kind} select {columns} from (\n{sql}\n)")

    def rows(self, kind: Kind) -> int:
        [(count,)] = run(self.connection, f"select count(*) from edition.{SCHEMA}.{kind}")
        return int(count)

    def put_away(self, kind: Kind) -> None:
        """The rows of a kind leave the edition for a file of their own."""
        if self.write(kind, f"edition.{SCHEMA}.{kind}"):
            run(self.connection, f"delete from edition.{SCHEMA}.{kind}")

    def put_together(self) -> None:
        """One file instead of those of about one size, where they are many."""
        for kind in KINDS:
            for names in crowded(self.files(kind)):
                listed = ", ".join(quoted(str(self.folder / name)) for name in names)
                together = f"read_parquet([{listed}])"
                self.write(kind, self.usage_of(together) if kind == "usage" else together)
                gone = ", ".join(map(quoted, names))
                run(self.connection, f"delete from edition.{SCHEMA}.file where name in ({gone})")

    def usage_of(self, source: str) -> str:
        """Usage added up, without the days that are held no longer."""
        return (
            "(select actor_key, day, name_key, cast(sum(events) as bigint) as events, "
            f"max(last_at) as last_at from {source} where day > {self.first_day} "
            "group by actor_key, day, name_key)"
        )

    def files(self, kind: Kind) -> list[tuple[str, int]]:
        found = run(
            self.connection,
            f"select name, rows from edition.{SCHEMA}.file where kind = $kind order by name",
            {"kind": kind},
        )
        return [(str(name), int(rows)) for name, rows in found]

    def write(self, kind: Kind, source: str) -> bool:
        """A file of rows in order, whole or not at all; whether there are any."""
        make_folder(self.folder)
        path = self.folder / next_name(self.folder)
        unfinished = path.with_suffix(".part")
        [(rows,)] = run(
            self.connection,
            f"copy (select {', '.join(COLUMNS[kind])} from {source} order by {ORDER[kind]}) "
            f"to {quoted(str(unfinished))} "
            f"(format parquet, compression zstd, row_group_size {GROUP_ROWS})",
        )
        if not rows:
            unfinished.unlink(missing_ok=True)
            return False
        put_in_place(unfinished, path)
        run(
            self.connection,
            f"insert into edition.{SCHEMA}.file values ($kind, $name, $rows)",
            {"kind": kind, "name": path.name, "rows": rows},
        )
        return True


def is_whole(connection: Connection, published: Path) -> bool:
    """Whether the files that the edition names are there: somebody may have cleared the folder."""
    names = run(connection, f"select name from edition.{SCHEMA}.file")
    return all((published / FOLDER / str(name)).is_file() for (name,) in names)


def crowded(files: list[tuple[str, int]]) -> list[list[str]]:
    """The names of files of about one size, where there are too many of them."""
    levels: dict[int, list[str]] = {}
    for name, rows in files:
        levels.setdefault(int(math.log(max(rows / MOST_ROWS, 1), MOST_FILES)), []).append(name)
    return [names for names in levels.values() if len(names) >= MOST_FILES]


def next_name(folder: Path) -> str:
    """Numbered, so that no name is ever used twice."""
    numbers = [int(path.stem) for path in folder.glob("[0-9]*") if path.stem.isdigit()]
    return f"{max(numbers, default=0) + 1:08d}{SUFFIX}"


def prune(connection: Connection, published: Path, oldest: Path) -> None:
    """Remove files that the newest edition does not name, once no edition is kept that was made with them.

    A file is dated by the last edition that named it.
    """
    named = {name for (name,) in run(connection, f"select name from edition.{SCHEMA}.file")}
    kept_since = oldest.stat().st_mtime_ns
    for path in (published / FOLDER).glob("[0-9]*"):
        if path.name in named:
            path.touch()
        elif path.stat().st_mtime_ns + MARGIN_NS < kept_since:
            path.unlink(missing_ok=True)
