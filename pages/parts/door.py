"""What somebody sees who may not come in: the way in, or why not and whom to ask."""

from functools import reduce
from html import escape

import streamlit as st

from data.errors import HoldfastError
from engine.desk import people
from engine.desk.people import Person
from engine.desk.sign_ins import Refusal, Visit
from pages.parts import local, person
from pages.parts.configured import settings
from pages.parts.speech import later, retold, say

MORE = 3  # admins that are named
AGAIN: dict[Refusal, str] = {
    "signed_out": later("Numbers of your company stand behind this door. Sign in as you do everywhere else."),
    "idle": later("You were away for a while, so your sign-in has ended. Nothing was lost."),
    "too_long": later("Your sign-in has ended: it lasts for a limited time, however much you use it."),
}
REFUSED: dict[Refusal, str] = {
    "unreadable": later(
        "Your identity provider did not say who you are: it must tell an address, and since when."
    ),
    "unverified": later("Your identity provider does not vouch for the address {address}."),
    "domain": later("People with an address such as {address} are not let in here."),
    "other_identity": later(
        "{address} was signed in with by another identity before, so it stays theirs. "
        "If your account was made anew, an admin can let it in again."
    ),
    "unknown": later("{address} is not on the list of those who may come in."),
    "deactivated": later("{address} may not come in any more."),
    "no_role": later(
        "{address} has no role here: nothing that your identity provider says of you gives one."
    ),
}


def pass_through() -> Person:
    """Whoever may come in; for anybody else draws what they may know, and ends the run."""
    try:
        found = person.visit()
    except HoldfastError as unreadable:
        why = say("It cannot be looked up who you are. {reason}", reason=escape(retold(str(unreadable))))
        panel(say("Nobody can come in now"), why)
        st.stop()
    if found.person is None:
        closed(found)
        st.stop()
    return found.person


def closed(found: Visit) -> None:
    if settings().sign_in is None:
        panel(say("This is somebody's own Holdfast"), escape(say(local.MEND)))
    elif found.refusal in AGAIN:
        with panel(say("Sign in"), say(AGAIN[found.refusal])):
            st.button(say("Sign in"), type="primary", key="door_sign_in", on_click=st.login)
    else:
        refused(found)


def refused(found: Visit) -> None:
    """Why, and whom to ask."""
    why = say(REFUSED[found.refusal or "unknown"], address=f"<b>{escape(found.address)}</b>")
    with panel(say("You cannot come in yet"), f"{why} {whom_to_ask()}"):
        st.button(say("Sign in as somebody else"), key="door_sign_out", on_click=st.logout)


def whom_to_ask() -> str:
    """Those who can let others in; strangers learn no address, only names."""
    try:
        found = [one for one in people.everyone(settings()) if one.role == "admin" and one.is_active]
    except HoldfastError:
        found = []
    names = [escape(one.name) for one in found[:MORE] if one.name]
    if not names:
        return say("Ask whoever runs Holdfast to let you in.")
    either = reduce(lambda some, more: say("{some} or {more}", some=some, more=more), names)
    return say("Ask {names} to let you in.", names=either)


def panel(title: str, said: str) -> "st.delta_generator.DeltaGenerator":
    """A calm page with one thing on it; returns the place for what can be done."""
    place = st.container(key="door", gap="small")
    place.html(f'<h1 class="hf-title">{title}</h1><p>{said}</p>')
    return place
