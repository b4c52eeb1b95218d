"""Computes everything an edition holds, from the facts seen at an instant, with DuckDB."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Self

import duckdb

from data.calendar import WEEKDAYS, Calendar
from data.errors import BadDefinition
from data.settings import Settings
from data.store.warehouse import Warehouse, first_line, quoted
from metrics import plan
from metrics.catalog import metric_files, metrics_of
from metrics.files import SqlFile
from metrics.functions import macros
from metrics.periods import calendar_frame
from metrics.segmenting import segmenting

log = logging.getLogger(__name__)
Parameters = dict[str, Any]
METRICS_TABLE = """
create table edition.metrics (
    metric varchar not null, grain varchar not null, period_start date not null, dimension varchar not null,
    segment varchar not null, value double, numerator double, denominator double, lower double, upper double,
    complete boolean not null, as_of timestamp not null
)
"""
FIRST_DAYS = """
select (select min(created_day) from account), (select min(day) from subscription_day)
"""
DAY_PERIOD = """
create temp table day_period as
select day.period_start as day, whole.grain, whole.period_start, whole.period_key, whole.number
from calendar as day
join calendar as whole on whole.period_start <= day.period_start and day.period_start <= whole.last_day
where day.grain = 'day'
"""


@dataclass
class Computed:
    """The tables of an edition in the making, attached as `edition`, and the steps behind them."""

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    as_of: datetime
    problems: list[str] = field(default_factory=list)
    began: float = field(default_factory=perf_counter)

    @property
    def seconds(self) -> float:
        """How long it took so far."""
        return perf_counter() - self.began

    @property
    def file(self) -> Path:
        return working_file(self.settings)

    def run(self, sql: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, parameters or {}).fetchall()

    def create(self, files: Iterable[SqlFile], parameters: Parameters) -> None:
        for file in files:
            self.run(f"create temp table {file.name} as (\n{file.sql}\n)", only(parameters, file))

    def close(self) -> None:
        """Forget the steps and let go of the file."""
        self.run("detach database if exists edition")
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def compute(
    warehouse: Warehouse, settings: Settings, *, as_of: datetime, metrics: tuple[SqlFile, ...] | None = None
) -> Computed:
    """Everything as it was known at `as_of`, from the facts alone. Close what is returned.

    `metrics`: the files to compute; those of the rooms unless said otherwise.
    """
    computed = Computed(warehouse.connection.cursor(), settings, as_of)
    try:
        attach(computed)
        given = parameters_of(settings, as_of)
        prepare_session(computed)
        create_inputs(computed, given)
        create_steps(computed, given)
        create_metrics(computed, given, metric_files() if metrics is None else metrics)
        create_tables(computed, given)
    except BaseException:
        computed.close()
        raise
    return computed


def working_file(settings: Settings) -> Path:
    return settings.home / "edition.duckdb"


def attach(computed: Computed) -> None:
    """An empty file for the tables that will be published; what a crash left there is of no use."""
    computed.run("detach database if exists edition")
    for left in (computed.file, computed.file.with_name(computed.file.name + ".wal")):
        left.unlink(missing_ok=True)
    computed.run(f"attach {quoted(str(computed.file))} as edition")


def parameters_of(settings: Settings, as_of: datetime) -> Parameters:
    return {
        "as_of": as_of,
        "within_us": settings.activation.within_days * 86_400_000_000,
        "step_count": len(settings.activation.steps),
        "any_event": not settings.engagement.events,
        "base_currency": settings.base_currency,
    }


def only(parameters: Parameters, file: SqlFile) -> Parameters:
    unknown = file.parameters - parameters.keys()
    if unknown:
        raise BadDefinition(
            f"{file.place} asks for ${sorted(unknown)[0]}; there are ${', $'.join(sorted(parameters))}."
        )
    return {name: parameters[name] for name in file.parameters}


def prepare_session(computed: Computed) -> None:
    settings = computed.settings
    computed.run("set TimeZone = 'UTC'")
    for statement in macros(settings.timezone, WEEKDAYS.index(settings.week_start)):
        computed.run(statement)
    list_events(computed, "setting_step", settings.activation.steps)
    list_events(computed, "setting_value", settings.value.events)
    list_events(computed, "setting_engagement", settings.engagement.events)


def list_events(computed: Computed, table: str, events: tuple[str, ...]) -> None:
    computed.run(f"create temp table {table} (step integer, name varchar)")
    for number, event in enumerate(events, start=1):
        computed.run(f"insert into {table} values ($step, $name)", {"step": number, "name": event})


def create_inputs(computed: Computed, given: Parameters) -> None:
    waiting = list(plan.inputs())
    first = [file for file in waiting if file.name == "visible_account"]
    computed.create(first, given)
    for statement in segmenting(computed.settings.segments):
        computed.run(statement)
    computed.create([file for file in waiting if file not in first], given)


def create_steps(computed: Computed, given: Parameters) -> None:
    """The calendar begins at the first facts, so the step that dates the first change comes before it."""
    timeless = [file for file in plan.steps() if "calendar" not in plan.tables_behind(file)]
    computed.create(timeless, given)
    create_calendar(computed)
    computed.create([file for file in plan.steps() if file not in timeless], given)


def create_calendar(computed: Computed) -> None:
    """The periods from the first fact to that of `as_of`, and which of them each day belongs to."""
    settings = computed.settings
    [(first_account, first_change)] = computed.run(FIRST_DAYS)
    calendar, within_days = Calendar.of(settings), settings.activation.within_days
    frame = calendar_frame(calendar, computed.as_of, within_days, first_account, first_change)
    computed.connection.register("calendar_frame", frame)
    computed.run("create temp table calendar as select * from calendar_frame")
    computed.connection.unregister("calendar_frame")
    computed.run(DAY_PERIOD)


def create_metrics(computed: Computed, given: Parameters, files: Iterable[SqlFile]) -> None:
    """One broken metric is recorded and left out; the others are published."""
    computed.run(METRICS_TABLE)
    for file in files:
        try:
            insert_metric(computed, given, file)
        except (duckdb.Error, BadDefinition) as wrong:
            problem = f"{file.place} was left out: {first_line(wrong)}."
            log.warning(problem, extra={"action": "metric_left_out"})
            computed.problems.append(problem)


def insert_metric(computed: Computed, given: Parameters, file: SqlFile) -> None:
    tuple(metrics_of(file, computed.settings))  # a file without a whole header has no place in the catalog
    name = "" if file.titles else f"{quoted(file.name)} as metric, "
    computed.run(
        "insert into edition.metrics by name "
        f"select {name}figures.*, $as_of as as_of from (\n{file.sql}\n) as figures",
        only(given, file) | {"as_of": computed.as_of},
    )


def create_tables(computed: Computed, given: Parameters) -> None:
    for file in plan.tables():
        computed.run(f"create table edition.{file.name} as (\n{file.sql}\n)", only(given, file))
