"""Computes everything an edition holds, from the facts seen at an instant, with DuckDB."""

import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
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
from metrics.catalog import metrics_of
from metrics.files import SqlFile
from metrics.functions import macros
from metrics.periods import calendar_frame
from metrics.segmenting import segmenting
from metrics.tasks import Task, run_side_by_side

Connection = duckdb.DuckDBPyConnection
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
create table steps.day_period as
select day.period_start as day, whole.grain, whole.period_start, whole.period_key, whole.number
from calendar as day
join calendar as whole on whole.period_start <= day.period_start and day.period_start <= whole.last_day
where day.grain = 'day'
"""
SIDE_BY_SIDE = min(4, os.cpu_count() or 1)


@dataclass
class Computed:
    """The tables of an edition in the making, attached as `edition`, and the steps behind, as `steps`."""

    connection: Connection
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
        return self.settings.home / "edition.duckdb"

    @property
    def given(self) -> Parameters:
        """What the SQL files may ask for."""
        settings = self.settings
        return {
            "as_of": self.as_of,
            "within_us": settings.activation.within_days * 86_400_000_000,
            "step_count": len(settings.activation.steps),
            "any_event": not settings.engagement.events,
            "base_currency": settings.base_currency,
        }

    def run(self, sql: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        return run(self.connection, sql, parameters)

    def close(self) -> None:
        """Forget the steps and let go of the file."""
        detach(self.connection)
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

    Nothing may be imported meanwhile: the warehouse has one writer, which does the one and then the other.
    `metrics`: the files to compute; those of the rooms unless said otherwise.
    """
    computed = Computed(warehouse.connection.cursor(), settings, as_of)
    try:
        attach(computed)
        sessions = [open_session(warehouse) for _ in range(SIDE_BY_SIDE)]
        prepare(sessions[0], settings)
        run(sessions[0], METRICS_TABLE)
        run_side_by_side(tasks(computed, plan.metric_files() if metrics is None else metrics), sessions)
        for session in sessions:
            session.close()
    except BaseException:
        computed.close()
        raise
    return computed


def run(session: Connection, sql: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
    return session.execute(sql, parameters or {}).fetchall()


def attach(computed: Computed) -> None:
    """An empty file for the tables that will be published; what a crash left there is of no use."""
    detach(computed.connection)
    for left in (computed.file, computed.file.with_name(computed.file.name + ".wal")):
        left.unlink(missing_ok=True)
    computed.run(f"attach {quoted(str(computed.file))} as edition")
    computed.run("attach ':memory:' as steps")
    look_in_steps(computed.connection)


def detach(connection: Connection) -> None:
    run(connection, "reset search_path")
    run(connection, "detach database if exists edition")
    run(connection, "detach database if exists steps")


def open_session(warehouse: Warehouse) -> Connection:
    session = warehouse.connection.cursor()
    look_in_steps(session)
    return session


def look_in_steps(session: Connection) -> None:
    """A bare name is a step, or else a table of facts."""
    [(warehouse,)] = run(session, "select current_database()")
    run(session, f"set search_path = {quoted(f'steps.main,{warehouse}.main')}")


def prepare(session: Connection, settings: Settings) -> None:
    """The named functions and the names of the events that mean something."""
    for statement in macros(settings.timezone, WEEKDAYS.index(settings.week_start)):
        run(session, statement)
    list_events(session, "setting_step", settings.activation.steps)
    list_events(session, "setting_value", settings.value.events)
    list_events(session, "setting_engagement", settings.engagement.events)


def list_events(session: Connection, table: str, events: tuple[str, ...]) -> None:
    run(session, f"create table steps.{table} (step integer, name varchar)")
    for number, event in enumerate(events, start=1):
        run(session, f"insert into steps.{table} values ($step, $name)", {"step": number, "name": event})


def tasks(computed: Computed, metrics: Iterable[SqlFile]) -> Iterator[Task[Connection]]:
    """Inputs, steps, metrics and tables, each after the tables it reads."""
    for file in (*plan.inputs(), *plan.steps()):
        yield Task(file.name, plan.needs(file), partial(create, computed, "steps", file))
    yield Task("account", frozenset({"visible_account"}), partial(create_accounts, computed))
    yield Task("calendar", frozenset({"account", "subscription_day"}), partial(create_calendar, computed))
    for file in metrics:
        yield Task(f"metric {file.place}", plan.needs(file), partial(insert_metric, computed, file))
    for file in plan.tables():
        yield Task(f"table {file.name}", plan.needs(file), partial(create, computed, "edition", file))


def create(computed: Computed, place: str, file: SqlFile, session: Connection) -> None:
    sql = f"create table {place}.{file.name} as (\n{file.sql}\n)"
    run(session, sql, only(computed.given, file))


def only(parameters: Parameters, file: SqlFile) -> Parameters:
    unknown = file.parameters - parameters.keys()
    if unknown:
        raise BadDefinition(
            f"{file.place} asks for ${sorted(unknown)[0]}; there are ${', $'.join(sorted(parameters))}."
        )
    return {name: parameters[name] for name in file.parameters}


def create_accounts(computed: Computed, session: Connection) -> None:
    for statement in segmenting(computed.settings.segments):
        run(session, statement)


def create_calendar(computed: Computed, session: Connection) -> None:
    """The periods from the first fact to that of `as_of`, and which of them each day belongs to."""
    settings = computed.settings
    [(first_account, first_change)] = run(session, FIRST_DAYS)
    calendar, within_days = Calendar.of(settings), settings.activation.within_days
    frame = calendar_frame(calendar, computed.as_of, within_days, first_account, first_change)
    session.register("calendar_frame", frame)
    run(session, "create table steps.calendar as select * from calendar_frame")
    session.unregister("calendar_frame")
    run(session, DAY_PERIOD)


def insert_metric(computed: Computed, file: SqlFile, session: Connection) -> None:
    """One broken metric is recorded and left out; the others are published."""
    try:
        tuple(metrics_of(file, computed.settings))  # without a whole header it has no place in the catalog
        name = "" if file.titles else f"{quoted(file.name)} as metric, "
        run(
            session,
            "insert into edition.metrics by name "
            f"select {name}figures.*, $as_of as as_of from (\n{file.sql}\n) as figures",
            only(computed.given, file) | {"as_of": computed.as_of},
        )
    except (duckdb.Error, BadDefinition) as wrong:
        problem = f"{file.place} was left out: {first_line(wrong)}."
        log.warning(problem, extra={"action": "metric_left_out"})
        computed.problems.append(problem)
