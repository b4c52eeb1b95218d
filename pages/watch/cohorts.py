"""Who stays, and for how long?"""

from html import escape

import polars as pl
import streamlit as st

from data.errors import HoldfastError
from metrics.explore.answer import Answer
from pages.parts import cards, filters, heat, lacking, numbers, person, projection, top
from pages.parts.cohorts import asking, behind, curves, difference, explored, grid, saved, wording
from pages.parts.cohorts.asking import Asked
from pages.parts.cohorts.grid import Look
from pages.parts.once import Html
from pages.parts.speech import later, retold, say


@st.fragment(key="cohorts")
@lacking.told
def cohorts() -> None:
    person.require("viewer")
    saved.open_link()
    with top.line(later("Cohorts")) as edition:
        grain = filters.grain("cohorts", ("week", "month"), "month")
        newest = filters.newest_cohorts("cohorts", grain)
        segment = filters.segment(edition, "cohorts")
        saved.draw()
    asked = asking.asked(edition, grain, newest, segment, numbers.edition(edition).base_currency)
    try:
        answer = explored.ask(edition, asked.question, segment)
    except HoldfastError as wrong:
        cards.note(escape(retold(str(wrong))))
        return
    if answer.cells.is_empty():
        cards.note(wording.nothing(asked.question, segment.label))
        return
    draw(edition, answer, asked)
    behind.follow_clicks()
    behind.draw_asked(edition, asked, answer)


def draw(edition: str, answer: Answer, asked: Asked) -> None:
    number = asking.picked_shown(answer, asked)
    cells = curves.cells_of(answer, number)
    opens = f"cell:{'all' if number is None else number}"
    look = grid.look_of(cells, asked.question, asked.smallest, asked.code, opens)
    beside = asked.question.newest <= heat.BESIDE and look.width <= heat.BESIDE + 1
    left, right = st.columns([3, 2]) if beside else (st.container(), st.container())
    with left:
        triangle(cells, answer, asked, look)
    with (
        right,
        cards.panel(
            "cohorts_curves",
            say("Curves"),
            say("Complete periods only; bands: 95 % intervals of shares"),
        ),
    ):
        curves.draw(answer, cells, asked, look)
    projection.draw(edition, asked.of)
    if asked.question.by != "all":
        groups(answer, asked, look)
    is_grouped = asked.question.by != "all"
    title = say("Difference between two groups" if is_grouped else "Difference between two cohorts")
    with cards.panel("cohorts_difference", title):
        difference.draw(answer, cells, asked, look)
    with st.expander(say("The SQL behind it"), icon=":material/code:"):
        about = say("Runs as it is in DuckDB, on the edition's file opened read-only.")
        st.html(f'<p class="hf-sub">{about}</p>')
        st.code(answer.script, language="sql")


def triangle(cells: pl.DataFrame, answer: Answer, asked: Asked, look: Look) -> None:
    meaning = wording.meaning(asked.question)
    of = "mrr" if asked.question.is_money else "active_accounts"
    with cards.panel("cohorts_triangle", wording.title(asked.question), meaning, of=of):
        if not wording.is_known(cells):
            cards.note(wording.nothing_paid(asked.question))
        else:
            st.html(
                Html(f'<div class="hf-scroll hf-cohorts" tabindex="0">{grid.triangle(cells, look)}</div>')
            )
        behind.files(answer.cells, f"cohorts-{asked.question.grain}", "cohorts_cells")


def groups(answer: Answer, asked: Asked, look: Look) -> None:
    parts = curves.groups_of(answer)
    said = wording.grouped(asked.question, None in answer.segments)
    with cards.panel("cohorts_groups", say("By group"), said):
        st.html(f'<div class="hf-scroll" tabindex="0">{grid.groups(parts, look)}</div>')


cohorts()
