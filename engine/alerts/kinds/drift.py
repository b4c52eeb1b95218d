"""A slow move: the newest days together against the weeks before them."""

import numpy as np
from pydantic import Field

from data.calendar import Grain
from data.speech import later, say
from data.speech.figures import plain
from engine.alerts import params
from engine.alerts.bounds import Direction, around
from engine.alerts.comparison import compared
from engine.alerts.kinds import Write
from engine.alerts.panel import Judgement, Panel, enough, judged_within
from engine.alerts.window import known, lagged

TITLE = "Drift"
ABOUT = "Fires when the newest days together lie off the weeks before them, though no single day stands out."

SPANS: dict[Grain, tuple[int, int]] = {"day": (7, 28), "week": (2, 8), "month": (1, 6)}
LEAST_KNOWN = 2 / 3  # of the periods of either span
DRIFTS = {
    "up": later("drifts up by more than {share} % from what it was in the weeks before"),
    "down": later("drifts down by more than {share} % from what it was in the weeks before"),
    "both": later("drifts by more than {share} % from what it was in the weeks before"),
}


class Params(params.Params):
    short: int | None = Field(
        None,
        ge=1,
        le=90,
        description="Newest periods taken together; unless given, 7 days, 2 weeks or 1 month",
    )
    long: int | None = Field(
        None,
        ge=3,
        le=366,
        description="Periods before those, held against them; unless given, 28 days, 8 weeks or 6 months",
    )
    by: float = Field(0.15, gt=0, description="The share they may lie off; 0.15 is 15 % of what it was")
    z: float = Field(3.5, ge=0, le=20, description="How many times its usual noise the move must be as well")
    recover: float = Field(
        0.5, ge=0, le=1, description="Resolves once it lies off by no more than this share of what would fire"
    )
    direction: Direction = Field("both", description="Which moves count: up, down or both")


def lookback(params: Params) -> int:
    return max(sum(spans(params, grain)) for grain in SPANS) - 1


def spans(params: Params, grain: Grain) -> tuple[int, int]:
    short, long = SPANS[grain]
    return params.short or short, params.long or long


def says(params: Params, write: Write) -> str:  # noqa: ARG001 (other kinds write values)
    return say(DRIFTS[params.direction], share=plain(100 * params.by))


def judge(params: Params, panel: Panel) -> Judgement:
    judged = panel[panel.first :]
    conclusive = enough(panel, params.minimum_n)
    short, long = spans(params, panel.grain)
    past = lagged(np.where(conclusive, panel.value, np.nan), range(short + long), panel.first)
    now, before, error = compared(panel, past, short)
    allowed = np.fmax(params.by * np.abs(before), params.z * error)
    low, high = around(before, allowed, allowed, params.direction)
    are_known = (known(past[:short]) >= LEAST_KNOWN * short) & (known(past[short:]) >= LEAST_KNOWN * long)
    can_tell = conclusive[:, panel.first :] & are_known & ~np.isnan(now - before)
    near_low, near_high = (before + params.recover * (bound - before) for bound in (low, high))
    said = judged_within(
        judged, can_tell, low, high,
        recover_low=near_low, recover_high=near_high, usual=before, value=now,
    )  # fmt: skip
    return said.after(panel.first)
