"""Are we all right? What changed? Why?"""

import streamlit as st

from pages.parts import cards, charts, explain, filters, frames, heat, news, numbers, person, top
from pages.parts.segment import View

CARDS = (
    "mrr",
    "activation_rate",
    "time_to_first_value_p50",
    "expansion_mrr",
    "net_revenue_retention",
    "logo_churn_rate",
)
TABLE = (
    *CARDS,
    "signups",
    "active_accounts",
    "stickiness",
    "paying_accounts",
    "arpa",
    "gross_revenue_retention",
    "churned_mrr",
    "quick_ratio",
)


@st.fragment(key="overview")
def overview() -> None:
    person.require("viewer")
    with top.line("Overview") as edition:
        grain = filters.grain("overview")
        until = filters.until(edition, "overview", grain)
        segment = filters.segment(edition, "overview")
    info = numbers.edition(edition)
    figures = numbers.figures(edition, TABLE, grain, segment, until)
    code = info.base_currency

    news.made_up()
    cards.row([figures[metric] for metric in CARDS], code)
    left, right = st.columns([3, 2])
    with left, cards.panel("changed", "What changed", news.changed_subtitle(grain)):
        news.changed(numbers.what_changed(edition, grain, until), grain, code)
    with (
        right,
        cards.panel("feed", "Latest facts", "Customers gained, changed and lost; payments that failed"),
    ):
        news.feed(numbers.feed(edition, 8), info)
    left, right = st.columns(2)
    with (
        left,
        cards.panel(
            "movements",
            "MRR movements",
            f"By month, {code} · {segment.label}",
            page="watch/revenue.py",
            of="mrr",
        ),
    ):
        charts.movement_legend()
        bars = frames.movement_bars(edition, "month", segment, 12, until)
        charts.draw(
            bars,
            charts.in_currency(charts.MOVEMENTS_SMALL, code),
            "overview_movements",
            "MRR gained and lost by month",
        )
    with (
        right,
        cards.panel(
            "retention",
            "Retention of sign-ups",
            f"Active accounts by month since sign-up · {segment.label}",
            page="watch/cohorts.py",
            of="active_accounts",
        ),
    ):
        heat.triangle(View(edition, "month", segment, 9, code), heat.LOGO)
    with cards.panel(
        "drivers",
        "All drivers",
        f"By {grain} · {segment.label} · an unfinished {grain} is “so far” and compared with nothing",
    ):
        cards.drivers([figures[metric] for metric in TABLE], code)
    explain.pop_ups(figures.values(), info)


overview()
