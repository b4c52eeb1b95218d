"""Who signs up, when, and with which attributes."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data.samples import clock, names, stories
from data.samples.clock import DAY, HOUR, MINUTE, WEEK, Floats, Ints, column, numbered, text
from data.samples.market import (
    CHANNEL_SHARE,
    CHANNELS,
    CURRENCIES,
    CURRENCY_SHARE,
    OWNERS,
    PARTNER,
    PLAN_SHARE,
    PLANS,
    REGION_SHARE,
    REGIONS,
    STARTER,
    ZONES,
    pick,
)
from data.samples.scenario import Scenario

GROWTH = 0.9  # log of how much faster they sign up at the end than at the start
# How each month compares with the year: summer and the holidays are slow.
SEASON = np.array([1.08, 1.04, 1.05, 1.0, 0.99, 0.97, 0.9, 0.88, 1.08, 1.06, 1.02, 0.8])


@dataclass(frozen=True)
class Signups:
    """The accounts, one position each, in the order in which they signed up."""

    at: Ints
    plan: Ints
    region: Ints
    channel: Ints
    currency: Ints
    offset: Ints  # hours ahead of UTC
    quality: Floats  # how well the product fits them; 0 is usual, 1 is one in six

    def __len__(self) -> int:
        return len(self.at)

    @property
    def ids(self) -> pl.Series:
        return numbered("acc", len(self), 5)


def sign_up(scenario: Scenario) -> Signups:
    chance = scenario.random("signups")
    count = scenario.accounts
    region = pick(chance.random(count), np.array(REGION_SHARE))
    offset = np.array(ZONES)[region, chance.integers(0, 4, count)]
    at = _instants(scenario, chance, offset)
    order = np.argsort(at, kind="stable")
    at, region, offset = at[order], region[order], offset[order]
    channel = pick(chance.random(count), _channel_share(scenario, at))
    return Signups(
        at=at,
        plan=pick(chance.random(count), np.array(PLAN_SHARE)),
        region=region,
        channel=channel,
        currency=pick(chance.random(count), np.array(CURRENCY_SHARE)[region]),
        offset=offset,
        quality=chance.normal(0.0, 1.0, count) + 0.55 * (channel == PARTNER),
    )


def _instants(scenario: Scenario, chance: np.random.Generator, offset: Ints) -> Ints:
    days = np.arange(scenario.today + 1)
    weights = _pace(scenario, days)
    day = pick_days(chance, weights, len(offset)) + scenario.first_day
    at = day * DAY + clock.office_seconds(chance.random(len(offset))) - offset * HOUR
    at = np.where(at < scenario.first_day * DAY, at + WEEK, at)
    return np.where(at >= scenario.end - MINUTE, at - WEEK, at)


def pick_days(chance: np.random.Generator, weights: Floats, count: int) -> Ints:
    return np.searchsorted(np.cumsum(weights) / weights.sum(), chance.random(count)).astype(np.int64)


def _pace(scenario: Scenario, days: Ints) -> Floats:
    """How many sign up on each day, as weights."""
    since_1970 = days + scenario.first_day
    month = since_1970.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    growth = np.exp(GROWTH * days / max(1, scenario.today))
    pace: Floats = growth * SEASON[month] * clock.WEEKDAYS[clock.weekday(since_1970)]
    return pace


def _channel_share(scenario: Scenario, at: Ints) -> Floats:
    grown = stories.progress(at, stories.partner_growth(scenario.now))
    share = np.tile(np.array(CHANNEL_SHARE), (len(at), 1))
    share[:, PARTNER] += grown * (stories.PARTNER_SHARE - CHANNEL_SHARE[PARTNER])
    share[:, :PARTNER] *= ((1 - share[:, PARTNER]) / (1 - CHANNEL_SHARE[PARTNER]))[:, None]
    return share


def accounts(scenario: Scenario, signups: Signups, plan_now: Ints) -> pl.DataFrame:
    """The shape `accounts`, as the company's own system would export it at the end."""
    chance = scenario.random("attributes")
    count = len(signups)
    company, email = names.companies(chance, count)
    missing = chance.random((3, count))
    unowned = (plan_now == STARTER) & (missing[2] < 0.7)
    owner = (signups.region + chance.integers(0, 3, count)) % len(OWNERS)
    return pl.DataFrame(
        {
            "account_id": signups.ids,
            "created_at": column(signups.at),
            "name": company,
            "email": pl.Series(email).set(pl.Series(missing[0] < 0.01), None),
            "plan": text(PLANS, plan_now),
            "region": text(REGIONS, np.where(missing[0] > 0.985, -1, signups.region)),
            "channel": text(CHANNELS, np.where(missing[1] < 0.03, -1, signups.channel)),
            "currency": text(CURRENCIES, signups.currency),
            "owner": text(OWNERS, np.where(unowned, -1, owner)),
        }
    )
