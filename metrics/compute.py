"""Computes what an edition holds at an instant: what changed since the one before, or everything."""

import logging
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Self

import duckdb

from data.calendar import Calendar
from data.errors import BadDefinition
from data.settings import Settings
from data.store.warehouse import Warehouse, first_line, quoted
from metrics import estimates, kept, plan
from metrics.catalog import metrics_of
from metrics.draft import SUBSCRIPTIONS, Draft
from metrics.files import SqlFile
from metrics.kept import Kept, look_in
from metrics.lifetime import stage as lifetime
from metrics.patience import NONE, Patience
from metrics.periods import calendar_frame
from metrics.roll import roll
from metrics.segmenting import shown
from metrics.session import Session, run
from metrics.tasks import Task, run_side_by_side

Connection = duckdb.DuckDBPyConnection
log = logging.getLogger(__name__)
Parameters = dict[str, Any]
FIGURES = (
    "metric varchar not null, grain varchar not null, period_start date not null, "
    "dimension varchar not null, segment varchar not null, value double, numerator double, "
    "denominator double, lower double, upper double, complete boolean not null"
)
FIRST_DAYS = (
    "select (select min(created_day) from kept_account), (select min(day) from kept_subscription_day)"
)
DAY_PERIOD = """
create table steps.main.day_period as
select day.period_start as day, whole.grain, whole.period_start, whole.period_key, whole.number
from calendar as day
join calendar as whole on whole.period_start <= day.period_start and day.period_start <= whole.last_day
where day.grain = 'day'
"""
NEW = "create table steps.main.new_{file.name} as (\n{file.sql}\n)"
MAY_STAND_STILL = plan.ROWS.keys() | {SUBSCRIPTIONS}
SIDE_BY_SIDE = min(4, os.cpu_count() or 1)
FEW = 20_000  # facts


@dataclass
class Computed:
    """The tables of an edition in the making, attached as `edition`, and the steps behind, as `steps`."""

    connection: Connection
    settings: Settings
    as_of: datetime
    place: str  # the schema of the kept tables
    draft: Draft
    problems: list[str] = field(default_factory=list)
    began: float = field(default_factory=perf_counter)

    @property
    def seconds(self) -> float:
        """How long it took so far."""
        return perf_counter() - self.began

    @property
    def file(self) -> Path:
        return self.draft.file

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

    @property
    def written(self) -> frozenset[str] | None:
        """The steps of which rows changed, and the subscriptions if any did; None where everything is new."""
        return None if self.draft.is_fresh else frozenset(MAY_STAND_STILL - self.draft.still)

    def run(self, sql: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
        return run(self.connection, sql, parameters)

    @contextmanager
    def sessions(self) -> Iterator[list[Session]]:
        """For work side by side; what it sees is committed."""
        opened = [Session(self.connection, self.place) for _ in range(SIDE_BY_SIDE)]
        try:
            yield opened
        finally:
            for session in opened:
                session.close()

    def begin_again(self) -> None:
        """Nothing that was kept is trusted: the next refresh begins from the facts."""
        self.run(f"delete from {self.place}.kept_state")

    def close(self) -> None:
        """Forget the steps and let go of the files."""
        detach(self.connection)
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def compute(
    warehouse: Warehouse,
    settings: Settings,
    *,
    as_of: datetime,
    metrics: tuple[SqlFile, ...] | None = None,
    full: bool = False,
    aside: bool = False,
    patience: Patience = NONE,
) -> Computed:
    """Everything as it was known at `as_of`, at the cost of what changed. Close what is returned.

    `aside`: an instant before the last refresh is computed from the facts alone, beside what is kept.
    Nothing may be imported meanwhile: the warehouse has one writer, which does the one and then the other.
    `metrics`: the files to compute; those of the rooms unless said otherwise. `full`: everything afresh.
    `patience`: for how long what costs more than counting may stand, whatever comes in.
    """
    began = perf_counter()
    files = plan.metric_files() if metrics is None else metrics
    connection = warehouse.connection.cursor()
    detach(connection)
    try:
        present = present_place(connection)
        place, before = place_of(connection, present, as_of, aside=aside)
        spare_threads(connection, before, full=full)
        lay_out(connection)
        with connection.cursor() as other, ThreadPoolExecutor(1) as beside:
            facts = beside.submit(tables_of_facts, other, present, as_of)
            made, rows = roll_on(connection, settings, place, before, as_of, full=full, patience=patience)
            facts.result()
        frame(connection, settings, place, as_of)
        draft = Draft.open(connection, settings, made, place, rows=rows, files=files, full=full)
        computed = Computed(connection, settings, as_of, place, draft, began=began)
        fill(computed, files)
    except BaseException:
        detach(connection)
        connection.close()
        raise
    return computed


def reached(warehouse: Warehouse) -> datetime:
    """The instant up to which the warehouse has been counted; long ago where nothing was."""
    with warehouse.connection.cursor() as connection:
        return kept.read(connection, present_place(connection)).as_of


def present_place(connection: Connection) -> str:
    [(warehouse,)] = run(connection, "select current_database()")
    return f"{warehouse}.{kept.SCHEMA}"


def place_of(connection: Connection, present: str, as_of: datetime, *, aside: bool) -> tuple[str, Kept]:
    """Where the kept tables lie: in the warehouse, or in memory for an instant that they have passed."""
    before = kept.read(connection, present)
    if not aside or before.as_of <= as_of:
        return present, before
    run(connection, "attach ':memory:' as past")
    return f"past.{kept.SCHEMA}", kept.NOTHING


def spare_threads(connection: Connection, before: Kept, *, full: bool) -> None:
    """Few rows are counted by one thread: to divide them costs more than it saves, most on a busy machine.

    It stays that way, for threads that are started and stopped at every refresh cost as much: whoever has
    many rows to look at calls Warehouse.use_all_threads.
    """
    since = "select coalesce(sum(added), 0) from import_counts where import_id > $import_id"
    [(added,)] = run(connection, since, {"import_id": before.import_id})
    run(connection, "reset threads" if full or added > FEW else "set threads = 1")


def roll_on(
    connection: Connection,
    settings: Settings,
    place: str,
    before: Kept,
    as_of: datetime,
    *,
    full: bool,
    patience: Patience,
) -> tuple[Kept, dict[str, int]]:
    """Bring the kept tables up to date, all of it or nothing."""
    [(import_id,)] = run(connection, "select import_id from last_import")
    connection.begin()
    try:
        made, rows = roll(
            connection,
            settings,
            place,
            before=before,
            as_of=as_of,
            import_id=import_id,
            full=full,
            patience=patience.lane,
        )
        estimates.tell(connection, settings, place, (before, made), rows, patience=patience)
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
    return made, rows


def lay_out(connection: Connection) -> None:
    """Where the steps will lie."""
    run(connection, "attach ':memory:' as steps")
    for schema in ("changed", "part"):
        run(connection, f"create schema steps.{schema}")


def tables_of_facts(connection: Connection, present: str, as_of: datetime) -> None:
    """The tables that wait for nothing that is counted."""
    run(connection, f"set search_path = {quoted(present.partition('.')[0] + '.main')}")
    for file in plan.tables():
        if file.name in plan.OF_FACTS:
            run(connection, NEW.format(file=file), only({"as_of": as_of}, file))


def frame(connection: Connection, settings: Settings, place: str, as_of: datetime) -> None:
    """What every step is laid out on: periods and segments."""
    look_in(connection, place, "steps.main")
    create_calendar(connection, settings, as_of)
    run(connection, f"create table steps.main.profile_dimension as {shown(settings.segments)}")
    for name in ("segment", "profile_segment"):
        run(connection, f"create table steps.main.{name} as from temp.{name}")
    run(connection, f"create table steps.main.figures ({FIGURES})")


def fill(computed: Computed, files: tuple[SqlFile, ...]) -> None:
    """The steps, what is new in them, and with it the figures and tables of the edition."""
    with computed.sessions() as sessions:
        run_side_by_side(tasks(computed, files), sessions)
    computed.draft.take(files)


def detach(connection: Connection) -> None:
    run(connection, "reset search_path")
    for name in ("edition", "steps", "past"):
        run(connection, f"detach database if exists {name}")


def tasks(computed: Computed, metrics: Iterable[SqlFile]) -> Iterator[Task[Session]]:
    """Steps, what is new in them, metrics and tables, each after the tables it reads."""
    for file in plan.steps():
        yield Task(file.name, plan.needs(file), partial(create, computed, file))
    yield Task("made_lifetime", frozenset(), partial(lay_lifetime, computed))
    for name in plan.ROWS:
        yield Task(f"changed {name}", frozenset({name}), partial(computed.draft.find_changed, name))
    by_step: dict[str, list[SqlFile]] = {}
    for file in metrics:
        if plan.is_made_of_rows(file):
            [step] = plan.rows_read(file)
            by_step.setdefault(step, []).append(file)
        else:
            yield Task(f"metric {file.place}", needs(file), partial(insert_metrics, computed, [file]))
    for step, files in by_step.items():
        yield Task(f"metrics of {step}", needs(files[0]), partial(insert_metrics, computed, files))
    for file in plan.tables():
        if plan.is_joined(file) or file.name in plan.OF_FACTS:
            continue  # made of what the draft holds once it has the new rows, or made already
        yield Task(f"table {file.name}", needs(file), partial(create_table, computed, file))


def needs(file: SqlFile) -> frozenset[str]:
    """A file that reads rows of steps reads those that changed."""
    return frozenset(f"changed {name}" if name in plan.ROWS else name for name in plan.needs(file))


def create(computed: Computed, file: SqlFile, session: Session) -> None:
    """A step; of a step whose changed part is known, that part; of one that did not change, nothing."""
    draft = computed.draft
    if file.name in draft.still:
        return
    is_part = not draft.is_fresh and file.name in plan.BY_PERIOD
    looking = session.looking_in(*(["steps.part"] if is_part else []))
    run(looking, f"create table steps.main.{file.name} as (\n{file.sql}\n)", only(computed.given, file))


def lay_lifetime(computed: Computed, session: Session) -> None:
    """Estimates stand until the day turns or payments change; while an engine runs, for as long as it may."""
    looking, still = session.looking_in(), computed.draft.still
    may_change = "made_lifetime" in still and not computed.draft.rows.get("past_stands")
    if may_change and not run(looking, "select 1 from paying_flow limit 1"):
        still.discard("made_lifetime")
    if "made_lifetime" not in still:
        lifetime.lay(looking, computed.settings, computed.as_of)


def create_table(computed: Computed, file: SqlFile, session: Session) -> None:
    if not computed.draft.is_still(file):
        run(among_changed(file, session), NEW.format(file=file), only(computed.given, file))


def among_changed(file: SqlFile, session: Session) -> Connection:
    """To a file that reads rows of steps and nothing else, only those are there that changed."""
    return session.looking_in(*(["steps.changed"] if plan.is_made_of_rows(file) else []))


def only(parameters: Parameters, file: SqlFile) -> Parameters:
    unknown = file.parameters - parameters.keys()
    if unknown:
        raise BadDefinition(
            f"{file.place} asks for ${sorted(unknown)[0]}; there are ${', $'.join(sorted(parameters))}."
        )
    return {name: parameters[name] for name in file.parameters}


def create_calendar(connection: Connection, settings: Settings, as_of: datetime) -> None:
    """The periods from the first fact to that of `as_of`, and which of them each day belongs to."""
    [(first_account, first_change)] = run(connection, FIRST_DAYS)
    calendar, within_days = Calendar.of(settings), settings.activation.within_days
    frame = calendar_frame(calendar, as_of, within_days, first_account, first_change)
    connection.register("calendar_frame", frame)
    run(connection, "create table steps.main.calendar as select * from calendar_frame")
    connection.unregister("calendar_frame")
    run(connection, DAY_PERIOD)


def insert_metrics(computed: Computed, files: list[SqlFile], session: Session) -> None:
    """The figures of metrics that read the same. A broken one is recorded and left out, the others stay."""
    if computed.draft.is_still(files[0]):
        return
    try:
        selected = " union all by name ".join(figures_of(computed, file) for file in files)
        given = {name: value for file in files for name, value in only(computed.given, file).items()}
        sql = f"insert into steps.main.figures by name {selected}"
        run(among_changed(files[0], session), sql, given)
    except (duckdb.Error, BadDefinition) as wrong:
        if len(files) > 1:
            for file in files:
                insert_metrics(computed, [file], session)
            return
        problem = f"{files[0].place} was left out: {first_line(wrong)}."
        log.warning(problem, extra={"action": "metric_left_out"})
        computed.problems.append(problem)


def figures_of(computed: Computed, file: SqlFile) -> str:
    tuple(metrics_of(file, computed.settings))  # without a whole header it has no place in the catalog
    name = "" if file.titles else f"{quoted(file.name)} as metric, "
    return f"select {name}figures.* from (\n{file.sql}\n) as figures"
