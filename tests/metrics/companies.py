"""Small random companies that hold every awkward case of METRICS.md, the same for the same seed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.metrics.companies_clock import Clock
from tests.metrics.oracle_facts import Arrival, Rules

SEGMENTS = [("plan", "region", "channel"), ("plan",), ("region", "industry"), ()]
STEPS = [
    ("welcome_seen", "value_demonstrated", "first_action"),
    ("welcome_seen", "value_demonstrated", "first_action"),
    ("first_action",),
    ("sign in", "pay"),
    ("e", "d", "c", "b"),
]
OTHER_EVENTS = ["login", "Login", "export", "a 'quoted' name", "żółć"]
PLANS = ["basic", "pro", "all", None, None]
REGIONS = ["EU", "US", '"north", west', "(none)", None]
INDUSTRIES = ["1", "retail", "NULL", None]
STATUSES = ["active"] * 6 + [None, None, "past_due", "past_due", "trialing", "paused", "canceled", "canceled"]
CURRENCIES = [None, None, None, "USD", "EUR", "EUR", "GBP", "JPY"]
MICROSECOND = timedelta(microseconds=1)
TWO_YEARS = 730 * 86_400 * 10**6


@dataclass
class Row:
    """A row of a file: parsed values, or one cell that cannot be read. The salt fixes how it is written."""

    values: dict[str, Any]
    salt: int
    bad: tuple[str, str] | None = None


@dataclass
class Batch:
    """A folder that is imported at once; a refresh at `as_of` follows it."""

    source: str
    zone: str
    as_of: datetime
    rows: dict[str, list[Row]] = field(default_factory=dict)


@dataclass
class Company:
    seed: int
    rules: Rules
    batches: list[Batch]

    def arrivals(self, up_to: int) -> list[Arrival]:
        """The good rows of the batches up to and including this one, as the oracle takes them."""
        return [
            Arrival(batch.source, shape, row.values)
            for batch in self.batches[: up_to + 1]
            for shape, rows in batch.rows.items()
            for row in rows
            if row.bad is None
        ]


def make_company(seed: int) -> Company:
    return Maker(Random(seed), seed).company()


class Maker:
    def __init__(self, rng: Random, seed: int) -> None:
        self.rng = rng
        self.seed = seed
        self.clock = Clock(rng)
        self.rules = self.make_rules()
        self.rows: list[tuple[str, datetime, Row]] = []

    def company(self) -> Company:
        batches = self.make_batches()
        self.clock.marks += [batch.as_of for batch in batches]
        for number in range(self.rng.choice([0, 1, 2, 2, 4, 4, 6, 6, 9, 9, 9, 40])):
            self.add_account(f"{self.rng.choice(['a', 'a', 'A-', '00', ''])}{number + 1}")
        if self.rng.random() < 0.5:
            self.add_facts("ghost", self.clock.moment())
        self.add_rates()
        self.add_bad_rows()
        for shape, at, row in self.rows:
            self.deliver(batches, shape, at, row)
        for batch in batches:
            self.arrange(batch)
        return Company(self.seed, self.rules, batches)

    def make_rules(self) -> Rules:
        choose = self.rng.choice
        steps = choose(STEPS)
        return Rules(
            timezone=self.clock.zone,
            week_start=choose(["monday", "monday", "sunday", "saturday", "wednesday"]),
            base_currency=choose(["USD", "USD", "USD", "EUR"]),
            segments=choose(SEGMENTS),
            steps=steps,
            within_days=choose([7, 7, 1, 3, 14, 30]),
            value_events=choose([(steps[-1],), ("export",), ("export", "login", steps[0])]),
            engagement_events=choose([(), (), ("login",), ("login", "export", steps[0])]),
        )

    def make_batches(self) -> list[Batch]:
        zones = ["UTC", "UTC", self.clock.zone, "America/New_York", "Europe/Warsaw"]
        source, zone, count = "files", self.rng.choice(zones), self.rng.choice([1, 1, 2, 3])
        batches = [Batch(source, zone, self.clock.as_of()) for _ in range(count)]
        if self.rng.random() < 0.2:
            batches[-1].source, batches[-1].zone = "crm", self.rng.choice(zones)
        if self.rng.random() < 0.7:
            for batch, as_of in zip(batches, sorted(batch.as_of for batch in batches), strict=True):
                batch.as_of = as_of
        return batches

    def add(self, shape: str, at: datetime, **values: Any) -> None:
        self.rows.append((shape, at, Row(values, self.salt())))

    def salt(self) -> int:
        return self.rng.randrange(10**9)

    def add_account(self, account_id: str) -> None:
        choose, created_at = self.rng.choice, self.clock.moment()
        more: dict[str, Any] = {"plan": choose(PLANS), "region": choose(REGIONS)}
        if "industry" in self.rules.segments:
            more["industry"] = choose(INDUSTRIES)
        if self.rng.random() < 0.4:
            more["channel"] = choose(["ads", "referral", None])
        self.add("accounts", created_at, account_id=account_id, created_at=created_at, **more)
        self.add_facts(account_id, created_at)

    def add_facts(self, account_id: str, created_at: datetime) -> None:
        for number in range(self.rng.choice([0, 0, 1, 4, 8, 14])):
            self.add_event(account_id, created_at, number)
        if self.rng.random() < 0.6:
            self.add_steps(account_id, created_at)
        for number in range(self.rng.choice([0, 1, 1, 2, 3])):
            self.add_subscription(account_id, f"{account_id}-s{number}")

    def add_event(self, account_id: str, created_at: datetime, number: int) -> None:
        name = self.rng.choice([*self.rules.steps * 2, *self.rules.value_events, *OTHER_EVENTS])
        at = self.event_time(created_at)
        event_id = self.rng.choice([None, f"{account_id}/{number}"])
        self.add("events", at, event_id=event_id, account_id=account_id, occurred_at=at, name=name)

    def add_steps(self, account_id: str, created_at: datetime) -> None:
        """The whole onboarding, its last step near the end of the window."""
        for number, name in enumerate(self.rules.steps):
            last = number == len(self.rules.steps) - 1
            at = self.window_end(created_at) if last else self.event_time(created_at)
            event_id = f"{account_id}/step{number}"
            self.add("events", at, event_id=event_id, account_id=account_id, occurred_at=at, name=name)

    def window_end(self, created_at: datetime) -> datetime:
        edge = self.rng.choice([0, 0, -1, -1, 1, -3_600_000_000])
        return created_at + timedelta(days=self.rules.within_days) + edge * MICROSECOND

    def event_time(self, created_at: datetime) -> datetime:
        ways: list[Callable[[], datetime]] = [
            lambda: created_at + self.rng.choice([0, 0, -1, 1, -TWO_YEARS, TWO_YEARS]) * MICROSECOND,
            lambda: self.window_end(created_at),
            lambda: created_at + timedelta(seconds=self.rng.randrange(40 * 86_400)),
            lambda: created_at + timedelta(seconds=self.rng.randrange(5 * 86_400)),
            self.clock.moment,
        ]
        return self.rng.choice(ways)()

    def add_subscription(self, account_id: str, subscription_id: str) -> None:
        taken: list[datetime] = []
        for _ in range(self.rng.choice([0, 1, 2, 4, 7])):
            at = self.rng.choice(taken) if taken and self.rng.random() < 0.25 else self.clock.moment()
            taken.append(at)
            self.add_change(account_id, subscription_id, at)
        if self.rng.random() < 0.3:
            own = self.rng.choice([subscription_id, f"{subscription_id}-span"])
            self.add_spans(account_id, own, taken)

    def add_change(self, account_id: str, subscription_id: str, at: datetime) -> None:
        self.add(
            "subscription_changes",
            at,
            subscription_id=subscription_id,
            account_id=account_id,
            effective_at=at,
            mrr=self.money(),
            status=self.rng.choice(STATUSES),
            currency=self.rng.choice(CURRENCIES),
            plan=self.rng.choice(PLANS),
        )

    def add_spans(self, account_id: str, subscription_id: str, taken: list[datetime]) -> None:
        ends: list[datetime] = []
        for _ in range(self.rng.choice([1, 1, 2, 3])):
            follows = ends and self.rng.random() < 0.6
            started_at = self.rng.choice(ends) if follows else self.clock.moment()
            ended_at = self.rng.choice([None, started_at, self.clock.moment(), self.clock.moment()])
            if started_at in taken or ended_at in taken:
                continue  # which of two files is later is nowhere said
            ends += [ended_at] if ended_at else []
            self.add(
                "subscriptions",
                started_at,
                subscription_id=subscription_id,
                account_id=account_id,
                started_at=started_at,
                ended_at=ended_at,
                mrr=self.money(),
                status=self.rng.choice([None, None, "active", "canceled", "trialing", "past_due"]),
                currency=self.rng.choice(CURRENCIES),
            )

    def money(self) -> Decimal:
        whole = self.rng.choice([0, 10, 10, 20, 99, self.rng.randrange(1000), self.rng.randrange(10**8)])
        return Decimal(whole) + self.rng.choice([0, 0, 5000, self.rng.randrange(10_000)]) * Decimal("0.0001")

    def add_rates(self) -> None:
        for currency in ("EUR", "GBP", "USD"):
            for _ in range(self.rng.choice([0, 1, 3, 6])):
                day = self.clock.day(before=10)
                rate = Decimal(self.rng.choice([50_000, 15_005, self.rng.randrange(1, 3 * 10**6)])) / 10**5
                at = datetime.combine(day, datetime.min.time())
                self.add("fx_rates", at, date=day, currency=currency, rate=rate)

    def add_bad_rows(self) -> None:
        good = [entry for entry in self.rows if self.rng.random() < 0.03]
        for shape, at, row in good:
            column, text = self.rng.choice(BAD_CELLS[shape])
            self.rows.append((shape, at, Row(dict(row.values), self.salt(), (column, text))))

    def deliver(self, batches: list[Batch], shape: str, at: datetime, row: Row) -> None:
        """Put the row into a batch, late perhaps, and a repeat of it into the same or a later one."""
        due = [number for number, batch in enumerate(batches) if at <= batch.as_of]
        number = due[0] if due and self.rng.random() < 0.7 else self.rng.randrange(len(batches))
        batches[number].rows.setdefault(shape, []).append(row)
        if row.bad is None and self.rng.random() < 0.2:
            again = self.rng.randrange(number, len(batches))
            batches[again].rows.setdefault(shape, []).append(self.repeat(shape, row))

    def repeat(self, shape: str, row: Row) -> Row:
        """The same row again, or another with the same id."""
        values = dict(row.values)
        if self.rng.random() < 0.5 and shape == "accounts":
            values |= {"created_at": self.clock.moment(), "plan": "repeated"}
        if self.rng.random() < 0.5 and shape == "events" and values["event_id"] is not None:
            values |= {"occurred_at": self.clock.moment(), "name": self.rng.choice(self.rules.steps)}
        if self.rng.random() < 0.5 and shape == "fx_rates":
            values |= {"rate": Decimal(7)}
        return Row(values, self.salt())

    def arrange(self, batch: Batch) -> None:
        batch.rows.setdefault("accounts", [])
        for rows in batch.rows.values():
            if self.rng.random() < 0.8:
                self.rng.shuffle(rows)


BAD_CELLS = {
    "accounts": [
        ("account_id", ""),
        ("created_at", ""),
        ("created_at", "yesterday"),
        ("created_at", "1823-01-01"),
    ],
    "events": [
        ("account_id", ""),
        ("name", ""),
        ("occurred_at", "2024-13-01T00:00:00Z"),
        ("occurred_at", ""),
    ],
    "subscription_changes": [("mrr", "10,5"), ("mrr", ""), ("status", "unknown"), ("effective_at", "soon")],
    "subscriptions": [("mrr", "a lot"), ("started_at", ""), ("ended_at", "never"), ("status", "gone")],
    "fx_rates": [("rate", "1,5"), ("date", "2024-02-30"), ("currency", ""), ("rate", "")],
}
