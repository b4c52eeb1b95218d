"""How the accounts come to see the value: three steps, most within hours, some never."""

from dataclasses import dataclass

import numpy as np

from data.samples import stories
from data.samples.clock import HOUR, MINUTE, NEVER, WEEK, Bools, Floats, Ints, evenly, when_awake
from data.samples.market import BUSINESS, EUROPE, PARTNER, STARTER
from data.samples.scenario import Scenario
from data.samples.signups import Signups

# For each step: log-odds of ever taking it, the median delay after the step before, its spread.
ODDS = (2.9, 1.1, 1.5)
MEDIAN = (4 * MINUTE, 50 * MINUTE, 2 * HOUR)
SPREAD = (1.3, 1.5, 1.6)
# Multiples of these fill a cube evenly (Roberts's sequence, from the root of x^4 = x + 1).
TURNS = (0.8191725133961645, 0.6710436067037893, 0.5497004779019703)
# Share of those who miss a step and take the next one all the same.
SKIPPING = (0.3, 0.45)


@dataclass(frozen=True)
class Onboarding:
    """When each account took each step; `NEVER` where it did not."""

    welcome: Ints
    value: Ints
    action: Ints
    is_activated: Bools

    @property
    def steps(self) -> tuple[Ints, Ints, Ints]:
        return self.welcome, self.value, self.action


def onboard(scenario: Scenario, signups: Signups) -> Onboarding:
    chance = scenario.random("onboarding")
    created = signups.at
    takes = [_takes(scenario, signups, step) for step in range(3)]
    welcome = np.where(takes[0], _later(chance, scenario, signups, 0, created), NEVER)
    may = (welcome < NEVER) | (chance.random(len(signups)) < SKIPPING[0])
    value = np.where(takes[1] & may, _later(chance, scenario, signups, 1, _since(welcome, created)), NEVER)
    may = (value < NEVER) | (chance.random(len(signups)) < SKIPPING[1])
    action = np.where(takes[2] & may, _later(chance, scenario, signups, 2, _since(value, created)), NEVER)
    last = np.maximum(np.maximum(welcome, value), action)
    return Onboarding(welcome, value, action, last < created + WEEK)


def _since(before: Ints, created: Ints) -> Ints:
    return np.where(before < NEVER, before, created)


def _takes(scenario: Scenario, signups: Signups, step: int) -> Bools:
    odds = ODDS[step] + _fit(signups) + _stories(scenario, signups, step)
    takes: Bools = evenly(scenario.seed, len(signups), TURNS[step]) < 1 / (1 + np.exp(-odds))
    return takes


def _later(chance: np.random.Generator, scenario: Scenario, signups: Signups, step: int, since: Ints) -> Ints:
    slower = np.where(stories.during(signups.at, stories.release(scenario.now)), stories.RELEASE_SLOWER, 1.0)
    delay = MEDIAN[step] * slower * np.exp(SPREAD[step] * chance.normal(0.0, 1.0, len(since)))
    return when_awake(since + delay.astype(np.int64) + 15, signups.offset, chance.random(len(since)))


def _fit(signups: Signups) -> Floats:
    fit: Floats = (
        0.45 * signups.quality
        + 0.3 * (signups.channel == PARTNER)
        - 0.25 * (signups.channel == 1)
        + 0.2 * (signups.plan == BUSINESS)
        - 0.1 * (signups.plan == STARTER)
    )
    return fit


def _stories(scenario: Scenario, signups: Signups, step: int) -> Floats:
    worse = np.zeros(len(signups))
    if step == 1:
        worse += stories.RELEASE_WORSE * stories.during(signups.at, stories.release(scenario.now))
    if step == 2:
        stalled = (signups.plan == STARTER) & (signups.region == EUROPE)
        worse += stories.STALL_WORSE * stalled * stories.progress(signups.at, stories.stall(scenario.now))
    return -worse
