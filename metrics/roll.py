"""Brings what is kept up to date with the facts: the accounts touched are counted as they are, less as they were.

Everything that a flow holds is a sum over accounts, so a refresh adds the accounts touched with weight 1 and, under a
negative key, as they were counted before with weight -1. From nothing it adds every account: the same SQL.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from data.calendar import WEEKDAYS
from data.settings import Settings
from metrics import kept, plan
from metrics.files import SqlFile
from metrics.functions import macros
from metrics.kept import FLOWS, Kept
from metrics.segmenting import account_described, codes, same_profile, segments

Connection = duckdb.DuckDBPyConnection
BEYOND = {"low": date(1, 1, 1), "high": date(9999, 12, 31)}
COMPACT_AT = 20_000  # rows that a flow may gain before its rows of one key are added up


@dataclass
class Roll:
    """One pass; `session` is inside a transaction on the database that holds the kept tables."""

    session: Connection
    settings: Settings
    place: str
    as_of: datetime
    import_id: int
    before: Kept

    @property
    def is_whole(self) -> bool:
        return self.before.token == ""

    @property
    def given(self) -> dict[str, Any]:
        settings = self.settings
        return {
            "as_of": self.as_of,
            "before": self.before.as_of,
            "since": self.before.import_id,
            "within_us": settings.activation.within_days * 86_400_000_000,
            "step_count": len(settings.activation.steps),
            "any_event": not settings.engagement.events,
            "base_currency": settings.base_currency,
        }

    def run(self, sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.session.execute(sql, parameters or {}).fetchall()

    def make(self, name: str, **more: Any) -> None:
        """A temporary table from the file of that name."""
        file = plan.file_named(name)
        given = self.given | more
        asked = {key: given[key] for key in file.parameters}
        self.table(name, file.sql, asked)

    def table(
        self, name: str, sql: str, parameters: dict[str, Any] | None = None, kind: str = "table"
    ) -> None:
        self.run(f"create or replace temp {kind} {name} as (\n{sql}\n)", parameters)

    def insert(self, into: str, sql: str, parameters: dict[str, Any] | None = None) -> None:
        self.run(f"insert into {self.place}.{into} by name (\n{sql}\n)", parameters)

    def delete(self, table: str, keys: str, of: str) -> None:
        """Remove the rows of a kept table whose keys are in a temporary one."""
        same = " and ".join(f"t.{key} = o.{key}" for key in keys.split())
        self.run(
            f"delete from {self.place}.{table} as t using (select distinct {', '.join(keys.split())} from {of}) as o where {same}"
        )


def roll(
    session: Connection, settings: Settings, place: str, *, as_of: datetime, import_id: int, full: bool
) -> Kept:
    """Bring the kept tables in `place` to `as_of`, from the facts loaded up to `import_id`; how far they are now.

    What was touched stays in the session's temporary tables: `touched`, `stale_period` and, for each flow,
    `more_<flow>`, what was added to it. From nothing where they were made with other settings, look further than `as_of`, or `full` is asked for.
    """
    made_with = kept.fingerprint(settings)
    before = kept.read(session, place)
    if full or before.fingerprint != made_with or before.as_of > as_of or before.import_id > import_id:
        kept.begin_afresh(session, place, settings)
        before = kept.NOTHING
    for statement in macros(settings.timezone, WEEKDAYS.index(settings.week_start)):
        session.execute(statement)
    kept.look_in(session, place)
    one = Roll(session, settings, place, as_of, import_id, before)
    for step in (name_events, see_events, see_accounts, see_days, see_touched, count, keep, look_at_curves):
        step(one)
    return kept.write(session, place, before, import_id, as_of, made_with)


def name_events(roll: Roll) -> None:
    settings = roll.settings
    named = {
        "setting_step": settings.activation.steps,
        "setting_value": settings.value.events,
        "setting_engagement": settings.engagement.events,
    }
    for table, events in named.items():
        roll.table(table, "select cast(null as integer) as step, cast(null as varchar) as name limit 0")
        for step, event in enumerate(events, start=1):
            roll.run(f"insert into temp.{table} values ($step, $name)", {"step": step, "name": event})
    roll.table("grain_name", "select unnest(['day', 'week', 'month']) as grain")


def see_events(roll: Roll) -> None:
    if roll.is_whole:
        roll.table("moved", "select account_key as actor_key, old_key, new_key from merges limit 0")
    else:
        roll.make("moved")
    roll.make("member_before")
    if roll.is_whole:
        every = (
            "select account_key as actor_key, day, occurred_at, name_key from events where occurred_at <= "
        )
        roll.table("arrived", every + f"timestamp '{roll.as_of}'", kind="view")
    else:
        roll.make("arrived")
    roll.make("arrived_actor")
    roll.make("arrived_day")
    roll.make("new_actor")


def see_accounts(roll: Roll) -> None:
    if roll.is_whole:
        roll.table(
            "named_account",
            "select distinct coalesce(merged.into_key, account_keys.account_key) as account_key from account_keys "
            "left join merged on merged.account_key = account_keys.account_key",
        )
    else:
        roll.make("named_account")
    keep_actors(roll)
    roll.make("said")
    dimensions = roll.settings.segments
    roll.table("account_said", account_described(dimensions), {"as_of": roll.as_of})
    number_profiles(roll)
    same = same_profile(dimensions, "kept_profile", "account_said")
    parts = ", ".join(codes(dimensions))
    roll.table(
        "account_after",
        f"select kept_profile.profile_key, account_said.* {f'exclude ({parts})' if parts else ''} "
        f"from account_said join kept_profile on {same}",
    )
    roll.make("account_change")
    now = "from account_after" if roll.is_whole else plan.file_named("account_now").sql
    roll.table("account_now", now, kind="view")


def number_profiles(roll: Roll) -> None:
    """Give every combination of segments that is new a number."""
    parts = codes(roll.settings.segments)
    listed = "".join(f", {part}" for part in parts)
    same = same_profile(roll.settings.segments, "kept_profile", "new")
    roll.insert(
        "kept_profile",
        "select cast((select coalesce(max(profile_key), 0) from kept_profile) + row_number() over "
        f"(order by {', '.join(parts) or '1'}) as integer) as profile_key{listed} "
        f"from (select distinct 1{listed} from account_said) as new "
        f"where not exists (select 1 from kept_profile where {same})",
    )


def keep_actors(roll: Roll) -> None:
    """When every id first and last did anything."""
    roll.table(
        "actor_change",
        "select a.actor_key, least(a.first_at, k.first_at) as first_at, least(a.first_day, k.first_day) as first_day, "
        "greatest(a.last_day, k.last_day) as last_day from arrived_actor as a "
        "left join kept_actor as k on k.actor_key = a.actor_key "
        "where k.actor_key is null or a.first_at < k.first_at or a.last_day > k.last_day or a.first_day < k.first_day",
    )
    roll.delete("kept_actor", "actor_key", "actor_change")
    roll.insert("kept_actor", "from actor_change")


def see_days(roll: Roll) -> None:
    """Which active days are new, and what of the kept ones is needed to count them."""
    if roll.is_whole:
        roll.run(f"insert into {roll.place}.kept_day by name (from arrived_day order by day, actor_key)")
        roll.table(
            "recalled",
            "select actor_key, actor_key as account_key, day, occurred_at, name_key from kept_ahead limit 0",
        )
        return
    roll.make("wanted_actor")
    roll.make("day_before", **bounds(roll, "select min(from_day), max(to_day) from wanted_actor"))
    recall = (
        "select min(first_day), max(last_day) from kept_actor as k left join merged as m on m.account_key = k.actor_key "
        "where coalesce(m.into_key, k.actor_key) in (select account_key from account_change where has_other_events) "
        "and k.actor_key not in (select actor_key from new_actor)"
    )
    roll.make("recalled", **bounds(roll, recall))
    roll.make("day_change")


def bounds(roll: Roll, sql: str) -> dict[str, date]:
    [(low, high)] = roll.run(sql)
    return {"low": low or BEYOND["high"], "high": high or BEYOND["low"]}


def see_touched(roll: Roll) -> None:
    """Everybody that may count otherwise, as they are and as they were."""
    roll.make("first_change")
    if roll.is_whole:
        roll.table("paying_scope", "select account_key from account_now")
        roll.table("touched", "select account_key from account_now")
        roll.table("account_day", whole_days(roll), kind="view")
    else:
        roll.make("paying_scope")
        roll.make("touched")
        roll.make("account_day")
    roll.make("account")
    roll.make("first_event")
    roll.make("subscription_change")
    roll.make("fx_day")


def whole_days(roll: Roll) -> str:
    if not roll.run("select 1 from merged limit 1"):
        return "select actor_key as account_key, day, last_at from kept_day"
    return (
        "select coalesce(merged.into_key, kept_day.actor_key) as account_key, kept_day.day, "
        "max(kept_day.last_at) as last_at from kept_day "
        "left join merged on merged.account_key = kept_day.actor_key group by all"
    )


def count(roll: Roll) -> None:
    """The steps of the accounts touched, and what they add to the flows."""
    for name in ("account_activity", "account_onboarding", "subscription_day", "mrr_change"):
        roll.make(name)
    roll.run(
        "insert into temp.mrr_change by name select * replace (-account_key as account_key), -1 as weight "
        "from kept_mrr_change semi join paying_scope on paying_scope.account_key = kept_mrr_change.account_key"
    )
    for name, (_, measures) in FLOWS.items():
        file = plan.file_named(name)
        some = " or ".join(f"{measure} <> 0" for measure in measures)
        given = {key: roll.given[key] for key in file.parameters}
        roll.table(f"more_{name}", f"select * from (\n{file.sql}\n) where {some}", given)
        roll.insert(name, f"from more_{name}")
        compact(roll, name)


def compact(roll: Roll, name: str) -> None:
    """Add up the rows of one key, once there may be many more of them than keys."""
    [(rows,)] = roll.run(f"select count(*) from {name}")
    [(compacted,)] = roll.run(
        "select coalesce(max(rows), 0) from kept_size where flow = $flow", {"flow": name}
    )
    if roll.is_whole:
        roll.insert("kept_size", "select $flow as flow, $rows as rows", {"flow": name, "rows": rows})
    elif rows > compacted * 1.2 + COMPACT_AT:
        add_up(roll, name)


def add_up(roll: Roll, name: str) -> None:
    keys, measures = FLOWS[name]
    listed = ", ".join(keys)
    sums = ", ".join(f"cast(sum({measure}) as {kind}) as {measure}" for measure, kind in measures.items())
    roll.table("compacted", f"select {listed}, {sums} from {name} group by {listed}")
    roll.run(f"delete from {roll.place}.{name}")
    roll.insert(name, "from compacted")
    roll.run(
        f"update {roll.place}.kept_size set rows = (select count(*) from compacted) where flow = $flow",
        {"flow": name},
    )


def keep(roll: Roll) -> None:
    """Put down what the accounts touched are now."""
    roll.make("active_change")
    roll.table("account_otherwise", "select account_key from account_change where is_counted_otherwise")
    if not roll.is_whole:
        roll.delete("kept_active", "account_key", "active_change")
        roll.delete("kept_active", "account_key", "account_otherwise")
        roll.delete("kept_account", "account_key", "account_change")
        roll.delete("kept_day", "actor_key day", "day_change")
        roll.insert("kept_day", "from day_change order by day")
        roll.delete("kept_first_event", "account_key name_key", "first_change")
        roll.delete("kept_subscription_day", "account_key", "paying_scope")
        roll.delete("kept_mrr_change", "account_key", "paying_scope")
        roll.delete("kept_onboarding", "account_key", "touched")
    roll.insert(
        "kept_account",
        "select * from account_after where account_key in (select account_key from account_change)",
    )
    roll.insert("kept_active", "from active_change")
    roll.insert("kept_first_event", "select * from first_change where first_at is not null")
    roll.insert("kept_subscription_day", "from subscription_day")
    roll.insert("kept_mrr_change", "select * exclude (weight) from mrr_change where weight = 1")
    roll.insert(
        "kept_onboarding",
        "select * exclude (weight, is_matured, age_us) from account_onboarding where weight = 1",
    )
    roll.run(f"delete from {roll.place}.kept_ahead where occurred_at <= $as_of", {"as_of": roll.as_of})
    roll.insert(
        "kept_ahead",
        "select account_key as actor_key, day, occurred_at, name_key from events "
        "where import_id > $since and occurred_at > $as_of",
        {"since": roll.before.import_id, "as_of": roll.as_of},
    )


def look_at_curves(roll: Roll) -> None:
    """How long the accounts of a period took to reach value, for the periods where that may have changed."""
    roll.make("stale_period")
    for name, sql in segments(roll.settings.segments).items():
        roll.table(name, sql)
    roll.make("newcomer")
    roll.make("survival")
    for table, made_of in (("kept_quantile", "value_quantile"), ("kept_next", "next_change")):
        roll.delete(table, "grain period_start", "stale_period")
        file = plan.file_named(made_of)
        roll.insert(table, file.sql, {key: roll.given[key] for key in file.parameters})
    roll.table("stale_month", "select period_start from stale_period where grain = 'month'")
    roll.delete("kept_curve", "period_start", "stale_month")
    roll.insert("kept_curve", plan.file_named("value_curve").sql)
