"""Which kind of model a company has: decided by how many accounts have left, nothing else."""

from typing import Literal

Rung = Literal["bands", "rule", "ridge"]
RULE_FROM, RIDGE_FROM, CHALLENGE_FROM = 30, 150, 500


def rung_of(churned: int) -> Rung:
    """Under 30, bands and no probability; under 150, the rule, scaled; from there on, ridge regression."""
    if churned < RULE_FROM:
        return "bands"
    return "rule" if churned < RIDGE_FROM else "ridge"


def is_challenged(churned: int) -> bool:
    """Whether there is enough to learn from for boosted trees to stand against the ridge regression."""
    return churned >= CHALLENGE_FROM


def should_promote(loss: float, loss_of_challenger: float, lower_gain: float) -> bool:
    """A challenger must lose less on matured weeks, and rank better beyond what chance explains."""
    return loss_of_challenger < loss and lower_gain > 0
