"""Holds a published table against the oracle's, cell for cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from math import isclose
from typing import Any

import polars as pl

from tests.metrics.oracle_cells import Cell, Key
from tests.metrics.oracle_facts import FOUR_PLACES
from tests.metrics.oracle_retention import CohortCell, CohortKey
from tests.metrics.oracle_revenue import MovementCell, MovementKey

MISSING = "no row"
Found = Mapping[Any, Mapping[str, Any]]
ESTIMATED = "lifetime_value"  # not a count of facts: simulated companies say whether it is right
Difference = tuple[tuple[Any, ...], str, Any, Any]  # key, column, expected, got


def differences_of_metrics(expected: Mapping[Key, Cell], published: pl.DataFrame) -> list[Difference]:
    rows = {key: asdict(cell) for key, cell in expected.items()}
    counted = published.filter(pl.col("metric") != ESTIMATED)
    return list(differences(rows, keyed(counted, Key._fields, list(Cell.__dataclass_fields__))))


def differences_of_cohorts(
    expected: Mapping[CohortKey, CohortCell], published: pl.DataFrame
) -> list[Difference]:
    rows = {key: cell._asdict() for key, cell in expected.items()}
    return list(differences(rows, keyed(published, CohortKey._fields, CohortCell._fields)))


def differences_of_movements(
    expected: Mapping[MovementKey, MovementCell], published: pl.DataFrame
) -> list[Difference]:
    rows = {key: cell._asdict() for key, cell in expected.items()}
    return list(differences(rows, keyed(published, MovementKey._fields, MovementCell._fields)))


def keyed(published: pl.DataFrame, keys: Sequence[str], columns: Sequence[str]) -> Found:
    found = {
        tuple(row[key] for key in keys): {column: row[column] for column in columns}
        for row in published.iter_rows(named=True)
    }
    assert len(found) == published.height, "a key is published twice"
    return found


def differences(expected: Found, published: Found) -> Iterator[Difference]:
    for key in sorted(set(expected) | set(published), key=str):
        if key not in published:
            yield key, "row", expected[key], MISSING
        elif key not in expected:
            yield key, "row", MISSING, published[key]
        else:
            for column, value in expected[key].items():
                if not is_same(value, published[key][column]):
                    yield key, column, value, published[key][column]


def is_same(expected: Any, got: Any) -> bool:
    """Money exact to four places, counts exact, rates within 1e-9 of each other, null only where null."""
    if expected is None or got is None:
        return expected is None and got is None
    if isinstance(expected, bool | int):
        return bool(expected == got)
    if isinstance(expected, Decimal):
        return Decimal(str(got)).quantize(FOUR_PLACES) == expected
    return isclose(expected, got, rel_tol=1e-9, abs_tol=1e-12)


def readable(table: str, found: list[Difference], limit: int = 25) -> str:
    """The first differences as lines, and how many of which kind there are."""
    lines = [f"{table}: {len(found)} differences"]
    for key, column, expected, got in found[:limit]:
        lines.append(f"  {' '.join(str(part) for part in key)}: {column} should be {expected}, is {got}")
    return "\n".join(lines)
