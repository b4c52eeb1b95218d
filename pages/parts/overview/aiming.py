"""The dialog that sets a target, and takes it away."""

import streamlit as st

from engine.desk import targets
from engine.desk.targets import Place
from pages.parts import asked, changes, numbers, person, tried, words
from pages.parts.numbers import Figure
from pages.parts.segment import Segment

LESS = {"rate": ("per cent", 100.0), "money": ("", 1.0), "hours": ("hours", 1.0)}


@st.dialog("Set a target", width="small", on_dismiss=asked.forget)
def dialog(figure: Figure, of: Segment, code: str) -> None:
    person.require("lead")
    metric, place = figure.metric, changes.place(figure, of)
    before = changes.goals().get(place)
    unit, factor = LESS.get(figure.unit, ("", 1.0))
    unit = code if figure.unit == "money" else unit
    st.html(f'<p class="hf-sub">{words.marked(subtitle(figure, of))}</p>')
    with st.form("overview_aiming", border=False):
        given = st.number_input(
            f"{metric.title}, {unit}" if unit else metric.title,
            value=round(before.value * factor, 6) if before else None,
            step=None,
            format="%g",
            key=f"overview_target_{metric.name}",
        )
        if st.form_submit_button("Save", type="primary", key="overview_target_save"):
            save(place, None if given is None else given / factor, before.value if before else None)
    if before is not None:
        when = words.moment(before.changed_at, numbers.settings().timezone)
        st.caption(f"Set by {words.literal(before.author)}, {when}.")
        st.button(
            "Remove the target", key="overview_target_remove", on_click=remove, args=(place, before.value)
        )


def subtitle(figure: Figure, of: Segment) -> str:
    better = {"up": "higher is better", "down": "lower is better", "none": "neither way is better"}
    known = figure.last.value if figure.last else None
    code = numbers.settings().base_currency
    last = f"last complete: {words.value(known, figure.unit, code)}"
    return f"By {figure.grain} · {of.label} · {better[figure.metric.better]} · {last}"


def save(place: Place, value: float | None, before: float | None) -> None:
    who = person.require("lead").key
    settings = numbers.settings()
    if value is None and before is None:
        st.error("A target must be a number.")
        return
    if tried.in_dialog(lambda: targets.set_target(settings, place, value, who=who, instead_of=before)):
        asked.done()


def remove(place: Place, before: float) -> None:
    who = person.require("lead").key
    settings = numbers.settings()
    if tried.at_once(lambda: targets.set_target(settings, place, None, who=who, instead_of=before)):
        asked.forget()
