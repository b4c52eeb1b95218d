"""What each source brought, over all shapes of facts."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

COUNTED = ("facts", "read", "added", "repeated", "waiting", "quarantined")


def totals(sources: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """By source, of the table of that name: the counts, when it delivered last, the newest of its facts.

    There are a few rows, which are added up faster here than a query is planned.
    """
    by_source: dict[str, list[dict[str, Any]]] = {}
    for row in sources.iter_rows(named=True):
        by_source.setdefault(row["source"], []).append(row)
    return {source: total(rows) for source, rows in sorted(by_source.items())}


def total(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    counts = {name: sum(row[name] for row in rows) for name in COUNTED}
    facts = [row["last_fact_at"] for row in rows if row["shape"] != "fx_rates" and row["last_fact_at"]]
    delivered = [row["last_import_at"] for row in rows if row["last_import_at"]]
    return counts | {
        "last_delivery_at": max(delivered, default=None),
        "last_fact_at": max(facts, default=None),
    }
