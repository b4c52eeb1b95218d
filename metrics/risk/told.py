"""What an edition tells of churn risk: the model, its card, what moved, and accounts by their risk."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from data.settings import Settings
from metrics.read import Conditions, edition, fetch, quoted_dimension

SHAPE = """
select
    r.account_id, s.name, s.owner, s.mrr, r.risk, r.band, r.reason_1, r.reason_2, r.reason_3,
    t.risk_7, t.risk_28, cast(s.mrr as double) * r.risk as mrr_at_risk, s.last_active_day, s.paying_since
from risk_score as r
join account_state as s on s.account_id = r.account_id
left join risk_trend as t on t.account_id = r.account_id
"""
ORDERS = {
    "risk": "risk desc nulls last, band_place, s.mrr desc, r.account_id",
    "mrr_at_risk": "cast(s.mrr as double) * coalesce(r.risk, 0) desc, band_place, s.mrr desc, r.account_id",
}
PLACE = "case r.band when 'high' then 0 when 'medium' then 1 else 2 end"


@dataclass(frozen=True)
class State:
    """The model in force; `rung`: bands, rule or ridge; `reason`: why it shows no probabilities."""

    model: str
    rung: str
    is_open: bool
    reason: str
    trained_as_of: datetime | None
    first_week: date | None
    snapshots: int | None
    accounts: int | None
    churned: int | None
    base: float | None


@dataclass(frozen=True)
class Wanted:
    """Which accounts: all that is given must hold. `owner` "" for those without one."""

    dimension: str = "all"
    segment: str = "all"
    band: str | None = None
    owner: str | None = None
    search: str | None = None


def state(settings: Settings, name: str) -> State | None:
    """None for an edition from before risks were told."""
    rows = read_if_there(settings, name, "risk_state")
    return State(**rows.row(0, named=True)) if rows.height else None


def card(settings: Settings, name: str) -> pl.DataFrame:
    """measure, value, lower, upper, n."""
    return read_if_there(settings, name, "risk_model")


def moved(settings: Settings, name: str) -> pl.DataFrame:
    """By group of features: what it adds to the log-odds of the average account, now and a week before."""
    return read_if_there(settings, name, "risk_moved")


def read_if_there(settings: Settings, name: str, table: str) -> pl.DataFrame:
    known = fetch(settings, name, "select table_name from duckdb_tables()")["table_name"].to_list()
    return fetch(settings, name, f"from {table} order by all") if table in known else pl.DataFrame()


def accounts(
    settings: Settings, name: str, wanted: Wanted, *, order: str = "risk", limit: int = 50
) -> pl.DataFrame:
    """Paying accounts, the riskiest first, or those with the most MRR at risk."""
    conditions = asked(settings, name, wanted)
    sql = f"{SHAPE} {conditions.sql} order by {ORDERS[order].replace('band_place', PLACE)} limit {int(limit)}"
    return fetch(settings, name, sql, conditions.parameters)


def counts(settings: Settings, name: str, wanted: Wanted) -> dict[str, int]:
    """How many accounts there are of each band."""
    conditions = asked(settings, name, wanted)
    rows = fetch(settings, name, f"select band, count(*) from ({SHAPE} {conditions.sql}) group by all",
                 conditions.parameters)  # fmt: skip
    return dict(rows.iter_rows())


def spread(settings: Settings, name: str, wanted: Wanted) -> pl.DataFrame:
    """How many accounts have which risk, now and four weeks before: bins of 2 per cent, from 20 on of 10."""
    conditions = asked(settings, name, wanted)
    low = "case when {0} < 0.2 then floor({0} * 50) * 2 else floor({0} * 10) * 10 end"
    sql = f"""
        with rows as ({SHAPE} {conditions.sql}),
        seen as (
            select 'now' as told, {low.format("risk")} as low from rows where risk is not null
            union all
            select 'four weeks before', {low.format("risk_28")} from rows where risk_28 is not null
        )
        select told, cast(low as integer) as low, count(*) as accounts
        from seen group by all order by told, low
    """
    return fetch(settings, name, sql, conditions.parameters)


def owners(settings: Settings, name: str, wanted: Wanted) -> list[str]:
    conditions = asked(settings, name, wanted)
    rows = fetch(settings, name, f"select distinct owner from ({SHAPE} {conditions.sql}) order by 1",
                 conditions.parameters)  # fmt: skip
    return [owner for (owner,) in rows.iter_rows() if owner]


def asked(settings: Settings, name: str, wanted: Wanted) -> Conditions:
    conditions = Conditions()
    conditions.add("r.band = $band", "band", wanted.band)
    conditions.add("coalesce(s.owner, '') = $owner", "owner", wanted.owner)
    conditions.add(
        "contains(lower(concat_ws(' ', s.account_id, s.name, s.email)), lower($search))",
        "search",
        wanted.search or None,
    )
    if wanted.dimension != "all":
        column = quoted_dimension(wanted.dimension, edition(settings, name).segments)
        conditions.add(f"coalesce(s.{column}, '(none)') = $segment", "segment", wanted.segment)
    return conditions


def row_of(settings: Settings, name: str, account_id: str) -> dict[str, Any] | None:
    """What is told of one account; None where it does not pay."""
    rows = fetch(settings, name, f"{SHAPE} where r.account_id = $account_id", {"account_id": account_id})
    return rows.row(0, named=True) if rows.height else None
