"""Do new accounts get to value? Where do they stop, and how fast?"""

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

CARDS = (
    "activation_rate",
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
    with (
        left,
        cards.panel(
            "rate",
            "Activation rate by cohort",
            f"Took every step within {within}, by {grain} of sign-up, with 95 % interval · dashed: so far",
            "activation_rate",
        ),
    ):
        charts.legend([each.label for each in of], charts.PAIR)
        rates = frames.rates(edition, "activation_rate", grain, of, span)
        charts.draw(
            rates, charts.RATE_LINES[grain], "activation_rates", f"Activation rate by {grain} of sign-up"
        )
    with (
        right,
        cards.panel(
            "funnel", "Steps of onboarding", onboarding.funnel_subtitle(figures["activation_rate"], segment)
        ),
    ):
        onboarding.funnel([figures[step] for step in steps])
    left, right = st.columns(2)
    with (
        left,
        cards.panel(
            "curve",
            "Time to first value",
            "Share that reached it by time since sign-up, with 95 % band",
            of="time_to_first_value_p50",
        ),
    ):
        month = onboarding.month_picker(edition)
        charts.legend([each.label for each in of], charts.PAIR)
        charts.draw(
            frames.curves(edition, month, of),
            charts.VALUE_CURVE,
            "activation_curve",
            "Share that reached first value by hours since sign-up",
        )
    with (
        right,
        cards.panel(
            "pace",
            "Pace",
            f"Accounts that completed the last step, by day · {segment.marked} · grey: usual for the weekday",
            "activations",
        ),
    ):
        charts.draw(
            frames.daily_pace(edition, segment, 60),
            charts.PACE,
            "activation_pace",
            "Activations by day with their usual range",
        )
    with cards.panel(
        "stuck",
        "Stuck accounts",
        f"Still within their {within}, longest at their step first",
        of="activation_rate",
    ):
        onboarding.stuck(edition, info, segment)
    explain.pop_ups(figures.values(), info)


activation()
