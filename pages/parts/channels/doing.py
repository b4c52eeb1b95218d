"""Clicks in the tables of the Channels page: which dialog they open, and what they do at once."""

import streamlit as st

from engine.desk.channels import Channel
from pages.parts import links
from pages.parts.channels import changing, outbox, routing, testing

WANTED = "channels_wanted"  # what was clicked: a verb, and what it is about
ALERT = "channels_wanted_alert"


def ask(wanted: str) -> None:
    """Have this dialog opened by the next run."""
    st.session_state[WANTED] = wanted


def follow(known: dict[str, Channel]) -> None:
    links.follow("channels_links", clicked)
    if alert := st.session_state.pop(ALERT, None):
        st.switch_page("act/alerts.py", query_params={"alert": alert})
    verb, _, about = st.session_state.pop(WANTED, "").partition(":")
    if verb in DIALOGS and about in known:
        DIALOGS[verb](known[about])
    elif verb == "route":
        routing.dialog(about)


DIALOGS = {"test": testing.dialog, "change": changing.dialog, "remove": changing.removing}


def clicked(opened: str) -> None:
    """What needs no question is done before the page is drawn anew."""
    verb, _, about = opened.partition(":")
    if verb in ("pause", "resume"):
        changing.pause(about, is_paused=verb == "pause")
    elif verb in ("up", "down", "drop"):
        routing.move(verb, about)
    elif verb == "retry":
        outbox.retry([int(about)])
    elif verb == "alert":
        st.session_state[ALERT] = about
    else:
        ask(opened)
