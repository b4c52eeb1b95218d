"""Clicks in the tables of the Channels page: which dialog they open, and what they do at once."""

from collections.abc import Mapping

import streamlit as st

from engine.desk.channels import Channel
from pages.parts import asked, links
from pages.parts.channels import adding, changing, outbox, routing, testing

PAGE = "channels"
ALERT = "channels_wanted_alert"
OF_CHANNELS = {"test": testing.dialog, "change": changing.dialog, "remove": changing.removing}


def follow(known: Mapping[str, Channel]) -> None:
    links.follow("channels_links", clicked)
    if alert := st.session_state.pop(ALERT, None):
        st.switch_page("act/alerts.py", query_params={"alert": alert})
    verb, about = asked.wanted(PAGE)
    if verb == "add":
        adding.dialog()
    elif verb == "route":
        routing.dialog(about)
    elif verb in OF_CHANNELS and about in known:
        OF_CHANNELS[verb](known[about])


def clicked(opened: str) -> None:
    """What needs no question is done before the page is drawn anew."""
    verb, _, about = opened.partition(":")
    if verb in ("pause", "resume"):
        changing.pause(about, is_paused=verb == "pause")
    elif verb in ("up", "down", "drop"):
        routing.move(verb, about)
    elif verb == "retry":
        outbox.retry([links.number(about) or 0])
    elif verb == "alert":
        st.session_state[ALERT] = about
    else:
        asked.ask(PAGE, opened)
