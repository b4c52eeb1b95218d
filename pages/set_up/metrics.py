"""What does each number mean?"""

import streamlit as st

from pages.parts import catalogue, top


@st.fragment(key="metrics")
def metrics() -> None:
    with top.line("Metrics", always=True):
        wanted = catalogue.search()
    catalogue.draw(wanted)


metrics()
