"""Who stays, and for how long?"""

import streamlit as st

from pages.parts import cards, charts, filters, heat, numbers, top, triangles


@st.fragment(key="cohorts")
def cohorts() -> None:
    with top.line("Cohorts") as edition:
        grain = filters.grain("cohorts", ("week", "month"), "month")
        measure = filters.measure("cohorts")
        newest = filters.newest_cohorts("cohorts", grain)
        segment = filters.segment(edition)
    code = numbers.edition(edition).base_currency

    left, right = st.columns([3, 2]) if newest <= heat.BESIDE else (st.container(), st.container())
    with (
        left,
        cards.panel(
            "triangle",
            measure.title,
            f"Per cent: {measure.about}, by {grain}s since sign-up · {segment.label} · hatched: still running",
        ),
    ):
        heat.triangle(edition, grain, segment, measure, newest=newest, code=code)
        triangles.download(edition, grain, segment)
    with (
        right,
        cards.panel("curves", "Curves of chosen cohorts", f"Complete {grain}s only · {segment.label}"),
    ):
        chosen = triangles.choose(edition, grain, segment, newest)
        rows = triangles.curves(edition, grain, segment, measure, newest, chosen, code)
        charts.draw(
            rows,
            charts.COHORT_CURVES[grain, measure.key],
            "cohorts_curves",
            f"{measure.title} by {grain}s since sign-up",
        )
    with cards.panel(
        "by_segment",
        "By segment",
        f"Weighted mean of the newest {newest} cohorts, complete {grain}s only, per cent",
    ):
        by = filters.dimension(edition, "cohorts")
        heat.by_segment(edition, grain, by, measure, newest)


cohorts()
