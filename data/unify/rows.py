"""Rows that are at hand as frames: gathered by shape and brought to where SQL can read them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import polars as pl

from data.errors import BadInput
from data.shapes import SHAPES, Shape
from data.speech import english
from data.store.sieve import Sieve
from data.store.warehouse import Warehouse
from data.unify.stage import Staged, columns_of

PLACE = ("row", "file", "raw", "extras")


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
        raise BadInput(
            english(
                "There is no shape {shape}; the shapes are {shapes}.",
                shape=repr(given.shape),
                shapes=", ".join(SHAPES),
            )
        )
    missing = [name for name in SHAPES[given.shape].required if name not in given.frame.columns]
    if missing:
        raise BadInput(
            english(
                "{file} lacks the column {missing} of {shape}.",
                file=given.file,
                missing=missing[0],
                shape=given.shape,
            )
        )


def _placed(given: Rows) -> pl.DataFrame:
    """The frame in the form of its shape: what the shape names, `extras`, where a row came from."""
    frame = _with_extras(given.frame.cast({pl.Null: pl.String}), SHAPES[given.shape])
    texts = {name: pl.lit(None, pl.String) for name in (*SHAPES[given.shape].names, "extras", "raw")}
    more = {**texts, "file": pl.lit(given.file), "row": pl.int_range(1, pl.len() + 1, dtype=pl.Int64)}
    full = frame.with_columns(**{name: sql for name, sql in more.items() if name not in frame.columns})
    return full.select(more.keys())


def _with_extras(frame: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """What the shape does not name, as texts in one JSON object a row."""
    others = [name for name in frame.columns if name not in (*shape.names, *PLACE)]
    if not others:
        return frame
    rows = zip(
        frame["extras"] if "extras" in frame.columns else repeat(None),
        frame.select(others).iter_rows(named=True),
        strict=False,
    )
    return frame.with_columns(extras=pl.Series([_object(*row) for row in rows], dtype=pl.String)).drop(others)


def _object(given: str | None, others: dict[str, Any]) -> str | None:
    told = {
        **json.loads(given or "{}"),
        **{name: value for name, value in others.items() if value is not None},
    }
    return json.dumps(told, ensure_ascii=False, default=str) if told else None


_EXTRAS = (
    "case when json_valid(extras) then nullif(cast(json_merge_patch('{}', extras) as varchar), '{}') end"
)


@contextmanager
def staged_frame(warehouse: Warehouse, shape: Shape, frame: pl.DataFrame) -> Iterator[Staged]:
    """The rows of a frame as a table of the sieve, which plans the checks of a form once."""
    numbered = frame.with_columns(position=pl.int_range(pl.len(), dtype=pl.Int64))
    with warehouse.sieve.holding(numbered) as table:
        yield _staged(warehouse.sieve, shape, table, numbered)


def _staged(sieve: Sieve, shape: Shape, table: str, frame: pl.DataFrame) -> Staged:
    described: list[tuple[str, ...]] = [(name, "VARCHAR") for name in shape.names]
    if any(frame.schema[name] != pl.String for name in shape.names):
        described = sieve.connection.sql(f"describe select {', '.join(shape.names)} from {table}").fetchall()
    columns = columns_of(described, shape)
    columns["extras"] = _EXTRAS
    columns["raw"] = f"coalesce(raw, cast({columns['raw']} as varchar))"
    return Staged("", table, "position", "row", **columns, end=frame.height, ask=sieve.select, file_of="file")
