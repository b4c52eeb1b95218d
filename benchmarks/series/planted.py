"""What happens to a simulated series: when, for how long, and by how much it multiplies what was there."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

What = Literal["spike", "drop", "level shift", "slow drift", "missing days", "labelled"]
WHATS: tuple[What, ...] = ("spike", "drop", "level shift", "slow drift", "missing days")
WARM_UP = 70  # days without anything, for whoever needs a history
APART = 42  # days between one happening and the next, at least
DRIFTS = 28  # days a slow drift takes
LASTING = {
    "level shift": 14,
    "slow drift": DRIFTS + 14,
}  # what stays, and for how many days a firing answers it


@dataclass(frozen=True)
class Happening:
    """Something planted: it lasts from `start` to `end` (exclusive), and firings before `until` answer it."""

    what: What
    start: int
    end: int
    until: int
    factor: float


def happenings(random: np.random.Generator, days: int, strength: float) -> list[Happening]:
    """One after the other, of every kind in turn, until the days are over.

    Args:
        strength: 1 halves or doubles; less is harder to see.
    """
    found: list[Happening] = []
    start = WARM_UP + int(random.integers(0, APART))
    turn = list(random.permutation(WHATS))
    level = 1.0
    while start + DRIFTS + APART < days:
        happening = planted(random, turn[len(found) % len(turn)], start, strength, level)
        found.append(happening)
        level *= happening.factor if happening.what in LASTING else 1.0
        start = max(happening.end, happening.until) + APART + int(random.integers(0, APART))
    return found


def planted(random: np.random.Generator, what: What, start: int, strength: float, level: float) -> Happening:
    """One happening; what lasts leads back towards where the series began."""
    lasts = {
        "spike": 1,
        "drop": int(random.integers(1, 4)),
        "level shift": 1,
        "slow drift": DRIFTS,
        "missing days": int(random.integers(2, 5)),
    }[what]
    size = float(random.uniform(0.8, 1.2)) * strength
    is_up = what == "spike" or (what in LASTING and (level < 1 or (level == 1 and random.random() < 0.5)))
    factor = 0.0 if what == "missing days" else 2.0 ** (size if is_up else -size)
    answered = LASTING[what] if what in LASTING else lasts + 1
    return Happening(what, start, start + lasts, start + answered, factor)


def course(happenings: list[Happening], days: int) -> np.ndarray:
    """By what each day is multiplied: shifts and drifts stay."""
    factor = np.ones(days)
    for happening in happenings:
        if happening.what in ("spike", "drop"):
            factor[happening.start : happening.end] *= happening.factor
        elif happening.what == "level shift":
            factor[happening.start :] *= happening.factor
        elif happening.what == "slow drift":
            gone = np.clip((np.arange(days) - happening.start + 1) / DRIFTS, 0.0, 1.0)
            factor *= happening.factor**gone
    return factor


def gone(happenings: list[Happening], days: int) -> np.ndarray:
    """The days on which nothing came."""
    is_gone = np.zeros(days, dtype=bool)
    for happening in happenings:
        if happening.what == "missing days":
            is_gone[happening.start : happening.end] = True
    return is_gone
