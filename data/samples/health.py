"""How much the accounts are taken with the product, week by week: it drives their use, and who leaves."""

import numpy as np

from data.samples.clock import Floats
from data.samples.onboarding import Onboarding
from data.samples.scenario import Scenario
from data.samples.signups import Signups

MEMORY = 0.9  # of one week's health that is left in the next


def weeks_of_health(scenario: Scenario, signups: Signups, onboarding: Onboarding) -> Floats:
    """Health by week and account, around 0 with a spread of about 1; it wanders, and comes back."""
    chance = scenario.random("health")
    home = 0.5 * signups.quality + np.where(onboarding.is_activated, 0.3, -0.4)
    away = chance.normal(0.0, 0.85, len(signups))
    weeks = np.empty((scenario.days // 7 + 1, len(signups)))
    for week in range(len(weeks)):
        away = MEMORY * away + chance.normal(0.0, 0.37, len(signups))
        weeks[week] = home + away
    return weeks
