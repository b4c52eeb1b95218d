"""Whom a rule tells, how gravely, and what they should do then."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from engine.desk.rules import SEVERITIES
from pages.parts import alarms
from pages.parts.rules import phrases
from pages.parts.rules.drafts import Draft
from pages.parts.rules.fields import Slots, number, seeded
from pages.parts.rules.units import PLAIN
from pages.parts.speech import later, say

NO_CHANNELS = later("No channel is set up yet; until then alerts are seen on the Alerts page only.")


def draw(draft: Draft, slots: Slots) -> dict[str, Any]:
    """Draw the fields; what they hold."""
    given = draft.given
    found: dict[str, Any] = {}
    with st.container(horizontal=True, vertical_alignment="top", key="rules_telling"):
        with st.container(width=250, gap=None):
            found["severity"] = severity(draft)
            slots.under("severity")
        with st.container(width=300, gap=None):
            found["channels"] = channels(draft, given["channels"])
            slots.under("channels")
        with st.container(width=190, gap=None):
            found["owner"] = text(draft, "owner", say("Owner"), 200, say("Who looks after the rule"))
            slots.under("owner")
        with st.container(width=190, gap=None):
            found["repeat_hours"] = number(
                draft,
                "repeat_hours",
                given["repeat_hours"],
                PLAIN,
                label=say("Tell again every … hours"),
                help=say("How often an alert that still fires is told again, in hours; empty: never"),
                placeholder=say("never"),
            )
            slots.under("repeat_hours")
    key, begins = seeded(draft, "about", given["about"])
    found["about"] = st.text_area(
        say("What to do when it fires"),
        begins,
        key=key,
        max_chars=2000,
        height=76,
        placeholder=say("Who should look at what first? It is part of every message."),
    )
    slots.under("about")
    return found


def severity(draft: Draft) -> str:
    key, begins = seeded(draft, "severity", draft.given["severity"])
    chosen = st.segmented_control(
        say("Severity"),
        SEVERITIES,
        format_func=phrases.graded,
        default=begins,
        required=True,
        key=key,
        help=say("It tells the routes to which channels an alert goes"),
    )
    return chosen or begins


def channels(draft: Draft, now: Sequence[str]) -> list[str]:
    known = alarms.channel_names()
    key, begins = seeded(draft, "channels", list(now))
    options = list(dict.fromkeys((*known, *begins, *now)))
    return st.multiselect(
        say("Channels"),
        options,
        default=begins,
        key=key,
        placeholder=say("As the routes say"),
        help=say("Empty: as the routes say") if known else say(NO_CHANNELS),
    )


def text(draft: Draft, name: str, label: str, longest: int, hint: str = "", **more: Any) -> str:
    """A line of text; it is kept while it is typed, so that nothing of it can be lost."""
    key, begins = seeded(draft, name, draft.given[name])
    found = st.text_input(
        label,
        begins,
        key=key,
        max_chars=longest,
        help=hint or None,
        live=True,
        **more,
    )
    return (found or "").strip()
