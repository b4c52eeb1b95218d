"""Takes rows that stand in order apart, and copies nothing.

Polars hands the same work to threads of its own; where other processes want the cores it waits for them
longer than the work takes.
"""

from itertools import groupby
from typing import Any

import polars as pl


def runs(rows: pl.DataFrame, *columns: str) -> dict[tuple[Any, ...], pl.DataFrame]:
    """The rows by what stands in these columns; quick where equal ones stand together."""
    found: dict[tuple[Any, ...], pl.DataFrame] = {}
    at = 0
    for key, same in groupby(zip(*(rows[column].to_list() for column in columns), strict=True)):
        length = sum(1 for _ in same)
        if key in found:
            return rows.partition_by(columns, as_dict=True)
        found[key] = rows.slice(at, length)
        at += length
    return found


def completed(rows: pl.DataFrame) -> pl.DataFrame:
    """Those that are complete, which mostly come before all others."""
    known = rows["complete"].to_list()
    count = sum(known)
    return rows.head(count) if all(known[:count]) else rows.filter("complete")
