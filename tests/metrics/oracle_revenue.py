"""MRR of every account on every local day, its movements, and what is made of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tests.metrics.oracle_calendar import GRAINS, ONE_DAY, Span, days, midnight
from tests.metrics.oracle_cells import Cell, has_ended, rate, ratio, spans_from
from tests.metrics.oracle_facts import Change, Seen, groups

PAYING = ("active", "past_due")
KINDS = ("new", "reactivation", "expansion", "contraction", "churned")
ZERO = Decimal(0)


class MovementKey(NamedTuple):
    grain: str
    period_start: date
    dimension: str
    segment: str


class MovementCell(NamedTuple):
    opening: Decimal
    new: Decimal
    reactivation: Decimal
    expansion: Decimal
    contraction: Decimal
    churned: Decimal
    closing: Decimal
    complete: bool


@dataclass(frozen=True)
class Ledger:
    """account → local day → MRR at its end, and the movement of that day."""

    seen: Seen
    first: date | None
    mrr: dict[str, dict[date, Decimal]]
    movements: dict[str, dict[date, tuple[str, Decimal]]]

    @classmethod
    def of(cls, seen: Seen) -> "Ledger":
        changes = [change for rows in seen.changes.values() for change in rows]
        if not changes:
            return cls(seen, None, {}, {})
        first = seen.day_of(min(change.at for change in changes))
        every_day = days(first, seen.day_of(seen.as_of))
        mrr = {key: {day: mrr_on(seen, key, day) for day in every_day} for key in seen.accounts}
        return cls(seen, first, mrr, {key: movements_of(mrr[key]) for key in mrr})

    def spans(self, grain: str) -> list[Span]:
        return [] if self.first is None else spans_from(self.seen, self.first, grain)

    def on(self, key: str, day: date) -> Decimal:
        """MRR at the end of a day: 0 before the first change, as at `as_of` on the last day."""
        return self.mrr.get(key, {}).get(day, ZERO)

    def at_end(self, key: str, span: Span) -> Decimal:
        return self.on(key, min(span.last_day, self.seen.day_of(self.seen.as_of)))

    def moved(self, accounts: list[str], span: Span, kind: str) -> Decimal:
        return sum(
            (
                amount
                for key in accounts
                for day, (found, amount) in self.movements.get(key, {}).items()
                if found == kind and span.has(day)
            ),
            ZERO,
        )


def mrr_on(seen: Seen, key: str, day: date) -> Decimal:
    """Σ mrr of the states in force just before the next local midnight, and not after `as_of`."""
    end = midnight(seen.rules.timezone, day + ONE_DAY)
    in_force: dict[str, Change] = {}
    for change in sorted(seen.changes[key], key=lambda change: change.order):
        if change.at < end:
            in_force[change.subscription_id] = change
    return sum((change.mrr for change in in_force.values() if change.status in PAYING), ZERO)


def movements_of(mrr: dict[date, Decimal]) -> dict[date, tuple[str, Decimal]]:
    """The movement of each day on which the account's MRR differs from the day before."""
    found: dict[date, tuple[str, Decimal]] = {}
    before, had_some = ZERO, False
    for day, now in sorted(mrr.items()):
        if now != before:
            found[day] = (kind_of(before, now, had_some), now - before)
        before, had_some = now, had_some or now > 0
    return found


def kind_of(before: Decimal, now: Decimal, had_some: bool) -> str:
    if before == 0:
        return "reactivation" if had_some else "new"
    if now == 0:
        return "churned"
    return "expansion" if now > before else "contraction"


def revenue_cells(ledger: Ledger, span: Span, accounts: list[str]) -> Iterator[tuple[str, Cell]]:
    ended = has_ended(ledger.seen, span)
    opening = {key: ledger.on(key, span.start - ONE_DAY) for key in accounts}
    closing = {key: ledger.at_end(key, span) for key in accounts}
    mrr = sum(closing.values(), ZERO)
    paying = sum(amount > 0 for amount in closing.values())
    yield "mrr", Cell(mrr, complete=ended)
    yield "paying_accounts", Cell(paying, complete=ended)
    yield "arpa", ratio(mrr, paying, ended)
    yield from retention_ratios(opening, closing, ended)
    moved = {kind: ledger.moved(accounts, span, kind) for kind in KINDS}
    assert sum(opening.values(), ZERO) + sum(moved.values(), ZERO) == mrr
    for kind, amount in moved.items():
        yield f"{kind}_mrr", Cell(amount, complete=ended)
    gained = moved["new"] + moved["reactivation"] + moved["expansion"]
    yield "quick_ratio", ratio(gained, -(moved["contraction"] + moved["churned"]), ended)


def retention_ratios(
    opening: dict[str, Decimal], closing: dict[str, Decimal], ended: bool
) -> Iterator[tuple[str, Cell]]:
    """Net, gross and logo retention of the accounts that paid at the end of the day before the period."""
    before = [key for key in opening if opening[key] > 0]
    base = sum((opening[key] for key in before), ZERO)
    kept = sum((closing[key] for key in before), ZERO)
    gross = sum((min(opening[key], closing[key]) for key in before), ZERO)
    yield "net_revenue_retention", ratio(kept, base, ended)
    yield "gross_revenue_retention", ratio(gross, base, ended)
    yield "logo_churn_rate", rate(sum(closing[key] == 0 for key in before), len(before), ended)


def movements_table(seen: Seen) -> dict[MovementKey, MovementCell]:
    ledger = Ledger.of(seen)
    table: dict[MovementKey, MovementCell] = {}
    for dimension, segment, accounts in groups(seen):
        for grain in GRAINS:
            for span in ledger.spans(grain):
                moved = [ledger.moved(accounts, span, kind) for kind in KINDS]
                opening = sum((ledger.on(key, span.start - ONE_DAY) for key in accounts), ZERO)
                closing = sum((ledger.at_end(key, span) for key in accounts), ZERO)
                key = MovementKey(grain, span.start, dimension, segment)
                table[key] = MovementCell(
                    opening, moved[0], moved[1], moved[2], moved[3], moved[4], closing, has_ended(seen, span)
                )
    return table
