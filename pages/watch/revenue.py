"""Where does the money come from, and where does it go?"""

import streamlit as st

from pages.parts import cards, charts, explain, filters, frames, lacking, ledger, numbers, person, top
from pages.parts.lifetime import whatif, worth
from pages.parts.segment import View
from pages.parts.speech import later, say, say_as

CARDS = ("mrr", "new_mrr", "expansion_mrr", "churned_mrr", "net_revenue_retention", "gross_revenue_retention")
KEPT = ("net_revenue_retention", "gross_revenue_retention")
MOVED = {
    "week": later("By week, {code} · {segment} · grey tick: net · pale: so far"),
    "month": later("By month, {code} · {segment} · grey tick: net · pale: so far"),
}
MOVED_ALT = {"week": later("MRR gained and lost by week"), "month": later("MRR gained and lost by month")}
BRIDGED = {"week": later("One week, {code} · {segment}"), "month": later("One month, {code} · {segment}")}
RETAINED = {
    "week": later("Of the MRR at the start of each week, what is there at its end · {segment}"),
    "month": later("Of the MRR at the start of each month, what is there at its end · {segment}"),
}
RETAINED_ALT = {
    "week": later("Net and gross revenue retention by week"),
    "month": later("Net and gross revenue retention by month"),
}
QUICK = {
    "week": later("MRR gained for each unit lost, by week · {segment} · above 1 the business grows"),
    "month": later("MRR gained for each unit lost, by month · {segment} · above 1 the business grows"),
}
QUICK_ALT = {"week": later("Quick ratio by week"), "month": later("Quick ratio by month")}
SPLIT = {
    "week": later("Last complete week, all accounts, the most accounts first"),
    "month": later("Last complete month, all accounts, the most accounts first"),
}
EXACT = {
    "week": later("By week, {code} · {segment} · every row adds up; exact on hover and in the download"),
    "month": later("By month, {code} · {segment} · every row adds up; exact on hover and in the download"),
}
MORE = ("quick_ratio", "logo_churn_rate", "paying_accounts", "arpa", "contraction_mrr", "reactivation_mrr")


@st.fragment(key="revenue")
@lacking.told
def revenue() -> None:
    person.require("viewer")
    with top.line(later("Revenue")) as edition:
        grain = filters.grain("revenue", ("week", "month"), "month")
        span = filters.span("revenue", grain)
        segment = filters.segment(edition, "revenue")
    info = numbers.edition(edition)
    code = info.base_currency
    figures = numbers.figures(edition, CARDS + MORE, grain, segment)
    if not ledger.has_revenue(edition, grain, segment, span):
        ledger.none_yet(segment)
        return

    cards.row([figures[metric] for metric in CARDS], code)
    view = View(edition, grain, segment, span, code)
    left, right = st.columns([3, 2])
    with left:
        movements(view)
    with right:
        bridge(view)
    left, right = st.columns(2)
    with left:
        retention(view)
    with right:
        quick_ratio(view)
    by = segments(view)
    worth.draw(edition, segment, by, code)
    ahead = say("By month, {code} · {segment} · band: 90 %", code=code, segment=segment.marked)
    with cards.panel("fan", say("MRR in twelve months"), ahead, of="mrr"):
        whatif.draw(edition, segment, code)
    exact(view)
    explain.pop_ups([*figures.values(), *worth.figures(edition, segment)], info)


def movements(view: View) -> None:
    said = say(MOVED[view.grain], code=view.code, segment=view.of.marked)
    with cards.panel("movements", say("MRR movements"), said, of="mrr"):
        charts.movement_legend()
        bars = frames.movement_bars(view.edition, view.grain, view.of, view.newest)
        drawn = charts.in_currency(charts.MOVEMENTS[view.grain], view.code)
        charts.draw(bars, drawn, "revenue_movements", say(MOVED_ALT[view.grain]))


def bridge(view: View) -> None:
    said = say(BRIDGED[view.grain], code=view.code, segment=view.of.marked)
    with cards.panel("bridge", say("Opening to closing"), said, of="mrr"):
        row = ledger.pick_period(view.edition, view.grain, view.of, view.newest, view.code)
        drawn = charts.in_currency(charts.BRIDGE, view.code)
        alt_text = say("MRR from opening to closing")
        charts.draw(frames.bridge(row, view.code), drawn, "revenue_bridge", alt_text)


def retention(view: View) -> None:
    said = say(RETAINED[view.grain], segment=view.of.marked)
    with cards.panel("kept", say("Revenue retention"), said, "net_revenue_retention"):
        charts.legend((say_as("retention", "Net"), say_as("retention", "Gross")), charts.SERIES)
        kept = frames.several(view.edition, KEPT, view.grain, view.of, view.newest)
        alt_text = say(RETAINED_ALT[view.grain])
        drawn = charts.RETENTION[view.grain]
        charts.draw(kept, drawn, "revenue_kept", alt_text, ours=("state", "series"))


def quick_ratio(view: View) -> None:
    said = say(QUICK[view.grain], segment=view.of.marked)
    with cards.panel("quick", say("Quick ratio"), said, "quick_ratio"):
        quick = frames.several(view.edition, ("quick_ratio",), view.grain, view.of, view.newest)
        drawn, alt_text = charts.QUICK[view.grain], say(QUICK_ALT[view.grain])
        charts.draw(quick, drawn, "revenue_quick", alt_text, ours=("state", "series"))


def segments(view: View) -> str:
    """The table, and the dimension that was picked above it."""
    with cards.panel("segments", say("By segment"), say(SPLIT[view.grain]), of="mrr"):
        by = filters.dimension(view.edition, "revenue")
        ledger.by_segment(view.edition, view.grain, by, view.code)
    return by


def exact(view: View) -> None:
    said = say(EXACT[view.grain], code=view.code, segment=view.of.marked)
    with cards.panel("ledger", say("Opening to closing, exact"), said, of="mrr"):
        ledger.table(view.edition, view.grain, view.of, view.newest, view.code)
        ledger.download(view.edition, view.grain, view.of)


revenue()
