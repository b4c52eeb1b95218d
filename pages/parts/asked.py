"""The dialog that a page has open: asked for by a click, kept through reruns until dismissed or done.

A page draws itself anew whenever there is news; a dialog that a click alone had opened would close then.
"""

import streamlit as st

KEY = "asked"


def ask(page: str, what: str) -> None:
    """Have a dialog open from the next run on: a verb, and after a colon what it is about."""
    st.session_state[KEY] = (page, what)


def wanted(page: str) -> tuple[str, str]:
    """The verb and what it is about; nothing of another page, where nobody can have asked for it lately."""
    of, what = st.session_state.get(KEY, ("", ""))
    if of != page:
        forget()
        return "", ""
    verb, _, about = what.partition(":")
    return verb, about


def forget() -> None:
    """It was dismissed, or done."""
    st.session_state.pop(KEY, None)


def done() -> None:
    """Close the dialog and draw the page anew."""
    forget()
    st.rerun()
