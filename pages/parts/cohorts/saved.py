"""Saved views: the choices of the page, under a name, for oneself or for all."""

import json
from typing import Any

import streamlit as st

from data.errors import HoldfastError
from engine.desk import views as desk
from engine.desk.people import Person
from engine.desk.views import SavedView
from pages.parts import filters, links, numbers, person, words
from pages.parts.configured import settings
from pages.parts.speech import retold, say, say_as

PAGE = "cohorts"
LINK = "view"
RANGE = "cohorts_newest_"
CHOICES = frozenset(
    {"segment", "cohorts_grain"}
    | {
        f"cohorts_{name}"
        for name in ("start", "event", "by", "did", "times", "days", "measure", "kind", "clock")
    }
    | {f"cohorts_{name}" for name in ("smallest", "shown", "chosen")}
    | {f"cohorts_{side}_{kind}" for side in ("one", "other") for kind in ("groups", "cohorts")}
)
MARKS = {True: ":material/group:", False: ":material/lock:"}


def open_link() -> None:
    """`?view=7` stands for what is saved under it; the first thing of a run."""
    wanted = st.query_params.get(LINK)
    if wanted is None:
        return
    del st.query_params[LINK]
    try:
        show(desk.view(settings(), links.number(wanted) or 0, person.require("viewer")))
    except HoldfastError as unknown:
        st.session_state["cohorts_view_wrong"] = retold(str(unknown))


def show(view: SavedView) -> None:
    """Put its choices where the pickers look for them."""
    for key in [str(key) for key in st.session_state if is_choice(str(key))]:
        del st.session_state[key]
    for key in [key for key in st.query_params if is_choice(key)]:
        del st.query_params[key]
    for key, text in view.state.items():
        if is_choice(key) and fits(key, value := read(text)):
            st.session_state[key] = value


def is_choice(key: str) -> bool:
    """Whether it is a choice of this page, and none of what the parts keep for themselves."""
    return key in CHOICES or key.startswith(RANGE)


def fits(key: str, value: Any) -> bool:
    """Whether a picker can take it: what it was saved for may be no more."""
    if key in ("cohorts_times", "cohorts_days") or key.startswith(RANGE):
        return isinstance(value, int)
    if key == "segment":
        edition = numbers.newest()
        return edition is not None and value in (filters.EVERYONE, *filters.segment_keys(edition))
    return isinstance(value, list) if key == "cohorts_chosen" else isinstance(value, str)


def read(text: str) -> Any:
    """A text, a whole number or texts, as they were written."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    is_texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return value if is_texts or (isinstance(value, int | str) and not isinstance(value, bool)) else None


def state() -> dict[str, str]:
    """The choices made now."""
    kept = {str(key): st.session_state[key] for key in st.session_state if is_choice(str(key))}
    return {key: json.dumps(value) for key, value in kept.items() if value is not None}


def draw() -> None:
    """The menu of saved views: open, save, share, remove."""
    viewer = person.require("viewer")
    if wrong := st.session_state.pop("cohorts_view_wrong", ""):
        st.warning(words.literal(wrong))
    menu = st.popover(say("Views"), icon=":material/bookmark:", key="cohorts_view_menu", on_change="rerun")
    if menu.open:
        with menu:
            listed(viewer)


def listed(viewer: Person) -> None:
    """What is in the menu while it is open."""
    found = desk.views(settings(), PAGE, viewer)
    for view in found:
        entry(view, viewer.key)
    if not found:
        st.html(f'<p class="hf-sub">{say("Nothing is saved yet.")}</p>')
    save_form()
    about = say("The address of this page is a link to what is shown now.")
    st.html(f'<p class="hf-sub">{about}</p>')


def entry(view: SavedView, who: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        by = "" if view.owner == who else f" · {words.literal(view.owner)}"
        st.button(
            f"{words.literal(view.name)}{by}",
            key=f"cohorts_view_open_{view.view_id}",
            icon=MARKS[view.is_shared],
            type="tertiary",
            on_click=opened,
            args=(view.view_id,),
            help=say("Its link: {address}", address=f"/{PAGE}?{LINK}={view.view_id}"),
        )
        if view.owner == who:
            st.button(
                say("Make private") if view.is_shared else say_as("verb", "Share"),
                key=f"cohorts_view_share_{view.view_id}",
                type="tertiary",
                on_click=shared,
                args=(view,),
            )
            st.button(
                say("Remove"),
                key=f"cohorts_view_remove_{view.view_id}",
                type="tertiary",
                on_click=removed,
                args=(view.view_id,),
            )


def save_form() -> None:
    with st.form("cohorts_view_form", clear_on_submit=True, border=False):
        st.text_input(say("Save what is shown as"), key="cohorts_view_name", max_chars=80)
        st.checkbox(say("Everybody may see it"), key="cohorts_view_shared")
        st.form_submit_button(say("Save"), on_click=saved, args=(state(),))


def opened(view_id: int) -> None:
    try:
        show(desk.view(settings(), view_id, person.require("viewer")))
    except HoldfastError as unknown:
        st.session_state["cohorts_view_wrong"] = retold(str(unknown))


def saved(choices: dict[str, str]) -> None:
    viewer = person.require("viewer")
    name, is_shared = st.session_state["cohorts_view_name"], st.session_state["cohorts_view_shared"]
    try:
        desk.save(settings(), page=PAGE, name=name, state=choices, is_shared=is_shared, by=viewer)
        st.toast(say("Saved as {name}.", name=words.literal(name)))
    except HoldfastError as wrong:
        st.session_state["cohorts_view_wrong"] = retold(str(wrong))


def shared(view: SavedView) -> None:
    viewer = person.require("viewer")
    try:
        desk.change(settings(), view.view_id, view.version, by=viewer, is_shared=not view.is_shared)
    except HoldfastError as wrong:
        st.session_state["cohorts_view_wrong"] = retold(str(wrong))


def removed(view_id: int) -> None:
    try:
        desk.remove(settings(), view_id, by=person.require("viewer"))
    except HoldfastError as wrong:
        st.session_state["cohorts_view_wrong"] = retold(str(wrong))
