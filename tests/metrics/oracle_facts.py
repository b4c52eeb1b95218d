"""What arrived: the first fact wins, spans become changes, foreign money is converted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.metrics.oracle_calendar import local_date

Row = Mapping[str, Any]
FOUR_PLACES = Decimal("0.0001")
NONE = "(none)"


@dataclass(frozen=True)
class Rules:
    """The settings that METRICS.md names."""

    timezone: str = "UTC"
    week_start: str = "monday"
    base_currency: str = "USD"
    segments: tuple[str, ...] = ("plan", "region", "channel")
    steps: tuple[str, ...] = ("welcome_seen", "value_demonstrated", "first_action")
    within_days: int = 7
    value_events: tuple[str, ...] = ("first_action",)
    engagement_events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrival:
    """One good row of a file, its values already parsed; times are naive UTC."""

    source: str
    shape: str
    row: Row


@dataclass(frozen=True)
class Event:
    account_id: str
    at: datetime
    name: str


@dataclass(frozen=True)
class Change:
    account_id: str
    subscription_id: str
    at: datetime
    mrr: Decimal  # base currency
    status: str
    order: tuple[datetime, int, int]  # the last of equal instants wins; the end of a span gives way


@dataclass(frozen=True)
class Facts:
    """All that is known, whatever `as_of`."""

    accounts: dict[str, Row]
    events: list[Event]
    changes: list[Change]


@dataclass(frozen=True)
class Seen:
    """What is seen at `as_of`."""

    rules: Rules
    as_of: datetime
    accounts: dict[str, Row]
    events: dict[str, list[Event]]
    changes: dict[str, list[Change]]

    def day_of(self, instant: datetime) -> date:
        return local_date(self.rules.timezone, instant)


def read_facts(arrivals: Iterable[Arrival], rules: Rules) -> Facts:
    first = list(first_of_each(arrivals))
    rates = [arrival.row for arrival in first if arrival.shape == "fx_rates"]
    return Facts(
        accounts=read_accounts(first),
        events=[
            Event(a.row["account_id"], a.row["occurred_at"], a.row["name"])
            for a in first
            if a.shape == "events"
        ],
        changes=[change for row in state_rows(first) for change in converted(row, rates, rules)],
    )


def first_of_each(arrivals: Iterable[Arrival]) -> Iterator[Arrival]:
    """The first fact with a given (source, id) wins."""
    known = set()
    for arrival in arrivals:
        identity = (arrival.source, arrival.shape, identity_of(arrival.shape, arrival.row))
        if identity not in known:
            known.add(identity)
            yield arrival


def identity_of(shape: str, row: Row) -> tuple[Any, ...]:
    if shape == "accounts":
        return (row["account_id"],)
    if shape == "events" and row.get("event_id") is not None:
        return (row["event_id"],)
    if shape == "fx_rates":
        return (row["date"], row["currency"])
    return tuple(sorted((name, value) for name, value in row.items() if value is not None))


def read_accounts(first: list[Arrival]) -> dict[str, Row]:
    """The account of an id is the row that came first, whichever source it came from."""
    accounts: dict[str, Row] = {}
    for arrival in first:
        if arrival.shape == "accounts":
            accounts.setdefault(arrival.row["account_id"], arrival.row)
    return accounts


@dataclass(frozen=True)
class State:
    """The state of a subscription from an instant on, its money still foreign."""

    row: Row
    at: datetime
    status: str
    ends_span: bool
    sequence: int


def state_rows(first: list[Arrival]) -> Iterator[State]:
    for sequence, arrival in enumerate(first):
        row = arrival.row
        if arrival.shape == "subscription_changes":
            yield State(row, row["effective_at"], row.get("status") or "active", False, sequence)
        if arrival.shape == "subscriptions":
            yield from span_states(row, sequence)


def span_states(row: Row, sequence: int) -> Iterator[State]:
    """A row at the start, one with status canceled at the end; a span of no length has only its end."""
    started_at, ended_at = row["started_at"], row.get("ended_at")
    status = row.get("status") or "active"
    if ended_at is not None and ended_at > started_at and status == "canceled":
        status = "active"
    if ended_at is None or ended_at > started_at:
        yield State(row, started_at, status, False, sequence)
    if ended_at is not None and ended_at >= started_at:
        yield State(row, ended_at, "canceled", True, sequence)


def converted(state: State, rates: list[Row], rules: Rules) -> Iterator[Change]:
    """The change in the base currency; nothing where no rate is known on or before its local day."""
    day = local_date(rules.timezone, state.at)
    rate = rate_on(day, state.row.get("currency") or rules.base_currency, rates, rules)
    if rate is not None:
        yield Change(
            account_id=state.row["account_id"],
            subscription_id=state.row["subscription_id"],
            at=state.at,
            mrr=four_places(four_places(state.row["mrr"]) * rate),
            status=state.status,
            order=(state.at, 0 if state.ends_span else 1, state.sequence),
        )


def rate_on(day: date, currency: str, rates: list[Row], rules: Rules) -> Decimal | None:
    if currency == rules.base_currency:
        return Decimal(1)
    usable = [rate for rate in rates if rate["currency"] == currency and rate["date"] <= day]
    return max(usable, key=lambda rate: rate["date"])["rate"] if usable else None


def four_places(amount: Decimal) -> Decimal:
    return amount.quantize(FOUR_PLACES, ROUND_HALF_UP)


def seen_at(facts: Facts, rules: Rules, as_of: datetime) -> Seen:
    accounts = {key: row for key, row in facts.accounts.items() if row["created_at"] <= as_of}
    return Seen(
        rules=rules,
        as_of=as_of,
        accounts=accounts,
        events={key: [e for e in facts.events if e.account_id == key and e.at <= as_of] for key in accounts},
        changes={
            key: [c for c in facts.changes if c.account_id == key and c.at <= as_of] for key in accounts
        },
    )


def groups(seen: Seen) -> Iterator[tuple[str, str, list[str]]]:
    """Every (dimension, segment) and the accounts in it."""
    yield "all", "all", sorted(seen.accounts)
    for dimension in seen.rules.segments:
        segment_of = {key: row.get(dimension) or NONE for key, row in seen.accounts.items()}
        for segment in sorted(set(segment_of.values())):
            yield dimension, segment, sorted(key for key in segment_of if segment_of[key] == segment)
