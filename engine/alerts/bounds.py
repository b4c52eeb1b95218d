"""Bounds on either side of what is usual, for kinds of rule that compare with the past."""

from typing import Literal

import numpy as np

from engine.alerts.panel import Numbers

Direction = Literal["up", "down", "both"]
ROUNDING = 1e-12  # of what is usual: a figure at a bound stays within, however the bound was rounded


def around(usual: Numbers, below: Numbers, above: Numbers, direction: Direction) -> tuple[Numbers, Numbers]:
    """How low and how high a figure may be, so far from what is usual; NaN where there is no bound."""
    slack = ROUNDING * np.abs(usual)
    low, high = usual - below - slack, usual + above + slack
    if direction == "up":
        low = np.full_like(usual, np.nan)
    if direction == "down":
        high = np.full_like(usual, np.nan)
    return low, high
