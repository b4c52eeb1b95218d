"""Keeps a model's level true: its intercept moved by what the weeks that have matured since say."""

import numpy as np

from metrics.risk.encode import rounded
from metrics.risk.fit import Vector, probability

OVERLAP = 30 / 7  # weekly snapshots look at the same 30 days this often
SPREAD = 0.25  # how far an intercept is thought to wander, in log-odds; without weeks to look at it stays
STEPS = 25


def shift(log_odds: Vector, outcome: Vector) -> float:
    """What to add to the log-odds so that as many leave as expected; near 0 while there is little to see.

    The mode of a logistic likelihood, thinned by the overlap of the weeks, under a normal prior.
    """
    found = 0.0
    if not len(outcome):
        return found
    for _ in range(STEPS):
        risk = probability(log_odds + found)
        slope = float((outcome - risk).sum()) / OVERLAP - found / SPREAD**2
        curve = float((risk * (1 - risk)).sum()) / OVERLAP + 1 / SPREAD**2
        found += slope / curve
        if abs(slope / curve) < 1e-10:
            break
    return rounded(float(np.round(found, 10)))
