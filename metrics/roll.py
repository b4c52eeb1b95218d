"""Brings what is kept up to date: the accounts touched are counted as they are, less as they were.

Everything that a flow holds is a sum over accounts, so a refresh adds the accounts touched with weight 1 and,
under a negative key, as they were counted before with weight -1. From nothing it adds every account: the same
SQL.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import duckdb

from data.settings import Settings
from metrics import kept, lanes, plan
from metrics.kept import FLOWS, Kept
from metrics.patience import AT_ONCE
from metrics.segmenting import account_described, codes, same_profile, segments
from metrics.session import run

Connection = duckdb.DuckDBPyConnection
Rows = list[tuple[Any, ...]]
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)
NO_LONGER_ACTIVE = (
    "(select account_key from active_change "
    "union all select account_key from account_change where is_counted_otherwise)"
)
STALE = (
    "select cast(row_number() over (order by grain, period_start) as integer) as curve, grain, period_start "
    "from due_period"
)
COMPACT_AT = 20_000  # rows that a flow may gain before its rows of one key are added up


@dataclass
class Roll:
    """One pass; `session` is inside a transaction on the database that holds the kept tables.

    `rows`: how many rows each temporary table has.
    """

    session: Connection
    settings: Settings
    place: str
    as_of: datetime
    import_id: int
    before: Kept
    rows: dict[str, int] = field(default_factory=dict)
    lanes: frozenset[str] = frozenset()  # those that this refresh takes

    @property
    def is_whole(self) -> bool:
        return not self.before.token

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

    def run(self, sql: str, parameters: dict[str, Any] | None = None) -> Rows:
        return run(self.session, sql, parameters)

    def has(self, table: str) -> bool:
        """Whether a temporary table has rows; a view may have some."""
        return self.rows.get(table, 1) > 0

    def selected(self, name: str, more: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """The SELECT of a file, and the parameters it asks for."""
        file = plan.file_named(name)
        given = self.given | (more or {})
        return file.sql, {key: given[key] for key in file.parameters}

    def make(self, name: str, more: dict[str, Any] | None = None, *, of: str = "") -> None:
        """A temporary table from the file of that name, or another."""
        self.table(name, *self.selected(of or name, more))

    def table(self, name: str, sql: str, parameters: dict[str, Any] | None = None) -> None:
        [(self.rows[name],)] = self.run(f"create or replace temp table {name} as (\n{sql}\n)", parameters)

    def view(self, name: str, sql: str) -> None:
        self.run(f"create or replace temp view {name} as (\n{sql}\n)")

    def insert(self, into: str, sql: str, parameters: dict[str, Any] | None = None, *, of: str = "") -> None:
        """Add to a kept table; `of`: the table without which there is nothing to add."""
        if not of or self.has(of):
            self.run(f"insert into {self.place}.{into} by name (\n{sql}\n)", parameters)

    def delete(self, table: str, keys: str, of: str) -> None:
        """Remove the rows of a kept table whose keys are in a temporary one."""
        if self.has(of):
            same = " and ".join(f"t.{key} = o.{key}" for key in keys.split())
            gone = f"select distinct {', '.join(keys.split())} from {of}"
            self.run(f"delete from {self.place}.{table} as t using ({gone}) as o where {same}")


def roll(
    session: Connection,
    settings: Settings,
    place: str,
    *,
    before: Kept,
    as_of: datetime,
    import_id: int,
    full: bool,
    patience: timedelta = AT_ONCE,
) -> tuple[Kept, dict[str, int]]:
    """Bring the kept tables in `place` to `as_of`, from the facts loaded up to `import_id`; how far they are.

    What was touched stays in the session's temporary tables, whose rows are counted: `touched`, `restated`,
    `stale_period`, for each flow `more_<flow>`, what was added to it, and the lists `due_…` of the lanes that
    were taken; `patience` is for those. It begins from nothing where the kept tables were made with other
    settings, have gone beyond `as_of`, or `full` is asked for.
    """
    made_with = kept.fingerprint(settings)
    if full or before.fingerprint != made_with or before.as_of > as_of or before.import_id > import_id:
        kept.begin_afresh(session, place, settings)
        before = kept.NOTHING
    kept.look_in(session, place)
    one = Roll(session, settings, place, as_of, import_id, before)
    lanes.take_turns(one, patience)
    for step in (
        see_events,
        see_accounts,
        see_days,
        see_deeds,
        see_touched,
        count,
        keep,
        look_at_curves,
        tell_lanes,
    ):
        step(one)
    now = before.followed_by(import_id, as_of, made_with)
    kept.write(session, place, now)
    return now, one.rows


def see_events(roll: Roll) -> None:
    """What events are new, and whose account is another."""
    if roll.is_whole:
        seen = f"where occurred_at <= timestamp '{roll.as_of}'"
        roll.view(
            "arrived", f"select account_key as actor_key, day, occurred_at, name_key from events {seen}"
        )
        roll.table("moved", "select account_key as actor_key, old_key, new_key from merges limit 0")
    else:
        roll.make("arrived")
        roll.make("moved")
    for name in ("member_before", "arrived_actor", "arrived_day", "new_actor"):
        roll.make(name)


def see_accounts(roll: Roll) -> None:
    """Which accounts are not what they were."""
    roll.make("named_account", of="every_account" if roll.is_whole else "")
    roll.make("actor_change")
    roll.delete("kept_actor", "actor_key", "actor_change")
    roll.insert("kept_actor", "from actor_change", of="actor_change")
    roll.make("said")
    dimensions = roll.settings.segments
    roll.table("account_said", account_described(dimensions), {"as_of": roll.as_of})
    number_profiles(roll)
    same = same_profile(dimensions, "kept_profile", "account_said")
    less = f"exclude ({', '.join(codes(dimensions))})" if dimensions else ""
    roll.table(
        "account_after",
        f"select profile_key, account_said.* {less} from account_said join kept_profile on {same}",
    )
    roll.make("account_change")
    roll.make("account_before")
    roll.delete("kept_account", "account_key", "account_change")
    changed = "from account_after semi join account_change using (account_key)"
    roll.insert("kept_account", changed, of="account_change")
    roll.delete("kept_attribute", "account_key", "named_account")
    roll.insert("kept_attribute", *roll.selected("attribute_said"), of="said")


def number_profiles(roll: Roll) -> None:
    """Give every combination of segments that is new a number."""
    parts = codes(roll.settings.segments)
    listed = "".join(f", {part}" for part in parts)
    same = same_profile(roll.settings.segments, "kept_profile", "new")
    if not roll.has("account_said"):
        return
    roll.insert(
        "kept_profile",
        "select cast((select coalesce(max(profile_key), 0) from kept_profile) + row_number() over "
        f"(order by {', '.join(parts) or '1'}) as integer) as profile_key{listed} "
        f"from (select distinct 1{listed} from account_said) as new "
        f"where not exists (select 1 from kept_profile where {same})",
    )


def see_days(roll: Roll) -> None:
    """Which active days are new, and what of the kept ones is needed to count them."""
    if roll.is_whole:
        roll.insert("kept_month", *roll.selected("every_month"))
        roll.insert("kept_last", *roll.selected("every_last"))
        roll.table("recalled", "select *, actor_key as account_key from kept_ahead limit 0")
        return
    roll.make("wanted_actor")
    roll.make("month_before", between(roll.run("select min(from_day), max(to_day) from wanted_actor")))
    roll.make("recalled", between(roll.run(plan.file_named("recall_days").sql)))
    roll.make("day_change")
    roll.make("month_change")


def between(found: Rows) -> dict[str, date]:
    """The days to look at; none at all where nothing was found."""
    [(low, high)] = found
    return {"low": low or LAST_DAY, "high": high or FIRST_DAY}


def see_deeds(roll: Roll) -> None:
    """What accounts did by the name of an event: on which day first, how often in their first days."""
    roll.insert("kept_count", "select actor_key, day, events from arrived_day", of="arrived_day")
    roll.make("counted_name")
    if roll.is_whole:
        roll.view("deed", plan.file_named("every_deed").sql)
        roll.table("deed_otherwise", "select account_key from kept_account limit 0")
    else:
        roll.make("deed")
        roll.make("deed_otherwise")
    for name in ("deed_early", "deed_first", "deed_change"):
        roll.make(name)
    for name in ("kept_early", "kept_first_day"):
        roll.delete(name, "account_key", "deed_otherwise")
    roll.delete("kept_first_day", "account_key name_key", "deed_first")
    roll.insert("kept_early", "from deed_early", of="deed_early")
    roll.insert("kept_first_day", "from deed_first", of="deed_first")


def see_touched(roll: Roll) -> None:
    """Everybody that may count otherwise, as they are and as they were."""
    roll.make("first_change")
    if roll.is_whole:
        roll.table("paying_scope", "select account_key from kept_account")
        roll.table("touched", "select account_key from kept_account")
        alone = "select actor_key as account_key, day, last_at from arrived_day"
        is_merged = bool(roll.run("select 1 from merged limit 1"))
        roll.view("account_day", plan.file_named("every_day").sql if is_merged else alone)
    else:
        for name in ("paying_scope", "restated", "touched", "account_day"):
            roll.make(name)
    roll.make("account")
    roll.make("first_event")


def count(roll: Roll) -> None:
    """The steps of the accounts touched, and what they add to the flows."""
    roll.make("account_activity")
    roll.make("account_onboarding")
    pays = roll.is_whole or roll.has("paying_scope")
    if pays:
        for name in ("subscription_change", "fx_day", "subscription_day", "mrr_change"):
            roll.make(name)
        roll.run(f"insert into temp.mrr_change by name {plan.file_named('stopped_counting').sql}")
    for name in FLOWS:
        if pays or name not in kept.OF_MONEY:
            add(roll, name)
        else:
            roll.table(f"more_{name}", f"from {name} limit 0")
    weigh(roll)


def add(roll: Roll, name: str) -> None:
    """Add to a flow what the accounts touched make of it; what cancels out is left away."""
    sql, given = roll.selected(name)
    some = " or ".join(f"{measure} <> 0" for measure in FLOWS[name][1])
    roll.table(f"more_{name}", f"select * from (\n{sql}\n) where {some}", given)
    roll.insert(name, f"from more_{name}", of=f"more_{name}")


def weigh(roll: Roll) -> None:
    """Add up the flows that have grown by too many rows of the same keys."""
    sizes = " union all ".join(f"select '{name}' as flow, count(*) as rows from {name}" for name in FLOWS)
    if roll.is_whole:
        roll.insert("kept_size", sizes)
        return
    grown = f"now.rows > before.rows * 1.2 + {COMPACT_AT}"
    both = f"({sizes}) as now join kept_size as before using (flow)"
    for (name,) in roll.run(f"select flow from {both} where {grown}"):
        add_up(roll, name)


def add_up(roll: Roll, name: str) -> None:
    """Make one row of the rows of one key."""
    keys, measures = FLOWS[name]
    listed = ", ".join(keys)
    sums = ", ".join(f"cast(sum({measure}) as {kind}) as {measure}" for measure, kind in measures.items())
    roll.table("compacted", f"select {listed}, {sums} from {name} group by {listed}")
    roll.run(f"delete from {roll.place}.{name}")
    roll.insert(name, "from compacted")
    rows = "(select count(*) from compacted)"
    roll.run(f"update {roll.place}.kept_size set rows = {rows} where flow = $flow", {"flow": name})


def keep(roll: Roll) -> None:
    """Put down what the accounts touched are now."""
    roll.make("active_change")
    if not roll.is_whole:
        forget(roll)
        roll.insert("kept_month", "from month_change order by month", of="month_change")
        changed = "select actor_key, day, last_at from day_change where last_at is not null"
        roll.insert("kept_last", changed, of="day_change")
    roll.insert("kept_active", "from active_change", of="active_change")
    changed = "select * from first_change where first_at is not null"
    roll.insert("kept_first_event", changed, of="first_change")
    if roll.is_whole or roll.has("paying_scope"):
        roll.insert("kept_subscription_day", "from subscription_day")
        roll.insert("kept_mrr_change", "select * exclude (weight) from mrr_change where weight = 1")
    shown = "select * exclude (weight, is_matured, age_us) from account_onboarding where weight = 1"
    roll.insert("kept_onboarding", shown, of="account_onboarding")
    roll.run(f"delete from {roll.place}.kept_ahead where occurred_at <= $as_of", {"as_of": roll.as_of})
    roll.insert("kept_ahead", *roll.selected("ahead"))


def forget(roll: Roll) -> None:
    """Take away what the accounts touched were."""
    if roll.has("account_change"):
        roll.delete("kept_last", "actor_key", f"({plan.file_named('renewed_actor').sql})")
    roll.delete("kept_active", "account_key", NO_LONGER_ACTIVE)
    roll.delete("kept_month", "actor_key month", "month_change")
    roll.delete("kept_last", "actor_key day", "day_change")
    roll.delete("kept_first_event", "account_key name_key", "first_change")
    roll.delete("kept_subscription_day", "account_key", "paying_scope")
    roll.delete("kept_mrr_change", "account_key", "paying_scope")
    roll.delete("kept_onboarding", "account_key", "touched")


def look_at_curves(roll: Roll) -> None:
    """How long the accounts of a period took to reach value, for the periods where that may have changed."""
    for name, sql in segments(roll.settings.segments).items():
        roll.table(name, sql)
    roll.make("changed_period")
    lanes.tell(roll, "curves")
    roll.table("stale_period", STALE)
    roll.table("stale_month", "select period_start from stale_period where grain = 'month'")
    if not roll.has("stale_period"):
        return
    roll.make("newcomer")
    roll.make("curve_count")
    roll.make("survival")
    for table, made_of in (("kept_quantile", "value_quantile"), ("kept_next", "next_change")):
        roll.delete(table, "grain period_start", "stale_period")
        roll.insert(table, *roll.selected(made_of))
    roll.delete("kept_curve", "period_start", "stale_month")
    roll.insert("kept_curve", *roll.selected("value_curve"))


def tell_lanes(roll: Roll) -> None:
    """Cohorts and the explorer read the kept tables; from nothing they read everything."""
    for lane in () if roll.is_whole else ("cohorts", "explorer"):
        lanes.tell(roll, lane)
    lanes.note(roll)
