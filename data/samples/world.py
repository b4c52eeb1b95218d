"""Everybody and everything of one made-up company, before it is written down."""

from dataclasses import dataclass

from data.samples.clock import Floats
from data.samples.health import weeks_of_health
from data.samples.onboarding import Onboarding, onboard
from data.samples.scenario import Scenario
from data.samples.signups import Signups, sign_up
from data.samples.subscriptions import Lives, Walk


@dataclass(frozen=True, eq=False)
class World:
    scenario: Scenario
    signups: Signups
    onboarding: Onboarding
    health: Floats
    lives: Lives


def play(scenario: Scenario) -> World:
    """Let the company live from its first day to `now`, and a little beyond."""
    signups = sign_up(scenario)
    onboarding = onboard(scenario, signups)
    health = weeks_of_health(scenario, signups, onboarding)
    return World(scenario, signups, onboarding, health, Walk(scenario, signups, onboarding, health).live())
