"""SQL for the accounts behind a cell."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.explore.activity import Activity
from metrics.explore.statement import Statement, bound


@dataclass(frozen=True)
class Place:
    """A cell. `segment`: None for the groups that are not among the `named` ones."""

    cohort_start: date
    index: int
    segment: str | None = "all"
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class Members(Activity):
    """A row an account: who it is, its first day, and what of it counted in the period."""

    def of(self, place: Place) -> Statement:
        is_of = "segment = $segment" if place.segment is not None else "not list_contains($named, segment)"
        find = {"accounts": self.active, "events": self.events}.get(self.question.measure, self.money)
        sql = f"""{self.started("account.account_id")},
{find(place.index)}
select
    found.account_id,
    account_state.name,
    found.start_day,
    found.segment,
    found.* exclude (account_id, start_day, segment, cohort_start),
    account_state.last_active_day,
    account_state.mrr
from found
left join account_state on account_state.account_id = found.account_id
where found.cohort_start = $first_cohort and {is_of}
order by all"""
        return bound(sql, self.parameters | self.placed(place))

    def placed(self, place: Place) -> dict[str, Any]:
        if place.segment is not None:
            return {"segment": place.segment}
        return {"named": list(place.named)}

    def active(self, index: int) -> str:
        own = self.question.clock == "own" and bool(self.bit_columns())
        tables = self.own_words("account_id") if own else []
        tables.append(f"""found as (
    select account_id, start_day, segment, cohort_start, {self.is_active(index)} as is_active
    from {"own" if own else "started"}
)""")
        return ",\n".join(tables)

    def money(self, index: int) -> str:
        return f"""{self.table("mrr")},
paid as (
    select
        started.account_key,
        sum(mrr.delta) filter ({self.index_of("mrr.day")} = 0) as mrr_0,
        sum(mrr.delta) filter ({self.index_of("mrr.day")} <= {index}) as mrr_k
    from mrr
    join started on started.account_key = mrr.account_key
    where mrr.day <= $today
    group by started.account_key
),
found as (
    select
        started.account_id,
        started.start_day,
        started.segment,
        started.cohort_start,
        cast(coalesce(paid.mrr_0, 0) as decimal(18, 4)) as mrr_0,
        cast(coalesce(paid.mrr_k, 0) as decimal(18, 4)) as mrr_k
    from started
    left join paid on paid.account_key = started.account_key
)"""

    def events(self, index: int) -> str:
        return f"""{self.done()},
counted_events as (
    select started.account_key, cast(sum(done.events) as bigint) as events
    from done
    join started on started.account_key = done.account_key
    where {self.counts()} and {self.index_of("done.day")} = {index}
    group by started.account_key
),
found as (
    select
        started.account_id,
        started.start_day,
        started.segment,
        started.cohort_start,
        coalesce(counted_events.events, 0) as events
    from started
    left join counted_events on counted_events.account_key = started.account_key
)"""
