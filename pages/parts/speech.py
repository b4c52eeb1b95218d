"""The language of a run, as `data.speech` says things; pages take from here what they say."""

from contextvars import ContextVar
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.speech import (
    ENGLISH,
    LANGUAGES,
    asking,
    catalogue,
    known,
    language,
    later,
    say,
    say_as,
    several,
    speaking,
    whole,
    written,
)
from data.speech.retelling import retold

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "catalogue",
    "known",
    "language",
    "later",
    "retold",
    "say",
    "say_as",
    "several",
    "speak",
    "speaking",
    "whole",
    "written",
]
SPOKEN = "speech_spoken"  # of a session, for its fragments
_noted: ContextVar[tuple[Any, str] | None] = ContextVar("noted_language", default=None)


def of_run() -> str:
    """What is spoken in this run; English outside of one."""
    run = getattr(get_script_run_ctx(suppress_warning=True), "parallel_coordinator", None)
    if run is None:
        return ENGLISH
    noted = _noted.get()
    if noted is None or noted[0] is not run:
        noted = (run, st.session_state.get(SPOKEN, ENGLISH))
        _noted.set(noted)
    return noted[1]


asking.of_run = of_run


def speak(spoken: str) -> None:
    """From here on, in this run and the session's fragments; others than we know are English."""
    st.session_state[SPOKEN] = known(spoken)
    run = getattr(get_script_run_ctx(suppress_warning=True), "parallel_coordinator", None)
    _noted.set((run, known(spoken)))
