"""Runs a stranger's SELECT over named files, in a DuckDB of its own that can reach nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from data.errors import BadInput
from data.store.warehouse import Connection, first_line, named, quoted

_READERS = {
    "csv": "read_csv({files}, sample_size = -1, union_by_name = true)",
    "json": "read_json({files}, sample_size = -1, maximum_sample_files = 1000000, union_by_name = true)",
    "parquet": "read_parquet({files}, union_by_name = true)",
}


@dataclass(frozen=True)
class Source:
    """Files of one format that together are one table."""

    format: str  # csv, json or parquet
    files: Sequence[Path]

    @property
    def sql(self) -> str:
        listed = ", ".join(quoted(str(path)) for path in self.files)
        return _READERS[self.format].format(files=f"[{listed}]")


@dataclass(frozen=True)
class Sandbox:
    """A locked connection in which the sources are tables; `failed` says which could not be read, and why."""

    connection: Connection
    failed: Mapping[str, str]

    def select(self, sql: str, name: str) -> Any:
        """The rows of one SELECT, as a stream of Arrow batches.

        Raises:
            BadInput: it is not exactly one SELECT, or it fails; the sentence begins with `name`.
        """
        require_one_select(sql, name)
        try:
            return _plain(self.connection.sql(sql)).to_arrow_reader(100_000)
        except duckdb.Error as failure:
            raise BadInput(f"{name}: {self._told(failure)}.") from failure

    def _told(self, failure: duckdb.Error) -> str:
        text = first_line(failure)
        unreadable = [why for table, why in self.failed.items() if table.lower() in text.lower()]
        return f"{text}; {unreadable[0]}" if unreadable else text


def _plain(rows: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Columns typed JSON as the text they hold: `"2"` in a file that mixes texts and numbers is `2`."""
    types = zip(rows.columns, rows.types, strict=True)
    mixed = [named(column) for column, sql_type in types if str(sql_type) == "JSON"]
    if not mixed:
        return rows
    told = ", ".join(f"{column} ->> '$' as {column}" for column in mixed)
    return rows.project(f"* replace ({told})")


@contextmanager
def sandbox(sources: Mapping[str, Source], *, memory: str, scratch: Path) -> Iterator[Sandbox]:
    """Open a sandbox over the sources, each a table by its name."""
    connection = duckdb.connect(":memory:")
    try:
        _limit(connection, sources, memory, scratch)
        failed = _open_tables(connection, sources)
        connection.execute("set enable_external_access = false").fetchall()
        connection.execute("set lock_configuration = true").fetchall()
        yield Sandbox(connection, failed)
    finally:
        connection.close()


def _limit(connection: Connection, sources: Mapping[str, Source], memory: str, scratch: Path) -> None:
    files = ", ".join(quoted(str(path)) for source in sources.values() for path in source.files)
    for setting, value in (
        ("TimeZone", "'UTC'"),
        ("memory_limit", quoted(memory)),
        ("temp_directory", quoted(str(scratch))),
        ("python_enable_replacements", "false"),
        ("enable_progress_bar", "false"),
        ("autoinstall_known_extensions", "false"),
        ("autoload_known_extensions", "false"),
        ("allow_community_extensions", "false"),
        ("allowed_paths", f"[{files}]"),
    ):
        connection.execute(f"set {setting} = {value}").fetchall()


def _open_tables(connection: Connection, sources: Mapping[str, Source]) -> dict[str, str]:
    failed = {}
    for name, source in sources.items():
        try:
            connection.execute(f"create view {named(name)} as select * from {source.sql}").fetchall()
        except duckdb.Error as failure:
            failed[name] = f"table {name} cannot be read: {first_line(failure)}"
    return failed


def require_one_select(sql: str, name: str) -> None:
    """Refuse all but one SELECT statement.

    Raises:
        BadInput: the text is not SQL, or not exactly one SELECT.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as failure:
        raise BadInput(f"{name}: {first_line(failure)}.") from failure
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise BadInput(f"{name} must be exactly one SELECT statement.")
