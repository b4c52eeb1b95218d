"""Brings one file, as it is, to where SQL can read it: its rows numbered, nothing checked yet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from data.shapes import Shape
from data.store.warehouse import Warehouse, named, quoted
from data.unify.text import Header, normal


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

    def relation(self, shape: Shape, start: int, stop: int, *, with_raw: bool = False) -> str:
        """SQL for a stretch of rows: `row`, `position`, `raw_<column>` …, `extras`."""
        picked = [f"{self.columns[name]} as raw_{name}" for name in shape.names if name in self.columns]
        raw = [f"{self.raw} as raw"] if with_raw else []
        listed = ", ".join([f"{self.row} as row", f"{self.position} as position", *picked, *raw])
        return (
            f"select {listed}, {self.extras} as extras from {self.origin} "
            f"where {self.position} >= {start} and {self.position} < {stop}"
        )


def stage_parquet(warehouse: Warehouse, path: Path, shape: Shape) -> Staged:
    """A Parquet file is read where it lies: its rows carry their number."""
    origin = f"read_parquet({quoted(str(path))}, file_row_number = true)"
    described = warehouse.rows(f"describe select * exclude (file_row_number) from {origin}")
    end = warehouse.value(f"select count(*) from {origin}")
    return of_table(path.name, origin, "file_row_number", described, shape, end)


def stage_table(warehouse: Warehouse, file: str, table: str, shape: Shape) -> Staged:
    """Rows that are in a temporary table already, in their order."""
    described = warehouse.rows(f"describe {table}")
    return of_table(file, table, "rowid", described, shape, warehouse.value(f"select count(*) from {table}"))


def of_table(
    file: str, origin: str, position: str, described: list[tuple[str, ...]], shape: Shape, end: int
) -> Staged:
    columns = {normal(name): named(name) for name, *_ in described}
    types = {normal(name): sql_type for name, sql_type, *_ in described}
    raw = _object(columns)
    return Staged(
        file, origin, position, f"{position} + 1", columns, types, _extras(columns, shape), raw, end
    )


def _extras(columns: Mapping[str, str], shape: Shape) -> str:
    """SQL for what the shape does not name, as a JSON object without nulls, or null."""
    extras = {name: sql for name, sql in sorted(columns.items()) if name not in shape.names}
    if not extras:
        return "cast(null as varchar)"
    return f"nullif(cast(json_merge_patch('{{}}', {_object(extras)}) as varchar), '{{}}')"


def _object(columns: Mapping[str, str]) -> str:
    pairs = ", ".join(f"{quoted(name)}, {sql}" for name, sql in columns.items())
    return f"json_object({pairs})"


def stage_csv(warehouse: Warehouse, table: str, path: Path, header: Header, shape: Shape) -> Staged:
    columns = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in header.columns)
    warehouse.run(
        f"create temp table {table} as select * from read_csv({quoted(str(path))}, auto_detect = false, "
        f"header = false, skip = 1, delim = {quoted(header.delimiter)}, quote = '\"', escape = '\"', "
        f"nullstr = '', columns = {{{columns}}})"
    )
    staged = stage_table(warehouse, path.name, table, shape)
    return replace(staged, row="rowid + 2")


def stage_ndjson(warehouse: Warehouse, table: str, path: Path, shape: Shape) -> Staged:
    warehouse.run(
        f"create temp table {table} as select * from read_csv({quoted(str(path))}, auto_detect = false, "
        "header = false, delim = '\x01', quote = '', escape = '', columns = {'line': 'VARCHAR'})"
    )
    end = warehouse.value(f"select coalesce(max(rowid) + 1, 0) from {table}")
    paths = ", ".join(quoted(f'$."{name}"') for name in shape.names)
    origin = (
        f"(select rowid as position, line, json_extract_string(line, [{paths}]) as fields from {table} "
        "where line is not null)"
    )
    columns = {name: f"fields[{place}]" for place, name in enumerate(shape.names, start=1)}
    gone = "{" + ", ".join(f'"{name}": null' for name in shape.names) + "}"
    extras = (
        f"nullif(cast(json_merge_patch('{{}}', json_merge_patch(line, {quoted(gone)})) as varchar), '{{}}')"
    )
    types = dict.fromkeys(shape.names, "VARCHAR")
    return Staged(path.name, origin, "position", "position + 1", columns, types, extras, "line", end)
