"""What somebody sees who may not come in: the way in, or why not and whom to ask."""

from html import escape

import streamlit as st

from data.errors import HoldfastError
from engine.desk import people
from engine.desk.people import Person
from engine.desk.sign_ins import Refusal, Visit
from pages.parts import local, person
from pages.parts.configured import settings

MORE = 3  # admins that are named
AGAIN: dict[Refusal, str] = {
    "signed_out": "Numbers of your company stand behind this door. Sign in as you do everywhere else.",
    "idle": "You were away for a while, so your sign-in has ended. Nothing was lost.",
    "too_long": "Your sign-in has ended: it lasts for a limited time, however much you use it.",
}
REFUSED: dict[Refusal, str] = {
    "unreadable": "Your identity provider did not say who you are: it must tell an address, and since when.",
    "unverified": "Your identity provider does not vouch for the address {address}.",
    "domain": "People with an address such as {address} are not let in here.",
    "other_identity": "{address} was signed in with by another identity before, so it stays theirs. "
    "If your account was made anew, an admin can let it in again.",
    "unknown": "{address} is not on the list of those who may come in.",
    "deactivated": "{address} may not come in any more.",
    "no_role": "{address} has no role here: nothing that your identity provider says of you gives one.",
}


def pass_through() -> Person:
    """Whoever may come in; for anybody else draws what they may know, and ends the run."""
    try:
        found = person.visit()
    except HoldfastError as unreadable:
        panel("Nobody can come in now", f"It cannot be looked up who you are. {escape(str(unreadable))}")
        st.stop()
    if found.person is None:
        closed(found)
        st.stop()
    return found.person


def closed(found: Visit) -> None:
    if settings().sign_in is None:
        panel("This is somebody's own Holdfast", escape(local.MEND))
    elif found.refusal in AGAIN:
        with panel("Sign in", AGAIN[found.refusal]):
            st.button("Sign in", type="primary", key="door_sign_in", on_click=st.login)
    else:
        refused(found)


def refused(found: Visit) -> None:
    """Why, and whom to ask."""
    why = REFUSED[found.refusal or "unknown"].format(address=f"<b>{escape(found.address)}</b>")
    with panel("You cannot come in yet", f"{why} {whom_to_ask()}"):
        st.button("Sign in as somebody else", key="door_sign_out", on_click=st.logout)


def whom_to_ask() -> str:
    """Those who can let others in; strangers learn no address, only names."""
    try:
        found = [one for one in people.everyone(settings()) if one.role == "admin" and one.is_active]
    except HoldfastError:
        found = []
    names = [escape(one.name) for one in found[:MORE] if one.name]
    if not names:
        return "Ask whoever runs Holdfast to let you in."
    return f"Ask {' or '.join(names)} to let you in."


def panel(title: str, said: str) -> "st.delta_generator.DeltaGenerator":
    """A calm page with one thing on it; returns the place for what can be done."""
    place = st.container(key="door", gap="small")
    place.html(f'<h1 class="hf-title">{title}</h1><p>{said}</p>')
    return place
