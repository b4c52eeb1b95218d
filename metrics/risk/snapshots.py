"""Features of accounts at instants: which pairs there are, and what was knowable of each just before.

Works in temporary tables of a connection that looks in the kept tables, then in the facts. Nothing is read
from what an account is today: every fact is compared with the instant by its own stamp.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from data.calendar import Calendar
from data.settings import Settings
from data.store.warehouse import quoted
from metrics.files import SqlFile, read_folder
from metrics.risk import one_day
from metrics.risk.columns import Column, derived, features
from metrics.risk.one_day import OneDay
from metrics.risk.places import Places
from metrics.segmenting import attribute

Connection = duckdb.DuckDBPyConnection
FOLDER = Path(__file__).with_name("features")
MANY = 20_000  # accounts of one day, from which on they are told without the files
HORIZON = 30  # days within which the MRR is 0, or not
BACK = {"usage": 90, "payments": 90, "invoices": 180, "tickets": 90, "feedback": 180, "messages": 90}
OWNER = "coalesce(merged.into_key, f.account_key)"
# Every stretch of days over which an account's MRR stayed the same; `zero_day`: when the run it is in ended.
SPANS = """
select
    account_key, day as from_day, lead(day) over later as until_day, mrr_after as mrr, movement,
    min(day) filter (mrr_after > 0) over whole as first_day,
    max(day) filter (mrr_before <= 0 and mrr_after > 0) over so_far as run_start,
    case
        when mrr_after > 0 then min(day) filter (mrr_after <= 0) over later
        else max(day) filter (mrr_before > 0 and mrr_after <= 0) over so_far
    end as zero_day,
from kept_mrr_change
window
    whole as (
        partition by account_key order by day rows between unbounded preceding and unbounded following
    ),
    so_far as (partition by account_key order by day rows between unbounded preceding and current row),
    later as (partition by account_key order by day rows between current row and unbounded following)
"""
USAGE = f"""
select
    {OWNER} as account_key, f.day, count(*) as events,
    count(*) filter (f.name_key in (select name_key from event_names join setting_value using (name)))
        as value_events,
    coalesce(bit_or(cast(1 as ubigint) << (f.name_key % 63)), 0) as name_mask,
    coalesce(bit_or(cast(1 as ubigint) << (hash(f.user_id) % 63)) filter (f.user_id is not null), 0)
        as user_mask,
from events as f
left join merged on merged.account_key = f.account_key
where f.day >= $first and f.day < $last and f.occurred_at < $until
    and {OWNER} in (select account_key from risk_account)
    and ($any_event or f.name_key in (select name_key from event_names join setting_engagement using (name)))
group by all
"""
SOURCES = {
    "risk_state": f"""
        select
            {OWNER} as account_key, f.subscription_id, f.effective_at, f.status, f.mrr, f.plan, f.quantity,
            f.renews_at,
            lead(f.effective_at) over (
                partition by {OWNER}, f.subscription_id order by f.effective_at, f.ends_span desc, f.seq
            ) as until_at,
        from subscription_changes as f
        left join merged on merged.account_key = f.account_key
        where f.effective_at < $until and {OWNER} in (select account_key from risk_account)
    """,
    "risk_payment": "payments as f|f.attempted_at",
    "risk_ticket": "tickets as f|f.opened_at",
    "risk_feedback": "feedback as f|f.given_at",
    "risk_message": "messages as f|f.sent_at",
    "risk_invoice": f"""
        select
            {OWNER} as account_key, f.invoice_id, f.issued_at, f.amount,
            f.due_at, least(f.paid_at, u.paid_at) as paid_at, least(f.voided_at, u.voided_at) as voided_at,
            least(f.disputed_at, u.disputed_at) as disputed_at,
        from invoices as f
        left join merged on merged.account_key = f.account_key
        left join (
            select
                source_key, invoice_id, min(paid_at) as paid_at, min(voided_at) as voided_at,
                min(disputed_at) as disputed_at,
            from invoice_updates
            group by all
        ) as u on u.source_key = f.source_key and u.invoice_id = f.invoice_id
        where f.issued_at < $until and {OWNER} in (select account_key from risk_account)
    """,
}
MADE_OF = {
    "usage": "risk_usage_day", "subscription": "risk_state", "payments": "risk_payment",
    "invoices": "risk_invoice", "tickets": "risk_ticket", "feedback": "risk_feedback",
    "messages": "risk_message",
}  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """Where features are computed; nothing after `as_of` is seen."""

    connection: Connection
    settings: Settings
    as_of: datetime

    @property
    def columns(self) -> tuple[Column, ...]:
        return features(self.settings.segments)

    @property
    def calendar(self) -> Calendar:
        return Calendar.of(self.settings)

    @property
    def today(self) -> date:
        return self.calendar.local_date(self.as_of)

    def run(self, sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, parameters or {}).fetchall()

    def frame(self, sql: str) -> pl.DataFrame:
        found: pl.DataFrame = self.connection.sql(sql).pl()
        return found

    def table(self, name: str, sql: str, parameters: dict[str, Any] | None = None) -> int:
        """Make a temporary table; how many rows it has."""
        [(rows,)] = self.run(f"create or replace temp table {name} as (\n{sql}\n)", parameters)
        return int(rows)

    def days(self, days: Iterable[date]) -> None:
        """The days asked about, and the instants at which they begin."""
        calendar = self.calendar
        listed = sorted(set(days))
        rows = pl.DataFrame(
            {"day": listed, "instant": [calendar.midnight(day) for day in listed]},
            schema={"day": pl.Date, "instant": pl.Datetime("us")},
        )
        self.connection.register("risk_day_frame", rows.to_arrow())
        self.table("risk_day", "select * from risk_day_frame")
        self.connection.unregister("risk_day_frame")


def spans(ground: Ground) -> None:
    ground.table("risk_span", SPANS)


def paying(ground: Ground, days: Sequence[date], where: str = "true") -> int:
    """Want every account that paid at the end of the day before each of the days; how many pairs these are.

    `where`: SQL over `risk_span` that restricts the accounts.
    """
    ground.days(days)
    return ground.table(
        "risk_wanted",
        f"""
        select s.account_key, d.day, d.instant
        from risk_span as s
        join risk_day as d on s.from_day < d.day and (s.until_day is null or s.until_day >= d.day)
        where s.mrr > 0 and {where}
        """,
    )


def gather(ground: Ground, only: Sequence[str] = ()) -> pl.DataFrame:
    """The features of the pairs wanted; with `only`, of those files alone. By day and account id, or by key.

    Many accounts on one day are told by `one_day`; whatever else there is, by the files.
    """
    [(pairs, first, last)] = ground.run("select count(*), min(day), max(day) from risk_wanted")
    files = [file for file in read_folder(FOLDER) if not only or file.name in only]
    if not pairs:
        return pl.DataFrame()
    if first == last and pairs >= MANY:
        return derived(of_one_day(ground, files, first), ground.columns)
    ground.table("risk_account", "select distinct account_key from risk_wanted")
    collect(ground, files, first, last)
    for file in files:
        made(ground, file)
    return derived(assembled(ground, files), ground.columns)


def made(ground: Ground, file: SqlFile) -> None:
    sql = file.sql if has_rows(ground, file) else f"from (\n{file.sql}\n) limit 0"
    ground.table(f"risk_of_{file.name}", sql)


def of_one_day(ground: Ground, files: Sequence[SqlFile], day: date) -> pl.DataFrame:
    """All features of a day by account, each file's as it is told best."""
    ground.table("risk_account", "select account_key from risk_wanted order by account_key")
    keys = ground.connection.sql("from risk_account").fetchnumpy()["account_key"]
    until = min(ground.calendar.midnight(day), ground.as_of + timedelta(microseconds=1))
    any_event = not ground.settings.engagement.events
    one = OneDay(ground.connection, ground.calendar, day, until, any_event, Places.of(keys))
    other = [file for file in files if file.name not in one.told]
    collect(ground, other, day, day, with_segments=False)
    found: dict[str, one_day.Column] = {}
    for file in files:
        if file.name in one.told:
            found |= one.told[file.name]()
        else:
            made(ground, file)
            found |= one.of_table(f"risk_of_{file.name}")
    own = own_segments(ground.settings.segments)
    if own and any(file.name == "subscription" for file in files):
        found |= one.segments({code: attribute(name) for code, name in own.items()})
    return one.frame(found, ground.columns)


def has_rows(ground: Ground, file: SqlFile) -> bool:
    made_of = MADE_OF.get(file.name)
    return made_of is None or bool(ground.run(f"select 1 from {made_of} limit 1"))


def collect(
    ground: Ground, files: Sequence[SqlFile], first: date, last: date, *, with_segments: bool = True
) -> None:
    """The facts that the features are made of, of the accounts in question, from the days in question."""
    until = min(ground.calendar.midnight(last), ground.as_of + timedelta(microseconds=1))
    for file in files:
        table = MADE_OF.get(file.name)
        since = ground.calendar.midnight(first - timedelta(days=BACK.get(file.name, 0)))
        if table == "risk_usage_day":
            given = {"first": first - timedelta(days=BACK["usage"]), "last": last, "until": until}
            ground.table(table, USAGE, given | {"any_event": not ground.settings.engagement.events})
        elif table and "|" in SOURCES[table]:
            source, stamp = SOURCES[table].split("|")
            ground.table(
                table,
                f"select {OWNER} as account_key, f.* exclude (account_key) from {source} "
                f"left join merged on merged.account_key = f.account_key "
                f"where {stamp} >= $since and {stamp} < $until "
                f"and {OWNER} in (select account_key from risk_account)",
                {"since": since, "until": until},
            )
        elif table:
            ground.table(table, SOURCES[table], {"until": until})
    if with_segments:
        described(ground, until)


def described(ground: Ground, until: datetime) -> None:
    """What was said of the accounts' segments and when, for those that are not read from elsewhere."""
    own = own_segments(ground.settings.segments)
    if not own:
        return
    said = ", ".join(f"{attribute(name)} as {code}" for code, name in own.items())
    both = "region, channel, plan, name, email, currency, owner, attributes, account_key, seq"
    ground.table(
        "risk_said",
        f"""
        select {OWNER} as account_key, f.said_at, f.is_update, f.seq, {said}
        from (
            select created_at as said_at, 0 as is_update, {both} from accounts
            union all
            select updated_at, 1, {both} from account_updates
        ) as f
        left join merged on merged.account_key = f.account_key
        where f.said_at < $until and {OWNER} in (select account_key from risk_account)
        """,
        {"until": until},
    )


def own_segments(dimensions: Sequence[str]) -> dict[str, str]:
    return {f"segment_{n}": name for n, name in enumerate(dimensions) if name != "plan"}


def assembled(ground: Ground, files: Sequence[SqlFile]) -> pl.DataFrame:
    """All features side by side; where a file has no row for a pair, what stands for nothing."""
    names = {file.name for file in files}
    joins = [
        f"left join risk_of_{name} as {name} on {name}.account_key = w.account_key and {name}.day = w.day"
        for name in sorted(names)
    ]
    segments = own_segments(ground.settings.segments) if "subscription" in names else {}
    if segments:
        latest = ", ".join(
            f"arg_max({code}, row(s.said_at, s.is_update, s.seq)) filter ({code} is not null) as {code}"
            for code in segments
        )
        ground.table(
            "risk_of_segments",
            f"select w.account_key, w.day, {latest} from risk_wanted as w "
            "join risk_said as s on s.account_key = w.account_key and s.said_at < w.instant group by all",
        )
        joins.append(
            "left join risk_of_segments as seg on seg.account_key = w.account_key and seg.day = w.day"
        )
    known = {
        row[0]
        for name in names
        for row in ground.run(f"describe risk_of_{name}")
        if row[0] not in ("account_key", "day")
    } | set(segments)
    kinds = {column.name: column for column in ground.columns}
    listed = ", ".join(expression(name, kinds.get(name)) for name in sorted(known))
    return ground.frame(
        f"""
        select w.account_key, w.day, {listed}
        from risk_wanted as w
        join account_keys on account_keys.account_key = w.account_key
        {" ".join(joins)}
        order by w.day, account_keys.account_id
        """
    )


def expression(name: str, column: Column | None) -> str:
    """`column`: None where a figure is read by others alone."""
    if column and column.kind == "category":
        return f"coalesce({name}, '(none)') as {name}"
    if column and column.empty is None:
        return f"cast({name} as double) as {name}"
    return f"coalesce(cast({name} as double), {column.empty if column else 0.0!r}) as {name}"


def outcomes(ground: Ground) -> pl.DataFrame:
    """Of the pairs wanted, whether the MRR was 0 at the end of any of the next 30 days, in the same order."""
    return ground.frame(
        f"""
        select
            w.account_key, w.day,
            cast(coalesce(s.zero_day < w.day + {HORIZON}, false) as double) as outcome,
            cast(s.mrr as double) as mrr,
        from risk_wanted as w
        join account_keys on account_keys.account_key = w.account_key
        join risk_span as s
            on s.account_key = w.account_key and s.from_day < w.day
            and (s.until_day is null or s.until_day >= w.day)
        order by w.day, account_keys.account_id
        """
    )


def usage_from(ground: Ground) -> date | None:
    """The day of the first event of all."""
    [(first,)] = ground.run("select min(first_day) from kept_actor")
    return first if isinstance(first, date) else None


def literal(day: date) -> str:
    return f"date {quoted(day.isoformat())}"
