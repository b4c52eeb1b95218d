"""What is usual: the range in which a figure is expected by those before it, and since when it is outside.

A range is the figure's forecast and how far such forecasts used to be off. There are three plain ones: the
median of the last twelve periods, the last period, and the last with its usual step; that which was off least
so far is taken. What counts is thus how the figure really behaved, be it steady, growing or wandering.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import sqrt
from statistics import median
from typing import Literal

Side = Literal["below", "above"]
Known = Sequence[tuple[int, float]]
BACK = 12  # usual periods that a forecast is made of
ERRORS = 26  # earlier forecasts that say how far one may be off
FEWEST = 6
SETTLED = 8  # periods in a row outside, after which what they show is the new usual
NORMAL = (
    1.4826  # the median absolute deviation of a normal distribution, times this, is its standard deviation
)
REACH = 3.0  # deviations; simulated, about one period in fifty of a figure without news lies beyond


@dataclass(frozen=True)
class Range:
    low: float
    middle: float
    high: float

    def side(self, value: float) -> Side | None:
        if value < self.low:
            return "below"
        return "above" if value > self.high else None


@dataclass(frozen=True)
class Standing:
    """Where the last figure stands: its range, and on which side of theirs all since a period were."""

    range: Range | None
    side: Side | None = None
    since: date | None = None


def ranges(
    values: Sequence[float | None], noise: Sequence[float | None] | None = None, step: int = 1
) -> list[Range | None]:
    """For each figure the range that those before it make usual; None where too few are known.

    Args:
        noise: what each figure's own standard deviation is by its counts; a range is no narrower than that.
        step: 7 where every seventh figure is of the same kind, as days of a week are.
    """
    found: list[Range | None] = [None] * len(values)
    for first in range(step):
        places = range(first, len(values), step)
        sigma = [(noise[at] if noise else None) or 0.0 for at in places]
        for at, made in zip(places, walk([values[at] for at in places], sigma), strict=True):
            found[at] = made
    return found


def walk(values: Sequence[float | None], noise: Sequence[float]) -> list[Range | None]:
    """Forward through time, knowing at each figure only those before; what was outside forecasts nothing."""
    usual: list[tuple[int, float]] = []
    outside: list[tuple[int, float]] = []
    errors: list[list[float]] = [[] for _ in FORECASTS]
    found: list[Range | None] = []
    for at, value in enumerate(values):
        made = expected(usual[-BACK:], errors, at, noise[at])
        found.append(made)
        if value is None:
            continue
        note_errors(usual[-BACK:], errors, at, value)
        if made is None or made.side(value) is None:
            usual, outside = [*usual, (at, value)], []
        else:
            outside.append((at, value))
        if len(outside) >= SETTLED:
            usual, outside = outside, []
    return found


def expected(usual: Known, errors: Sequence[Sequence[float]], at: int, noise: float) -> Range | None:
    if len(usual) < FEWEST or len(errors[0]) < FEWEST - 1:
        return None
    off = [typical(past[-ERRORS:]) for past in errors]
    best = min(range(len(FORECASTS)), key=off.__getitem__)
    middle, further = FORECASTS[best](usual, at)
    reach = REACH * max(off[best] * further, noise)
    return Range(middle - reach, middle, middle + reach)


def typical(errors: Sequence[float]) -> float:
    """A standard deviation that a few large errors do not change; their mean where most are nought."""
    return NORMAL * median(errors) or sum(errors) / len(errors)


def note_errors(usual: Known, errors: Sequence[list[float]], at: int, value: float) -> None:
    """How far each forecast of this figure was off, as if it had been for one period ahead."""
    if not usual:
        return
    for past, forecast in zip(errors, FORECASTS, strict=True):
        middle, further = forecast(usual, at)
        past.append(abs(value - middle) / further)


def level(usual: Known, at: int) -> tuple[float, float]:  # noqa: ARG001
    return median(value for _, value in usual), 1.0


def last(usual: Known, at: int) -> tuple[float, float]:
    """What wanders is off by the root of the time ahead."""
    return usual[-1][1], sqrt(at - usual[-1][0])


def stepped(usual: Known, at: int) -> tuple[float, float]:
    ahead = at - usual[-1][0]
    steps = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(usual)]
    return usual[-1][1] + ahead * (median(steps) if steps else 0.0), sqrt(ahead)


FORECASTS: tuple[Callable[[Known, int], tuple[float, float]], ...] = (level, last, stepped)


def standing(
    starts: Sequence[date], values: Sequence[float | None], found: Sequence[Range | None]
) -> Standing:
    """Of the last figure: whether it is outside its range, and the first period of the run that is."""
    if not values or values[-1] is None or found[-1] is None:
        return Standing(found[-1] if found else None)
    side = found[-1].side(values[-1])
    if side is None:
        return Standing(found[-1])
    first = len(values) - 1
    while first and side_of(values[first - 1], found[first - 1]) == side:
        first -= 1
    return Standing(found[-1], side, starts[first])


def side_of(value: float | None, made: Range | None) -> Side | None:
    return made.side(value) if value is not None and made is not None else None
