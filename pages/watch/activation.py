"""Do new accounts get to value? Where do they stop, and how fast?"""

from collections.abc import Sequence

import streamlit as st

from pages.parts import (
    cards,
    charts,
    explain,
    filters,
    frames,
    lacking,
    numbers,
    onboarding,
    person,
    top,
)
from pages.parts.segment import Grain, Segment
from pages.parts.speech import later, say, several

RATE = "activation_rate"
CARDS = (
    RATE,
    "time_to_first_value_p50",
    "time_to_first_value_p75",
    "time_to_first_value_p90",
    "activations",
    "signups",
)
RATES = {
    "day": later("Took every step within {days}, by day of sign-up, with 95 % interval · dashed: so far"),
    "week": later("Took every step within {days}, by week of sign-up, with 95 % interval · dashed: so far"),
    "month": later("Took every step within {days}, by month of sign-up, with 95 % interval · dashed: so far"),
}
ALT = {
    "day": later("Activation rate by day of sign-up"),
    "week": later("Activation rate by week of sign-up"),
    "month": later("Activation rate by month of sign-up"),
}


@st.fragment(key="activation")
@lacking.told
def activation() -> None:
    person.require("viewer")
    with top.line(later("Activation")) as edition:
        grain = filters.grain("activation")
        span = filters.span("activation", grain)
        segment = filters.segment(edition, "activation")
        other = filters.compare(edition, "activation", segment)
    info = numbers.edition(edition)
    of = (segment, other) if other else (segment,)
    steps = onboarding.step_metrics(info.steps)
    figures = numbers.figures(edition, (*CARDS, *steps), grain, segment)
    within = several(info.within_days, "{count} day", "{count} days")

    cards.row([figures[metric] for metric in CARDS], info.base_currency)
    left, right = st.columns([3, 2])
    with left:
        rate(edition, grain, of, span, within)
    with (
        right,
        cards.panel("funnel", say("Steps of onboarding"), onboarding.funnel_subtitle(figures[RATE], segment)),
    ):
        onboarding.funnel([figures[step] for step in steps])
    left, right = st.columns(2)
    with left:
        curve(edition, of)
    with right:
        pace(edition, segment)
    said = say("Still within their {days}, longest at their step first", days=within)
    with cards.panel("stuck", say("Stuck accounts"), said, of=RATE):
        onboarding.stuck(edition, info, segment)
    explain.pop_ups(figures.values(), info)


def rate(edition: str, grain: Grain, of: Sequence[Segment], span: int, within: str) -> None:
    said = say(RATES[grain], days=within)
    with cards.panel("rate", say("Activation rate by cohort"), said, RATE):
        charts.legend([each.label for each in of], charts.PAIR)
        rates = frames.rates(edition, RATE, grain, of, span)
        charts.draw(rates, charts.RATE_LINES[grain], "activation_rates", say(ALT[grain]))


def curve(edition: str, of: Sequence[Segment]) -> None:
    said = say("Share that reached it by time since sign-up, with 95 % band")
    with cards.panel("curve", say("Time to first value"), said, of="time_to_first_value_p50"):
        month = onboarding.month_picker(edition)
        charts.legend([each.label for each in of], charts.PAIR)
        curves = frames.curves(edition, month, of)
        alt_text = say("Share that reached first value by hours since sign-up")
        charts.draw(curves, charts.VALUE_CURVE, "activation_curve", alt_text)


def pace(edition: str, segment: Segment) -> None:
    said = say(
        "Accounts that completed the last step, by day · {segment} · grey: usual for the weekday",
        segment=segment.marked,
    )
    with cards.panel("pace", say("Pace"), said, "activations"):
        daily = frames.daily_pace(edition, segment, 60)
        charts.draw(daily, charts.PACE, "activation_pace", say("Activations by day with their usual range"))


activation()
