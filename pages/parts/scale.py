"""The scale of bars that reach up and down from nought, with levels at round amounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
LEVELS = 5  # about as many


@dataclass(frozen=True)
class Scale:
    """From the lowest to the highest level."""

    levels: tuple[float, ...]

    def part(self, amount: float) -> float:
        """How far up it is, in per cent of the height."""
        low, high = self.levels[0], self.levels[-1]
        return (amount - low) / (high - low) * 100


def scale_of(highs: Sequence[float], lows: Sequence[float]) -> Scale:
    """As wide as it must be, to the next round amounts; nought is always one of them."""
    low, high = min([0.0, *lows]), max([0.0, *highs])
    step = round_step((high - low) / LEVELS or 1.0)
    first, last = floor(low / step), ceil(high / step)
    return Scale(tuple(place * step for place in range(first, max(last, first + 1) + 1)))


def round_step(least: float) -> float:
    """The next round amount that is no smaller."""
    size = 10.0 ** floor(log10(least))
    return next(size * part for part in ROUND if size * part >= least * (1 - 1e-9))
