"""Who looks at the page, and what they may do: asked anew at each call, never remembered."""

import streamlit as st

from engine.desk import people
from engine.desk.people import Person, Role


def current() -> Person:
    """Whoever looks at this page now."""
    return people.local()


def require(role: Role) -> Person:
    """First in every page, fragment and changing callback: stops the run unless they may."""
    found = current()
    if not found.may(role):
        st.error(f"This is for the role {role} and above; yours is {found.role}.")
        st.stop()
    return found
