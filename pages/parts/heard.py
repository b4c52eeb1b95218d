"""Choices that stand in the address as they are shown: understood in whatever language a link says them."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import streamlit as st

from pages.parts import speech
from pages.parts.speech import LANGUAGES, say

Option = TypeVar("Option")


def heard(key: str, texts: Iterable[str]) -> None:
    """Before the widget of this key: has the page drawn anew where its address is in another language."""
    understand(key, texts, say)


def understand(key: str, options: Iterable[Option], shown: Callable[[Option], str]) -> None:
    """The same for options of any kind, `shown` as the widget shows them."""
    given = st.query_params.get_all(key)
    noted = f"heard_{key}"
    if not given or (speech.language(), given) in st.session_state.get(noted, ()):
        return
    meant = translated(given, tuple(options), shown)
    st.session_state[noted] = tuple((speech.language(), each) for each in (given, meant))  # asked once
    if meant != given:
        st.query_params[key] = meant if len(meant) > 1 else meant[0]
        st.rerun()


def translated(given: list[str], options: tuple[Option, ...], shown: Callable[[Option], str]) -> list[str]:
    """What is said in the reader's language; what nobody says stays as it is."""
    own = {shown(option) for option in options}
    if own.issuperset(given):
        return given
    foreign: dict[str, Option] = {}
    for language in LANGUAGES:
        with speech.speaking(language):
            foreign |= {shown(option): option for option in options}
    return [text if text in own or text not in foreign else shown(foreign[text]) for text in given]


def every(text: str) -> set[str]:
    """What a text is in each language."""
    said = set()
    for language in LANGUAGES:
        with speech.speaking(language):
            said.add(say(text))
    return said
