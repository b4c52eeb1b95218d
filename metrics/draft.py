"""The edition in the making: a file of tables that a refresh changes where the rows behind them changed."""

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from data.errors import BadDefinition
from data.settings import Settings
from data.store.warehouse import quoted
from metrics import plan, touched
from metrics.catalog import metrics_of
from metrics.files import SqlFile
from metrics.journal.keep import LAYOUT as JOURNAL
from metrics.journal.keep import Journal, is_whole
from metrics.kept import COUNTS, Kept, look_in
from metrics.session import Session, run
from metrics.volume import LAYOUT as VOLUME
from metrics.volume import Known

Connection = duckdb.DuckDBPyConnection
BEHIND = "behind"  # the schema that holds the steps' rows as they were
SUBSCRIPTIONS = "kept_subscription_day"  # what an audit asks about besides the steps
# What every row lies on: with other periods, or without a segment, the draft begins afresh.
FRAME = {"calendar": "*", "segment": "dimension, segment"}
# Which rows of a table go, by the list of what was touched that its file reads.
GONE = {
    "restated_account": "account_id in "
    "(select account_id from account_keys semi join steps.main.restated_account using (account_key))",
    "touched_month": "period_start in (select period_start from steps.main.touched_month)",
}
# Of most accounts touched only the last active day is new, which an update writes as one column.
ACTIVE = """
update edition.account_state as state set last_active_day = active.last_active_day
from (
    select account_id, last_active_day
    from kept_active
    semi join steps.main.touched_account using (account_key)
    join account_keys using (account_key)
) as active
where active.account_id = state.account_id and active.last_active_day is distinct from state.last_active_day
"""
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


def gone_of(name: str) -> str:
    """The table with the keys of a step's rows that changed or went."""
    return f"steps.changed.{name}" if name in plan.DENSE else f"steps.main.gone_{name}"


@dataclass
class Draft:
    """The file behind the next edition, attached as `edition`.

    `is_fresh`: it begins empty, as nothing there was made from the kept tables' state of before. `is_wider`:
    there are segments that there were not, with rows of their own in every period.
    """

    connection: Connection
    settings: Settings
    kept: Kept
    place: str  # the schema of the kept tables
    fingerprint: str
    is_fresh: bool
    is_wider: bool
    rows: dict[str, int]  # how many the temporary tables have that the refresh of the kept tables left
    still: set[str] = field(default_factory=set)  # steps of which no row changed

    @property
    def file(self) -> Path:
        return file_of(self.settings)

    @property
    def behind(self) -> str:
        return behind(self.place)

    @classmethod
    def open(
        cls,
        connection: Connection,
        settings: Settings,
        kept: Kept,
        place: str,
        *,
        rows: dict[str, int],
        files: tuple[SqlFile, ...],
        full: bool,
    ) -> "Draft":
        """Take up the draft of the last refresh, or begin another where it does not lead to this one."""
        made_with = fingerprint(settings, files)
        made = (kept.after_token, made_with)
        is_next = not full and attach(connection, settings, place) == [made, made]
        is_next = is_next and not (
            lacks(connection, place, "calendar") or adds(connection, place, "calendar")
        )
        is_next = is_next and not lacks(connection, place, "segment")
        is_next = is_next and is_whole(connection, settings.published)
        is_wider = is_next and adds(connection, place, "segment")
        if not is_next:
            begin(connection, settings, place)
        draft = cls(connection, settings, kept, place, made_with, not is_next, is_wider, rows)
        draft.outline()
        return draft

    def outline(self) -> None:
        """Which part of each step can have changed, from what the refresh added to the flows."""
        if self.is_fresh:
            self.outline_all()
            return
        lists = touched.LISTS | ({"touched_period": touched.EVERY_PERIOD} if self.is_wider else {})
        self.rows = self.rows | {name: self.note_touched(name, sql) for name, sql in lists.items()}
        self.still |= {step for step, fed_by in plan.FED_BY.items() if not self.rows[fed_by]}
        if self.is_wider:
            self.still -= plan.OF_SEGMENTS | (set() if self.rows.get("past_stands") else {"made_lifetime"})
        for name in self.still & plan.ROWS.keys():
            run(self.connection, f"create view steps.main.{name} as from {self.behind}.{name} limit 0")
        for name in ("calendar", "day_period"):
            run(self.connection, f"create table steps.part.{name} as {PART.format(name=name)}")

    def note_touched(self, name: str, sql: str) -> int:
        """Make a list of what the refresh touched; how long it is."""
        if name in touched.MADE_OF and not any(self.rows[other] for other in touched.MADE_OF[name]):
            return 0
        [(rows,)] = run(self.connection, f"create table steps.main.{name} as {sql}")
        return int(rows)

    def outline_all(self) -> None:
        for name, sql in touched.EVERYTHING_IN_VIEWS.items():
            run(self.connection, f"create view steps.main.{name} as {sql}")
        for name, sql in touched.EVERYTHING_IN_TABLES.items():
            run(self.connection, f"create table steps.main.{name} as {sql}")

    def find_changed(self, name: str, session: Session) -> None:
        """The rows of a step that changed, and the keys of those that changed or went."""
        looking = session.looking_in()
        if self.is_fresh:
            run(looking, f"create view steps.changed.{name} as from steps.main.{name}")
        elif name not in self.still and not self.difference(name, looking):
            self.still.add(name)

    def difference(self, name: str, looking: Connection) -> int:
        """Make the tables of the rows that changed, and of those that went with them; how many."""
        keys = plan.ROWS[name]
        same = " and ".join(f"n.{key} = o.{key}" for key in keys)
        old = f"(from {self.behind}.{name}{part_of(name)}) as o on {same} where n is distinct from o"
        if name in plan.DENSE:
            sql = (
                f"create table steps.changed.{name} as select n.* from steps.main.{name} as n left join {old}"
            )
            [(rows,)] = run(looking, sql)
            return int(rows)
        listed, either = ", ".join(keys), ", ".join(f"coalesce(n.{key}, o.{key}) as {key}" for key in keys)
        [(rows,)] = run(
            looking,
            f"create table steps.main.gone_{name} as select {either}, n.{keys[0]} is not null as is_there, "
            f"n.* exclude ({listed}) from steps.main.{name} as n full join {old}",
        )
        run(
            looking,
            f"create view steps.changed.{name} as "
            f"select * exclude (is_there) from steps.main.gone_{name} where is_there",
        )
        return int(rows)

    def is_still(self, file: SqlFile) -> bool:
        """Whether nothing changed in the rows that a file is made of."""
        if plan.is_of_risk(file):
            return "kept_risk" in self.still
        if plan.is_of_lifetime(file):
            return "made_lifetime" in self.still
        if plan.part_read(file) in touched.MADE_OF and not self.is_fresh:
            return not self.rows[plan.part_read(file)]
        return plan.is_made_of_rows(file) and plan.rows_read(file) <= self.still

    def take(self, files: tuple[SqlFile, ...]) -> None:
        """Put new rows in the place of old: behind the edition and in it, side by side, then joined rows.

        One database is written at a time, so each is signed: where one was left out, none is taken up.
        """
        known = Known(self.connection, self.settings)
        volume = known.take(is_fresh=self.is_fresh)
        with self.connection.cursor() as other, ThreadPoolExecutor(1) as beside:
            behind_it = beside.submit(self.take_behind, other)
            with transaction(self.connection):
                self.take_figures(files)
                known.put(volume)
                Journal(self.connection, self.settings, self.kept.as_of).take(is_fresh=self.is_fresh)
                for file in plan.tables():
                    if not plan.is_joined(file) and not self.is_still(file):
                        self.take_table(file)
            behind_it.result()
        with transaction(self.connection):
            for file in filter(plan.is_joined, plan.tables()):
                self.take_joined(file)
            self.sign(self.connection, f"edition.{BEHIND}")

    def take_behind(self, connection: Connection) -> None:
        with transaction(connection):
            for name in plan.ROWS.keys() - self.still:
                self.take_rows(connection, f"{self.behind}.{name}", f"steps.changed.{name}", name)
            for name in FRAME if self.is_fresh else ["segment"] if self.is_wider else ():
                run(connection, f"create or replace table {self.behind}.{name} as from steps.main.{name}")
            self.sign(connection, self.behind)

    def take_figures(self, files: tuple[SqlFile, ...]) -> None:
        """Every period has a row of every segment, so that no figure goes without another in its place."""
        if self.is_fresh:
            run(self.connection, "create table edition.figures as from steps.main.figures")
            return
        whole = [file for file in files if not plan.is_made_of_rows(file) and not self.is_still(file)]
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
            self.take_rows(self.connection, f"edition.{file.name}", new, step)
        elif part := plan.part_read(file):
            if part == "restated_account":
                run(self.connection, ACTIVE)
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
        look_in(self.connection, self.place, self.behind, "steps.main")
        if self.is_fresh:
            run(self.connection, f"create table edition.main.{file.name} as (\n{file.sql}\n)")
        else:
            gone = " union ".join(f"select {keys} from {gone_of(step)}" for step in read)
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

    def take_rows(self, connection: Connection, table: str, new: str, step: str) -> None:
        if self.is_fresh:
            run(connection, f"create table {table} as from {new}")
            return
        same = " and ".join(f"t.{key} = g.{key}" for key in plan.ROWS[step])
        run(connection, f"delete from {table} as t using {gone_of(step)} as g where {same}")
        run(connection, f"insert into {table} by name from {new}")

    def sign(self, connection: Connection, place: str) -> None:
        """Record what this was made from, and with what."""
        made = "select $token as token, $made_with as made_with"
        given = {"token": self.kept.token, "made_with": self.fingerprint}
        run(connection, f"create or replace table {place}.made as {made}", given)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def behind(place: str) -> str:
    """The schema, beside that of the kept tables, that holds the steps' rows as they were."""
    return f"{place.partition('.')[0]}.{BEHIND}"


def adds(connection: Connection, place: str, name: str) -> bool:
    """Whether a table of the frame has a row that it had not."""
    return has_more(connection, name, f"steps.main.{name}", f"{behind(place)}.{name}")


def lacks(connection: Connection, place: str, name: str) -> bool:
    """Whether a table of the frame has no longer a row that it had."""
    return has_more(connection, name, f"{behind(place)}.{name}", f"steps.main.{name}")


def has_more(connection: Connection, name: str, one: str, other: str) -> bool:
    columns = FRAME[name]
    return bool(
        run(connection, f"(select {columns} from {one} except select {columns} from {other}) limit 1")
    )


def names_of(file: SqlFile, settings: Settings) -> list[str]:
    try:
        return [metric.name for metric in metrics_of(file, settings)]
    except BadDefinition:
        return []


def fingerprint(settings: Settings, files: tuple[SqlFile, ...]) -> str:
    """Changes when anything does that the tables of an edition are made with."""
    told = settings.model_dump(mode="json", include={*COUNTS, "lifetime"})
    texts = [VOLUME, JOURNAL, *(file.place + file.sql for file in (*files, *plan.steps(), *plan.tables()))]
    return hashlib.sha256(json.dumps([told, texts], default=str).encode()).hexdigest()


def file_of(settings: Settings) -> Path:
    return settings.home / "edition.duckdb"


def attach(connection: Connection, settings: Settings, place: str) -> list[tuple[str, str]]:
    """Open the draft; from which state it and what is behind it were made, and with what."""
    file = file_of(settings)
    if not file.exists():
        return []
    try:
        run(connection, f"attach {quoted(str(file))} as edition")
        made = [run(connection, f"from {schema}.made")[0] for schema in (f"edition.{BEHIND}", behind(place))]
    except (duckdb.Error, IndexError):  # damaged or of another layout: it is made again
        return []
    return [(str(token), str(made_with)) for token, made_with in made]


def begin(connection: Connection, settings: Settings, place: str) -> None:
    run(connection, "detach database if exists edition")
    file = file_of(settings)
    for left in (file, file.with_name(file.name + ".wal")):
        left.unlink(missing_ok=True)
    run(connection, f"attach {quoted(str(file))} as edition")
    run(connection, f"create schema edition.{BEHIND}")
    run(connection, f"drop schema if exists {behind(place)} cascade")
    run(connection, f"create schema {behind(place)}")
