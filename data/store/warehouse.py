"""The one writer of the warehouse file: opens it, prepares it, and wraps changes in transactions."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl

from data.errors import EngineBusy, GiveUp
from data.settings import Settings
from data.store import exchange
from data.store.known import Known
from data.store.local_time import day_of
from data.store.sieve import Sieve, Slot, as_frame

Connection = duckdb.DuckDBPyConnection
StoreError = duckdb.Error
SCHEMA = Path(__file__).with_name("schema.sql")
VERSION = "2"
_PASSING = "1GB"


@dataclass
class Warehouse:
    """The warehouse file, open for writing; close it, or use it in a `with`."""

    connection: Connection
    settings: Settings
    scratch: Path  # files that need not outlive this process
    known: Known = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.known = Known(self.arrays, self.settings.home / "known")

    @cached_property
    def sieve(self) -> Sieve:
        return Sieve.open()

    def use_all_threads(self) -> None:
        """Many rows are divided among all cores, whatever a refresh of few left behind."""
        self.connection.execute("reset threads")

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the warehouse, making it where there is none.

        Raises:
            EngineBusy: another process holds the file.
            GiveUp: the file is not a warehouse of this version.
        """
        scratch = settings.home / "tmp"
        scratch.mkdir(parents=True, exist_ok=True)
        exchange.finish(settings)
        connection = _connect(settings.warehouse)
        warehouse = cls(connection, settings, scratch)
        try:
            warehouse._sweep()
            warehouse._set_up_session()
            warehouse._set_up_schema()
            warehouse._follow_time_zone()
            warehouse.known.warehouse_id = warehouse._recorded("warehouse_id")
        except BaseException:
            connection.close()
            raise
        return warehouse

    def close(self) -> None:
        self.known.forget()
        self.connection.close()
        if "sieve" in vars(self):
            self.sieve.close()
            del self.sieve

    def reopen(self) -> None:
        """Open the file again, after another took its place or a fatal fault shut it."""
        self.close()
        self.connection = Warehouse.open(self.settings).connection
        self.known.warehouse_id = self._recorded("warehouse_id")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of what happens inside, or nothing."""
        self.connection.begin()
        try:
            yield self.connection
        except BaseException:
            self.known.take_back()
            self.connection.rollback()
            raise
        self._commit()

    def _commit(self) -> None:
        try:
            self.connection.commit()
        except BaseException:
            self.known.forget()  # nobody can say what became of it
            raise
        self.known.settle()

    @contextmanager
    def thrift(self) -> Iterator[None]:
        """Work that only passes rows through needs less memory than is allowed; disk does the rest."""
        self.run(f"set memory_limit = '{min(self.settings.memory, _PASSING, key=megabytes)}'")
        try:
            yield
        finally:
            self.run(f"set memory_limit = '{self.settings.memory}'")

    @contextmanager
    def scratch_folder(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self.scratch, prefix="import-") as folder:
            yield Path(folder)

    def rows(self, sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, parameters or {}).fetchall()

    def value(self, sql: str, parameters: dict[str, Any] | None = None) -> Any:
        return self.rows(sql, parameters)[0][0]

    def frame(self, sql: str, parameters: dict[str, Any] | None = None) -> pl.DataFrame:
        """The rows of a SELECT as a frame."""
        return as_frame(self.connection.sql(sql, params=parameters))

    def arrays(self, sql: str) -> dict[str, Any]:
        """The columns of a SELECT as arrays."""
        return self.connection.execute(sql).fetchnumpy()

    @contextmanager
    def given(self, **frames: pl.DataFrame) -> Iterator[None]:
        """Frames as tables by their names; a transaction that goes on does not hold on to them."""
        slots = {name: Slot(frame) for name, frame in frames.items()}
        for name, slot in slots.items():
            self.connection.register(name, slot)
        yield
        for name, slot in slots.items():  # after a fault the rollback removes them
            self.connection.unregister(name)
            slot.empty()

    def run(self, sql: str, parameters: dict[str, Any] | None = None) -> int:
        """Execute one statement; the number of rows it changed."""
        result = self.rows(sql, parameters)
        return int(result[0][0]) if result and isinstance(result[0][0], int) else 0

    def _sweep(self) -> None:
        """Remove what an import left behind that was killed: only one process holds the warehouse."""
        for left in self.scratch.glob("import-*"):
            shutil.rmtree(left, ignore_errors=True)
        for left in self.scratch.glob("duckdb_temp*"):
            left.unlink(missing_ok=True)

    def _set_up_session(self) -> None:
        for setting, value in (
            ("TimeZone", "'UTC'"),
            ("memory_limit", f"'{self.settings.memory}'"),
            ("temp_directory", quoted(str(self.scratch))),
            ("preserve_insertion_order", "true"),
            ("asof_loop_join_threshold", "0"),
            ("python_enable_replacements", "false"),
            ("enable_progress_bar", "false"),
        ):
            self.run(f"set {setting} = {value}")

    def _set_up_schema(self) -> None:
        if not self.rows("select 1 from duckdb_tables() where table_name = 'warehouse_settings'"):
            with self.transaction():
                for statement in duckdb.extract_statements(SCHEMA.read_text(encoding="utf-8")):
                    self.connection.execute(statement).fetchall()
                self._record("schema_version", VERSION)
                self._record("timezone", self.settings.timezone)
                self._record("warehouse_id", secrets.token_hex(16))
        if (found := self._recorded("schema_version")) != VERSION:
            raise GiveUp(
                f"{self.settings.warehouse} has schema version {found} and this Holdfast reads {VERSION}: "
                "run `python -m engine rebuild`."
            )

    def _follow_time_zone(self) -> None:
        zone = self.settings.timezone
        if self._recorded("timezone") == zone:
            return
        with self.transaction():
            self.run(f"update events set day = {day_of('occurred_at', zone)}")
            self.run("delete from warehouse_settings where name = 'timezone'")
            self._record("timezone", zone)

    def _record(self, name: str, value: str) -> None:
        self.run("insert into warehouse_settings values ($name, $value)", {"name": name, "value": value})

    def _recorded(self, name: str) -> str:
        found = self.rows("select value from warehouse_settings where name = $name", {"name": name})
        return str(found[0][0]) if found else "unknown"


def _connect(path: Path) -> Connection:
    try:
        return duckdb.connect(str(path))
    except duckdb.IOException as failure:
        if "lock" in str(failure).lower():
            raise EngineBusy(f"Another process holds {path}.") from failure
        raise GiveUp(f"{path} cannot be opened: {first_line(failure)}.") from failure


def megabytes(size: str) -> float:
    """`512MB` or `4GB` as a number."""
    return float(size[:-2]) * (1000 if size.endswith("GB") else 1)


def first_line(error: Exception) -> str:
    return str(error).splitlines()[0].strip().rstrip(".")


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
