"""The bell: how many alerts fire, on every page."""

import streamlit as st

from data.errors import HoldfastError
from pages.parts import alarms
from pages.parts.speech import retold, say, several

PAGE = "act/alerts.py"


def draw() -> None:
    """A mark, a number and a word; a dash, and the reason on hover, where nothing can be read."""
    try:
        count: int | None = alarms.firing_count()
        hint = say("Alerts that fire now") if count else say("No alert fires")
    except HoldfastError as unreadable:
        count, hint = None, retold(str(unreadable))
    look = "unknown" if count is None else "firing" if count else "quiet"
    with st.container(key=f"bell_{look}", width="content"):
        st.page_link(PAGE, label=told(count), icon=icon(count), help=hint)


def told(count: int | None) -> str:
    return "—" if count is None else several(count, "{count} firing", "{count} firing")


def icon(count: int | None) -> str:
    return ":material/notifications_active:" if count else ":material/notifications:"
