"""What the accounts that were there before do while the demo is watched."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import polars as pl

from data.samples import billing, market, usage
from data.samples.clock import DAY, HOUR, MINUTE, NEVER, Bools, Floats, Ints, column, money, text, weekday
from data.samples.luck import bell, choice, luck
from data.samples.market import CURRENCIES, FEATURE_SHARE, FEATURES, PLANS
from data.samples.newcomers import Moment
from data.samples.subscriptions import ACTIVE, CANCELED, PAST_DUE, STATUSES, TRIALING
from data.samples.world import World

SLOTS = 5  # places for events in each second
LIVELY = 0.5  # share of the places that are filled while somebody watches: 2.5 events a second
USUAL = 0.005  # and in a stretch that nobody watched: about 2,000 events a day
HERE = np.array([0.55, 0.57, 0.55, 0.54, 0.48, 0.12, 0.1])  # share of the accounts that work on a weekday
# Some of the settled ones grow, shrink or leave out of turn, most of them soon after the demo was made.
TURNS_SHARE, TURNS_SOON, TURNS_FOLDS = 0.6, 6 * MINUTE, 7.0


def to_come(world: World) -> Iterator[Moment]:
    """What the company would have done anyway: trials that end, bills, retries, steps, rates."""
    issued = billing.invoices_of(world)
    yield "subscription_changes", _timed(billing.changes(world), "effective_at")
    yield "subscription_changes", out_of_turn(world)
    yield "payments", _timed(billing.payments(world, issued), "attempted_at")
    yield "fx_rates", _timed(billing.fx_rates(world.scenario), "date")
    yield "events", _timed(usage.steps(world, until=NEVER), "occurred_at")
    # An invoice arrives with its first attempt, and so knows how that one went.
    tried = issued.at + HOUR
    paid = column(np.where(issued.failures == 0, tried, NEVER))
    bills = billing.invoices(world, issued).drop("voided_at", "disputed_at", "refunded_amount")
    bills = bills.with_columns(paid.alias("paid_at"), pl.Series("at", tried))
    yield "invoices", bills
    yield "invoice_lines", billing.lines(issued).join(bills.select("invoice_id", "at"), on="invoice_id")


def _timed(frame: pl.DataFrame, time: str) -> pl.DataFrame:
    return frame.with_columns(pl.col(time).cast(pl.Datetime("us")).dt.epoch("s").alias("at"))


def out_of_turn(world: World) -> pl.DataFrame:
    """Changes beside the company's plan, for accounts that have none before them."""
    who, seed = settled(world), world.scenario.seed
    who = who[luck(seed, "out of turn", who) < TURNS_SHARE]
    wait = TURNS_SOON * np.expm1(luck(seed, "out of turn after", who) * TURNS_FOLDS) + 20
    at = world.scenario.end + wait.astype(np.int64)
    kind = choice(seed, "out of turn how", who, (0.68, 0.18, 0.14))
    plan, seats = _last(world, "plan")[who], _last(world, "seats")[who]
    some = np.maximum(1, seats // 5)
    seats = np.maximum(1, seats + np.select([kind == 0, kind == 1], [some, -some], 0))
    plan = np.where((kind == 0) & (plan == market.STARTER), market.TEAM, plan)
    currency = world.signups.currency[who]
    price = market.monthly(plan, seats, np.zeros_like(plan), currency)
    return pl.DataFrame(
        {
            "at": at,
            "subscription_id": billing.subscription_ids(world.lives, who),
            "account_id": world.signups.ids.gather(who),
            "effective_at": column(at),
            "mrr": money(price),
            "plan": text(PLANS, plan),
            "status": text(STATUSES, np.where(kind == 2, CANCELED, ACTIVE)),
            "currency": text(CURRENCIES, currency),
            "quantity": seats,
        }
    )


def settled(world: World) -> Ints:
    """Accounts that pay by the month and for which nothing is planned."""
    rows, count = world.lives.changes, len(world.signups)
    to_come = rows["subscription"][rows["at"] >= world.scenario.end]
    planned = np.isin(np.arange(count), to_come)
    is_settled = (_last(world, "status") == ACTIVE) & (_last(world, "annual") == 0) & ~planned
    return np.flatnonzero(is_settled)


def _last(world: World, name: str) -> Ints:
    """What each account's own subscription was last, before the demo was made."""
    rows, count = world.lives.changes, len(world.signups)
    past = (rows["subscription"] < count) & (rows["at"] < world.scenario.end)
    last = np.full(count, -1, dtype=np.int64)
    last[rows["subscription"][past]] = rows[name][past]
    return last


def use(world: World, since: int, until: int, share: float) -> Moment:
    """Product use in `[since, until)`; `share` of the places are filled."""
    place = np.arange(since * SLOTS, until * SLOTS)
    seed = world.scenario.seed
    place = place[luck(seed, "used", place) < share]
    parts = [_day_of_use(world, day, place[place // (SLOTS * DAY) == day]) for day in _days(since, until)]
    return "events", pl.concat(parts)


def _days(since: int, until: int) -> range:
    return range(since // DAY, (until - 1) // DAY + 1)


def _day_of_use(world: World, day: int, place: Ints) -> pl.DataFrame:
    who, reach = _working(world, day)
    seed, signups = world.scenario.seed, world.signups
    account = who[np.searchsorted(reach, luck(seed, "by whom", place) * reach[-1])]
    people = usage.PEOPLE[signups.plan[account]]
    user = 1 + (people * luck(seed, "by which of them", place) ** 2).astype(np.int64)
    feature = choice(seed, "what", place, tuple(FEATURE_SHARE.tolist()))
    frame = usage.frame(signups.ids.gather(account), place // SLOTS, text(FEATURES, feature), user, {})
    name = ("ev-live-" + pl.Series(place).cast(pl.String)).alias("event_id")
    return frame.drop("value", "properties").with_columns(name, pl.Series("at", place // SLOTS))


@lru_cache(maxsize=4)
def _working(world: World, day: int) -> tuple[Ints, Floats]:
    """Who works on a day, and up to where each one's share of the day's use reaches."""
    seed = world.scenario.seed
    row = min(max(day - world.scenario.first_day, 0), len(world.lives.status) - 1)
    status = world.lives.status[row, : len(world.signups)]
    number = np.arange(len(status))
    here = luck(seed, f"works on {day}", number) < HERE[int(weekday(day))]
    is_live: Bools = np.isin(status, (TRIALING, ACTIVE, PAST_DUE)) & (world.signups.at < day * DAY)
    who = np.flatnonzero(is_live & here) if (is_live & here).any() else number[:1]
    return who, np.cumsum(usage.PACE[world.signups.plan[who]] * np.exp(0.6 * bell(seed, "habit", who)))
