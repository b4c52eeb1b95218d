"""Accounts that sign up while the demo is watched, and what becomes of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from data.samples import market, names
from data.samples.clock import DAY, HOUR, MINUTE, NEVER, Bools, Floats, Ints, column, money, text
from data.samples.luck import choice, delay, luck
from data.samples.market import CHANNELS, CURRENCIES, FEATURES, PLANS, REGIONS, STARTER, STEPS
from data.samples.onboarding import MEDIAN, SPREAD
from data.samples.subscriptions import ACTIVE, CANCELED, STATUSES, TRIAL_DAYS, TRIALING

# One sign-up in 18 seconds for the first 20 minutes, then ever fewer, down to what the company is used to.
LIVELY, EASES_AFTER, USUAL = 1 / 18, 20 * MINUTE, 6 / DAY
REMEMBERED = (TRIAL_DAYS + 1) * DAY  # how long a newcomer's life is followed
STEP_SHARE = (0.93, 0.74, 0.84)
VISITS = 6

Moment = tuple[str, pl.DataFrame]  # a shape, and its rows with the second `at` at which each happens


@dataclass(frozen=True)
class Newcomers:
    """Newcomers by position: what they are, and when they do what, all by the second they came in."""

    seed: int
    at: Ints
    plan: Ints
    region: Ints
    seats: Ints
    currency: Ints
    steps: tuple[Ints, Ints, Ints]
    buys: Ints
    gives_up: Ints
    grows: Ints
    leaves: Ints

    @property
    def ids(self) -> pl.Series:
        return pl.Series("account_id", [f"acc-new-{at}" for at in self.at.tolist()], dtype=pl.String)


@lru_cache(maxsize=2_000)
def arrivals(seed: int, born: int, hour: int) -> Ints:
    """The seconds of an hour, counted since 1970, in which somebody signs up."""
    second = np.arange(hour * HOUR, (hour + 1) * HOUR + 1)
    so_far = _count(np.maximum(second - born, 0))
    # One in each step of the count, anywhere in it: neither mechanical nor ever long in coming.
    number = np.arange(int(so_far[0]), int(so_far[-1]) + 1)
    reached = np.searchsorted(so_far, number + luck(seed, "sign-up", number))
    return np.unique(second[reached[(reached > 0) & (reached < len(second))]])


def _count(age: Ints) -> Floats:
    """How many have signed up at an age of the demo."""
    fast = np.minimum(age, EASES_AFTER)
    eased = EASES_AFTER * np.log(np.maximum(age, EASES_AFTER) / EASES_AFTER)
    count: Floats = LIVELY * (fast + eased) + USUAL * age
    return count


def newcomers(seed: int, born: int, until: int) -> Newcomers:
    """Those who came before `until` and whose life is still followed."""
    first = max(born, until - REMEMBERED)
    at = np.concatenate([arrivals(seed, born, hour) for hour in range(first // HOUR, until // HOUR + 1)])
    return live(seed, at[at < until])


def live(seed: int, at: Ints) -> Newcomers:
    plan, region = (
        choice(seed, "plan", at, market.PLAN_SHARE),
        choice(seed, "region", at, market.REGION_SHARE),
    )
    low, high = np.array(market.SEATS)[plan].T
    steps = _steps(seed, at)
    buys = _buys(seed, at, steps[2])
    leaves = _after(seed, "leaves", buys, 0.07, 2 * DAY)
    grows = np.where(leaves < NEVER, NEVER, _after(seed, "grows", buys, 0.2, 2 * HOUR))
    return Newcomers(
        seed=seed,
        at=at,
        plan=plan,
        region=region,
        seats=low + ((high - low + 1) * luck(seed, "seats", at) ** 2).astype(np.int64),
        currency=np.where(region == market.EUROPE, 1, market.USD),
        steps=steps,
        buys=buys,
        gives_up=np.where(buys < NEVER, NEVER, at + TRIAL_DAYS * DAY),
        grows=grows,
        leaves=leaves,
    )


def _steps(seed: int, at: Ints) -> tuple[Ints, Ints, Ints]:
    took, since = np.ones(len(at), dtype=bool), at
    taken = []
    for step, share, median, spread in zip(STEPS, STEP_SHARE, MEDIAN, SPREAD, strict=True):
        took = took & (luck(seed, step, at) < share)
        since = since + delay(seed, f"{step} after", at, median=median, spread=spread)
        taken.append(np.where(took, since, NEVER))
    return taken[0], taken[1], taken[2]


def _buys(seed: int, at: Ints, action: Ints) -> Ints:
    """Some buy soon after their first action, some at the end of the trial."""
    ends = at + TRIAL_DAYS * DAY
    soon = _after(seed, "buys", action, 0.45, 15 * MINUTE)
    later = np.where((action < ends) & (luck(seed, "buys in the end", at) < 0.4), ends, NEVER)
    return np.where(soon < ends, soon, later)


def _after(seed: int, question: str, since: Ints, share: float, median: int) -> Ints:
    happens = (since < NEVER) & (luck(seed, question, since) < share)
    wait = delay(seed, f"{question} after", since, median=median, spread=1.0)
    return np.where(happens, since + wait, NEVER)


def moments(those: Newcomers) -> Iterator[Moment]:
    """All that the newcomers do, each with its second."""
    yield "accounts", _accounts(those)
    yield from (("events", _events(those, step, at)) for step, at in zip(STEPS, those.steps, strict=True))
    yield from (("events", _visits(those, visit)) for visit in range(VISITS))
    yield "subscription_changes", _change(those, "trialing", those.at, TRIALING)
    yield "subscription_changes", _change(those, "bought", those.buys, ACTIVE)
    yield "subscription_changes", _change(those, "given up", those.gives_up, CANCELED)
    yield "subscription_changes", _change(those, "grown", those.grows, ACTIVE)
    yield "subscription_changes", _change(those, "left", those.leaves, CANCELED)
    yield from _first_bill(those)


def _accounts(those: Newcomers) -> pl.DataFrame:
    number = (luck(those.seed, "name", those.at) * names.ENOUGH_NEW).astype(np.int64).tolist()
    firms = [names.firm(k, trades=names.NEW_TRADES) for k in number]
    people = (luck(those.seed, "person", those.at) * names.PEOPLE).astype(np.int64).tolist()
    emails = [names.address(root, trade, who) for (root, trade), who in zip(firms, people, strict=True)]
    channel = choice(those.seed, "channel", those.at, market.CHANNEL_SHARE)
    return pl.DataFrame(
        {
            "at": those.at,
            "account_id": those.ids,
            "created_at": column(those.at),
            "name": pl.Series([f"{root} {trade}" for root, trade in firms], dtype=pl.String),
            "email": pl.Series(emails, dtype=pl.String),
            "plan": text(PLANS, those.plan),
            "region": text(REGIONS, those.region),
            "channel": text(CHANNELS, channel),
            "currency": text(CURRENCIES, those.currency),
        }
    )


def _events(those: Newcomers, name: str, at: Ints) -> pl.DataFrame:
    return pl.DataFrame({"at": at, "account_id": those.ids}).with_columns(
        ("ev-" + pl.col("account_id") + f"-{name}").alias("event_id"),
        column(at).alias("occurred_at"),
        pl.lit(name).alias("name"),
        ("user-" + pl.col("account_id").str.slice(4) + "-1").alias("user_id"),
    )


def _visits(those: Newcomers, visit: int) -> pl.DataFrame:
    """One of the first uses after the welcome."""
    feature = FEATURES[visit % len(FEATURES)]
    at = _after(those.seed, f"visit {visit}", those.steps[0], 0.7, (visit + 1) * 10 * MINUTE)
    return _events(those, feature, at)


def _change(those: Newcomers, what: str, at: Ints, status: int) -> pl.DataFrame:
    seats = those.seats + (2 if what == "grown" else 0)
    # Somebody on Starter grows into Team: it has no seats to add.
    plan = np.where((what == "grown") & (those.plan == STARTER), market.TEAM, those.plan)
    monthly = np.zeros(len(at), dtype=np.int64)
    return pl.DataFrame({"at": at, "account_id": those.ids}).select(
        "at",
        ("sub-" + pl.col("account_id").str.slice(4)).alias("subscription_id"),
        "account_id",
        column(at).alias("effective_at"),
        money(market.monthly(plan, seats, monthly, those.currency)).alias("mrr"),
        text(PLANS, plan).alias("plan"),
        pl.lit(STATUSES[status]).alias("status"),
        text(CURRENCIES, those.currency).alias("currency"),
        column(_renews(at, status)).alias("renews_at"),
        pl.Series(seats).alias("quantity"),
    )


def _renews(at: Ints, status: int) -> Ints:
    after = {TRIALING: TRIAL_DAYS * DAY, ACTIVE: 30 * DAY}.get(status, NEVER)
    return np.where(at < NEVER, at + after, NEVER)


def _first_bill(those: Newcomers) -> Iterator[Moment]:
    """The first invoice, paid at once or, after a failed card, a few minutes later."""
    fails = luck(those.seed, "card fails", those.at) < 0.12
    tried = np.where(those.buys < NEVER, those.buys + 5, NEVER)
    again = np.where(fails & (tried < NEVER), tried + 4 * MINUTE, NEVER)
    no_year = np.zeros(len(those.at), dtype=np.int64)
    amount = money(market.monthly(those.plan, those.seats, no_year, those.currency))
    frame = pl.DataFrame({"account_id": those.ids, "amount": amount}).with_columns(
        ("inv-" + pl.col("account_id").str.slice(4)).alias("invoice_id")
    )
    paid = np.where(fails, NEVER, tried)
    yield "invoices", _invoice(those, frame, tried, paid)
    yield "invoice_lines", _line(frame, tried)
    yield "payments", _payment(frame, tried, 1, fails)
    yield "payments", _payment(frame, again, 2, np.zeros_like(fails))


def _invoice(those: Newcomers, frame: pl.DataFrame, tried: Ints, paid: Ints) -> pl.DataFrame:
    issued = np.where(tried < NEVER, tried - 5, NEVER)
    return frame.with_columns(
        pl.Series("at", tried),
        column(issued).alias("issued_at"),
        column(np.where(issued < NEVER, issued + 7 * DAY, NEVER)).alias("due_at"),
        text(CURRENCIES, those.currency).alias("currency"),
        ("sub-" + pl.col("account_id").str.slice(4)).alias("subscription_id"),
        column(paid).alias("paid_at"),
    )


def _line(frame: pl.DataFrame, tried: Ints) -> pl.DataFrame:
    return frame.select(
        pl.Series("at", tried),
        (pl.col("invoice_id") + "-recurring").alias("line_id"),
        "invoice_id",
        pl.lit("recurring").alias("kind"),
        "amount",
        pl.lit("subscription").alias("category"),
    )


def _payment(frame: pl.DataFrame, tried: Ints, attempt: int, fails: Bools) -> pl.DataFrame:
    return frame.select(
        pl.Series("at", tried),
        ("pay-" + pl.col("invoice_id").str.slice(4) + f"-{attempt}").alias("payment_id"),
        "invoice_id",
        "account_id",
        column(tried).alias("attempted_at"),
        "amount",
        text(("succeeded", "failed"), fails.astype(np.int64)).alias("outcome"),
        text(("card_declined",), np.where(fails, 0, -1)).alias("decline_code"),
        pl.lit("schedule" if attempt == 1 else "customer").alias("initiated_by"),
    )
