"""What a rule judges: a metric's figures by segment and period, as they were first known complete."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.calendar import Grain
from engine.alerts.lifecycle import Verdict

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]
INCONCLUSIVE, BETWEEN, RECOVERED, BREACH = (np.int8(verdict) for verdict in Verdict)


@dataclass(frozen=True)
class Panel:
    """Rows are segments, columns consecutive periods of one grain, oldest first.

    `complete_at`: naive UTC instants at which the periods became complete. `value` is NaN where a figure is
    null or not known; `is_known` where it was recorded at all; `is_stale` where a source was late then.
    `unit` is the metric's (see metrics.catalog); empty: kinds that need it judge by the figures themselves.
    `first`: columns before it are there to be looked back on, and a kind may leave them inconclusive.
    """

    grain: Grain
    starts: tuple[date, ...]
    complete_at: tuple[datetime, ...]
    segments: tuple[str, ...]
    value: Numbers
    numerator: Numbers
    denominator: Numbers
    is_known: Flags
    is_stale: Flags
    unit: str = ""
    first: int = 0

    def __getitem__(self, columns: slice) -> "Panel":
        """The same segments over a part of the periods."""
        cut: dict[str, Any] = {
            name: getattr(self, name)[:, columns]
            for name in ("value", "numerator", "denominator", "is_known", "is_stale")
        }
        starts, complete_at = self.starts[columns], self.complete_at[columns]
        return replace(self, starts=starts, complete_at=complete_at, first=0, **cut)

    @property
    def trusted(self) -> Numbers:
        """The values, NaN where a source was late."""
        return np.where(self.is_stale, np.nan, self.value)


@dataclass(frozen=True)
class Judgement:
    """What a rule says of every cell of a panel.

    `low`, `high`: the bounds that were in force, NaN where there is none. `usual`: what was expected, NaN for
    kinds that expect nothing. `beyond`: how far past the bound, in the metric's unit; 0 where none breaches.
    """

    verdict: Codes
    low: Numbers
    high: Numbers
    usual: Numbers
    beyond: Numbers

    def after(self, columns: int) -> "Judgement":
        """With so many inconclusive columns in front."""
        if not columns:
            return self
        rows, judged = self.verdict.shape

        def widened(matrix: Numbers, fill: float) -> Numbers:
            wide = np.full((rows, columns + judged), fill)
            wide[:, columns:] = matrix
            return wide

        verdict = np.full((rows, columns + judged), INCONCLUSIVE)
        verdict[:, columns:] = self.verdict
        low, high, usual = (widened(each, np.nan) for each in (self.low, self.high, self.usual))
        return Judgement(verdict, low, high, usual, widened(self.beyond, 0.0))


def nowhere(panel: Panel) -> Numbers:
    """No bound, for any cell."""
    return np.full(panel.value.shape, np.nan)


def unjudged(panel: Panel) -> Judgement:
    """A judgement that says nothing of any cell."""
    nothing = np.full(panel.value.shape, Verdict.INCONCLUSIVE, np.int8)
    return Judgement(nothing, nowhere(panel), nowhere(panel), nowhere(panel), np.zeros(panel.value.shape))


def enough(panel: Panel, minimum_n: float | None) -> Flags:
    """Cells that can be judged: a value, a source that was not late, and a denominator of `minimum_n`."""
    judged: Flags = panel.is_known & ~panel.is_stale & ~np.isnan(panel.value)
    if minimum_n is not None:
        judged &= ~(panel.denominator < minimum_n)  # a metric without a denominator is not held to one
    return judged


def judged_within(
    panel: Panel,
    conclusive: Flags,
    low: Numbers,
    high: Numbers,
    *,
    recover_low: Numbers | None = None,
    recover_high: Numbers | None = None,
    usual: Numbers | None = None,
    value: Numbers | None = None,
) -> Judgement:
    """The judgement of values that must stay in `[low, high]`; a NaN bound is none, at a bound is within.

    Args:
        value: what is held against the bounds; the panel's values unless given.
    """
    value = panel.value if value is None else value
    breach = (value < low) | (value > high)
    short = np.zeros_like(breach)
    if recover_low is not None:
        short |= value < recover_low
    if recover_high is not None:
        short |= value > recover_high
    within = np.where(short, BETWEEN, RECOVERED)
    verdict = np.where(conclusive, np.where(breach, BREACH, within), INCONCLUSIVE)
    past = np.fmax(np.fmax(low - value, value - high), 0.0)  # fmax passes over NaN
    beyond = np.where(verdict == BREACH, past, 0.0)
    return Judgement(verdict, low, high, nowhere(panel) if usual is None else usual, beyond)
