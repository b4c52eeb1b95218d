"""Who pays at the end of each month, by the month in which they began: what all estimates are made of."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
MEASURES = ("accounts", "mrr", "squares", "lost_mrr")
MONTHS = 120  # as far back as is looked; who began earlier counts as having begun then


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def month_of(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class Panel:
    """One segment. Arrays are (paid monthly or yearly, month begun, month), of those begun up to that month.

    accounts: paying at the end of the month. mrr, squares: the sum of what each pays, and of its square.
    lost_mrr: what those paid who left in the month and were there at its beginning.
    first: the number of the first month; the last month is the running one.
    """

    first: int
    accounts: Floats
    mrr: Floats
    squares: Floats
    lost_mrr: Floats

    @property
    def last(self) -> int:
        """The place of the running month."""
        return int(self.accounts.shape[2]) - 1

    def month(self, place: int) -> date:
        return month_of(self.first + place)

    @cached_property
    def aged(self) -> dict[str, Floats]:
        """The same by (monthly or yearly, age in months, month)."""
        return {name: by_age(getattr(self, name)) for name in MEASURES}

    @cached_property
    def lost(self) -> Floats:
        """How many of an age at the end of a month are gone at the end of the next; (kind, age, month)."""
        accounts = self.aged["accounts"]
        gone = np.zeros_like(accounts)
        gone[:, :-1, :-1] = accounts[:, :-1, :-1] - accounts[:, 1:, 1:]
        return np.maximum(gone, 0.0)

    def paying(self, place: int) -> float:
        return float(self.accounts[:, :, place].sum())


def by_age(table: Floats) -> Floats:
    """From (kind, month begun, month) to (kind, age, month)."""
    size = table.shape[2]
    age, month = np.indices((size, size))
    begun = month - age
    return np.where(begun >= 0, table[:, np.maximum(begun, 0), month], 0.0)


def panels(rows: pl.DataFrame, running: date) -> dict[tuple[str, str], Panel]:
    """By (dimension, segment), from the changes of each month: rows of `stage.ROWS`."""
    if rows.is_empty():
        return {}
    last = month_number(running)
    earliest: date = rows["begun"].min()  # type: ignore[assignment]
    first = max(month_number(earliest), last - MONTHS + 1)
    parts = rows.partition_by("dimension", "segment", as_dict=True, maintain_order=True)
    return {(str(d), str(s)): panel(part, first, last) for (d, s), part in parts.items()}


def panel(rows: pl.DataFrame, first: int, last: int) -> Panel:
    size = last - first + 1
    number = (pl.col("begun").dt.year().cast(pl.Int64) * 12 + pl.col("begun").dt.month() - 1 - first).clip(0)
    month = (
        pl.col("period_start").dt.year().cast(pl.Int64) * 12 + pl.col("period_start").dt.month() - 1 - first
    )
    placed = rows.with_columns(number.alias("b"), month.clip(0).alias("m")).filter(pl.col("m") < size)
    where = tuple(placed[name].cast(pl.Int64).to_numpy() for name in ("is_yearly", "b", "m"))
    tables = {}
    for name in MEASURES:
        changes = np.zeros((2, size, size))
        np.add.at(changes, where, placed[name].cast(pl.Float64).to_numpy())
        tables[name] = changes if name == "lost_mrr" else np.cumsum(changes, axis=2)
    # What cancelled out in money leaves a trace of binary arithmetic.
    for name in ("mrr", "squares"):
        tables[name] = np.where(tables["accounts"] > 0, np.maximum(tables[name], 0.0), 0.0)
    return Panel(first, **tables)
