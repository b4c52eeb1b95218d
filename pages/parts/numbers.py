"""The only place where pages read: editions, metrics and the engine's state, cached by edition."""

from bisect import bisect_left
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import streamlit as st

from data.calendar import Calendar
from data.errors import HoldfastError, NoEdition
from engine import desk
from metrics import catalog, movers, read
from metrics.brought import totals
from metrics.catalog import Metric
from metrics.read import AccountFilter, EditionInfo
from metrics.runs import runs
from metrics.titles import shown_unit
from pages.parts import words
from pages.parts.configured import settings
from pages.parts.kept import WARM, kept  # noqa: F401 (WARM is for siblings)
from pages.parts.lately import lately
from pages.parts.segment import Grain, Segment

SPARK = 12
NOTHING = ("", "")
ROW = ("period_start", "value", "numerator", "denominator", "lower", "upper", "complete")
EVERY = 100_000
# Shares of money may pass 1, so the catalog calls them ratios; people read them in per cent.
OF_MONEY = frozenset({"net_revenue_retention", "gross_revenue_retention", "quick_ratio"})


@dataclass(frozen=True)
class Row:
    """One row of the metrics table."""

    start: date
    value: float | None
    numerator: float | None
    denominator: float | None
    lower: float | None
    upper: float | None
    complete: bool


@dataclass(frozen=True)
class Figure:
    """A metric as a card shows it: the last complete period, the one before, and the one still running."""

    metric: Metric
    grain: Grain
    rows: tuple[Row, ...]
    last: Row | None
    before: Row | None
    running: Row | None

    @property
    def unit(self) -> str:
        return shown_unit(self.metric)


@st.cache_resource
def metrics() -> Mapping[str, Metric]:
    return catalog.catalog(settings())


def newest() -> str | None:
    """The name of the newest edition; nothing before the first refresh."""
    try:
        return read.current(settings())
    except HoldfastError as damaged:
        st.error(str(damaged))
        st.stop()


@lately
def engine() -> desk.EngineStatus:
    return desk.status(settings())


@st.cache_resource(max_entries=8, show_spinner=False)
def edition(name: str) -> EditionInfo:
    return read.edition(settings(), name)


@kept()
def series(
    name: str, wanted: tuple[str, ...], grain: Grain, dimension: str = "all", segment: str | None = "all"
) -> pl.DataFrame:
    """Rows of the metrics table; segment None: every segment of the dimension."""
    if grain == "day" or segment is None:
        return read.series(settings(), name, wanted, grain=grain, dimension=dimension, segment=segment)
    found = weeks_and_months(name, Segment(dimension, segment))
    parts = [found[grain, metric] for metric in sorted(set(wanted)) if (grain, metric) in found]
    return pl.concat(parts) if parts else found[NOTHING]


@kept()
def weeks_and_months(name: str, of: Segment) -> dict[tuple[Any, ...], pl.DataFrame]:
    """All figures of one place, by grain and metric: a page asks for them bit by bit. NOTHING: no rows."""
    rows = read.weeks_and_months(settings(), name, dimension=of.dimension, segment=of.name)
    return {**runs(rows, "grain", "metric"), NOTHING: rows.clear()}


@kept(is_split=True)
def split(name: str, wanted: tuple[str, ...], grain: Grain, start: date) -> pl.DataFrame:
    """Rows of every segment of every dimension, of periods from `start` on."""
    return read.split(settings(), name, wanted, grain=grain, start=start)


@kept()
def newest_periods(
    name: str, wanted: tuple[str, ...], grain: Grain, of: Segment, periods: int
) -> pl.DataFrame:
    """The last periods of a series."""
    rows = series(name, wanted, grain, of.dimension, of.name)
    starts = rows["period_start"].unique().sort().tail(periods)
    return rows.filter(pl.col("period_start").is_in(starts.to_list()))


def up_to(rows: pl.DataFrame, until: date | None) -> pl.DataFrame:
    """The periods that begin no later than a day; without one, all."""
    return rows if until is None else rows.filter(pl.col("period_start") <= until)


@kept()
def complete_periods(name: str, grain: Grain, most: int) -> list[date]:
    """The starts of the last complete periods, the newest first."""
    rows = series(name, ("signups",), grain)
    known = zip(rows["period_start"], rows["complete"], strict=True)
    return sorted((start for start, complete in known if complete), reverse=True)[:most]


@kept()
def figures(
    name: str, wanted: tuple[str, ...], grain: Grain, of: Segment, until: date | None = None
) -> dict[str, Figure]:
    rows = up_to(series(name, wanted, grain, of.dimension, of.name), until)
    by_metric, empty = runs(rows, "metric"), rows.clear()
    return {metric: figure(metric, grain, by_metric.get((metric,), empty)) for metric in wanted}


def figure(metric: str, grain: Grain, frame: pl.DataFrame) -> Figure:
    """Splits a metric's rows into complete and running ones."""
    newest = frame.tail(SPARK + 6)
    columns = (newest[column].to_list() for column in ROW)
    rows = [Row(*row) for row in zip(*columns, strict=True)]
    complete = [row for row in rows if row.complete]
    open_rows = [row for row in rows if not row.complete]
    running = next((row for row in reversed(open_rows) if row.value is not None), None)
    return Figure(
        metrics()[metric],
        grain,
        tuple(rows[-SPARK:]),
        complete[-1] if complete else None,
        complete[-2] if len(complete) > 1 else None,
        running or (open_rows[-1] if open_rows else None),
    )


@kept(is_split=True)
def figures_by_segment(
    name: str, wanted: tuple[str, ...], grain: Grain, dimension: str
) -> dict[str, dict[str, Figure]]:
    """Figures of every segment of a dimension, the largest segment first."""
    rows = series(name, wanted, grain, dimension, None).partition_by("segment", "metric", as_dict=True)
    order = segments(name).filter(pl.col("dimension") == dimension)["segment"].to_list()
    return {
        segment: {metric: figure(metric, grain, rows[segment, metric]) for metric in wanted}
        for segment in order
        if (segment, wanted[0]) in rows
    }


@kept()
def pace(name: str, metric: str, of: Segment, days: int) -> pl.DataFrame:
    """A count per day with the range that is usual for its weekday."""
    rows = series(name, (metric,), "day", of.dimension, of.name)
    return movers.usual_range(rows.tail(days + 7 * movers.WEEKS)).tail(days)


def cohorts(name: str, grain: Grain, of: Segment, newest_cohorts: int) -> pl.DataFrame:
    """The triangle of the newest cohorts, by start and index; one frame until it is told or a day turns."""
    info = edition(name)
    told = f"{info.cohorts_as_of or name} {Calendar.of(settings()).local_date(info.as_of)}"
    return cohorts_told(told, grain, of, newest_cohorts, name)


@kept()
def cohorts_told(
    told: str,  # noqa: ARG001 (what it is known again by, whatever the edition)
    grain: Grain,
    of: Segment,
    newest_cohorts: int,
    _name: str,
) -> pl.DataFrame:
    rows = read.cohorts(settings(), _name, grain=grain, dimension=of.dimension, segment=of.name)
    starts = rows["cohort_start"].to_list()  # in their order
    newest = sorted(set(starts))[-newest_cohorts:]
    return rows.slice(bisect_left(starts, newest[0])) if newest else rows


@kept()
def movements(name: str, grain: Grain, of: Segment, periods: int, until: date | None = None) -> pl.DataFrame:
    rows = up_to(
        read.movements(settings(), name, grain=grain, dimension=of.dimension, segment=of.name), until
    )
    newest = rows.tail(periods)
    return newest.hstack([(newest["closing"] - newest["opening"]).alias("net")])


@kept()
def value_curve(name: str, period_start: date, of: Segment) -> pl.DataFrame:
    return read.value_curve(
        settings(), name, period_start=period_start, dimension=of.dimension, segment=of.name
    )


@kept(8, is_split=True)
def segments(name: str) -> pl.DataFrame:
    """Every segment of every dimension, the largest of a dimension first."""
    order = {dimension: place for place, dimension in enumerate(edition(name).segments)}
    rows = read.segments(settings(), name)
    found = sorted(
        rows.iter_rows(named=True),
        key=lambda row: (order.get(row["dimension"], len(order)), -row["accounts"], row["segment"]),
    )
    return pl.DataFrame(found, schema=rows.schema)


@kept(8, is_whole=True)
def feed(name: str, limit: int) -> pl.DataFrame:
    return read.feed(settings(), name, limit=limit)


@st.cache_resource(max_entries=8, show_spinner=False)
def sources(name: str) -> pl.DataFrame:
    return read.sources(settings(), name)


def make_demo() -> int:
    """Asks the engine for the demo company."""
    return desk.make_demo(settings())


def is_demo() -> bool:
    return desk.is_demo(settings())


def demo_job(job_id: int | None) -> desk.Job | None:
    return desk.job(settings(), job_id) if job_id is not None else None


@kept()
def stuck(name: str, steps_reached: int, of: Segment, limit: int) -> list[dict[str, Any]]:
    """Accounts still within their window that stand before a step, the longest there first."""
    info = edition(name)
    opens = info.as_of - timedelta(days=info.within_days)
    where = AccountFilter(
        steps_reached=steps_reached,
        is_activated=False,
        segments={} if of == Segment() else {of.dimension: of.name},
        created_from=opens.date() - timedelta(days=1),
    )
    rows = read.accounts(settings(), name, where=where, limit=EVERY)
    waiting = rows.filter(pl.col("created_at") > opens)
    return waiting.sort("stuck_since", "account_id").head(limit).to_dicts()


STEPS_BACK = 8  # editions that are looked through for the first that showed a delivery


@dataclass(frozen=True)
class Brought:
    """What a source brought so far; `lag` is how long its last delivery took to be visible, where known."""

    facts: int
    read: int
    added: int
    repeated: int
    waiting: int
    quarantined: int
    last_delivery_at: datetime
    last_fact_at: datetime | None
    lag: timedelta | None


@st.cache_resource(max_entries=8, show_spinner=False)
def brought(name: str) -> dict[str, Brought]:
    """By source."""
    found = totals(sources(name))
    return {source: Brought(**told, lag=lag(name, source)) for source, told in found.items()}


@dataclass(frozen=True)
class Shown:
    """When an edition came out, when each source had delivered last, and the edition before, if kept."""

    at: datetime
    deliveries: Mapping[str, datetime]
    earlier: str | None


@st.cache_resource(max_entries=64, show_spinner=False)
def shown(name: str) -> Shown:
    deliveries = {source: told["last_delivery_at"] for source, told in totals(sources(name)).items()}
    return Shown(edition(name).published_at, deliveries, read.before(settings(), name))


def lag(name: str, source: str) -> timedelta | None:
    """How long after a source delivered last the first edition with it was published; None if long ago."""
    first = shown(name)
    at = first.deliveries[source]
    with suppress(NoEdition):  # removed since
        for _ in range(STEPS_BACK):
            if first.earlier is None:
                return None
            before = shown(first.earlier)
            if before.deliveries.get(source) != at:
                return first.at - at
            first = before
    return None


@st.cache_resource(max_entries=8, show_spinner=False)
def shapes_brought(name: str) -> dict[str, frozenset[str]]:
    """The shapes of which each source brought facts."""
    rows = sources(name).filter(pl.col("facts") > 0).group_by("source").agg("shape")
    return {source: frozenset(shapes) for source, shapes in rows.iter_rows()}


@st.cache_resource(max_entries=8, show_spinner=False)
def rhythms(name: str) -> dict[str, desk.Rhythm]:
    rows = read.rhythm(settings(), name).iter_rows(named=True)
    return {
        row["source"]: desk.Rhythm(row["first_at"], row["last_at"], timedelta(minutes=row["longest_pause"]))
        for row in rows
    }


@st.cache_resource(max_entries=8, show_spinner=False)
def arrivals(name: str) -> dict[str, pl.DataFrame]:
    """New facts by minute over the last 24 hours, of each source."""
    rows = read.arrivals(settings(), name)
    return {source: part for (source,), part in rows.partition_by("source", as_dict=True).items()}


@kept(is_whole=True)
def arrivals_by_ten(name: str, source: str, zone: str) -> pl.DataFrame | None:
    """New facts of a source by ten minutes, last 24 hours, on the company's clock; None for none."""
    rows = arrivals(name).get(source)
    if rows is None:
        return None
    at = pl.col("minute").dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)
    end = words.local(edition(name).as_of, zone).replace(tzinfo=None)
    times = pl.datetime_range(end - timedelta(hours=24), end, "10m", eager=True).dt.truncate("10m")
    counted = rows.with_columns(at).group_by(pl.col("minute").dt.truncate("10m")).agg(pl.col("facts").sum())
    found = times.alias("minute").to_frame().join(counted, on="minute", how="left")
    until = (pl.col("minute") + pl.duration(minutes=10)).alias("until")
    return found.with_columns(pl.col("facts").fill_null(0), until)


@kept(is_whole=True)
def quarantine_reasons(name: str, source: str) -> pl.DataFrame:
    return read.quarantine_reasons(settings(), name, source)


@kept(is_whole=True)
def quarantine(
    name: str, source: str, fault: tuple[str, str | None, str] | None, limit: int, offset: int = 0
) -> pl.DataFrame:
    """Rows that were set aside, the newest first; `fault`: shape, field and reason of all of them."""
    shape, field, reason = fault or (None, None, None)
    return read.quarantine(
        settings(), name, source, shape=shape, field=field, reason=reason, limit=limit, offset=offset
    )


def added_sources() -> Mapping[str, desk.Source]:
    """The sources as they are set up at this moment; they change without an edition."""
    return desk.sources(settings())


@st.cache_resource
def ways() -> Mapping[str, desk.Way]:
    return desk.ways()


def source_keys(name: str) -> list[Any]:
    return desk.source_keys(settings(), name)


def job(job_id: int | None) -> desk.Job | None:
    return desk.job(settings(), job_id) if job_id is not None else None
