"""Brings one file, as it is, to where SQL can read it: its rows numbered, nothing checked yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import polars as pl

from data.shapes import Shape
from data.store.warehouse import Warehouse, named, quoted
from data.unify.text import Broken, normal

NUMBER = (
    "row number"  # where a mended file carries its rows' numbers; no header can come to a name with a space
)

NO_EXTRAS = "cast(null as varchar)"


@dataclass(frozen=True)
class Staged:
    """A file's rows: SQL for what each column holds, over `origin`."""

    file: str
    origin: str
    position: str  # 0, 1, 2 … in the file's order, gaps allowed
    row: str  # the number a person would give the row
    columns: Mapping[str, str]
    types: Mapping[str, str]
    extras: str
    raw: str
    end: int  # above the last position
    broken: tuple[Broken, ...] = ()
    ask: Callable[[str], pl.DataFrame] | None = None  # who can read `origin`, if not the warehouse
    file_of: str = ""  # SQL for where a row came from, if not all came from `file`

    def relation(self, shape: Shape, start: int, stop: int, *, with_raw: bool = False) -> str:
        """SQL for a stretch: `row`, `position`, `raw_<column>` …, `extras`; if asked, `file` and `raw`."""
        picked = [f"{self.columns[name]} as raw_{name}" for name in shape.names if name in self.columns]
        raw = [f"{self.raw} as raw", f"{self.file_of or quoted(self.file)} as file"] if with_raw else []
        listed = ", ".join([f"{self.row} as row", f"{self.position} as position", *picked, *raw])
        return (
            f"select {listed}, {self.extras} as extras from {self.origin} "
            f"where {self.position} >= {start} and {self.position} < {stop}"
        )


def stage_parquet(warehouse: Warehouse, path: Path, name: str, shape: Shape) -> Staged:
    """A Parquet file is read where it lies: its rows carry their number."""
    origin = f"read_parquet({quoted(str(path))}, file_row_number = true)"
    described = warehouse.rows(f"describe select * exclude (file_row_number) from {origin}")
    end = warehouse.value(f"select count(*) from {origin}")
    return Staged(
        name, origin, "file_row_number", "file_row_number + 1", **columns_of(described, shape), end=end
    )


def stage_table(warehouse: Warehouse, table: str, name: str, shape: Shape, *, header: int = 0) -> Staged:
    """Rows that are in a temporary table already, in their order; or in the order of their own numbers."""
    described = warehouse.rows(f"describe {table}")
    row = named(NUMBER) if described[0][0] == NUMBER else f"rowid + {1 + header}"
    columns = columns_of([column for column in described if column[0] != NUMBER], shape)
    end = warehouse.value(f"select count(*) from {table}")
    return Staged(name, table, "rowid", row, **columns, end=end)


class Columns(TypedDict):
    columns: Mapping[str, str]
    types: Mapping[str, str]
    extras: str
    raw: str


def columns_of(described: Sequence[tuple[str, ...]], shape: Shape) -> Columns:
    columns = {normal(name): named(name) for name, *_ in described}
    types = {normal(name): sql_type for name, sql_type, *_ in described}
    return Columns(columns=columns, types=types, extras=_extras(columns, shape), raw=_object(columns))


def _extras(columns: Mapping[str, str], shape: Shape) -> str:
    """SQL for what the shape does not name, as a JSON object without nulls, or null."""
    extras = {name: sql for name, sql in sorted(columns.items()) if name not in shape.names}
    if not extras:
        return NO_EXTRAS
    return f"nullif(cast(json_merge_patch('{{}}', {_object(extras)}) as varchar), '{{}}')"


def _object(columns: Mapping[str, str]) -> str:
    pairs = ", ".join(f"{quoted(name)}, {sql}" for name, sql in columns.items())
    return f"json_object({pairs})"
