"""How are people reached, and did it reach them?"""

import streamlit as st

from data.errors import HoldfastError
from engine.desk.channels import Channel
from pages.parts import outgoing, top
from pages.parts.channels import adding, doing, listing, outbox, routing


@st.fragment(key="channels")
def channels() -> None:
    with top.line("Channels", always=True):
        adding.button()
    known = all_or_stop()
    listing.draw(known)
    routing.draw()
    outbox.draw()
    doing.follow(known)


def all_or_stop() -> dict[str, Channel]:
    """The channels; where they cannot be read, the page ends with the sentence that says why."""
    try:
        return outgoing.channels()
    except HoldfastError as unreadable:
        st.error(str(unreadable), icon=":material/error:")
        st.stop()


channels()
