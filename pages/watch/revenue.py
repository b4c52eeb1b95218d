"""Where does the money come from, and where does it go?"""

import streamlit as st

from pages.parts import cards, charts, explain, filters, frames, lacking, ledger, numbers, person, top
from pages.parts.lifetime import whatif, worth

CARDS = ("mrr", "new_mrr", "expansion_mrr", "churned_mrr", "net_revenue_retention", "gross_revenue_retention")
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
    left, right = st.columns([3, 2])
    with (
        left,
        cards.panel(
            "movements",
            "MRR movements",
            f"By {grain}, {code} · {segment.marked} · grey tick: net · pale: so far",
            of="mrr",
        ),
    ):
        charts.movement_legend()
        bars = frames.movement_bars(edition, grain, segment, span)
        charts.draw(
            bars,
            charts.in_currency(charts.MOVEMENTS[grain], code),
            "revenue_movements",
            f"MRR gained and lost by {grain}",
        )
    with (
        right,
        cards.panel("bridge", "Opening to closing", f"One {grain}, {code} · {segment.marked}", of="mrr"),
    ):
        row = ledger.pick_period(edition, grain, segment, span, code)
        charts.draw(
            frames.bridge(row, code),
            charts.in_currency(charts.BRIDGE, code),
            "revenue_bridge",
            "MRR from opening to closing",
        )
    left, right = st.columns(2)
    with (
        left,
        cards.panel(
            "kept",
            "Revenue retention",
            f"Of the MRR at the start of each {grain}, what is there at its end · {segment.marked}",
            "net_revenue_retention",
        ),
    ):
        charts.legend(("Net", "Gross"), charts.SERIES)
        kept = frames.several(
            edition, ("net_revenue_retention", "gross_revenue_retention"), grain, segment, span
        )
        charts.draw(
            kept, charts.RETENTION[grain], "revenue_kept", f"Net and gross revenue retention by {grain}"
        )
    with (
        right,
        cards.panel(
            "quick",
            "Quick ratio",
            f"MRR gained for each unit lost, by {grain} · {segment.marked} · above 1 the business grows",
            "quick_ratio",
        ),
    ):
        quick = frames.several(edition, ("quick_ratio",), grain, segment, span)
        charts.draw(quick, charts.QUICK[grain], "revenue_quick", f"Quick ratio by {grain}")
    with cards.panel(
        "segments", "By segment", f"Last complete {grain}, all accounts, the most accounts first", of="mrr"
    ):
        by = filters.dimension(edition, "revenue")
        ledger.by_segment(edition, grain, by, code)
    worth.draw(edition, segment, by, code)
    with cards.panel(
        "fan", "MRR in twelve months", f"By month, {code} · {segment.marked} · band: 90 %", of="mrr"
    ):
        whatif.draw(edition, segment, code)
    with cards.panel(
        "ledger",
        "Opening to closing, exact",
        f"By {grain}, {code} · {segment.marked} · every row adds up; exact on hover and in the download",
        of="mrr",
    ):
        ledger.table(edition, grain, segment, span, code)
        ledger.download(edition, grain, segment)
    explain.pop_ups([*figures.values(), *worth.figures(edition, segment)], info)


revenue()
