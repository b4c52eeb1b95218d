"""A rate that differs from its own past by more than chance."""

from statistics import NormalDist

import numpy as np
from pydantic import Field

from data.calendar import Grain
from data.speech import later, say
from engine.alerts import noise, params
from engine.alerts.bounds import Direction, around
from engine.alerts.kinds import Write
from engine.alerts.panel import Judgement, Numbers, Panel, enough, judged_within
from engine.alerts.window import lagged, pooled, spread, total

TITLE = "Rate"
ABOUT = "Fires when a rate differs from its own past by more than chance, and by enough to matter."

WINDOWS: dict[Grain, int] = {"day": 28, "week": 8, "month": 6}
CONFIDENCE: dict[Grain, float] = {"day": 0.999, "week": 0.99, "month": 0.99}
LEAVES = {
    "up": later("rises above its own past by more than chance explains"),
    "down": later("falls below its own past by more than chance explains"),
    "both": later("leaves its own past by more than chance explains"),
}
LEAVES_BY = {
    "up": later("rises above its own past by more than {effect} and by more than chance explains"),
    "down": later("falls below its own past by more than {effect} and by more than chance explains"),
    "both": later("leaves its own past by more than {effect} and by more than chance explains"),
}


class Params(params.Params):
    direction: Direction = Field("both", description="Which differences count: up, down or both")
    window: int | None = Field(
        None,
        ge=1,
        le=366,
        description="Periods of the past taken together; unless given, 28 days, 8 weeks or 6 months",
    )
    minimum_n: float | None = Field(
        30, ge=1, description="The denominator, of the period and of its past, under which it is inconclusive"
    )
    minimum_effect: float = Field(
        0.05, ge=0, le=1, description="The difference up to which it never breaches; 0.05 is five points"
    )
    confidence: float | None = Field(
        None,
        gt=0.5,
        lt=1,
        description="Of the interval of the difference (Newcombe's), which must leave out 0; "
        "unless given, 0.999 for days, as there are so many, and 0.99 for weeks and months",
    )


def lookback(params: Params) -> int:
    return params.window or max(WINDOWS.values())


def says(params: Params, write: Write) -> str:
    if not params.minimum_effect:
        return say(LEAVES[params.direction])
    return say(LEAVES_BY[params.direction], effect=write(params.minimum_effect))


def judge(params: Params, panel: Panel) -> Judgement:
    judged, least = panel[panel.first :], params.minimum_n or 1
    counts = noise.is_rate(panel) & enough(panel, None)
    lags = range(1, (params.window or WINDOWS[panel.grain]) + 1)
    hits, tries = (
        lagged(np.where(counts, each, np.nan), lags, panel.first)
        for each in (panel.numerator, panel.denominator)
    )
    past, past_tries = pooled(hits, tries), total(tries)
    worth = 1 / unsteadiness(hits, tries, past) ** 2
    z = NormalDist().inv_cdf((1 + (params.confidence or CONFIDENCE[panel.grain])) / 2)
    below, above = noise.newcombe(judged.value, judged.denominator * worth, past, past_tries * worth, z)
    low, high = around(
        past,
        np.maximum(below, params.minimum_effect),
        np.maximum(above, params.minimum_effect),
        params.direction,
    )
    can_tell = (counts & enough(panel, least))[:, panel.first :] & (past_tries >= least)
    return judged_within(judged, can_tell, low, high, usual=past).after(panel.first)


def unsteadiness(hits: Numbers, tries: Numbers, past: Numbers) -> Numbers:
    """How many times more than chance the past varied, at least 1: a case counts for less by its square."""
    with np.errstate(invalid="ignore", divide="ignore"):
        varied: Numbers = np.fmax(spread((hits / tries - past) / noise.of_rate(past, tries)), 1)
    return varied
