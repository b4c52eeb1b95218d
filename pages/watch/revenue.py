"""Where does the money come from, and where does it go?"""

import streamlit as st

from pages.parts import cards, charts, explain, filters, frames, lacking, ledger, numbers, person, top
from pages.parts.lifetime import whatif, worth
from pages.parts.segment import View

CARDS = ("mrr", "new_mrr", "expansion_mrr", "churned_mrr", "net_revenue_retention", "gross_revenue_retention")
KEPT = ("net_revenue_retention", "gross_revenue_retention")
MORE = ("quick_ratio", "logo_churn_rate", "paying_accounts", "arpa", "contraction_mrr", "reactivation_mrr")


@st.fragment(key="revenue")
@lacking.told
def revenue() -> None:
    person.require("viewer")
    with top.line("Revenue") as edition:
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
    with cards.panel(
        "fan", "MRR in twelve months", f"By month, {code} · {segment.marked} · band: 90 %", of="mrr"
    ):
        whatif.draw(edition, segment, code)
    exact(view)
    explain.pop_ups([*figures.values(), *worth.figures(edition, segment)], info)


def movements(view: View) -> None:
    said = f"By {view.grain}, {view.code} · {view.of.marked} · grey tick: net · pale: so far"
    with cards.panel("movements", "MRR movements", said, of="mrr"):
        charts.movement_legend()
        bars = frames.movement_bars(view.edition, view.grain, view.of, view.newest)
        drawn = charts.in_currency(charts.MOVEMENTS[view.grain], view.code)
        charts.draw(bars, drawn, "revenue_movements", f"MRR gained and lost by {view.grain}")


def bridge(view: View) -> None:
    said = f"One {view.grain}, {view.code} · {view.of.marked}"
    with cards.panel("bridge", "Opening to closing", said, of="mrr"):
        row = ledger.pick_period(view.edition, view.grain, view.of, view.newest, view.code)
        drawn = charts.in_currency(charts.BRIDGE, view.code)
        charts.draw(frames.bridge(row, view.code), drawn, "revenue_bridge", "MRR from opening to closing")


def retention(view: View) -> None:
    said = f"Of the MRR at the start of each {view.grain}, what is there at its end · {view.of.marked}"
    with cards.panel("kept", "Revenue retention", said, "net_revenue_retention"):
        charts.legend(("Net", "Gross"), charts.SERIES)
        kept = frames.several(view.edition, KEPT, view.grain, view.of, view.newest)
        alt_text = f"Net and gross revenue retention by {view.grain}"
        charts.draw(kept, charts.RETENTION[view.grain], "revenue_kept", alt_text)


def quick_ratio(view: View) -> None:
    said = f"MRR gained for each unit lost, by {view.grain} · {view.of.marked} · above 1 the business grows"
    with cards.panel("quick", "Quick ratio", said, "quick_ratio"):
        quick = frames.several(view.edition, ("quick_ratio",), view.grain, view.of, view.newest)
        charts.draw(quick, charts.QUICK[view.grain], "revenue_quick", f"Quick ratio by {view.grain}")


def segments(view: View) -> str:
    """The table, and the dimension that was picked above it."""
    said = f"Last complete {view.grain}, all accounts, the most accounts first"
    with cards.panel("segments", "By segment", said, of="mrr"):
        by = filters.dimension(view.edition, "revenue")
        ledger.by_segment(view.edition, view.grain, by, view.code)
    return by


def exact(view: View) -> None:
    who = f"By {view.grain}, {view.code} · {view.of.marked}"
    said = f"{who} · every row adds up; exact on hover and in the download"
    with cards.panel("ledger", "Opening to closing, exact", said, of="mrr"):
        ledger.table(view.edition, view.grain, view.of, view.newest, view.code)
        ledger.download(view.edition, view.grain, view.of)


revenue()
