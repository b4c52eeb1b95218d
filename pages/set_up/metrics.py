"""What does each number mean?"""

import streamlit as st

from pages.parts import catalogue, person, top
from pages.parts.speech import later


@st.fragment(key="metrics")
def metrics() -> None:
    person.require("viewer")
    with top.line(later("Metrics"), always=True):
        wanted = catalogue.search()
    catalogue.draw(wanted)


metrics()
