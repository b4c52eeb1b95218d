"""Who stays, and for how long?"""

import streamlit as st

from pages.parts import cards, charts, filters, heat, numbers, person, top, triangles
from pages.parts.segment import View


@st.fragment(key="cohorts")
def cohorts() -> None:
    person.require("viewer")
    with top.line("Cohorts") as edition:
        grain = filters.grain("cohorts", ("week", "month"), "month")
        measure = filters.measure("cohorts")
        newest = filters.newest_cohorts("cohorts", grain)
        segment = filters.segment(edition, "cohorts")
    view = View(edition, grain, segment, newest, numbers.edition(edition).base_currency)
    said = f"Per cent: {measure.about} · {segment.label} · hatched: so far"

    left, right = st.columns([3, 2]) if newest <= heat.BESIDE else (st.container(), st.container())
    with left, cards.panel("triangle", measure.title, said, of=measure.of):
        heat.triangle(view, measure)
        triangles.download(view)
    with (
        right,
        cards.panel("curves", "Chosen cohorts", f"Complete {grain}s only · {segment.label}", of=measure.of),
    ):
        chosen = triangles.choose(view)
        charts.legend(chosen, charts.SERIES)
        rows = triangles.curves(view, measure, chosen)
        drawn = charts.COHORT_CURVES[grain, measure.key]
        charts.draw(rows, drawn, "cohorts_curves", f"{measure.title} by {grain}s since sign-up")
    said = f"Per cent, weighted mean of the newest {newest} cohorts, complete {grain}s only"
    with cards.panel("by_segment", "By segment", said, of=measure.of):
        heat.by_segment(view, filters.dimension(edition, "cohorts"), measure)


cohorts()
