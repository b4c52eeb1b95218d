"""What the company writes to its accounts, and what they do with it."""

import numpy as np
import polars as pl

from data.samples.billing import Invoices
from data.samples.clock import DAY, HOUR, MINUTE, NEVER, Bools, Ints, column, numbered, text, when_awake
from data.samples.onboarding import Onboarding
from data.samples.scenario import Scenario
from data.samples.signups import Signups
from data.samples.subscriptions import ACTIVE, TRIAL_DAYS, Lives
from data.samples.world import World

CAMPAIGNS = (
    "onboarding_welcome",
    "onboarding_value",
    "onboarding_action",
    "trial_ending",
    "renewal_notice",
    "payment_failed",
    "product_news",
)
WELCOME, VALUE, ACTION, ENDING, RENEWAL, FAILED, NEWS = range(len(CAMPAIGNS))
WAYS = ("email", "in_app")
OPENED = np.array([0.62, 0.48, 0.4, 0.52, 0.66, 0.71, 0.31])
CLICKED = np.array([0.4, 0.3, 0.24, 0.27, 0.2, 0.45, 0.12])
UNSUBSCRIBED = np.array([0.002, 0.004, 0.005, 0.002, 0.0, 0.0, 0.008])


def messages(world: World, issued: Invoices) -> pl.DataFrame:
    """The shape `messages`."""
    scenario, signups = world.scenario, world.signups
    chance = scenario.random("messages")
    sent = [
        *_onboarding(signups, world.onboarding),
        *_billing(issued),
        _news(scenario, world.lives, len(signups)),
    ]
    campaign = np.concatenate([np.full(len(account), which) for which, account, _ in sent])
    account = np.concatenate([account for _, account, _ in sent])
    at = np.concatenate([at for _, _, at in sent])
    at = when_awake(at, signups.offset[account], chance.random(len(account)))
    order = np.lexsort((campaign, account, at))
    order = order[at[order] < scenario.end]
    return _frame(chance, world, campaign[order], account[order], at[order])


Sent = tuple[int, Ints, Ints]


def _onboarding(signups: Signups, onboarding: Onboarding) -> list[Sent]:
    def unless(done: Ints, which: int, after: int) -> Sent:
        waiting = np.flatnonzero(done > signups.at + after)
        return which, waiting, signups.at[waiting] + after

    everyone = np.arange(len(signups))
    return [
        (WELCOME, everyone, signups.at + 90),
        unless(onboarding.value, VALUE, 26 * HOUR),
        unless(onboarding.action, ACTION, 4 * DAY),
        (ENDING, everyone, signups.at + (TRIAL_DAYS - 3) * DAY),
    ]


def _billing(issued: Invoices) -> list[Sent]:
    renewals = np.flatnonzero((issued.annual == 1) & _is_repeated(issued.subscription))
    missed = np.flatnonzero(issued.failures > 0)
    return [
        (RENEWAL, issued.account[renewals], issued.at[renewals] - 14 * DAY),
        (FAILED, issued.account[missed], issued.at[missed] + HOUR + MINUTE),
    ]


def _is_repeated(subscription: Ints) -> Bools:
    repeated = np.ones(len(subscription), dtype=bool)
    repeated[np.unique(subscription, return_index=True)[1]] = False
    return repeated


def _news(scenario: Scenario, lives: Lives, accounts: int) -> Sent:
    """News of the product, every four weeks to everybody who pays."""
    days = np.arange(24, scenario.today, 28)
    issue, account = np.nonzero(lives.status[days][:, :accounts] == ACTIVE)
    return NEWS, account, (scenario.first_day + days[issue]) * DAY + 9 * HOUR + account % 600


def _frame(
    chance: np.random.Generator, world: World, campaign: Ints, account: Ints, at: Ints
) -> pl.DataFrame:
    signups, until = world.signups, world.scenario.end
    count = len(at)
    delivered = np.where(chance.random(count) < 0.985, at + chance.integers(2, 45, count), NEVER)
    likely = OPENED[campaign] * np.exp(0.12 * np.minimum(signups.quality[account], 2))
    opened = _later(chance, delivered, likely, 50 * MINUTE)
    clicked = _later(chance, opened, CLICKED[campaign], MINUTE)
    unsubscribed = _later(chance, opened, UNSUBSCRIBED[campaign], 2 * MINUTE)
    step = np.stack([*world.onboarding.steps, *[np.full(len(signups), NEVER)] * 4])[campaign, account]
    converted = np.where((step > clicked) & (step < clicked + 3 * DAY), step, NEVER)
    return pl.DataFrame({"message_id": numbered("msg", count, 6)}).select(
        "message_id",
        signups.ids.gather(account).alias("account_id"),
        column(at).alias("sent_at"),
        text(WAYS, ((campaign == NEWS) & (account % 3 == 0)).astype(np.int64)).alias("channel"),
        text(CAMPAIGNS, campaign).alias("campaign"),
        text(("a", "b"), np.where(campaign <= ENDING, account % 2, -1)).alias("variant"),
        column(delivered, until=until).alias("delivered_at"),
        column(opened, until=until).alias("opened_at"),
        column(clicked, until=until).alias("clicked_at"),
        column(converted, until=until).alias("converted_at"),
        column(unsubscribed, until=until).alias("unsubscribed_at"),
    )


def _later(chance: np.random.Generator, after: Ints, likely: np.ndarray, median: int) -> Ints:
    """When something follows what came before, if it does."""
    delay = 1 + (median * np.exp(1.4 * chance.normal(0.0, 1.0, len(after)))).astype(np.int64)
    follows = (after < NEVER) & (chance.random(len(after)) < likely)
    return np.where(follows, after + delay, NEVER)
