"""A figure that is unlike the same weekday of the weeks before."""

import numpy as np
from pydantic import Field

from data.speech import later, say
from data.speech.figures import plain
from engine.alerts import noise, params
from engine.alerts.bounds import Direction, around
from engine.alerts.kinds import Write
from engine.alerts.panel import Judgement, Numbers, Panel, enough, judged_within
from engine.alerts.window import RHYTHM, by_rhythm, in_a_row, known, lagged, median, spread

TITLE = "Anomaly"
ABOUT = "Fires when a figure is unlike the same weekday of the weeks before, by more than its usual noise."

IN_SAMPLE = 1.13  # residuals from a median of eight are so much smaller than those of the next figure
MEDIAN_VARIES = np.pi / 2  # of the variance of a mean of as many figures
LEAST_SHARE = 0.01  # of an amount: no noise is taken to be smaller
TINY = np.finfo(np.float64).tiny
AMOUNTS_LEAN = 1.5  # so much more than a count's: few large orders make a large day
UNUSUAL = {
    "up": later("is unusually high (more than {z} times its noise from the {weeks} weeks before)"),
    "down": later("is unusually low (more than {z} times its noise from the {weeks} weeks before)"),
    "both": later("is unusual (more than {z} times its noise from the {weeks} weeks before)"),
}
UNUSUAL_BY = {
    "up": later(
        "is unusually high (more than {z} times its noise and by more than {floor} "
        "from the {weeks} weeks before)"
    ),
    "down": later(
        "is unusually low (more than {z} times its noise and by more than {floor} "
        "from the {weeks} weeks before)"
    ),
    "both": later(
        "is unusual (more than {z} times its noise and by more than {floor} from the {weeks} weeks before)"
    ),
}


class Params(params.Params):
    z: float = Field(3.5, gt=0, le=20, description="How many times its usual noise a figure may be off")
    weeks: int = Field(
        8,
        ge=4,
        le=26,
        description="Weeks of the past it is held against; of weeks and months, so many of them",
    )
    minimum_points: int = Field(
        4, ge=3, le=26, description="Of the same weekday in those weeks, how many figures it takes to judge"
    )
    direction: Direction = Field("both", description="Which side counts: up, down or both")
    floor: float = Field(
        0.0, ge=0, description="The distance, in the metric's own unit, up to which it never breaches"
    )


def lookback(params: Params) -> int:
    return RHYTHM["day"] * params.weeks


def says(params: Params, write: Write) -> str:
    z, weeks = plain(params.z), str(params.weeks)
    if not params.floor:
        return say(UNUSUAL[params.direction], z=z, weeks=weeks)
    return say(UNUSUAL_BY[params.direction], z=z, weeks=weeks, floor=write(params.floor))


def judge(params: Params, panel: Panel) -> Judgement:
    judged, rhythm = panel[panel.first :], RHYTHM[panel.grain]
    lags = range(1, rhythm * params.weeks + 1)
    conclusive = enough(panel, params.minimum_n)
    weeks = by_rhythm(lagged(np.where(conclusive, panel.value, np.nan), lags, panel.first), rhythm)
    middles = median(weeks)  # the weekday that is judged lies last
    usual, points = middles[-1], known(weeks[:, -1])
    tries = by_rhythm(lagged(panel.denominator, lags, panel.first), rhythm)
    deviation, lean = noise_of(judged, weeks, middles, tries)
    below, above = reach(params.z, deviation * np.sqrt(1 + MEDIAN_VARIES / np.maximum(points, 1)), lean)
    below, above = np.maximum(below, params.floor), np.maximum(above, params.floor)
    low, high = around(usual, below, above, params.direction)
    can_tell = conclusive[:, panel.first :] & (points >= params.minimum_points) & (deviation > 0)
    return judged_within(judged, can_tell, low, high, usual=usual).after(panel.first)


def noise_of(judged: Panel, weeks: Numbers, middles: Numbers, tries: Numbers) -> tuple[Numbers, Numbers]:
    """The noise of each judged cell as a standard deviation, and how it leans.

    Args:
        weeks: figures by (week, weekday, segment, column), the weekday that is judged last; `tries` alike.
        middles: their medians, by weekday.
    """
    is_rate = noise.is_rate(judged)
    if not is_rate.any():
        return of_amount(judged, weeks, middles)
    rates = of_rate(judged, weeks, middles, tries)
    if is_rate.all():
        return rates
    deviation, lean = np.where(is_rate, rates, of_amount(judged, weeks, middles))
    return deviation, lean


def of_amount(judged: Panel, weeks: Numbers, middles: Numbers) -> tuple[Numbers, Numbers]:
    """The noise of counts and amounts, and how it leans; it grows with the weekday's size.

    A count is never taken to be steadier than chance allows (Poisson).
    """
    size, is_count, scale = np.abs(middles[-1]), noise.is_count(judged), noise.scale(middles)
    found = IN_SAMPLE * spread(in_a_row((weeks - middles) / scale)) * scale[-1]
    least = np.where(is_count, noise.of_count(size), LEAST_SHARE * size)
    found = np.maximum(found, least)
    amounts_lean = np.sign(middles[-1]) * AMOUNTS_LEAN / np.fmax(np.maximum(size, found), TINY)
    return found, np.where(is_count, 1 / np.maximum(size, noise.LEAST), amounts_lean)


def of_rate(judged: Panel, weeks: Numbers, middles: Numbers, tries: Numbers) -> tuple[Numbers, Numbers]:
    """The noise of rates, and how it leans; never taken to be steadier than chance allows (binomial)."""
    by_chance = noise.of_rate(middles[-1], judged.denominator)
    beyond_chance = IN_SAMPLE * spread(in_a_row((weeks - middles) / noise.of_rate(middles, tries)))
    drawn = noise.inward(middles[-1], judged.denominator)
    return np.maximum(beyond_chance, 1) * by_chance, (1 - 2 * drawn) / (drawn * (1 - drawn))


def reach(z: float, deviation: Numbers, lean: Numbers) -> tuple[Numbers, Numbers]:
    """How far below and above a figure may lie to be as likely as `z` standard deviations of a normal one.

    The tail that leans out reaches further (Cornish and Fisher 1938).
    """
    far = z * deviation
    shift = max(z * z - 1, 0) / 6 * deviation**2 * lean
    is_mild = far * np.abs(lean) < 3  # beyond that the formula turns back on the shorter side
    return (
        far - np.where(is_mild | (shift < 0), shift, 0),
        far + np.where(is_mild | (shift > 0), shift, 0),
    )
