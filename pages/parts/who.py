"""The foot of the menu: who is here, as what, and the way out."""

from html import escape

import streamlit as st

from engine import clock
from engine.desk import sign_ins
from engine.desk.people import ROLES, Person, Role
from pages.parts import person, tongue, tried, words
from pages.parts.configured import settings
from pages.parts.speech import later, say

TRIED = "person_seen_as"
ABOUT = later(
    "Without a sign-in only this machine's own user comes in, and may try what each role sees. "
    "README, “People and roles”, says how to let others in."
)
NAMES: dict[Role, str] = {
    "viewer": later("viewer"),
    "analyst": later("analyst"),
    "lead": later("lead"),
    "admin": later("admin"),
}


def draw(here: Person) -> None:
    with st.sidebar, st.container(key="who", gap="small"):
        sees = f" · {words.segment(here.scope.dimension, here.scope.segment)}" if here.scope else ""
        role = f"{say(here.role)}{sees}"
        st.html(f'<p class="hf-who" title="{escape(here.key)}"><b>{escape(here.name)}</b> {escape(role)}</p>')
        if settings().sign_in is None:
            try_roles()
            tongue.switch()
        else:
            tongue.switch()
            st.button(say("Sign out"), icon=":material/logout:", key="who_sign_out", on_click=leave)


def try_roles() -> None:
    st.session_state[TRIED] = person.seen_as()
    st.selectbox(
        say("See it as"),
        ROLES,
        key=TRIED,
        on_change=try_one,
        help=say(ABOUT),
        format_func=lambda role: say(role).capitalize(),
    )


def try_one() -> None:
    role = st.session_state[TRIED]
    if role in ROLES:
        person.see_as(role)
    else:
        tried.refuse()


def leave() -> None:
    """What this browser holds opens nothing any more, here or in a copy of it."""
    sign_ins.sign_out(settings(), st.user.to_dict(), clock.now())
    st.logout()
