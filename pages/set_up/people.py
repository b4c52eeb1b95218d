"""Who may come in, as what, and who did what?"""

import streamlit as st

from data.errors import HoldfastError
from engine.desk import people as desk
from pages.parts import numbers, person, top, words
from pages.parts.people import changing, claims, doing, listing, more, trail
from pages.parts.speech import later, retold


@st.fragment(key="people")
def people() -> None:
    person.require_whole("admin")
    with top.line(later("People"), always=True):
        changing.button()
    try:
        known = desk.everyone(numbers.settings())
        listing.draw(known)
        claims.draw()
        more.draw()
        trail.draw()
        doing.follow(known)
    except HoldfastError as unreadable:
        st.error(words.literal(retold(str(unreadable))), icon=":material/error:")


people()
