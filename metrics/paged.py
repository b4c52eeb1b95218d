"""Reads the tables of figures a page at a time, in one order whatever made them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from data.settings import Settings
from metrics.editions import SUFFIX, current_name
from metrics.read import Conditions, fetch

NAME = re.compile(r"\d{8,12}-\d{8}T\d{6}Z")
Standing = Literal["kept", "gone", "unknown"]
Table = Literal["metrics", "cohorts"]
PERIOD = {"metrics": "period_start", "cohorts": "cohort_start"}


@dataclass(frozen=True)
class Wanted:
    """Which rows: all that is given must hold; `start`, `end`: periods that begin in `[start, end)`."""

    metrics: Sequence[str] = ()
    grain: str | None = None
    dimension: str | None = None
    segment: str | None = None
    start: date | None = None
    end: date | None = None
    complete: bool | None = None


def standing(settings: Settings, name: str) -> Standing:
    """Whether an edition of this name can be read, was removed as editions are in time, or never was."""
    if not NAME.fullmatch(name):
        return "unknown"
    if (settings.published / (name + SUFFIX)).is_file():
        return "kept"
    newest = current_name(settings)
    return "gone" if newest and name < newest else "unknown"


def names(settings: Settings, name: str) -> list[str]:
    """The metrics of which an edition has figures."""
    return fetch(settings, name, "select distinct metric from metrics order by metric")["metric"].to_list()


def page(
    settings: Settings, name: str, table: Table, wanted: Wanted, *, offset: int = 0, limit: int
) -> pl.DataFrame:
    """Rows `[offset, offset + limit)` of a table of an edition, as `python -m engine export` orders them."""
    conditions = Conditions()
    conditions.add("list_contains($metrics, metric)", "metrics", list(wanted.metrics) or None)
    conditions.add("grain = $grain", "grain", wanted.grain)
    conditions.add("dimension = $dimension", "dimension", wanted.dimension)
    conditions.add("segment = $segment", "segment", wanted.segment)
    conditions.add(f"{PERIOD[table]} >= $start", "start", wanted.start)
    conditions.add(f"{PERIOD[table]} < $end_day", "end_day", wanted.end)
    conditions.add("complete = $complete", "complete", wanted.complete)
    asked = f"from {table} {conditions.sql} order by all limit {int(limit)} offset {int(offset)}"
    return fetch(settings, name, asked, conditions.parameters)
