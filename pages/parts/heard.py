"""Choices that stand in the address as they are shown: understood in whatever language a link says them."""

from collections.abc import Iterable

import streamlit as st

from pages.parts import speech
from pages.parts.speech import LANGUAGES, say


def heard(key: str, texts: Iterable[str]) -> None:
    """Before the widget of this key: has the page drawn anew where its address is in another language."""
    given = st.query_params.get(key)
    found = next((text for text in texts if given and given in every(text)), None)
    if found is not None and given != say(found):
        st.query_params[key] = say(found)
        st.rerun()


def every(text: str) -> set[str]:
    """What a text is in each language."""
    said = set()
    for language in LANGUAGES:
        with speech.speaking(language):
            said.add(say(text))
    return said
