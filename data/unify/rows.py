"""Rows that are at hand as frames: gathered by shape and brought to where SQL can read them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import polars as pl

from data.errors import BadInput
from data.shapes import SHAPES, Shape
from data.store.warehouse import Warehouse
from data.unify.stage import NO_EXTRAS, Staged, columns_of

PLACE = {"position": pl.Int64, "row": pl.Int64, "file": pl.String, "raw": pl.String, "extras": pl.String}


@dataclass(frozen=True)
class Rows:
    """Facts of one shape that came otherwise than as a file.

    Args:
        frame: the columns of the shape, as texts mostly; what else it has is kept as the shape keeps extras,
            but for `row` (the number to show), `raw` (the row as it came), `file` (wins over the field) and
            `extras` (a JSON object of further columns).
        file: what stands in the place of a file's name, such as `delivery 123`.
    """

    shape: str
    frame: pl.DataFrame
    file: str


def in_order_of_loading(rows: Sequence[Rows]) -> list[tuple[Shape, pl.DataFrame]]:
    """One frame a shape, in the order in which shapes are loaded; the rows of a shape in the order given.

    Raises:
        BadInput: there is no such shape, or a frame lacks a column the shape requires.
    """
    for given in rows:
        _require(given)
    together = [
        (shape, [_placed(given) for given in rows if given.shape == shape.name and given.frame.height])
        for shape in SHAPES.values()
    ]
    return [(shape, pl.concat(frames, how="diagonal_relaxed")) for shape, frames in together if frames]


def _require(given: Rows) -> None:
    if given.shape not in SHAPES:
        raise BadInput(f"There is no shape {given.shape!r}; the shapes are {', '.join(SHAPES)}.")
    missing = [name for name in SHAPES[given.shape].required if name not in given.frame.columns]
    if missing:
        raise BadInput(f"{given.file} lacks the column {missing[0]} of {given.shape}.")


def _placed(given: Rows) -> pl.DataFrame:
    """The frame with all that says where a row came from."""
    frame = given.frame.cast({pl.Null: pl.String})
    if "file" not in frame.columns:
        frame = frame.with_columns(file=pl.lit(given.file))
    if "row" not in frame.columns:
        frame = frame.with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    return frame


@contextmanager
def staged_frame(warehouse: Warehouse, shape: Shape, frame: pl.DataFrame) -> Iterator[Staged]:
    """The rows of a frame as a table; it is read where it lies."""
    table = f"given_{shape.name}"
    numbered = frame.with_columns(position=pl.int_range(pl.len(), dtype=pl.Int64))
    warehouse.connection.register(table, numbered.to_arrow())
    try:
        yield _staged(warehouse, shape, table, numbered)
    finally:
        warehouse.connection.unregister(table)


def _staged(warehouse: Warehouse, shape: Shape, table: str, frame: pl.DataFrame) -> Staged:
    described = [(name, "VARCHAR") for name in frame.columns]
    if any(dtype != pl.String for name, dtype in frame.schema.items() if name not in PLACE):
        described = warehouse.rows(f"describe {table}")
    columns = columns_of([column for column in described if column[0] not in PLACE], shape)
    if "extras" in frame.columns:
        columns["extras"] = _with_given(columns["extras"])
    if "raw" in frame.columns:
        columns["raw"] = "raw"
    return Staged("", table, "position", "row", **columns, end=frame.height, file_of="file")


def _with_given(extras: str) -> str:
    """SQL for the extras of a row: those given together, and those that have columns of their own."""
    if extras == NO_EXTRAS:
        return "extras"
    return f"nullif(cast(json_merge_patch(coalesce(extras, '{{}}'), {extras}) as varchar), '{{}}')"
