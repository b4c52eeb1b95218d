"""Which source is looked at: the picker in the top line, and clicks on names in the table."""

from collections.abc import Sequence

import streamlit as st

from pages.parts import links, person
from pages.parts.heard import understand
from pages.parts.sources import adding
from pages.parts.speech import say

EVERY = "*"
PICKER, WANTED = "source", "sources_wanted"


def source(names: Sequence[str]) -> str:
    """The name of the source to show; EVERY for the table of all."""
    wanted = st.session_state.pop(WANTED, None)
    if wanted is not None:
        st.session_state[PICKER] = wanted
    understand(PICKER, [EVERY, *names], shown)
    chosen = st.selectbox(
        say("Source"),
        [EVERY, *names],
        format_func=shown,
        key=PICKER,
        bind="query-params",
        label_visibility="collapsed",
        width=190,
    )
    return chosen or EVERY


def shown(name: str) -> str:
    return say("All sources") if name == EVERY else name


def show(name: str) -> None:
    """Look at this source from the next run on."""
    st.session_state[WANTED] = name


def follow_clicks() -> None:
    links.follow("sources_links", show)


def add() -> None:
    if person.may("admin") and st.button(
        say("Add a source"), icon=":material/add:", key="sources_add", type="primary"
    ):
        adding.dialog()
