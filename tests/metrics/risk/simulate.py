"""A company whose hazard is known: accounts use, fail to pay and leave by a law that is written down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

START = datetime(2023, 1, 2)
PLANS = ("starter", "team", "scale")
PRICES = np.array([29.0, 99.0, 299.0])
REGIONS = ("north", "south")
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Simulated:
    """The facts by shape; `hazard`: of each account on each day, the probability to leave on it."""

    facts: dict[str, pl.DataFrame]
    hazard: Numbers  # day, account; nan while it does not pay
    left: NDArray[np.int64]  # the day on which an account left, or far beyond the last
    days: int

    def write(self, folder: Path, until: datetime | None = None) -> Path:
        """The facts as files; with `until`, those stamped before it."""
        folder.mkdir(parents=True, exist_ok=True)
        stamps = {"accounts": "created_at", "events": "occurred_at", "subscription_changes": "effective_at",
                  "payments": "attempted_at", "tickets": "opened_at"}  # fmt: skip
        for shape, rows in self.facts.items():
            kept = rows.filter(pl.col(stamps[shape]) < until) if until else rows
            kept.write_parquet(folder / f"{shape}.parquet")
        return folder

    def outcome(self, day: int) -> tuple[NDArray[np.int64], Numbers, Numbers]:
        """Who pays as a day begins, the hazard then, and who had left thirty days on."""
        paying = np.flatnonzero(~np.isnan(self.hazard[day]))
        return paying, self.hazard[day, paying], (self.left[paying] < day + 30).astype(float)


def name_of(number: int) -> str:
    return f"a{number:06d}"


def at(day: int, seconds: float = 0.0) -> datetime:
    return START + timedelta(days=day, seconds=seconds)


def simulate(
    seed: int, *, accounts: int = 1200, days: int = 480, signal: float = 1.0, rate: float = 0.0016
) -> Simulated:
    """Accounts sign up over the first two thirds of the time, and leave by a hazard of what they did before.

    `signal`: how much what they do says; with 0 everybody leaves at the same rate, whatever they do.
    """
    random = np.random.default_rng(seed)
    begin = np.sort(random.integers(0, days * 2 // 3, accounts))
    plan, region = random.integers(0, 3, accounts), random.integers(0, 2, accounts)
    mood = random.normal(0, 1, accounts)
    done = np.zeros((days, accounts), dtype=bool)
    failed = np.zeros((days, accounts), dtype=bool)
    hazard = np.full((days, accounts), np.nan)
    left = np.full(accounts, 10**6)
    for day in range(days):
        pays = (begin < day) & (left >= day)
        recent, before = done[max(day - 14, 0) : day].sum(axis=0), done[max(day - 28, 0) : day].sum(axis=0)
        trouble = failed[max(day - 30, 0) : day].sum(axis=0)
        tenure = day - begin
        law = (
            -0.22 * (recent - 4) - 0.05 * (before - 8) + 1.1 * trouble + 0.5 * (plan == 0) - 0.4 * (plan == 2)
            + 0.6 * (tenure < 60) - 0.3
        )  # fmt: skip
        chance = np.clip(rate * np.exp(signal * law), 0, 0.3)
        hazard[day, pays] = chance[pays]
        gone = pays & (random.random(accounts) < chance)
        left[gone] = day
        mood = 0.985 * mood + 0.172 * random.normal(0, 1, accounts)
        present = (begin <= day) & (left >= day)
        done[day] = present & (random.random(accounts) < 1 / (1 + np.exp(0.9 - 1.3 * mood)))
        failed[day] = pays & ~gone & (tenure % 30 == 0) & (random.random(accounts) < 0.12)
    return Simulated(facts_of(random, begin, left, plan, region, done, failed), hazard, left, days)


def facts_of(  # noqa: PLR0917
    random: np.random.Generator, begin: NDArray[np.int64], left: NDArray[np.int64],
    plan: NDArray[np.int64], region: NDArray[np.int64], done: NDArray[np.bool_], failed: NDArray[np.bool_],
) -> dict[str, pl.DataFrame]:  # fmt: skip
    ids = [name_of(n) for n in range(len(begin))]
    days = len(done)
    # who leaves on a day does so as it begins, so that all else of that day comes after
    accounts = pl.DataFrame(
        {
            "account_id": ids,
            "created_at": [at(int(b), 30_000) for b in begin],
            "plan": [PLANS[p] for p in plan],
            "region": [REGIONS[r] for r in region],
        }
    )
    starts = pl.DataFrame(
        {
            "subscription_id": [f"s{name}" for name in ids],
            "account_id": ids,
            "effective_at": [at(int(b), 36_000) for b in begin],
            "mrr": PRICES[plan],
            "plan": [PLANS[p] for p in plan],
            "status": ["active"] * len(ids),
        }
    )
    gone = np.flatnonzero(left < days)
    ends = starts[gone].with_columns(
        pl.Series("effective_at", [at(int(left[n]), 600) for n in gone]), pl.lit("canceled").alias("status")
    )
    day, who = np.nonzero(done)
    seconds = random.integers(40_000, 80_000, len(day))
    events = pl.DataFrame(
        {
            "account_id": [ids[n] for n in who],
            "occurred_at": [at(int(d), int(s)) for d, s in zip(day, seconds, strict=True)],
            "name": np.where(random.random(len(day)) < 0.3, "first_action", "opened").tolist(),
        }
    )
    bad_day, bad = np.nonzero(failed)
    payments = pl.DataFrame(
        {
            "payment_id": [f"p{n}" for n in range(len(bad))],
            "invoice_id": [f"i{n}" for n in range(len(bad))],
            "account_id": [ids[n] for n in bad],
            "attempted_at": [at(int(d), 45_000) for d in bad_day],
            "amount": PRICES[plan[bad]],
            "outcome": ["failed"] * len(bad),
        },
        schema_overrides={"attempted_at": pl.Datetime("us")},
    )
    return {
        "accounts": accounts,
        "events": events,
        "subscription_changes": pl.concat([starts, ends]),
        "payments": payments,
    }
