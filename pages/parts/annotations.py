"""Releases, incidents and what else happened: noted in a pop-up, shown as thin rules on charts over time."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import streamlit as st

from data.errors import HoldfastError
from engine.desk import annotations as desk
from engine.desk.annotations import KINDS, Annotation, Happening
from engine.desk.people import Scope
from pages.parts import person, words
from pages.parts.configured import settings
from pages.parts.lately import lately
from pages.parts.once import once
from pages.parts.speech import later, retold, say

Spec = dict[str, Any]
NAMES = {
    "release": later("Release"),
    "incident": later("Incident"),
    "other": later("Something else"),
}
RULE = {"release": "#0072B2", "incident": "#D55E00", "other": "#8A9694"}
TITLE, KIND, DAYS, LINK = (f"annotation_{part}" for part in ("title", "kind", "days", "link"))
RECENT = timedelta(days=400)
SHOWN = 12
PERIOD = "period_start"


def known(start: date | None = None, end: date | None = None) -> list[Annotation]:
    """What happened in `[start, end)`, within what the reader may see; nothing where the store is closed."""
    try:
        return happened(start, end, person.scope_of_this_run())
    except HoldfastError:
        return []


@lately
def happened(start: date | None, end: date | None, scope: Scope | None) -> list[Annotation]:
    return desk.annotations(settings(), start=start, end=end, scope=scope)


def layer(drawn: Spec, frame: pl.DataFrame) -> Spec:
    """A chart over periods with a rule for each happening; the chart itself where there are none."""
    if PERIOD not in frame.columns or "layer" not in drawn or frame.is_empty():
        return drawn
    starts = starts_of(frame)
    found = within(starts)
    return noted(drawn, tuple(found), starts) if found else drawn


def within(starts: Sequence[date]) -> list[Annotation]:
    """What happened in these periods."""
    return known(starts[0], starts[-1] + timedelta(days=31)) if starts else []


@once
def starts_of(frame: pl.DataFrame) -> tuple[date, ...]:
    """Of the chart's periods, the first one first."""
    return tuple(sorted({*frame[PERIOD].cast(pl.Date).to_list()} - {None}))


@once
def noted(drawn: Spec, found: Sequence[Annotation], starts: Sequence[date]) -> Spec:
    marks = [mark for each in found for mark in marks_of(each, starts)]
    across = x_of(drawn["layer"]) if marks else None
    return drawn | {"layer": [*drawn["layer"], rule(marks, across)]} if across else drawn


def marks_of(each: Annotation, starts: Sequence[date]) -> list[dict[str, Any]]:
    """The periods in which it began and lasted, by the day on which each begins."""
    began = max((start for start in starts if start <= each.starts_on), default=None)
    last = each.ends_on or each.starts_on
    within = [start for start in starts if each.starts_on < start <= last]
    told = {"title": f"{named(each)}: {each.title}", "days": days(each), "kind": each.kind}
    return [told | {PERIOD: milliseconds(start)} for start in ([began] if began else []) + within]


def milliseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def days(each: Annotation) -> str:
    first = words.day_of(each.starts_on)
    return say("{first} to {last}", first=first, last=words.day_of(each.ends_on)) if each.ends_on else first


def colour(kind: str) -> str:
    return RULE.get(kind, RULE["other"])


def named(each: Annotation) -> str:
    return say(NAMES.get(each.kind, later("Noted")))


def x_of(layers: Sequence[Spec]) -> Spec | None:
    """How the chart lays its periods out, if it does."""
    for part in layers:
        across = part.get("encoding", {}).get("x", {})
        if across.get("field") == PERIOD:
            return dict(across)
        if found := x_of(part.get("layer", [])):
            return found
    return None


def rule(marks: list[dict[str, Any]], across: Spec | None) -> Spec:
    return {
        "data": {"values": marks},
        "mark": {"type": "rule", "strokeWidth": 1.5, "strokeDash": [2, 3], "opacity": 0.9},
        "encoding": {
            "x": across,
            "color": {  # without a scale, which it would share with the chart's own colours
                "condition": [
                    {"test": f"datum.kind === '{kind}'", "value": hue} for kind, hue in RULE.items()
                ],
                "value": RULE["other"],
            },
            "tooltip": [
                {"field": "title", "type": "nominal", "title": say("Noted")},
                {"field": "days", "type": "nominal", "title": say("On")},
            ],
        },
    }


def today() -> date:
    """The company's day."""
    return datetime.now(UTC).astimezone(settings().tz).date()


def draw() -> None:
    """The button that opens what was noted, and the form to note more."""
    hint = say("Releases and incidents on the charts")
    menu = st.popover("", icon=":material/flag:", key="annotations", help=hint, on_change="rerun")
    if menu.open:
        with menu:
            listed(known(start=today() - RECENT))


def listed(found: Sequence[Annotation]) -> None:
    """What is in the pop-up: the newest first."""
    if not found:
        st.caption(say("Nothing was noted yet. What is, shows as a thin rule on every chart over time."))
    here = person.current()
    for each in found[::-1][:SHOWN]:
        line(each, may_remove=desk.may_remove(here, each))
    if person.may("analyst"):
        form()


def line(each: Annotation, *, may_remove: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"annotation_{each.annotation_id}"):
        st.text(f"{named(each)} · {days(each)}\n{each.title}\n{each.author}")
        if may_remove:
            st.button(
                say("Remove"),
                key=f"annotation_remove_{each.annotation_id}",
                type="tertiary",
                on_click=remove,
                args=(each.annotation_id,),
            )


def form() -> None:
    with st.form("annotation_form", border=False, clear_on_submit=True):
        st.text_input(say("What happened"), key=TITLE, max_chars=200, placeholder=say("Release 4.2"))
        st.selectbox(say("Kind"), KINDS, key=KIND, format_func=lambda kind: say(NAMES[kind]))
        st.date_input(
            say("Day, or first and last day"),
            value=(),
            key=DAYS,
            help=say("Days of the company's calendar"),
        )
        st.text_input(say("Link, if there is one"), key=LINK, placeholder="https://…")
        st.form_submit_button(say("Note it"), type="primary", key="annotation_do", on_click=add)


def add() -> None:
    here = person.require("analyst")
    try:
        desk.add(settings(), happening(), who=here.key, scope=here.scope)
    except HoldfastError as wrong:
        st.toast(words.literal(retold(str(wrong))), icon=":material/error:")


def happening() -> Happening:
    """What the form tells; of somebody who may see one segment, about that segment."""
    told, scope = st.session_state, person.scope()
    first, *last = told[DAYS] or (today(),)
    return Happening(
        kind=told[KIND],
        title=told[TITLE] or "",
        starts_on=first,
        ends_on=last[0] if last and last[0] != first else None,
        link=(told[LINK] or "").strip() or None,
        dimension=scope.dimension if scope else None,
        segment=scope.segment if scope else None,
    )


def remove(annotation_id: int) -> None:
    here = person.require("viewer")
    try:
        desk.remove(settings(), annotation_id, by=here)
    except HoldfastError as wrong:
        st.toast(words.literal(retold(str(wrong))), icon=":material/error:")
