"""Adding a source: its kind, its name, and what a connector has to know."""

from typing import Any

import streamlit as st

from data.errors import HoldfastError
from engine import desk
from engine.desk import Way
from pages.parts import numbers, person, windows
from pages.parts.sources import forms
from pages.parts.speech import later, retold, say

FILES = "files"
KINDS = {
    "key": later("Your product sends"),
    "secret": later("A billing system sends"),
    None: later("Holdfast asks"),
}
BY_HAND = later(
    "Files are read once, by a command, from a folder with `accounts.csv`, `events.csv`, "
    "`subscription_changes.csv` and so on (also `.csv.gz`, `.parquet`, `.ndjson`). Its name after `--source` "
    "becomes a row on this page. To have a folder watched, choose the kind Folder."
)


@windows.dialog(later("Add a source"), width="medium")
def dialog() -> None:
    person.require_whole("admin")
    ways = numbers.ways()
    kind = st.selectbox(
        say("Kind"), [*ways, FILES], format_func=lambda name: title(ways, name), key="sources_kind"
    )
    if kind == FILES:
        st.markdown(say(BY_HAND))
        st.code("python -m engine import FOLDER --source NAME", language="bash", wrap_lines=True)
        return
    way = ways[kind]
    st.markdown(say(way.about))
    with st.form("sources_adding", border=False):
        # One field for every kind: what was typed while the kind was still on its way stays.
        name = st.text_input(say("Name"), placeholder=free_name(kind), key="sources_name", help=say(NAMED))
        given = {} if way.auth else forms.answers(way, f"sources_new_{kind}")
        with st.container(horizontal=True):
            adds = st.form_submit_button(say("Add"), type="primary", key="sources_do_add")
            tries = not way.auth and st.form_submit_button(say("Test the connection"), key="sources_do_check")
    if tries:
        forms_check(kind, given)
    if adds:
        create(name.strip() or free_name(kind), kind, given)


NAMED = later(
    "What this source is called everywhere, also in addresses: letters, digits, `.`, `_` and `-`; "
    "left empty, it is called as shown"
)


def title(ways: Any, name: str) -> str:
    if name == FILES:
        return say("Files, once · By hand")
    way: Way = ways[name]
    return f"{say(way.title)} · {say(KINDS[way.auth])}"


def free_name(kind: str) -> str:
    """The name of the kind, or with the first number that is free."""
    taken = numbers.added_sources()
    names = [kind, *(f"{kind}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def forms_check(kind: str, given: dict[str, Any], name: str | None = None) -> None:
    """Look whether the connection works; the answer, or what has to be changed."""
    person.require_whole("admin")
    try:
        with st.spinner(say("Asking …")):
            found = desk.check_source(numbers.settings(), kind, given, name)
    except HoldfastError as wrong:
        st.error(retold(str(wrong)), icon=":material/error:")
    else:
        st.success(found, icon=":material/check_circle:")


def create(name: str, kind: str, given: dict[str, Any]) -> None:
    """Add it and look at it."""
    who = person.require_whole("admin").key
    try:
        desk.add_source(numbers.settings(), name, kind, given, who=who)
    except HoldfastError as wrong:
        st.error(retold(str(wrong)), icon=":material/error:")
        return
    st.session_state["sources_wanted"] = name
    st.rerun()
