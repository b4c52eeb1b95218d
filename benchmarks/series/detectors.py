"""Who looks for what happened: the kinds of rule as shipped, and the naive rules that most tools offer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.series.score import firings
from engine.alerts.kinds import kind
from engine.alerts.lifecycle import Policy
from engine.alerts.panel import Panel, enough, judged_within

LEARNS = {"day": 56, "week": 8, "month": 8}  # periods from which the static threshold is taken
Begins = list[list[int]]


@dataclass(frozen=True)
class Detector:
    """`begins`: the columns at which each segment's alert begins to fire."""

    title: str
    begins: Callable[[Panel], Begins]
    is_naive: bool = False


def rule(name: str, title: str = "", *, is_naive: bool = False, **told: object) -> Detector:
    """A kind of rule, with its defaults but for what it is told."""

    def begins(panel: Panel) -> Begins:
        params = kind(name).read(told)
        verdict = kind(name).judge(params, panel).verdict
        return firings(panel, verdict, Policy(params.periods, params.keep_firing))

    return Detector(title or name, begins, is_naive)


def static(panel: Panel) -> Begins:
    """A threshold three standard deviations off the mean of the first weeks, and then left alone."""
    learned = panel.value[:, : LEARNS[panel.grain]]
    middle, spread = np.nanmean(learned, axis=1), np.nanstd(learned, axis=1)
    low, high = (
        np.broadcast_to(each[:, None], panel.value.shape)
        for each in (middle - 3 * spread, middle + 3 * spread)
    )
    return firings(panel, judged_within(panel, enough(panel, None), low, high).verdict, Policy())


def together(title: str, *detectors: Detector) -> Detector:
    """Several rules on the same figure: whatever any of them fires."""

    def begins(panel: Panel) -> Begins:
        each = [detector.begins(panel) for detector in detectors]
        return [sorted({column for columns in row for column in columns}) for row in zip(*each, strict=True)]

    return Detector(title, begins)


ANOMALY, DRIFT, RATE, MISSING = (rule(name) for name in ("anomaly", "drift", "rate", "missing"))
DETECTORS = (
    ANOMALY,
    DRIFT,
    RATE,
    MISSING,
    rule("change"),
    rule("change", "change, chance = 3", chance=3),
    together("anomaly, drift and missing", ANOMALY, DRIFT, MISSING),
    Detector("static threshold, mean ± 3 sd", static, is_naive=True),
    rule("change", "week over week ± 20 %", is_naive=True, by=0.2),
    rule("change", "week over week ± 50 %", is_naive=True, by=0.5),
)
