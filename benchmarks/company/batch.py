"""What comes in after the past: events, a fifth of them late, and the sign-ups and changes between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from benchmarks.company.history import CHANNELS, PLANS, PRICES, REGIONS, STEPS, USAGE, Company
from data.unify.rows import Rows

LATE = 0.2
LATE_SECONDS = 90 * 86_400.0
ARRIVE_WITHIN = 20.0  # seconds over which a batch happened, but for what is late
ONBOARDING = 200  # of so many events one is a step of onboarding
SIGNED_UP, CHANGED, DESCRIBED = 2_000, 500, 1_000  # so many events go with one of these


@dataclass(frozen=True)
class Batch:
    """So many events that came in until `until`; the number makes its ids and its luck its own."""

    company: Company
    number: int
    events: int
    until: datetime

    def rows(self) -> list[Rows]:
        luck = np.random.default_rng([7, self.number])
        made = {
            "accounts": self.accounts(),
            "account_updates": self.updates(luck),
            "subscription_changes": self.changes(luck),
            "events": self.all_events(luck),
        }
        return [Rows(shape, frame, f"batch {self.number}") for shape, frame in made.items()]

    def few(self, every: int) -> int:
        return max(1, self.events // every)

    def when(self, luck: np.random.Generator, count: int) -> np.ndarray:
        """Seconds since the company began: just now, or late."""
        ago: np.ndarray = np.where(luck.random(count) < LATE, LATE_SECONDS, ARRIVE_WITHIN) * luck.random(
            count
        )
        return (self.until - self.company.begin).total_seconds() - ago

    def there(self, seconds: np.ndarray) -> np.ndarray:
        """How many accounts there were then."""
        return np.minimum(self.company.accounts, 1 + (seconds / self.company.signup_every).astype(int))

    def ids(self, numbers: np.ndarray, letter: str) -> pl.Series:
        return f"{letter}{self.number}-" + pl.Series(numbers).cast(pl.String)

    def all_events(self, luck: np.random.Generator) -> pl.DataFrame:
        """Everyday events of all accounts; steps of those that signed up in the days before."""
        seconds = self.when(luck, self.events)
        is_step = luck.random(self.events) < 1 / ONBOARDING
        anybody = 1 + (self.there(seconds) * luck.random(self.events) ** 2).astype(int)
        days = luck.exponential(np.where(luck.random(self.events) < 0.1, 30.0, 1.0))
        newcomer = self.there(np.maximum(0, seconds - days * 86_400))
        names = np.where(is_step, luck.choice(STEPS, self.events), luck.choice(USAGE, self.events))
        return pl.DataFrame(
            {
                "event_id": self.ids(np.arange(self.events), "e"),
                "account_id": account_ids(np.where(is_step, newcomer, anybody)),
                "occurred_at": self.stamps(seconds),
                "name": names,
            }
        )

    def accounts(self) -> pl.DataFrame:
        numbers = np.arange(self.few(SIGNED_UP))
        since = (self.until - self.company.begin).total_seconds() - ARRIVE_WITHIN * numbers / len(numbers)
        return pl.DataFrame(
            {
                "account_id": self.ids(numbers, "n"),
                "created_at": self.stamps(since),
                "plan": cycled(PLANS, numbers),
                "region": cycled(REGIONS, numbers),
                "channel": cycled(CHANNELS, numbers),
            }
        )

    def updates(self, luck: np.random.Generator) -> pl.DataFrame:
        """Accounts that are on another plan from now on."""
        count = self.few(DESCRIBED)
        return pl.DataFrame(
            {
                "account_id": account_ids(luck.integers(1, self.company.accounts + 1, count)),
                "updated_at": self.stamps(self.when(luck, count)),
                "plan": luck.choice(PLANS, count),
            }
        )

    def changes(self, luck: np.random.Generator) -> pl.DataFrame:
        count = self.few(CHANGED)
        account = luck.integers(1, self.company.accounts + 1, count)
        return pl.DataFrame(
            {
                "subscription_id": "s" + pl.Series(account).cast(pl.String),
                "account_id": account_ids(account),
                "effective_at": self.stamps(self.when(luck, count)),
                "mrr": luck.choice(PRICES, count).astype(str),
                "status": luck.choice(["active", "canceled"], count, p=[0.9, 0.1]),
            }
        )

    def stamps(self, seconds: np.ndarray) -> pl.Series:
        """Seconds since the company began, as texts with an offset."""
        span = pl.Series((seconds * 1e6).astype("int64")).cast(pl.Duration("us"))
        return (span + self.company.begin).dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ")


def after(company: Company, number: int, events: int) -> Batch:
    """The batch of that number: they come one after the other from the end of the past on."""
    return Batch(company, number, events, company.end + timedelta(seconds=ARRIVE_WITHIN * number))


def account_ids(numbers: np.ndarray) -> pl.Series:
    return "a" + pl.Series(numbers).cast(pl.String)


def cycled(texts: Sequence[str], numbers: np.ndarray) -> list[str]:
    return [texts[number % len(texts)] for number in numbers]
