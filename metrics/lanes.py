"""What is told in turn while an engine runs: one lane a refresh, so that none of them holds the counts up.

Cohorts, the curves of reaching value and what the explorer reads cost as much as all counts together. While
an engine runs each may stand for some seconds; what a refresh would have changed in it is kept as owed, and
told with the next that takes the lane. A refresh without patience takes them all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import duckdb

from metrics.patience import AT_ONCE

if TYPE_CHECKING:
    from metrics.roll import Roll


@dataclass(frozen=True)
class Owed:
    """A list of what is told anew: its columns, and what a refresh adds to it, from its temporary tables."""

    columns: dict[str, str]
    sql: str


def of_accounts(*tables: str) -> str:
    return " union all ".join(f"select '{name}' as touched_by, account_key from {name}" for name in tables)


SIGNED = (
    "select {grain} as grain, {start} as cohort_start from more_onboarding_flow "
    "where signups <> 0 group by all"
)
LANES: dict[str, dict[str, Owed]] = {
    "curves": {
        "period": Owed(
            {"grain": "varchar", "period_start": "date"}, "select grain, period_start from changed_period"
        ),
    },
    "cohorts": {
        "cell": Owed(
            {"grain": "varchar", "cohort_start": "date", "period_start": "date"},
            "select grain, cohort_start, period_start from more_cohort_activity_flow group by all",
        ),
        "cohort": Owed(
            {"grain": "varchar", "cohort_start": "date"},
            "select grain, cohort_start from more_cohort_revenue_flow group by all",
        ),
        "signed": Owed(
            {"grain": "varchar", "cohort_start": "date"},
            SIGNED.format(grain="'week'", start="week_of(day)")
            + " union all "
            + SIGNED.format(grain="'month'", start="month_of(day)"),
        ),
    },
    "explorer": {
        "account": Owed(
            {"touched_by": "varchar", "account_key": "integer"},
            of_accounts("touched", "paying_scope", "named_account", "deed_change"),
        ),
    },
}
TABLES = {
    f"kept_owed_{name}": ", ".join(f"{column} {kind}" for column, kind in owed.columns.items())
    for lists in LANES.values()
    for name, owed in lists.items()
} | {"kept_lane": "lane varchar, told_at timestamp"}


def take_turns(roll: "Roll", patience: timedelta) -> None:
    """Which lanes this refresh takes, from who was told when; where it begins from nothing, all of them."""
    if roll.is_whole or patience == AT_ONCE:
        roll.lanes = frozenset(LANES)
        return
    told: dict[str, datetime] = dict(roll.run("from kept_lane"))
    waited = {lane: roll.as_of - told[lane] for lane in LANES}
    due = [lane for lane in LANES if not timedelta(0) <= waited[lane] < patience]
    roll.lanes = frozenset(sorted(due, key=waited.__getitem__)[-1:])


def tell(roll: "Roll", lane: str) -> None:
    """Make the lists `due_…` of a lane: what it is owed, or nothing where it stands and is owed more."""
    for name, owed in LANES[lane].items():
        listed = ", ".join(owed.columns)
        if lane in roll.lanes:
            roll.table(
                f"due_{name}",
                f"select {listed} from kept_owed_{name} union select {listed} from ({owed.sql})",
            )
            roll.run(f"delete from {roll.place}.kept_owed_{name}")
        else:
            roll.table(f"due_{name}", f"select {listed} from kept_owed_{name} limit 0")
            roll.insert(f"kept_owed_{name}", owed.sql)


def owes(connection: duckdb.DuckDBPyConnection, place: str) -> bool:
    """Whether a lane that stands in `place` would be told otherwise."""
    lists = " or ".join(f"exists (from {place}.{name})" for name in TABLES if name != "kept_lane")
    [(found,)] = connection.execute(f"select {lists}").fetchall()
    return bool(found)


def note(roll: "Roll") -> None:
    """When the lanes that were taken were told."""
    if not roll.lanes:
        return
    listed = ", ".join(f"'{lane}'" for lane in sorted(roll.lanes))
    roll.run(f"delete from {roll.place}.kept_lane where lane in ({listed})")
    roll.run(f"insert into {roll.place}.kept_lane select unnest([{listed}]), $as_of", {"as_of": roll.as_of})
