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
    words,
)
from pages.parts.segment import Grain, Segment

RATE = "activation_rate"
CARDS = (
    RATE,
    "time_to_first_value_p50",
    "time_to_first_value_p75",
    "time_to_first_value_p90",
    "activations",
    "signups",
)


@st.fragment(key="activation")
@lacking.told
def activation() -> None:
    person.require("viewer")
    with top.line("Activation") as edition:
        grain = filters.grain("activation")
        span = filters.span("activation", grain)
        segment = filters.segment(edition, "activation")
        other = filters.compare(edition, "activation", segment)
    info = numbers.edition(edition)
    of = (segment, other) if other else (segment,)
    steps = onboarding.step_metrics(info.steps)
    figures = numbers.figures(edition, (*CARDS, *steps), grain, segment)
    within = words.plural(info.within_days, "day")

    cards.row([figures[metric] for metric in CARDS], info.base_currency)
    left, right = st.columns([3, 2])
    with left:
        rate(edition, grain, of, span, within)
    with (
        right,
        cards.panel("funnel", "Steps of onboarding", onboarding.funnel_subtitle(figures[RATE], segment)),
    ):
        onboarding.funnel([figures[step] for step in steps])
    left, right = st.columns(2)
    with left:
        curve(edition, of)
    with right:
        pace(edition, segment)
    said = f"Still within their {within}, longest at their step first"
    with cards.panel("stuck", "Stuck accounts", said, of=RATE):
        onboarding.stuck(edition, info, segment)
    explain.pop_ups(figures.values(), info)


def rate(edition: str, grain: Grain, of: Sequence[Segment], span: int, within: str) -> None:
    said = f"Took every step within {within}, by {grain} of sign-up, with 95 % interval · dashed: so far"
    with cards.panel("rate", "Activation rate by cohort", said, RATE):
        charts.legend([each.label for each in of], charts.PAIR)
        rates = frames.rates(edition, RATE, grain, of, span)
        alt_text = f"Activation rate by {grain} of sign-up"
        charts.draw(rates, charts.RATE_LINES[grain], "activation_rates", alt_text)


def curve(edition: str, of: Sequence[Segment]) -> None:
    said = "Share that reached it by time since sign-up, with 95 % band"
    with cards.panel("curve", "Time to first value", said, of="time_to_first_value_p50"):
        month = onboarding.month_picker(edition)
        charts.legend([each.label for each in of], charts.PAIR)
        curves = frames.curves(edition, month, of)
        alt_text = "Share that reached first value by hours since sign-up"
        charts.draw(curves, charts.VALUE_CURVE, "activation_curve", alt_text)


def pace(edition: str, segment: Segment) -> None:
    said = f"Accounts that completed the last step, by day · {segment.marked} · grey: usual for the weekday"
    with cards.panel("pace", "Pace", said, "activations"):
        daily = frames.daily_pace(edition, segment, 60)
        charts.draw(daily, charts.PACE, "activation_pace", "Activations by day with their usual range")


activation()
