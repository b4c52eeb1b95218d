"""Draws anew what a change made old: the fragment alone where it is drawn alone, else the page."""

from typing import NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException


def draw() -> NoReturn:
    """A click may arrive with a message that asks for the whole page: then no fragment is drawn alone."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()
