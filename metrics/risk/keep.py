"""Keeps each paying account's risk of each day looked back on: what a refresh touched is told anew, no more.

A risk is told for the beginning of a local day, from facts stamped before it, so that what comes in on time
changes no risk before the day turns. Of an account that began to pay on the day itself, what is known of that
day counts too. A past day is told by the model that was in force then.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

import duckdb
import numpy as np
import polars as pl

from data.settings import Settings
from metrics.risk import rule, snapshots
from metrics.risk.card import Measure
from metrics.risk.encode import Matrix
from metrics.risk.layout import FACTS, FLOW, TABLES, UPDATED
from metrics.risk.model import Model, in_force
from metrics.risk.reasons import GROUPS
from metrics.risk.score import explained, needed, parts_of, score
from metrics.risk.snapshots import Ground, literal

Connection = duckdb.DuckDBPyConnection
HISTORY = 182  # days
MOST = 1_000_000  # accounts times days; a company with more is looked back on less far
AT_ONCE = 500_000
PAYING = """
select count(*)
from (select arg_max(mrr_after, day) as mrr from kept_mrr_change group by account_key)
where mrr > 0
"""
WEEK = timedelta(days=7)
LAYOUT = "1"


@dataclass
class Keeper:
    """One pass, inside the transaction of the refresh; `since`: the import up to which was told before."""

    ground: Ground
    place: str
    model: Model | None
    since: int
    rows: dict[str, int]  # of the temporary tables of the refresh
    deferred: bool = False  # whether refreshes before this one told nothing
    today_alone: bool = False  # what was told of days past stands

    def run(self, sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.ground.run(sql, parameters)

    @cached_property
    def today(self) -> date:
        return self.ground.today

    @cached_property
    def usage_from(self) -> date | None:
        return snapshots.usage_from(self.ground)

    def mark_of(self, day: date) -> str:
        """Changes when anything does that a day is told with."""
        step = self.model.step_on(day) if self.model else None
        told = self.model.mark_of(step) if self.model and step else "rule"
        near = ""
        if day == self.today:
            near = "today"  # of which reasons are kept too
        elif day == self.today - WEEK and self.model and (now := self.model.step_on(self.today)):
            near = f"week {self.model.mark_of(now)}"  # against which today is held, in today's terms
        used = bool(self.usage_from and self.usage_from < day)
        return f"{LAYOUT} {told} {used} {near}"

    def days(self) -> list[date]:
        """The days looked back on, the newest last; without a model in force, today alone."""
        if self.today_alone:
            return [self.today]
        step = self.model.steps[0].day if self.model else self.today
        [(paying,)] = self.run(PAYING)
        most = max(min(HISTORY, MOST // max(paying, 1)), 1)
        first = max(min(step, self.today), self.today - timedelta(days=most - 1))
        return [first + timedelta(days=n) for n in range((self.today - first).days + 1)]

    def keep(self) -> int:
        """Bring the tables up to date; how many rows or days changed."""
        for name, columns in TABLES.items():
            self.run(f"create table if not exists {self.place}.{name} ({columns})")
        days = self.days()
        known = dict(self.run("select day, mark from kept_risk_day"))
        stale = [day for day in days if known.get(day) != self.mark_of(day)]
        gone = [] if self.today_alone else [day for day in known if day not in set(days)]
        touched = self.touched()
        changed = len(stale) + len(gone) + touched + self.rows.get("account_change", 0) + self.tell_model()
        changed += self.deferred
        if not changed:
            return 0
        snapshots.spans(self.ground)
        self.forget([*stale, *gone], date.min if self.today_alone else days[0])
        self.tell_days(stale)
        self.tell_touched([day for day in days if day not in set(stale)])
        self.tell_newcomers()
        if not self.today_alone:
            self.run(f"delete from {self.place}.kept_risk_day")
            marks = {"day": days, "mark": [self.mark_of(day) for day in days]}
            self.insert("kept_risk_day", pl.DataFrame(marks))
        self.run(f"delete from {self.place}.kept_risk_flow")
        if self.model:  # without one there is a band of today, and no history
            self.run(f"insert into {self.place}.kept_risk_flow by name {FLOW}", {"today": self.today})
        return changed

    def touched(self) -> int:
        """Whose risks of the past may be others now, and of the days after which one."""
        if not self.since:
            return self.ground.table("risk_touched", "select account_key, day from kept_mrr_change limit 0")
        owner = "coalesce(merged.into_key, f.account_key)"
        midnight = self.ground.calendar.midnight(self.today)
        late = [
            f"select {owner} as account_key, min(f.{stamp}) as at_instant from {table} as f "
            "left join merged on merged.account_key = f.account_key "
            f"where f.import_id > $since and f.{stamp} < $midnight group by all"
            for table, stamp in FACTS.items()
        ]
        late.append(f"select {owner} as account_key, f.at_instant from ({UPDATED}) as f "
                    "left join merged on merged.account_key = f.account_key")  # fmt: skip
        if self.rows.get("paying_scope"):
            late.append("select account_key, timestamp '1970-01-01' from paying_scope")
        if self.rows.get("moved"):
            late.append("select new_key, timestamp '1970-01-01' from moved")
            late.append("select old_key, timestamp '1970-01-01' from moved")
        if self.deferred:
            late.append("select account_key, timestamp '1970-01-01' from kept_deferred")
        newcomers = (
            "select account_key, $midnight from touched where account_key in "
            "(select account_key from kept_risk where mrr is null)"
        )
        return self.ground.table(
            "risk_touched",
            "select account_key, local_date(min(at_instant)) as day from ("
            + " union all ".join([*late, newcomers])
            + ") group by account_key",
            {"since": self.since, "midnight": midnight},
        )

    def forget(self, days: list[date], first: date) -> None:
        """Take away what will be told anew, and what is too long ago."""
        place = self.place
        listed = ", ".join(literal(day) for day in days) or "null"
        for name in ("kept_risk", "kept_risk_part"):
            self.run(f"delete from {place}.{name} where day in ({listed}) or day < {literal(first)}")
            self.run(
                f"delete from {place}.{name} as k using risk_touched as t "
                "where k.account_key = t.account_key and k.day > t.day and k.day >= $from",
                {"from": self.today if self.today_alone else date.min},
            )
        if self.today in days:
            self.run(f"delete from {place}.kept_risk_reason")
        # newcomers are always told anew
        fresh = "(select account_key from kept_risk where mrr is null)"
        gone = f"account_key in (select account_key from risk_touched) or account_key in {fresh}"
        self.run(f"delete from {place}.kept_risk_reason where {gone}")
        today = f"day = {literal(self.today)}"
        self.run(f"delete from {place}.kept_risk_part where {today} and account_key in {fresh}")
        self.run(f"delete from {place}.kept_risk where mrr is null")

    def tell_days(self, days: list[date]) -> None:
        """Whole days, several at once while they are small."""
        group: list[date] = []
        size = 0
        for day in sorted(days):
            [(paying,)] = self.run(
                "select count(*) from risk_span where mrr > 0 and from_day < $day "
                "and (until_day is null or until_day >= $day)",
                {"day": day},
            )
            if group and size + paying > AT_ONCE:
                self.tell(group)
                group, size = [], 0
            group.append(day)
            size += paying
        if group:
            self.tell(group)

    def tell(self, days: list[date]) -> None:
        if snapshots.paying(self.ground, days):
            self.put()

    def tell_touched(self, days: list[date]) -> None:
        where = "s.account_key in (select account_key from risk_touched)"
        if not days or not self.run("select 1 from risk_touched limit 1"):
            return
        snapshots.paying(self.ground, days, where)
        self.ground.table(
            "risk_wanted",
            "select w.* from risk_wanted as w join risk_touched as t "
            "on t.account_key = w.account_key and w.day > t.day",
        )
        self.put()

    def tell_newcomers(self) -> None:
        """Of those who began to pay today, what is known of today counts."""
        morrow = self.today + timedelta(days=1)
        self.ground.days([morrow])
        if self.ground.table(
            "risk_wanted",
            f"""
            select s.account_key, d.day, d.instant
            from risk_span as s cross join risk_day as d
            where s.mrr > 0 and s.until_day is null and not exists (
                select 1 from risk_span as b
                where b.account_key = s.account_key and b.mrr > 0 and b.from_day < {literal(self.today)}
                    and (b.until_day is null or b.until_day >= {literal(self.today)})
            )
            """,
        ):
            self.put(stored=self.today)

    def put(self, stored: date | None = None) -> None:
        """Score the pairs wanted and keep what comes out; `stored`: the day under which, if another."""
        table = snapshots.gather(self.ground, needed(self.model, self.ground.columns))
        if not table.height:
            return
        table = rule.with_points(table, self.usage_from)
        if stored:
            table = table.with_columns(pl.lit(stored).alias("day"))
        self.insert_scores([self.scored(part) for part in self.by_step(table)])
        for part in table.filter(pl.col("day").is_in([self.today, self.today - WEEK])).partition_by("day"):
            self.put_reasons(part, part["day"][0])

    def by_step(self, table: pl.DataFrame) -> list[pl.DataFrame]:
        """The rows of a table by the step of the model that tells their days."""
        told = [
            (day, self.model.step_on(day) if self.model else None) for day in table["day"].unique().sort()
        ]
        parts = []
        for _, group in groupby(told, key=lambda pair: pair[1]):
            days = [day for day, _ in group]
            parts.append(table.filter(pl.col("day").is_between(days[0], days[-1])))
        return parts

    def scored(self, part: pl.DataFrame) -> pl.DataFrame:
        step = self.model.step_on(part["day"][0]) if self.model else None
        found = score(self.model, step, part)
        return part.select("account_key", "day").with_columns(
            pl.Series("risk", found.risk).fill_nan(None).alias("risk"),
            pl.Series("band", found.band.tolist(), pl.String),
        )

    def insert_scores(self, scored: list[pl.DataFrame]) -> None:
        self.insert(
            "kept_risk",
            pl.concat(scored),
            "select t.account_key, t.day, t.risk, t.band, s.mrr "
            "from risk_given as t left join risk_span as s "
            "on s.account_key = t.account_key and s.mrr > 0 and s.from_day < t.day "
            "and (s.until_day is null or s.until_day >= t.day)",
        )

    def put_reasons(self, part: pl.DataFrame, day: date) -> None:
        """Why, in today's terms, of a week before too: what has moved then is the accounts, not the model."""
        now = self.model.step_on(self.today) if self.model else None
        parts = parts_of(self.model, now, part)
        self.insert_parts(part, parts, day)
        if day == self.today:
            why = explained(parts, self.model, now, part, self.ground.settings.segments)
            self.insert("kept_risk_reason", part.select("account_key").hstack(why))

    def insert_parts(self, part: pl.DataFrame, parts: Matrix, day: date) -> None:
        micro = np.round(parts * 1e6).astype(np.int64)
        self.insert(
            "kept_risk_part",
            part.select("account_key").with_columns(
                pl.lit(day).alias("day"),
                *(pl.Series(f"part_{group}", micro[:, n]) for n, group in enumerate(GROUPS)),
            ),
        )

    def insert(self, table: str, rows: pl.DataFrame, sql: str = "select * from risk_given") -> None:
        connection = self.ground.connection
        connection.register("risk_given", rows.to_arrow())
        self.run(f"insert into {self.place}.{table} by name {sql}")
        connection.unregister("risk_given")

    def tell_model(self) -> int:
        """What is in force and its score card, unless it comes from a later day; whether that is new."""
        model = self.model
        is_past = model is not None and model.as_of <= self.ground.as_of
        seen_on = self.today if model and not is_past else ""
        mark = f"{LAYOUT} {model.version if model else ''} {is_past} {seen_on}"
        if self.run("select 1 from kept_risk_model where mark = $mark", {"mark": mark}):
            return 0
        self.run(f"delete from {self.place}.kept_risk_model")
        self.run(f"delete from {self.place}.kept_risk_card")
        told = told_of(model, is_past, self.today)
        listed = ", ".join(f"${name}" for name in told)
        self.run(f"insert into {self.place}.kept_risk_model select $mark, {listed}", {"mark": mark} | told)
        if model and is_past:
            self.insert("kept_risk_card", card_frame([*summary(model), *model.card]))
        return 1


def told_of(model: Model | None, is_past: bool, today: date) -> dict[str, Any]:
    step = model.step_on(today) if model else None
    known = model if model and is_past else None
    reason = "" if step and step.is_open else known.reason if known else "No model has been trained yet."
    return {
        "model": name_of(model, today),
        "rung": step.rung if step else "bands",
        "is_open": bool(step and step.is_open),
        "reason": reason,
        "trained": known.as_of if known else None,
        "first_week": known.first_week if known else None,
        "snapshots": known.snapshots if known else None,
        "accounts": known.accounts if known else None,
        "churned": known.churned if known else None,
        "base": step.base if step else None,
    }


def name_of(model: Model | None, today: date) -> str:
    """What a row says it was told by: the bands of the rule, where nothing else may be told."""
    step = model.step_on(today) if model else None
    if model is None or step is None or not step.is_open:
        return "rule, bands only"
    return model.name


def summary(model: Model) -> list[Measure]:
    return [
        Measure("gate_open", float(model.is_open), n=model.snapshots),
        Measure("churned_accounts", float(model.churned), n=model.accounts),
        Measure("base_rate", model.last.base, n=model.snapshots),
    ]


def card_frame(card: list[Measure]) -> pl.DataFrame:
    names = ("measure", "value", "lower", "upper", "n")
    kinds = {
        "measure": pl.String,
        "value": pl.Float64,
        "lower": pl.Float64,
        "upper": pl.Float64,
        "n": pl.Int64,
    }
    return pl.DataFrame([[getattr(row, name) for name in names] for row in card], schema=kinds, orient="row")


def keep(
    connection: Connection,
    settings: Settings,
    place: str,
    *,
    since: int,
    as_of: datetime,
    rows: dict[str, int],
    deferred: bool = False,
    today_alone: bool = False,
) -> int:
    """Bring what is told of accounts in `place` to `as_of`, in the refresh's own transaction; what changed.

    `since`: the import up to which was told before; 0 where the kept tables have just begun afresh.
    `deferred`: whether refreshes in between told nothing, of accounts that `kept_deferred` lists.
    `today_alone`: what was told of days past stands; of today it was told by the same model.
    """
    ground = Ground(connection, settings, as_of)
    return Keeper(ground, place, in_force(settings, as_of), since, rows, deferred, today_alone).keep()
