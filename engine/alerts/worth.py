"""Whether firings were right: how many were followed by more churn than is usual in that segment."""

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

import numpy as np

from engine.alerts.panel import Numbers, Panel
from engine.alerts.rehearsal import Rehearsal, Span, Stage

FEARED = "logo_churn_rate"  # accounts that stopped paying, of those that paid when the day began
WINDOW = 30  # days after a firing in which what was feared may come
LEAST_WINDOWS = 30  # windows of the past that it takes to know what is usual
USUAL = 0.75  # quantile of the past windows: churn above it is above its usual level


@dataclass(frozen=True)
class Worth:
    """Of the firings that can be judged (`judged`), those followed by churn above its usual level.

    `chance`: the share of all days that were so followed, which a rule has to beat; null where no day can
    be judged. `warning_days`: the median of days from the firing until the churn passed that level.
    """

    judged: int = 0
    followed: int = 0
    chance: float | None = None
    warning_days: float | None = None


@dataclass(frozen=True)
class Churn:
    """Churn by segment and day: `after` is the share lost in the 30 days after, `usual` what was usual."""

    segments: tuple[str, ...]
    complete_at: tuple[datetime, ...]
    lost: Numbers
    paying: Numbers
    after: Numbers
    usual: Numbers

    @property
    def chance(self) -> float | None:
        judged = ~np.isnan(self.after) & ~np.isnan(self.usual)
        return float((self.after > self.usual)[judged].mean()) if judged.any() else None

    def warning(self, span: Span) -> float | None:
        """Days from a firing until churn passed its usual level; -1 where it did not, None where unknown."""
        if span.segment not in self.segments:
            return None
        row, day = self.segments.index(span.segment), bisect_right(self.complete_at, span.entered_at) - 1
        if day < 0 or np.isnan(self.after[row, day]) or np.isnan(self.usual[row, day]):
            return None
        if self.after[row, day] <= self.usual[row, day]:
            return -1.0
        lost = np.cumsum(self.lost[row, day + 1 : day + 1 + WINDOW]) / self.paying[row, day + 1]
        return float(np.argmax(lost > self.usual[row, day]) + 1)


def worth(stage: Stage, of: Rehearsal) -> Worth:
    """How the firings of a rehearsal turned out."""
    churn = churn_of(stage.panel(FEARED, "day", of.rule.dimension, None))
    found = [found for span in of.firings if (found := churn.warning(span)) is not None]
    followed = [days for days in found if days > 0]
    return Worth(len(found), len(followed), churn.chance, median(followed) if followed else None)


def churn_of(panel: Panel) -> Churn:
    lost, paying = np.nan_to_num(panel.numerator), panel.denominator
    after = share_after(lost, paying)
    usual = np.array([usual_before(row) for row in after]).reshape(after.shape)
    return Churn(panel.segments, panel.complete_at, lost, paying, after, usual)


def share_after(lost: Numbers, paying: Numbers) -> Numbers:
    """The share of those paying the day after that is lost in the window; NaN where it has not passed."""
    segments, days = lost.shape
    after = np.full((segments, days), np.nan)
    known = days - WINDOW
    if known <= 0:
        return after
    running = np.cumsum(lost, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (running[:, WINDOW:] - running[:, :known]) / paying[:, 1 : known + 1]
    after[:, :known] = np.where(np.isfinite(share), share, np.nan)
    return after


def usual_before(after: Sequence[float] | Numbers) -> list[float]:
    """On each day the quantile of the windows that had passed by then; NaN while they are too few."""
    seen: list[float] = []
    usual = []
    for day in range(len(after)):
        passed = float(after[day - WINDOW]) if day >= WINDOW else np.nan
        if not np.isnan(passed):
            insort(seen, passed)
        usual.append(seen[int(USUAL * (len(seen) - 1))] if len(seen) >= LEAST_WINDOWS else np.nan)
    return usual
