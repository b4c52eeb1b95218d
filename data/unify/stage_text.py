"""Brings CSV files and JSON lines to where SQL can read them: fast when whole, with care when broken."""

from dataclasses import replace
from pathlib import Path

from data.errors import BadInput
from data.shapes import Shape
from data.speech import english
from data.store.warehouse import StoreError, Warehouse, first_line, quoted
from data.unify.stage import NUMBER, Staged, stage_table
from data.unify.text import Broken, has_blank_lines, mend_csv, mend_ndjson, read_header

_LONGEST_LINE = 1 << 24
_SAMPLE = 10_000


def stage_csv(warehouse: Warehouse, table: str, path: Path, name: str, shape: Shape) -> Staged:
    """A CSV file as text; where the fast reader stumbles, the file is mended first, next to `path`."""
    header = read_header(path, name)
    if not has_blank_lines(path) and _fits(
        warehouse, table, _csv(path, header.columns, header.delimiter, skip=1)
    ):
        return stage_table(warehouse, table, name, shape, header=1)
    mended = mend_csv(path, path.parent, header)
    _read(warehouse, table, _csv(mended.path, (NUMBER, *header.columns), ",", skip=0), name)
    return replace(stage_table(warehouse, table, name, shape), broken=tuple(mended.broken))


def _csv(path: Path, columns: tuple[str, ...], delimiter: str, *, skip: int) -> str:
    types = ", ".join(f"{quoted(name)}: '{'BIGINT' if name == NUMBER else 'VARCHAR'}'" for name in columns)
    return (
        f"read_csv({quoted(str(path))}, auto_detect = false, header = false, skip = {skip}, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', nullstr = '', "
        f"max_line_size = {_LONGEST_LINE}, columns = {{{types}}})"
    )


def _fits(warehouse: Warehouse, table: str, origin: str) -> bool:
    try:
        warehouse.run(f"create temp table {table} as select * from {origin}")
    except StoreError:
        warehouse.run(f"drop table if exists {table}")
        return False
    return True


def _read(warehouse: Warehouse, table: str, origin: str, name: str) -> None:
    try:
        warehouse.run(f"create temp table {table} as select * from {origin}")
    except StoreError as failure:
        raise BadInput(
            english("{name} cannot be read: {first_line}.", name=name, first_line=first_line(failure))
        ) from failure


def stage_ndjson(warehouse: Warehouse, table: str, path: Path, name: str, shape: Shape) -> Staged:
    """JSON lines as text, one column; what each line holds is taken out as the rows are read."""
    broken: list[Broken] = []
    if not _fits(warehouse, table, _lines(path)):
        mended = mend_ndjson(path, path.parent)
        _read(warehouse, table, _csv(mended.path, (NUMBER, "line"), ",", skip=0), name)
        broken = mended.broken
    staged = lines_staged(warehouse, table, name, shape)
    broken += _take_out_broken(warehouse, table, staged.row)
    _require_columns(warehouse, table, name, shape)
    return replace(staged, broken=tuple(broken))


def _lines(path: Path) -> str:
    return (
        f"read_csv({quoted(str(path))}, auto_detect = false, header = false, delim = '\x01', quote = '', "
        f"escape = '', max_line_size = {_LONGEST_LINE}, columns = {{'line': 'VARCHAR'}})"
    )


def lines_staged(warehouse: Warehouse, table: str, name: str, shape: Shape) -> Staged:
    """JSON lines that are in a temporary table already."""
    plain = stage_table(warehouse, table, name, shape)
    paths = ", ".join(quoted(f'$."{column}"') for column in shape.names)
    known = "{" + ", ".join(f'"{column}": null' for column in shape.names) + "}"
    others = f"cast(json_merge_patch(line, {quoted(known)}) as varchar)"
    return replace(
        plain,
        origin=(
            f"(select rowid as position, *, {others} as others, "
            f"json_extract_string(line, [{paths}]) as fields from {table})"
        ),
        position="position",
        row=plain.row.replace("rowid", "position"),
        columns={column: f"fields[{place}]" for place, column in enumerate(shape.names, start=1)},
        types=dict.fromkeys(shape.names, "VARCHAR"),
        extras="case when others <> '{}' then nullif(json_merge_patch('{}', others), '{}') end",
        raw="line",
    )


def _take_out_broken(warehouse: Warehouse, table: str, row: str) -> list[Broken]:
    """Remove the lines that hold no JSON object; empty lines are removed without a word."""
    bad = "line is null or case when json_valid(line) then json_type(line) <> 'OBJECT' else true end"
    if not warehouse.value(f"select count(*) from {table} where {bad}"):
        return []
    found = warehouse.rows(
        f"select {row.replace('position', 'rowid')}, line from {table} where {bad} order by 1"
    )
    warehouse.run(f"delete from {table} where {bad}")
    return [
        Broken(row, english("the line is not a JSON object"), line)
        for row, line in found
        if line and line.strip()
    ]


def _require_columns(warehouse: Warehouse, table: str, name: str, shape: Shape) -> None:
    keys = f"select unnest(json_keys(line)) as key from (select line from {table} limit {_SAMPLE})"
    known = [key for (key,) in warehouse.rows(f"select distinct key from ({keys}) order by key")]
    for column in shape.required:
        if known and column not in known and not _is_anywhere(warehouse, table, column):
            raise BadInput(
                english(
                    "{name} lacks the column {column}; it has: {known}.",
                    name=name,
                    column=column,
                    known=", ".join(known),
                )
            )


def _is_anywhere(warehouse: Warehouse, table: str, column: str) -> bool:
    path = quoted(f'$."{column}"')
    return bool(warehouse.rows(f"select 1 from {table} where json_exists(line, {path}) limit 1"))
