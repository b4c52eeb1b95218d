"""A step from one period to the next, or from one weekday to the same a week later."""

from typing import Literal

import numpy as np
from pydantic import Field

from data.speech import later, say
from data.speech.figures import plain
from engine.alerts import noise, params
from engine.alerts.bounds import Direction, around
from engine.alerts.kinds import Write
from engine.alerts.panel import Judgement, Numbers, Panel, enough, judged_within
from engine.alerts.window import RHYTHM, lagged

TITLE = "Change"
ABOUT = "Fires when a figure moves by more than a share of what it was a week, or a period, before."
MOVES = {
    ("up", "same_weekday"): later("rises by more than {share} % from the like period before"),
    ("down", "same_weekday"): later("falls by more than {share} % from the like period before"),
    ("both", "same_weekday"): later("moves by more than {share} % from the like period before"),
    ("up", "previous"): later("rises by more than {share} % from the period before"),
    ("down", "previous"): later("falls by more than {share} % from the period before"),
    ("both", "previous"): later("moves by more than {share} % from the period before"),
}


class Params(params.Params):
    against: Literal["same_weekday", "previous"] = Field(
        "same_weekday",
        description="What a day is held against: the same weekday before, or the day before; "
        "weeks and months are held against the one before",
    )
    by: float = Field(0.3, gt=0, description="The share it may move by; 0.2 is 20 % of what it was")
    direction: Direction = Field("both", description="Which moves count: up, down or both")
    floor: float = Field(
        0.0,
        ge=0,
        description="The move, in the metric's own unit, up to which it never breaches; 0.05 of a rate",
    )
    chance: float | None = Field(
        None,
        gt=0,
        le=10,
        description="Let pass what chance explains of a count or a rate: so many standard errors, such as 3",
    )


def lookback(params: Params) -> int:
    return RHYTHM["day"] if params.against == "same_weekday" else 1


def says(params: Params, write: Write) -> str:
    moves = say(MOVES[params.direction, params.against], share=plain(100 * params.by))
    if not params.floor:
        return moves
    return say("{moves}, and by more than {floor} in itself", moves=moves, floor=write(params.floor))


def judge(params: Params, panel: Panel) -> Judgement:
    lag = RHYTHM[panel.grain] if params.against == "same_weekday" else 1
    conclusive = enough(panel, params.minimum_n)
    before = lagged(np.where(conclusive, panel.value, np.nan), range(lag, lag + 1))[0]
    allowed = np.maximum(params.by * np.abs(before), params.floor)
    below, above = allowed, allowed
    if params.chance is not None:
        below, above = (
            np.fmax(allowed, by_chance) for by_chance in explained(params.chance, panel, before, lag)
        )
    low, high = around(before, below, above, params.direction)
    return judged_within(panel, conclusive & ~np.isnan(before), low, high, usual=before)


def explained(z: float, panel: Panel, before: Numbers, lag: int) -> tuple[Numbers, Numbers]:
    """How far below and above what it was chance alone may bring a count or a rate; NaN for others."""
    is_count, is_rate = noise.is_count(panel), noise.is_rate(panel)
    tries_before = lagged(panel.denominator, range(lag, lag + 1))[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        # Both counts vary: the bound is where their difference is z times the root of their sum.
        either = z * np.sqrt(2 * before + z * z / 4)
        tries = 1 / (1 / panel.denominator + 1 / tries_before)
    of_rate = z * noise.of_rate(before, tries)
    below = np.where(is_count, either - z * z / 2, np.where(is_rate, of_rate, np.nan))
    above = np.where(is_count, either + z * z / 2, np.where(is_rate, of_rate, np.nan))
    return below, above
