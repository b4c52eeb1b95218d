"""All that anyone outside may read: the figures of a published edition, as Polars frames."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from data.calendar import Grain
from data.errors import BadInput
from data.settings import Settings
from metrics.editions import EditionInfo, current_name, editions
from metrics.shelf import reading

__all__ = [
    "AccountFilter", "EditionInfo", "Figure", "Latest", "accounts", "arrivals", "before", "cohorts",
    "complete_counts", "complete_figures", "count_accounts", "current", "edition", "feed", "latest",
    "movements", "quarantine", "quarantine_reasons", "rhythm", "segments", "series",
    "sources", "split", "table", "tables", "value_curve", "weeks_and_months",
]  # fmt: skip

EXPORTS = (
    "metrics", "cohorts", "movements", "value_curve", "account_state", "segments", "feed", "sources",
    "quarantine", "arrivals", "rhythm", "edition", "account_risk", "risk_model",
    "lifetime", "lifetime_backtest", "survival", "projection", "mrr_projection",
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One row of the metrics table."""

    metric: str
    grain: str
    period_start: date
    dimension: str
    segment: str
    value: float | None
    numerator: float | None
    denominator: float | None
    lower: float | None
    upper: float | None
    complete: bool
    as_of: datetime


@dataclass(frozen=True)
class Latest:
    """The last complete figure, the complete one before it, and the newest if it is still running."""

    complete: Figure | None
    before: Figure | None
    running: Figure | None


@dataclass(frozen=True)
class AccountFilter:
    """Which accounts: all that is given must hold.

    `segments`: segment by dimension. `steps_reached` with `is_activated=False`: those stuck after that step.
    `has_value`: whether first value was reached. `movements`, `moved_from`, `moved_before`: how and in which
    days `[from, before)` its MRR changed last. `search`: part of an id, name or email.
    """

    account_id: str | None = None
    segments: Mapping[str, str] | None = None
    steps_reached: int | None = None
    is_activated: bool | None = None
    is_paying: bool | None = None
    created_from: date | None = None
    created_before: date | None = None
    has_value: bool | None = None
    last_active_from: date | None = None
    last_active_before: date | None = None
    movements: Sequence[str] | None = None
    moved_from: date | None = None
    moved_before: date | None = None
    search: str | None = None
    oldest_first: bool = True


def current(settings: Settings) -> str | None:
    """The name of the newest edition; cheap."""
    return current_name(settings)


def before(settings: Settings, name: str) -> str | None:
    """The name of the edition before one, where it is still kept."""
    older = [path.stem for path in editions(settings.published) if path.stem < name]
    return older[-1] if older else None


def edition(settings: Settings, name: str) -> EditionInfo:
    with reading(settings.published, name) as cursor:
        columns = [column[0] for column in cursor.execute("from edition").description or ()]
        row = dict(zip(columns, cursor.fetchall()[0], strict=True))
    row |= {key: tuple(json.loads(row[key])) for key in ("segments", "steps", "problems")}
    return EditionInfo(**row)


def series(
    settings: Settings,
    name: str,
    metrics: Sequence[str],
    *,
    grain: Grain,
    dimension: str = "all",
    segment: str | None = "all",
    start: date | None = None,
    end: date | None = None,
) -> pl.DataFrame:
    """Rows of the metrics table, by metric, segment and period; `segment` None: every one of the dimension.

    `start`, `end`: periods that begin in `[start, end)`.
    """
    conditions = Conditions()
    conditions.add("list_contains($metrics, metric)", "metrics", list(metrics))
    conditions.place(grain, dimension, segment)
    conditions.add("period_start >= $start", "start", start)
    conditions.add("period_start < $end_day", "end_day", end)
    order = "metric, grain, dimension, segment, period_start"
    return fetch(settings, name, f"from metrics {conditions.sql} order by {order}", conditions.parameters)


def weeks_and_months(
    settings: Settings, name: str, *, dimension: str = "all", segment: str = "all"
) -> pl.DataFrame:
    """Every figure of one place that is not of a day, in the order of `series`."""
    conditions = Conditions().place(None, dimension, segment)
    conditions.add("grain <> $days", "days", "day")
    order = "grain, metric, period_start"
    return fetch(settings, name, f"from metrics {conditions.sql} order by {order}", conditions.parameters)


def split(
    settings: Settings, name: str, metrics: Sequence[str], *, grain: Grain, start: date | None = None
) -> pl.DataFrame:
    """The rows of every segment of every dimension, of periods that begin no earlier than `start`."""
    conditions = Conditions()
    conditions.add("list_contains($metrics, metric)", "metrics", list(metrics))
    conditions.add("grain = $grain", "grain", grain)
    conditions.add("dimension <> $whole", "whole", "all")
    conditions.add("period_start >= $start", "start", start)
    order = "metric, dimension, segment, period_start"
    return fetch(settings, name, f"from metrics {conditions.sql} order by {order}", conditions.parameters)


def latest(
    settings: Settings, name: str, metric: str, *, grain: Grain, dimension: str = "all", segment: str = "all"
) -> Latest:
    rows = series(settings, name, (metric,), grain=grain, dimension=dimension, segment=segment)
    figures = [Figure(**row) for row in rows.iter_rows(named=True)]
    complete = [figure for figure in figures if figure.complete]
    running = figures[-1] if figures and not figures[-1].complete else None
    before = complete[-2] if len(complete) > 1 else None
    return Latest(complete[-1] if complete else None, before, running)


def cohorts(
    settings: Settings, name: str, *, grain: Grain, dimension: str = "all", segment: str | None = "all"
) -> pl.DataFrame:
    """The triangle, by segment, cohort and period_index."""
    conditions = Conditions().place(grain, dimension, segment)
    order = "segment, cohort_start, period_index"
    return fetch(settings, name, f"from cohorts {conditions.sql} order by {order}", conditions.parameters)


# Every figure that can be watched: the metrics, and the cells of the triangle up to twelve periods on.
WATCHED = """
(
    select metric, grain, dimension, segment, period_start, value, numerator, denominator, complete
    from metrics
    union all
    select
        'cohort_retention.' || period_index, grain, dimension, segment, cohort_start,
        retained / nullif(size, 0), retained, size, complete
    from cohorts where period_index between 1 and 12
    union all
    select
        'cohort_net_revenue_retention.' || period_index, grain, dimension, segment, cohort_start,
        cast(mrr_k as double) / nullif(cast(mrr_0 as double), 0), mrr_k, mrr_0, complete
    from cohorts where period_index between 1 and 12
) as watched
"""
# Counted by their numbers first: the triangle has many cells, and few names.
COMPLETE = """
with cells as (
    select period_index, grain, dimension, count(*) as complete
    from cohorts where complete and period_index between 1 and 12 group by all
)
select metric, grain, dimension, count(*) as complete from metrics where complete group by all
union all
select triangle || '.' || period_index, grain, dimension, complete
from cells cross join (values ('cohort_retention'), ('cohort_net_revenue_retention')) as of(triangle)
"""


def complete_counts(settings: Settings, name: str) -> pl.DataFrame:
    """How many figures are `complete`, by metric (cells of the triangle too), grain and dimension."""
    return fetch(settings, name, COMPLETE)


def complete_figures(settings: Settings, name: str, groups: pl.DataFrame) -> pl.DataFrame:
    """The complete figures of some groups, which have the columns metric, grain and dimension."""
    rows = fetch(settings, name, f"select watched.* exclude (complete) from {WATCHED} where complete")
    return rows.join(groups, on=("metric", "grain", "dimension"), how="semi")


def movements(
    settings: Settings, name: str, *, grain: Grain, dimension: str = "all", segment: str | None = None
) -> pl.DataFrame:
    """MRR from opening to closing, by segment and period."""
    conditions = Conditions().place(grain, dimension, segment)
    order = "segment, period_start"
    return fetch(settings, name, f"from movements {conditions.sql} order by {order}", conditions.parameters)


def value_curve(
    settings: Settings, name: str, *, period_start: date, dimension: str = "all", segment: str | None = None
) -> pl.DataFrame:
    """The share of a month's sign-ups that had reached value, by segment and hours since sign-up."""
    conditions = Conditions().place(None, dimension, segment)
    conditions.add("period_start = $period_start", "period_start", period_start)
    order = "segment, hours"
    return fetch(settings, name, f"from value_curve {conditions.sql} order by {order}", conditions.parameters)


def accounts(
    settings: Settings, name: str, *, where: AccountFilter | None = None, limit: int = 100
) -> pl.DataFrame:
    """Rows of account_state, by sign-up; the first `limit` of them."""
    where = where or AccountFilter()
    conditions = _account_conditions(settings, name, where)
    direction = "" if where.oldest_first else " desc"
    order = f"order by created_at{direction}, account_id limit {int(limit)}"
    return fetch(settings, name, f"from account_state {conditions.sql} {order}", conditions.parameters)


def count_accounts(settings: Settings, name: str, where: AccountFilter) -> int:
    """How many accounts there are of a kind."""
    conditions = _account_conditions(settings, name, where)
    asked = f"select count(*) as n from account_state {conditions.sql}"
    return int(fetch(settings, name, asked, conditions.parameters)["n"][0])


def _account_conditions(settings: Settings, name: str, where: AccountFilter) -> "Conditions":
    conditions = Conditions()
    conditions.add("account_id = $account_id", "account_id", where.account_id)
    conditions.add("steps_reached = $steps_reached", "steps_reached", where.steps_reached)
    conditions.add("(activated_at is not null) = $is_activated", "is_activated", where.is_activated)
    conditions.add("(mrr > 0) = $is_paying", "is_paying", where.is_paying)
    conditions.add("created_day >= $created_from", "created_from", where.created_from)
    conditions.add("created_day < $created_before", "created_before", where.created_before)
    conditions.add("(first_value_at is not null) = $has_value", "has_value", where.has_value)
    conditions.add("last_active_day >= $active_from", "active_from", where.last_active_from)
    conditions.add("last_active_day < $active_before", "active_before", where.last_active_before)
    moved = list(where.movements) if where.movements is not None else None
    conditions.add("list_contains($movements, last_movement)", "movements", moved)
    conditions.add("mrr_changed_day >= $moved_from", "moved_from", where.moved_from)
    conditions.add("mrr_changed_day < $moved_before", "moved_before", where.moved_before)
    conditions.add(
        "contains(lower(concat_ws(' ', account_id, name, email)), lower($search))", "search", where.search
    )
    known = edition(settings, name).segments if where.segments else ()
    for number, (dimension, segment) in enumerate((where.segments or {}).items()):
        column = quoted_dimension(dimension, known)
        conditions.add(f"coalesce({column}, '(none)') = $segment_{number}", f"segment_{number}", segment)
    return conditions


def quoted_dimension(dimension: str, known: Sequence[str]) -> str:
    if dimension not in known:
        raise BadInput(f"There is no dimension {dimension!r}; there are {', '.join(known) or 'none'}.")
    return '"' + dimension.replace('"', '""') + '"'


def segments(settings: Settings, name: str) -> pl.DataFrame:
    return fetch(settings, name, "from segments order by all")


def feed(
    settings: Settings, name: str, limit: int = 20, *, dimension: str = "all", segment: str = "all"
) -> pl.DataFrame:
    """What happened last, newest first; to all accounts, or those of a segment."""
    if dimension == "all":
        return fetch(settings, name, f"from feed order by all desc limit {int(limit)}")
    column = quoted_dimension(dimension, edition(settings, name).segments)
    theirs = f"select account_id from account_state where coalesce({column}, '(none)') = $segment"
    asked = f"from feed where account_id in ({theirs}) order by all desc limit {int(limit)}"
    return fetch(settings, name, asked, {"segment": segment})


def sources(settings: Settings, name: str) -> pl.DataFrame:
    return fetch(settings, name, "from sources order by all")


def arrivals(settings: Settings, name: str) -> pl.DataFrame:
    """New facts of each source by minute, over the last 24 hours; minutes without any are left out."""
    return fetch(settings, name, "from arrivals order by all")


def rhythm(settings: Settings, name: str) -> pl.DataFrame:
    """How often each source brought something in the last seven days, and its longest pause in minutes."""
    return fetch(settings, name, "from rhythm order by all")


# A reason quotes the value that is wrong; without it, rows with the same fault have the same reason.
REASON = "case when value <> '' then replace(reason, value, '…') else reason end"


def quarantine_reasons(settings: Settings, name: str, source: str) -> pl.DataFrame:
    """Why rows of a source were set aside, most rows first; `replayable`: those that can be read again."""
    return fetch(
        settings,
        name,
        f"select shape, field, {REASON} as reason, count(*) as rows, count(quarantine_id) as replayable, "
        "max(quarantined_at) as newest from quarantine where source = $source "
        "group by all order by rows desc, shape, field, reason",
        {"source": source},
    )


def quarantine(
    settings: Settings,
    name: str,
    source: str,
    *,
    shape: str | None = None,
    field: str | None = None,
    reason: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> pl.DataFrame:
    """Rows of a source that were set aside, the newest first; `reason` as `quarantine_reasons` gives it."""
    conditions = Conditions()
    conditions.add("source = $source", "source", source)
    conditions.add("shape = $shape", "shape", shape)
    conditions.add("field = $field", "field", field)
    conditions.add(f"{REASON} = $reason", "reason", reason)
    order = "quarantined_at desc, shape, file, row, field, quarantine_id"
    page = f"order by {order} limit {int(limit)} offset {int(offset)}"
    return fetch(settings, name, f"from quarantine {conditions.sql} {page}", conditions.parameters)


def tables() -> tuple[str, ...]:
    """The tables that `table` knows."""
    return EXPORTS


def table(settings: Settings, name: str, table: str) -> pl.DataFrame:
    """A whole published table, its rows in one order whatever made them.

    Raises:
        BadInput: there is no such table.
    """
    if table not in EXPORTS:
        raise BadInput(f"There is no table {table!r}; there are {', '.join(EXPORTS)}.")
    return fetch(settings, name, f"from {table} order by all")


class Conditions:
    """A `where` clause in the making; what is not given is not asked."""

    def __init__(self) -> None:
        self.parameters: dict[str, Any] = {}
        self._asked: list[str] = []

    @property
    def sql(self) -> str:
        return "where " + " and ".join(self._asked) if self._asked else ""

    def add(self, condition: str, parameter: str, value: Any) -> None:
        if value is not None:
            self._asked.append(condition)
            self.parameters[parameter] = value

    def place(self, grain: str | None, dimension: str, segment: str | None) -> "Conditions":
        self.add("grain = $grain", "grain", grain)
        self.add("dimension = $dimension", "dimension", dimension)
        self.add("segment = $segment", "segment", segment)
        return self


def fetch(settings: Settings, name: str, sql: str, parameters: dict[str, Any] | None = None) -> pl.DataFrame:
    with reading(settings.published, name) as cursor:
        frame: pl.DataFrame = cursor.sql(sql, params=parameters or {}).pl()
        return frame
