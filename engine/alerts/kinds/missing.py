"""Figures that did not come."""

import numpy as np
from pydantic import Field

from data.speech import say
from engine.alerts import noise, params
from engine.alerts.kinds import Write
from engine.alerts.panel import BREACH, INCONCLUSIVE, RECOVERED, Flags, Judgement, Numbers, Panel
from engine.alerts.window import RHYTHM, by_rhythm, known, lagged, mean, total

TITLE = "Missing"
ABOUT = "Fires when a figure has no value or a count stays at 0, also while a source is late."

WEEKS = 8  # of the past that tell how much usually comes; of weeks and months, so many of them
LONGEST = 4  # weeks of a silence that are added up
SILENCE = 6.908  # what would have come in a silence that is chance once in a thousand times: -ln 0.001
# What a figure with no number of cases behind it speaks for: where it always came, its lack is news at once.
PLENTY = 7.0


class Params(params.Params):
    at_least: float | None = Field(
        None,
        description="A figure under this is missing too; unless given, a count at 0 is, "
        "but where so long a silence is nothing unusual",
    )


def lookback(params: Params) -> int:
    return RHYTHM["day"] * WEEKS if params.at_least is None else 0


def says(params: Params, write: Write) -> str:
    if params.at_least is None:
        return say("has no value or counts 0")
    return say("has no value or is under {bound}", bound=write(params.at_least))


def judge(params: Params, panel: Panel) -> Judgement:
    judged = panel[panel.first :]
    usual = np.full(judged.value.shape, np.nan)
    if params.at_least is not None:
        is_absent = np.isnan(judged.value) | (judged.value < params.at_least)
        low, is_usual = np.full_like(usual, params.at_least), np.zeros_like(is_absent)
    else:
        is_absent, low = absent(judged), np.where(noise.is_count(judged), 1.0, np.nan)
        usual, is_usual = silence(panel)
    within = np.where(judged.denominator < (params.minimum_n or 0), INCONCLUSIVE, RECOVERED)
    verdict = np.where(is_absent, np.where(is_usual, INCONCLUSIVE, BREACH), within)
    verdict = np.where(judged.is_known, verdict, INCONCLUSIVE)
    under = np.fmax(low - np.where(np.isnan(judged.value), 0.0, judged.value), 0.0)
    beyond = np.where(verdict == BREACH, under, 0.0)
    return Judgement(verdict, low, np.full_like(low, np.nan), usual, beyond).after(panel.first)


def absent(panel: Panel) -> Flags:
    """Cells in which nothing came: no value, or a count at 0."""
    nothing: Flags = np.isnan(panel.value) | (noise.is_count(panel) & (panel.value == 0))
    return panel.is_known & nothing


def silence(panel: Panel) -> tuple[Numbers, Flags]:
    """How much usually comes, and whether the silence that ends with a judged cell may be chance.

    A segment with two sign-ups a day often has a day without any: that is no news, a week without any is.
    """
    rhythm = RHYTHM[panel.grain]
    cases = np.where(panel.is_stale, np.nan, came(panel))
    past = lagged(cases, range(1, rhythm * WEEKS + 1), panel.first)
    usual = mean(by_rhythm(past, rhythm))  # by weekday, that of the judged cell last
    usual = np.where(np.isnan(usual), mean(past), usual)
    is_silent = lagged(absent(panel).astype(np.float64), range(rhythm * LONGEST), panel.first) == 1
    lasts = np.logical_and.accumulate(is_silent, axis=0)
    awaited = total(lasts * usual[(np.arange(len(lasts)) - 1) % rhythm])
    can_tell = known(past) >= 2 * rhythm
    return np.where(noise.is_count(panel[panel.first :]), usual[-1], np.nan), can_tell & (awaited < SILENCE)


def came(panel: Panel) -> Numbers:
    """How many cases a figure speaks for: the count, its denominator or plenty; 0 where nothing came."""
    speaks_for = np.where(np.isnan(panel.denominator), PLENTY, panel.denominator)
    cases = np.where(noise.is_count(panel), panel.value, speaks_for)
    return np.where(panel.is_known, np.where(np.isnan(panel.value), 0.0, cases), np.nan)
