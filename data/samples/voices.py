"""What the accounts say: survey answers, reasons for leaving, tickets, and the rewards they take."""

import numpy as np
import polars as pl

from data.samples import stories
from data.samples.billing import Invoices
from data.samples.clock import (
    DAY,
    HOUR,
    NEVER,
    Floats,
    Ints,
    column,
    numbered,
    office_seconds,
    text,
    when_awake,
)
from data.samples.scenario import Scenario
from data.samples.signups import Signups
from data.samples.subscriptions import ACTIVE, CANCELED, PAST_DUE, Lives
from data.samples.world import World

SURVEY_DAYS = 90
REASONS = (
    "price",
    "missing_feature",
    "hard_to_use",
    "support",
    "reliability",
    "no_longer_needed",
    "switched",
)
LEAVING = np.array([0.24, 0.2, 0.18, 0.06, 0.08, 0.16, 0.08])
WORDS = {
    "low": (
        "We never got past the set-up.",
        "Too many clicks for a simple report.",
        "It was slow all week and nobody told us why.",
        "The price went up and the value did not.",
    ),
    "middle": (
        "Does the job, could be quicker.",
        "Reports are fine, the export needs work.",
        "Good, but only two of us use it.",
        "We are still finding our way around.",
    ),
    "high": (
        "Saves me an hour every Monday.",
        "The team lives in the dashboards now.",
        "Support answered in ten minutes, thank you.",
        "We found out why trials stalled. Worth every cent.",
    ),
}
LEVELS = tuple(WORDS)
FAREWELLS = (
    "It costs more than it brings us.",
    "We need row-level permissions.",
    "The team did not take to it.",
    "Two tickets stayed open for a week.",
    "It was down when we needed it.",
    "The project it was for has ended.",
    "We moved to an in-house solution.",
)
SUBJECTS = (
    "How do I invite a colleague?",
    "Export is missing a column",
    "Dashboard loads slowly",
    "Question about the last invoice",
    "Integration stopped syncing",
    "Can we have single sign-on?",
    "Guided tour does not load",
    "Card was declined",
)
TOUR, CARD = 6, 7
PRIORITIES = ("low", "normal", "high", "urgent")
REWARDS = ("A month free", "Ten extra seats for a month", "Training session", "Early access")


def feedback(world: World) -> pl.DataFrame:
    """The shape `feedback`: a survey every 90 days, and a word from some who leave."""
    chance = world.scenario.random("feedback")
    rows = pl.concat([_surveys(chance, world), _farewells(chance, world.lives)])
    rows = rows.filter(pl.col("at") < world.scenario.end).sort("at", "account")
    return rows.select(
        numbered("fb", len(rows), 5).alias("feedback_id"),
        world.signups.ids.gather(rows["account"]).alias("account_id"),
        column(rows["at"].to_numpy()).alias("given_at"),
        pl.col("score"),
        pl.col("sentiment"),
        pl.col("reason"),
        pl.col("text"),
    )


def _surveys(chance: np.random.Generator, world: World) -> pl.DataFrame:
    scenario, signups = world.scenario, world.signups
    age = np.arange(scenario.today)[:, None] - (signups.at // DAY - scenario.first_day)
    asked = (age > 0) & (age % SURVEY_DAYS == 40) & (_own(world) == ACTIVE)
    day, account = np.nonzero(asked & (chance.random(asked.shape) < 0.38))
    feeling = world.health[day // 7, account] + chance.normal(0.0, 0.7, len(day))
    score = np.clip(np.round(7.6 + 1.7 * feeling), 0, 10)
    level = np.searchsorted([6.5, 8.5], score)
    words = np.array([WORDS[name] for name in LEVELS], dtype=object)[level, chance.integers(0, 4, len(day))]
    reason = np.where(level == 0, chance.integers(0, 5, len(day)), -1)
    at = (scenario.first_day + day) * DAY + 9 * HOUR + chance.integers(0, 30 * HOUR, len(day))
    at = when_awake(at, signups.offset[account], chance.random(len(day)))
    given = {"account": account, "at": at}
    return _answers(chance, given, score, text(REASONS, reason), pl.Series(words.tolist(), dtype=pl.String))


def _farewells(chance: np.random.Generator, lives: Lives) -> pl.DataFrame:
    rows = lives.changes
    leaves = (rows["status"] == CANCELED) & (chance.random(len(rows["at"])) < 0.4)
    account = lives.account[rows["subscription"][leaves]]
    reason = np.searchsorted(np.cumsum(LEAVING), chance.random(len(account)) * LEAVING.sum())
    at = rows["at"][leaves] + chance.integers(30, 900, len(account))
    score = chance.integers(0, 7, len(account)).astype(np.float64)
    return _answers(
        chance, {"account": account, "at": at}, score, text(REASONS, reason), text(FAREWELLS, reason)
    )


def _answers(
    chance: np.random.Generator, given: dict[str, Ints], score: Floats, reason: pl.Series, words: pl.Series
) -> pl.DataFrame:
    sentiment = np.clip((score - 6.2) / 4.5 + chance.normal(0.0, 0.15, len(score)), -1, 1).round(2)
    return pl.DataFrame(
        {
            **given,
            "score": score.astype(np.int64),
            "sentiment": sentiment,
            "reason": reason,
            "text": words,
        }
    )


def _own(world: World) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    """The status of each account's own subscription, by day, up to yesterday."""
    return world.lives.status[: world.scenario.today, : len(world.signups)]


def tickets(world: World, issued: Invoices) -> pl.DataFrame:
    """The shape `tickets`."""
    scenario, signups = world.scenario, world.signups
    chance = scenario.random("tickets")
    opened = [
        _usual(chance, world),
        _tour(scenario, chance, signups),
        _cards(chance, issued),
    ]
    account, at, subject = (np.concatenate(part) for part in zip(*opened, strict=True))
    order = np.lexsort((account, at))
    order = order[at[order] < scenario.end]
    account, at, subject = account[order], at[order], subject[order]
    closed = at + (5 * HOUR * np.exp(chance.normal(0.0, 1.2, len(at)))).astype(np.int64) + 300
    rated = (closed < scenario.end) & (chance.random(len(at)) < 0.4)
    stars = np.clip(
        np.round(5.2 - 0.45 * np.log((closed - at) / HOUR) + chance.normal(0, 0.8, len(at))), 1, 5
    )
    return pl.DataFrame({"ticket_id": numbered("tic", len(at), 5)}).select(
        "ticket_id",
        signups.ids.gather(account).alias("account_id"),
        column(at).alias("opened_at"),
        column(closed, until=scenario.end).alias("closed_at"),
        text(PRIORITIES, np.searchsorted([0.2, 0.78, 0.95], chance.random(len(at)))).alias("priority"),
        pl.Series(np.where(rated, stars, -1).astype(np.int64)).replace(-1, None).alias("satisfaction"),
        text(SUBJECTS, subject).alias("subject"),
    )


Opened = tuple[Ints, Ints, Ints]


def _usual(chance: np.random.Generator, world: World) -> Opened:
    scenario, signups, status = world.scenario, world.signups, _own(world)
    often = np.where((status == ACTIVE) | (status == PAST_DUE), 0.006, np.where(status == 0, 0.012, 0.0))
    day, account = np.nonzero(chance.random(status.shape) < often * (1 + signups.plan))
    local = office_seconds(chance.random(len(day))) - signups.offset[account] * HOUR
    at = (scenario.first_day + day) * DAY + local % DAY
    late = at > signups.at[account]
    return account[late], at[late], chance.integers(0, TOUR, len(day))[late]


def _tour(scenario: Scenario, chance: np.random.Generator, signups: Signups) -> Opened:
    hit = stories.during(signups.at, stories.release(scenario.now)) & (chance.random(len(signups)) < 0.3)
    account = np.flatnonzero(hit)
    at = signups.at[account] + chance.integers(600, 5 * HOUR, len(account))
    return account, at, np.full(len(account), TOUR)


def _cards(chance: np.random.Generator, issued: Invoices) -> Opened:
    failed = np.flatnonzero((issued.failures > 0) & (chance.random(len(issued.at)) < 0.25))
    at = issued.at[failed] + chance.integers(2 * HOUR, 40 * HOUR, len(failed))
    return issued.account[failed], at, np.full(len(failed), CARD)


def redemptions(world: World) -> pl.DataFrame:
    """The shape `redemptions`: points for recommending the product, spent now and then."""
    scenario, signups, status = world.scenario, world.signups, _own(world)
    chance = scenario.random("redemptions")
    day, account = np.nonzero((status == ACTIVE) & (chance.random(status.shape) < 0.0009))
    local = office_seconds(chance.random(len(day))) - signups.offset[account] * HOUR
    reward = chance.integers(0, len(REWARDS), len(day))
    frame = pl.DataFrame({"redemption_id": numbered("red", len(day), 4)}).select(
        "redemption_id",
        signups.ids.gather(account).alias("account_id"),
        column((scenario.first_day + day) * DAY + local % DAY, until=NEVER).alias("redeemed_at"),
        pl.Series(np.array([500, 300, 200, 100])[reward]).alias("points"),
        text(REWARDS, reward).alias("reward"),
    )
    return frame.sort("redeemed_at", "redemption_id")
