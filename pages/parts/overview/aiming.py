"""The dialog that sets a target, and takes it away."""

import streamlit as st

from engine.desk import targets
from engine.desk.targets import Place
from metrics.titles import title as title_of
from pages.parts import asked, changes, numbers, person, tried, windows, words
from pages.parts.explain import BETTER
from pages.parts.numbers import Figure
from pages.parts.segment import Segment
from pages.parts.speech import later, say

LESS = {"rate": (later("per cent"), 100.0), "money": ("", 1.0), "hours": (later("hours"), 1.0)}
SUBTITLE = {
    "day": later("By day · {segment} · {better} · last complete: {value}"),
    "week": later("By week · {segment} · {better} · last complete: {value}"),
    "month": later("By month · {segment} · {better} · last complete: {value}"),
}


@windows.dialog(later("Set a target"), width="small", on_dismiss=asked.forget)
def dialog(figure: Figure, of: Segment, code: str) -> None:
    person.require("lead")
    metric, place = figure.metric, changes.place(figure, of)
    before = changes.goals().get(place)
    unit, factor = LESS.get(figure.unit, ("", 1.0))
    unit = code if figure.unit == "money" else say(unit) if unit else ""
    title = title_of(metric)
    st.html(f'<p class="hf-sub">{words.marked(subtitle(figure, of))}</p>')
    with st.form("overview_aiming", border=False):
        given = st.number_input(
            f"{title}, {unit}" if unit else title,
            value=round(before.value * factor, 6) if before else None,
            step=None,
            format="%g",
            key=f"overview_target_{metric.name}",
        )
        if st.form_submit_button(say("Save"), type="primary", key="overview_target_save"):
            save(place, None if given is None else given / factor, before.value if before else None)
    if before is not None:
        when = words.moment(before.changed_at, numbers.settings().timezone)
        st.caption(say("Set by {who}, {when}.", who=words.literal(before.author), when=when))
        st.button(
            say("Remove the target"),
            key="overview_target_remove",
            on_click=remove,
            args=(place, before.value),
        )


def subtitle(figure: Figure, of: Segment) -> str:
    known = figure.last.value if figure.last else None
    code = numbers.settings().base_currency
    return say(
        SUBTITLE[figure.grain],
        segment=of.label,
        better=say(BETTER[figure.metric.better]),
        value=words.value(known, figure.unit, code),
    )


def save(place: Place, value: float | None, before: float | None) -> None:
    who = person.require("lead").key
    settings = numbers.settings()
    if value is None and before is None:
        st.error(say("A target must be a number."))
        return
    if tried.in_dialog(lambda: targets.set_target(settings, place, value, who=who, instead_of=before)):
        asked.done()


def remove(place: Place, before: float) -> None:
    who = person.require("lead").key
    settings = numbers.settings()
    if tried.at_once(lambda: targets.set_target(settings, place, None, who=who, instead_of=before)):
        asked.forget()
