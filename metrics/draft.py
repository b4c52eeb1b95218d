"""The edition in the making: a file of tables that a refresh changes where the rows behind them changed."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb

from data.errors import BadDefinition
from data.settings import Settings
from data.store.warehouse import quoted
from metrics import plan
from metrics.catalog import metrics_of
from metrics.files import SqlFile
from metrics.kept import COUNTS, FLOWS, Kept, look_in
from metrics.session import Session, run

Connection = duckdb.DuckDBPyConnection
BEHIND = "behind"  # the schema of the draft that holds the steps' rows as they were
FRAME = ("calendar", "segment")  # what every row lies on: with another one the draft begins afresh
CELLS = """
select
    cohort.grain, cohort.period_key as cohort_key, active_in.period_key, cohort.period_start as cohort_start,
    active_in.period_start, active_in.period_key - cohort.period_key as period_index, active_in.is_complete
from calendar as cohort
join calendar as active_in on active_in.grain = cohort.grain and active_in.period_key >= cohort.period_key
where cohort.grain <> 'day'
"""
COHORTS = "select grain, period_start as cohort_start from calendar where grain <> 'day'"
ACCOUNTS = "select account_key from kept_account"
MONTHS = "select distinct period_start from kept_curve"
NEWLY_SIGNED = """
select day_period.grain, day_period.period_start as cohort_start
from more_onboarding_flow
join day_period on day_period.day = more_onboarding_flow.day and day_period.grain <> 'day'
where more_onboarding_flow.signups <> 0
"""
# What the refresh touched, from the temporary tables it left: accounts, periods, cells, cohorts.
TOUCHED = {
    "touched_account": "select account_key from touched union select account_key from account_change",
    "touched_month": "select period_start from stale_month",
    "touched_period": """
        select distinct day_period.grain, day_period.period_start
        from day_period
        join (select day from more_onboarding_flow union select day from more_step_flow) as touched_day
            on touched_day.day = day_period.day
        union
        select grain, period_start from stale_period
    """,
    "cohort_cell": f"""
        with cells as ({CELLS})
        select cells.* from cells
        semi join more_cohort_activity_flow as more
            on more.grain = cells.grain and more.cohort_start = cells.cohort_start
            and more.period_start = cells.period_start
        union
        select cells.* from cells
        semi join ({NEWLY_SIGNED}) as signed
            on signed.grain = cells.grain and signed.cohort_start = cells.cohort_start
    """,
    "cohort_wanted": f"select grain, cohort_start from more_cohort_revenue_flow union {NEWLY_SIGNED}",
}
# Which rows of a table go, by the list of what was touched that its file reads.
GONE = {
    "touched_account": "account_id in "
    "(select account_id from account_keys semi join steps.main.touched_account using (account_key))",
    "touched_month": "period_start in (select period_start from steps.main.touched_month)",
}
PART = """
from steps.main.{name} semi join steps.main.touched_period
    on touched_period.grain = {name}.grain and touched_period.period_start = {name}.period_start
"""


def part_of(name: str) -> str:
    """SQL that restricts a step's rows as they were to the part that can have changed."""
    if name not in plan.PARTS:
        return ""
    table, keys = plan.PARTS[name]
    same = " and ".join(f"p.{key} = {name}.{key}" for key in keys)
    return f" semi join steps.main.{table} as p on {same}"


def differs(connection: Connection, name: str) -> bool:
    """Whether a table of the frame is not what it was."""
    new, old = f"steps.main.{name}", f"edition.{BEHIND}.{name}"
    return bool(
        run(connection, f"(from {new} except from {old}) union all (from {old} except from {new}) limit 1")
    )


@dataclass
class Draft:
    """The file behind the next edition, attached as `edition`.

    `is_fresh`: it begins empty, as nothing there was made from the kept tables' state of before.
    """

    connection: Connection
    settings: Settings
    kept: Kept
    place: str  # the schema of the kept tables
    fingerprint: str
    is_fresh: bool
    still: set[str] = field(default_factory=set)  # steps of which no row changed

    @property
    def file(self) -> Path:
        return file_of(self.settings)

    @classmethod
    def open(
        cls,
        connection: Connection,
        settings: Settings,
        kept: Kept,
        place: str,
        files: tuple[SqlFile, ...],
        *,
        full: bool,
    ) -> "Draft":
        """Take up the draft of the last refresh, or begin another where it does not lead to this one."""
        made_with = fingerprint(settings, files)
        is_next = not full and attach(connection, settings) == (kept.after_token, made_with)
        is_next = is_next and not any(map(partial(differs, connection), FRAME))
        if not is_next:
            begin(connection, settings)
        draft = cls(connection, settings, kept, place, made_with, not is_next)
        draft.outline()
        return draft

    def outline(self) -> None:
        """Which part of each step can have changed, from what the refresh added to the flows."""
        if self.is_fresh:
            run(self.connection, f"create view steps.main.touched_account as {ACCOUNTS}")
            run(self.connection, f"create view steps.main.touched_month as {MONTHS}")
            run(self.connection, f"create table steps.main.cohort_cell as {CELLS}")
            run(self.connection, f"create table steps.main.cohort_wanted as {COHORTS}")
            return
        rows = {
            name: run(self.connection, f"create table steps.main.{name} as {sql}")[0][0]
            for name, sql in TOUCHED.items()
        }
        rows |= self.added()
        self.still |= {step for step, more in plan.FED_BY.items() if not rows[more]}
        for name in self.still & plan.ROWS.keys():
            run(
                self.connection,
                f"create view steps.main.{name} as from edition.{BEHIND}.{name} limit 0",
            )
        for name in ("calendar", "day_period"):
            run(self.connection, f"create table steps.part.{name} as {PART.format(name=name)}")

    def added(self) -> dict[str, int]:
        """How many rows the refresh added to each flow."""
        counts = ", ".join(f"(select count(*) from more_{flow})" for flow in FLOWS)
        [counted] = run(self.connection, f"select {counts}")
        return {f"more_{flow}": rows for flow, rows in zip(FLOWS, counted, strict=True)}

    def find_changed(self, name: str, session: Session) -> None:
        """The keys of a step's rows that changed or went, and the rows as they are."""
        looking = session.looking_in()
        if self.is_fresh:
            run(looking, f"create view steps.changed.{name} as from steps.main.{name}")
            return
        if name in self.still:
            return
        keys = plan.ROWS[name]
        listed, same = ", ".join(keys), " and ".join(f"n.{key} = o.{key}" for key in keys)
        either = ", ".join(f"coalesce(n.{key}, o.{key}) as {key}" for key in keys)
        [(rows,)] = run(
            looking,
            f"create table steps.main.gone_{name} as "
            f"select {either}, n.{keys[0]} is not null as is_there, n.* exclude ({listed}) "
            f"from steps.main.{name} as n "
            f"full join (from edition.{BEHIND}.{name}{part_of(name)}) as o on {same} "
            "where n is distinct from o",
        )
        if not rows:
            self.still.add(name)
        run(
            looking,
            f"create view steps.changed.{name} as "
            f"select * exclude (is_there) from steps.main.gone_{name} where is_there",
        )

    def is_still(self, file: SqlFile) -> bool:
        """Whether nothing changed in the rows that a file is made of."""
        return plan.is_made_of_rows(file) and plan.rows_read(file) <= self.still

    def take(self, files: tuple[SqlFile, ...]) -> None:
        """Put the new rows in the place of the old ones, all or nothing."""
        self.connection.begin()
        try:
            self.take_figures(files)
            for name in plan.ROWS:
                if name not in self.still:
                    self.take_rows(f"{BEHIND}.{name}", f"steps.changed.{name}", name)
            for file in plan.tables():
                if plan.is_joined(file):
                    self.take_joined(file)
                elif not self.is_still(file):
                    self.take_table(file)
            self.sign()
        except BaseException:
            self.connection.rollback()
            raise
        self.connection.commit()

    def take_figures(self, files: tuple[SqlFile, ...]) -> None:
        """Every period has a row of every segment, so that no figure goes without another in its place."""
        if self.is_fresh:
            run(self.connection, "create table edition.figures as from steps.main.figures")
            return
        whole = [file for file in files if not plan.is_made_of_rows(file)]
        if names := ", ".join(quoted(name) for file in whole for name in names_of(file, self.settings)):
            run(self.connection, f"delete from edition.figures where metric in ({names})")
        keys = ("metric", "grain", "period_start", "dimension", "segment")
        same = " and ".join(f"f.{key} = g.{key}" for key in keys)
        run(self.connection, f"delete from edition.figures as f using steps.main.figures as g where {same}")
        run(self.connection, "insert into edition.figures from steps.main.figures")

    def take_table(self, file: SqlFile) -> None:
        new = f"steps.main.new_{file.name}"
        if self.is_fresh:
            run(self.connection, f"create table edition.{file.name} as from {new}")
        elif plan.is_made_of_rows(file):
            [step] = plan.rows_read(file)
            self.take_rows(file.name, new, step)
        elif part := plan.part_read(file):
            run(self.connection, f"delete from edition.{file.name} where {GONE[part]}")
            run(self.connection, f"insert into edition.{file.name} by name from {new}")
        else:
            run(self.connection, f"create or replace table edition.{file.name} as from {new}")

    def take_joined(self, file: SqlFile) -> None:
        """Rows of several steps, side by side: those of which any changed are put together again."""
        read = sorted(plan.rows_read(file) - self.still)
        if not read:
            return
        keys = ", ".join(plan.ROWS[read[0]])
        look_in(self.connection, self.place, f"edition.{BEHIND}", "steps.main")
        if self.is_fresh:
            run(self.connection, f"create table edition.main.{file.name} as (\n{file.sql}\n)")
        else:
            gone = " union ".join(f"select {keys} from steps.main.gone_{step}" for step in read)
            run(self.connection, f"create or replace temp table gone_{file.name} as {gone}")
            same = " and ".join(f"t.{key} = g.{key}" for key in plan.ROWS[read[0]])
            run(
                self.connection,
                f"delete from edition.main.{file.name} as t using temp.gone_{file.name} as g where {same}",
            )
            run(
                self.connection,
                f"insert into edition.main.{file.name} by name select t.* from (\n{file.sql}\n) as t "
                f"semi join temp.gone_{file.name} as g on {same}",
            )
        look_in(self.connection, self.place, "steps.main")

    def take_rows(self, table: str, new: str, step: str) -> None:
        if self.is_fresh:
            run(self.connection, f"create table edition.{table} as from {new}")
            return
        same = " and ".join(f"t.{key} = g.{key}" for key in plan.ROWS[step])
        run(
            self.connection,
            f"delete from edition.{table} as t using steps.main.gone_{step} as g where {same}",
        )
        run(self.connection, f"insert into edition.{table} by name from {new}")

    def sign(self) -> None:
        for name in FRAME:
            run(self.connection, f"create or replace table edition.{BEHIND}.{name} as from steps.main.{name}")
        run(
            self.connection,
            f"create or replace table edition.{BEHIND}.made as "
            "select $token as token, $made_with as made_with",
            {"token": self.kept.token, "made_with": self.fingerprint},
        )


def names_of(file: SqlFile, settings: Settings) -> list[str]:
    try:
        return [metric.name for metric in metrics_of(file, settings)]
    except BadDefinition:
        return []


def fingerprint(settings: Settings, files: tuple[SqlFile, ...]) -> str:
    """Changes when anything does that the tables of an edition are made with."""
    told = settings.model_dump(mode="json", include=set(COUNTS))
    texts = [file.place + file.sql for file in (*files, *plan.steps(), *plan.tables())]
    return hashlib.sha256(json.dumps([told, texts], default=str).encode()).hexdigest()


def file_of(settings: Settings) -> Path:
    return settings.home / "edition.duckdb"


def attach(connection: Connection, settings: Settings) -> tuple[str, str] | None:
    """Open the draft; which state of the kept tables it was made from, and with what."""
    file = file_of(settings)
    if not file.exists():
        return None
    try:
        run(connection, f"attach {quoted(str(file))} as edition")
        [(token, made_with)] = run(connection, f"from edition.{BEHIND}.made")
    except duckdb.Error:  # damaged or of another layout: it is made again
        return None
    return str(token), str(made_with)


def begin(connection: Connection, settings: Settings) -> None:
    run(connection, "detach database if exists edition")
    file = file_of(settings)
    for left in (file, file.with_name(file.name + ".wal")):
        left.unlink(missing_ok=True)
    run(connection, f"attach {quoted(str(file))} as edition")
    run(connection, f"create schema edition.{BEHIND}")
