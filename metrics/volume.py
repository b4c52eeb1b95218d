"""What is known of every account: a large file written rarely, and in each edition what differs from it.

An edition is copied whole, so what is as long as all accounts together stands beside it: in a volume, a
database that is written once and never changed. The edition names its volume and holds, of each table, the
accounts that are no longer what the volume says, and what they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import duckdb

from data.disk import make_folder, put_in_place
from data.settings import Settings
from data.store.warehouse import named, quoted
from metrics.segmenting import codes
from metrics.session import run

Connection = duckdb.DuckDBPyConnection
LAYOUT = "volume 1"  # of the tables below; another one begins afresh
FOLDER = "volumes"
SUFFIX = ".duckdb"
SCHEMA = "known"  # in the edition
MOST_ROWS = 200_000  # of a table that may differ from the volume before another volume is written
MOST_NAMES = 200  # of events that are told apart; as in inputs/counted_name.sql
DESCRIBED = ("plan", "region", "channel", "currency", "owner")
ACTOR = """
select account_key as actor_key, account_key from scope
union all
select merged.account_key, merged.into_key from merged semi join scope on scope.account_key = merged.into_key
"""
ACCOUNT = """
with actor as ({actor}),
there_at_once as (
    select distinct actor.account_key
    from kept_last
    join actor on actor.actor_key = kept_last.actor_key
    join kept_account on kept_account.account_key = actor.account_key
    where kept_last.day = kept_account.created_day and kept_last.last_at >= kept_account.created_at
),
active as (
    select
        actor.account_key,
        kept_month.month,
        case
            when kept_month.month > kept_account.created_day then kept_month.days
            else kept_month.days & ~((1 << (day(kept_account.created_day) - 1)) - 1) & ~(
                case
                    when there_at_once.account_key is null then 1 << (day(kept_account.created_day) - 1)
                    else 0
                end
            )
        end as days,
    from kept_month
    join actor on actor.actor_key = kept_month.actor_key
    join kept_account on kept_account.account_key = actor.account_key
    left join there_at_once on there_at_once.account_key = actor.account_key
    where kept_month.month >= date_trunc('month', kept_account.created_day)
),
by_month as (
    select
        account_key,
        min(month + cast(log2(days & -days) as integer)) as first_active_day,
        max(month + cast(floor(log2(days)) as integer)) as last_active_day,{months}
    from active
    where days <> 0
    group by account_key
),
paid as (
    select account_key, min(day) as first_paid_day
    from kept_mrr_change
    semi join scope using (account_key)
    where mrr_after > 0
    group by account_key
)
select
    kept_account.account_key,
    kept_account.account_id,
    kept_account.created_day,
    cast(by_month.first_active_day as date) as first_active_day,
    cast(by_month.last_active_day as date) as last_active_day,
    paid.first_paid_day,{attributes}{columns}
from kept_account
join kept_profile on kept_profile.profile_key = kept_account.profile_key
semi join scope on scope.account_key = kept_account.account_key
left join by_month on by_month.account_key = kept_account.account_key
left join paid on paid.account_key = kept_account.account_key
order by kept_account.account_key
"""
MEMBER = "select account_key as actor_key, into_key as account_key from merged"
OF_SCOPE = (
    "select {columns} from {table} semi join scope using (account_key) "
    "semi join kept_account using (account_key)"
)


@dataclass(frozen=True)
class Part:
    """A table of the volume. `changed`: the list of whose rows are written anew; or `added`: of rows."""

    name: str
    sql: Callable[[], str]
    changed: str = ""
    added: str = ""


@dataclass(frozen=True)
class Known:
    """Writes what is known, of the kept tables the connection looks in, into the `edition` attached."""

    connection: Connection
    settings: Settings

    @property
    def folder(self) -> Path:
        return self.settings.published / FOLDER

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        early = "account_key, name_key, since, cast(sum(events) as integer) as events"
        counts = "select actor_key, day, cast(sum(events) as integer) as events from kept_count group by all"
        return (
            Part("account", self.account, changed="touched"),
            Part(
                "mrr",
                of_scope("kept_mrr_change", "account_key, day, delta, mrr_before, mrr_after"),
                "paying_scope",
            ),
            Part("attribute", of_scope("kept_attribute", "account_key, attribute, value"), "named_account"),
            Part("early", of_scope("kept_early", early, "group by all"), "deed_change"),
            Part("first_day", of_scope("kept_first_day", "account_key, name_key, day"), "deed_change"),
            Part("event_count", lambda: f"{counts} order by actor_key, day", added="arrived_day"),
        )

    def account(self) -> str:
        months = "".join(
            f"\n        bit_or(case when month = date '{month}' then days else 0 end) as {column_of(month)},"
            for month in self.months()
        )
        listed = "".join(
            f"\n    coalesce(by_month.{column_of(month)}, 0) as {column_of(month)},"
            for month in self.months()
        )
        dimensions = self.settings.segments
        pairs = zip(codes(dimensions), dimensions, strict=True)
        split = "".join(f"\n    kept_profile.{code} as {attribute_column(name)}," for code, name in pairs)
        split += "".join(
            f"\n    coalesce(nullif(trim(kept_account.{name}), ''), '(none)') as {attribute_column(name)},"
            for name in DESCRIBED
            if name not in dimensions
        )
        return ACCOUNT.format(actor=ACTOR, months=months, columns=listed, attributes=split)

    def months(self) -> list[date]:
        """From the first sign-up or MRR on to the present one."""
        month = "date_trunc('month', period_start)"
        sql = f"select distinct {month} from steps.main.calendar where grain = 'day' order by 1"
        return [found for (found,) in run(self.connection, sql)]

    def take(self, *, is_fresh: bool) -> str:
        """Have the volume written where it has to be; its file's name. The rows that differ come after."""
        if is_fresh or self.is_outgrown():
            return self.write()
        return ""

    def is_outgrown(self) -> bool:
        """Whether there is no volume to build on, or too much differs from it."""
        [(file,)] = run(self.connection, f"select any_value(file) from edition.{SCHEMA}.volume")
        if not (self.folder / str(file)).is_file():
            return True
        sizes = ", ".join(f"(select count(*) from edition.{SCHEMA}.{part.name})" for part in self.parts)
        return any(size > MOST_ROWS for size in run(self.connection, f"select {sizes}")[0])

    def write(self) -> str:
        """A new volume from the kept tables."""
        make_folder(self.folder)
        numbers = [int(path.stem) for path in volumes(self.folder)]
        path = self.folder / f"{max(numbers, default=0) + 1:08d}{SUFFIX}"
        unfinished = path.with_suffix(".part")
        for left in (unfinished, unfinished.with_name(unfinished.name + ".wal")):
            left.unlink(missing_ok=True)
        run(self.connection, f"attach {quoted(str(unfinished))} as volume")
        try:
            run(self.connection, "create or replace temp view scope as select account_key from kept_account")
            for part in self.parts:
                run(self.connection, f"create table volume.main.{part.name} as (\n{part.sql()}\n)")
        finally:
            run(self.connection, "detach volume")
        put_in_place(unfinished, path)
        return path.name

    def put(self, file: str) -> None:
        """In the edition: what differs from the volume; nothing where `file` has just been written."""
        if file:
            self.begin(file)
        else:
            touched = dict(run(self.connection, "select touched_by, count(*) from due_account group by 1"))
            for part in self.parts:
                if part.added:
                    self.put_added(part)
                elif touched.get(part.changed):
                    self.put_changed(part)
        if file or self.rows("moved"):
            run(self.connection, f"create or replace table edition.{SCHEMA}.member as {MEMBER}")
        if file or self.has_new_names():
            names = "select name_key, name from event_names order by name_key"
            run(self.connection, f"create or replace table edition.{SCHEMA}.event_name as {names}")

    def has_new_names(self) -> bool:
        sizes = f"(select count(*) from event_names) <> (select count(*) from edition.{SCHEMA}.event_name)"
        return bool(run(self.connection, f"select {sizes}")[0][0])

    def begin(self, file: str) -> None:
        run(self.connection, f"create schema if not exists edition.{SCHEMA}")
        run(
            self.connection,
            "create or replace temp view scope as select account_key from kept_account limit 0",
        )
        for part in self.parts:
            table = f"edition.{SCHEMA}.{part.name}"
            run(
                self.connection,
                f"create or replace table {table} as select * from (\n{part.sql()}\n) limit 0",
            )
            if part.changed:
                run(self.connection, f"create or replace table {table}_changed (account_key integer)")
        run(
            self.connection,
            f"create or replace table edition.{SCHEMA}.volume as select {quoted(file)} as file",
        )

    def put_added(self, part: Part) -> None:
        run(
            self.connection,
            f"insert into edition.{SCHEMA}.{part.name} by name "
            f"select actor_key, day, events from temp.{part.added}",
        )

    def put_changed(self, part: Part) -> None:
        table = f"edition.{SCHEMA}.{part.name}"
        scope = f"select account_key from temp.due_account where touched_by = {quoted(part.changed)}"
        run(self.connection, f"create or replace temp table scope_of as {scope}")
        run(self.connection, "create or replace temp view scope as from temp.scope_of")
        changed = "(select account_key from temp.scope_of)"
        run(self.connection, f"delete from {table} where account_key in {changed}")
        run(self.connection, f"insert into {table} by name (\n{part.sql()}\n)")
        run(
            self.connection,
            f"insert into {table}_changed from temp.scope_of anti join {table}_changed using (account_key)",
        )

    def rows(self, table: str) -> int:
        [(count,)] = run(self.connection, f"select count(*) from temp.{table}")
        return int(count)


def of_scope(table: str, columns: str, grouped: str = "") -> Callable[[], str]:
    return lambda: f"{OF_SCOPE.format(columns=columns, table=table)} {grouped}"


def column_of(month: date) -> str:
    """The column that holds a month's active days, the first of them in the lowest bit."""
    return f"active_{month:%Y_%m}"


def attribute_column(name: str) -> str:
    """The column that holds an account's segment."""
    return named(f"by_{name}")


def volumes(folder: Path) -> Sequence[Path]:
    return sorted(folder.glob(f"[0-9]*{SUFFIX}"))


def prune(published: Path, oldest: Path) -> None:
    """Remove volumes that another one had followed before the oldest edition was published."""
    kept_since = oldest.stat().st_mtime_ns
    found = volumes(published / FOLDER)
    for path, following in pairwise(found):
        if following.stat().st_mtime_ns < kept_since:
            path.unlink(missing_ok=True)
