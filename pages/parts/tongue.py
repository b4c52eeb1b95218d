"""Which language somebody reads: the one they chose, else their browser's, else English; and the switch."""

import streamlit as st

from engine.desk import people
from engine.desk.people import Person
from pages.parts import person, speech, tried
from pages.parts.configured import settings
from pages.parts.speech import ENGLISH, LANGUAGES, say

SWITCH = "language"


def of_browser() -> str:
    """The browser's first language, where we speak it."""
    first = (st.context.locale or ENGLISH).lower().replace("_", "-").partition("-")[0]
    return first if first in LANGUAGES else ENGLISH


def settle(here: Person | None) -> None:
    """What is said from here on in this run; without somebody, before the door, as the browser asks."""
    chosen = here.language if here else None
    speech.speak(chosen if chosen in LANGUAGES else of_browser())


def switch() -> None:
    """Draws the choice; it acts at once, and is kept."""
    st.session_state[SWITCH] = speech.language()
    st.segmented_control(
        say("Language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        required=True,
        key=SWITCH,
        on_change=choose,
        label_visibility="collapsed",
    )


def ask(key: str, before: str) -> str:
    """The field, in a form, for what is written to others."""
    return st.selectbox(
        say("Written in"),
        list(LANGUAGES),
        list(LANGUAGES).index(speech.known(before)),
        format_func=LANGUAGES.__getitem__,
        key=f"{key}_language",
    )


def choose() -> None:
    here, chosen = person.require("viewer"), str(st.session_state[SWITCH])
    if chosen not in LANGUAGES:
        tried.refuse()
    elif settings().sign_in is None:
        person.read_in(chosen)
    else:
        tried.at_once(lambda: people.set_language(settings(), here.key, chosen))
