"""Where do we stand, and what comes next?"""

import streamlit as st

from data.errors import HoldfastError
from engine.desk import guide as desk
from pages.parts import numbers, person, top, words
from pages.parts.guide import listing, steps
from pages.parts.speech import later, retold


@st.fragment(key="guide")
def guide() -> None:
    here = person.require_whole("viewer")
    with top.line(later("Guide"), always=True) as edition:
        pass
    settings = numbers.settings()
    try:
        done = desk.done(settings, here)
    except HoldfastError as unreadable:
        st.error(words.literal(retold(str(unreadable))), icon=":material/error:")
        return
    listing.draw(
        steps.steps(
            edition or None, done, settings.activation.steps, settings.value.events, settings.timezone
        )
    )


guide()
