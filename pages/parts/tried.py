"""Does what somebody asked for, and says what stands in the way; what people called things is no Markdown."""

from collections.abc import Callable

import streamlit as st

from data.errors import HoldfastError
from pages.parts import words
from pages.parts.speech import retold, say


def at_once(act: Callable[[], object]) -> bool:
    """Before the page is drawn anew; whether it was done."""
    try:
        act()
    except HoldfastError as wrong:
        st.toast(words.literal(retold(str(wrong))), icon=":material/error:")
        return False
    return True


def refuse() -> None:
    """A field sent what it does not offer."""
    st.toast(say("This was not among the choices, so nothing was changed."), icon=":material/error:")


def in_dialog(act: Callable[[], object]) -> bool:
    """In a dialog, which shows what is wrong; whether it was done."""
    try:
        act()
    except HoldfastError as wrong:
        st.error(words.literal(retold(str(wrong))), icon=":material/error:")
        return False
    return True
