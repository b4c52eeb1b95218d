"""How are people reached, and did it reach them?"""

import streamlit as st

from data.errors import HoldfastError
from pages.parts import outgoing, person, top, words
from pages.parts.channels import adding, doing, listing, outbox, routing
from pages.parts.speech import later, retold


@st.fragment(key="channels")
def channels() -> None:
    person.require_whole("lead")
    with top.line(later("Channels"), always=True):
        adding.button()
    try:
        known = outgoing.channels()
        listing.draw(known)
        routing.draw()
        outbox.draw()
        doing.follow(known)
    except HoldfastError as unreadable:
        st.error(words.literal(retold(str(unreadable))), icon=":material/error:")


channels()
