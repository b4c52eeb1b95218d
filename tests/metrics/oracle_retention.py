"""Active accounts, stickiness and the cohort triangle."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from tests.metrics.oracle_calendar import Span, days
from tests.metrics.oracle_cells import Cell, account_spans, has_ended, ratio
from tests.metrics.oracle_facts import Seen, groups
from tests.metrics.oracle_revenue import Ledger


class CohortKey(NamedTuple):
    grain: str
    cohort_start: date
    dimension: str
    segment: str
    period_index: int


class CohortCell(NamedTuple):
    size: int
    retained: int
    complete: bool
    mrr_0: Decimal
    mrr_k: Decimal
    gross_mrr_k: Decimal


@dataclass(frozen=True)
class Activity:
    """account → the local days on which it showed engagement, at or after it was created."""

    seen: Seen
    active_days: dict[str, list[date]]  # in order

    @classmethod
    def of(cls, seen: Seen) -> "Activity":
        names = seen.rules.engagement_events
        return cls(
            seen,
            {
                key: sorted(
                    seen.day_of(event.at)
                    for event in seen.events[key]
                    if event.at >= account["created_at"] and (not names or event.name in names)
                )
                for key, account in seen.accounts.items()
            },
        )

    def count(self, accounts: list[str], first: date, last: date) -> int:
        """Distinct accounts active on any day from `first` to `last`."""
        return sum(self.is_active(key, first, last) for key in accounts)

    def is_active(self, key: str, first: date, last: date) -> bool:
        found = self.active_days[key]
        after = bisect_left(found, first)
        return after < len(found) and found[after] <= last


def retention_cells(activity: Activity, span: Span, accounts: list[str]) -> Iterator[tuple[str, Cell]]:
    seen = activity.seen
    ended = has_ended(seen, span)
    yield "active_accounts", Cell(activity.count(accounts, span.start, span.last_day), complete=ended)
    last = min(span.last_day, seen.day_of(seen.as_of))
    first = last - timedelta(days=27)
    daily = [activity.count(accounts, day, day) for day in days(first, last)]
    yield "stickiness", ratio(sum(daily) / 28, activity.count(accounts, first, last), ended)


def cohorts_table(seen: Seen) -> dict[CohortKey, CohortCell]:
    ledger, activity = Ledger.of(seen), Activity.of(seen)
    table: dict[CohortKey, CohortCell] = {}
    for dimension, segment, accounts in groups(seen):
        for grain in ("week", "month"):
            periods = account_spans(seen, grain)
            for start, cohort in enumerate(periods):
                members = [
                    key for key in accounts if cohort.has(seen.day_of(seen.accounts[key]["created_at"]))
                ]
                for index, span in enumerate(periods[start:] if members else []):
                    key = CohortKey(grain, cohort.start, dimension, segment, index)
                    table[key] = cohort_cell(ledger, activity, members, cohort, span)
    return table


def cohort_cell(
    ledger: Ledger, activity: Activity, members: list[str], cohort: Span, span: Span
) -> CohortCell:
    at_first = {key: ledger.at_end(key, cohort) for key in members}
    at_last = {key: ledger.at_end(key, span) for key in members}
    return CohortCell(
        size=len(members),
        retained=activity.count(members, span.start, span.last_day),
        complete=has_ended(ledger.seen, span),
        mrr_0=sum(at_first.values(), Decimal(0)),
        mrr_k=sum(at_last.values(), Decimal(0)),
        gross_mrr_k=sum((min(at_first[key], at_last[key]) for key in members), Decimal(0)),
    )
