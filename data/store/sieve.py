"""SELECTs over frames, each planned once: with few rows, planning costs more than reading."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self, cast

import duckdb
import polars as pl

_MOST = 500  # plans kept: one for each query over each form of frame


class Slot:
    """A frame that can be exchanged under a name DuckDB knows already: its plans stay good."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def empty(self) -> None:
        self.frame = self.frame.clear()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.frame.__arrow_c_stream__(requested_schema)


@dataclass
class Sieve:
    """A DuckDB in memory that holds no rows of its own."""

    connection: duckdb.DuckDBPyConnection
    slots: dict[tuple[tuple[str, pl.DataType], ...], tuple[str, Slot]] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)

    @classmethod
    def open(cls) -> Self:
        connection = duckdb.connect(":memory:")
        for setting in ("TimeZone = 'UTC'", "threads = 1", "python_enable_replacements = false"):
            connection.execute(f"set {setting}").fetchall()
        return cls(connection)

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def holding(self, frame: pl.DataFrame) -> Iterator[str]:
        """The name under which queries find the rows of this frame; one frame of a form at a time."""
        name, slot = self._slot(frame)
        slot.frame = frame
        try:
            yield name
        finally:
            slot.empty()

    def _slot(self, frame: pl.DataFrame) -> tuple[str, Slot]:
        form = tuple(frame.schema.items())
        if form not in self.slots:
            name, slot = f"given_{len(self.slots)}", Slot(frame)
            self.connection.register(name, slot)
            self.slots[form] = name, slot
        return self.slots[form]

    def select(self, sql: str) -> pl.DataFrame:
        """The rows of a SELECT over tables of frames."""
        if sql not in self.plans:
            self._make_room()
            name = f"plan_{len(self.plans)}"
            self.connection.execute(f"prepare {name} as {sql}").fetchall()
            self.plans[sql] = name
        return as_frame(self.connection.sql(f"execute {self.plans[sql]}"))

    def _make_room(self) -> None:
        if len(self.plans) >= _MOST:
            for name in self.plans.values():
                self.connection.execute(f"deallocate {name}").fetchall()
            self.plans.clear()


def as_frame(rows: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    return cast(pl.DataFrame, pl.from_arrow(rows.to_arrow_table(), rechunk=False))
