"""Who looks at the page, and what they may do: asked anew at each call, never remembered."""

from dataclasses import replace
from typing import Any, NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.errors import GiveUp, HoldfastError
from engine import clock
from engine.desk import people, sign_ins
from engine.desk.people import Person, Role, Scope
from engine.desk.sign_ins import Visit
from pages.parts import local
from pages.parts.configured import settings
from pages.parts.speech import retold, say

BY_ITSELF = "person_by_itself"  # the run that the page asked for, not its reader
SEES = "person_sees"  # what is seen in one run
HOLE = ":material/lock:"


def visit() -> Visit:
    """Who is at the door now."""
    if settings().sign_in is None:
        return Visit(this_user()) if is_local() else Visit(refusal="signed_out")
    return sign_ins.visit(settings(), st.user.to_dict(), clock.now(), is_asked=not is_by_itself())


def this_user() -> Person:
    return replace(people.local(seen_as()), language=reads().get("language"))


def current() -> Person:
    """Whoever looks at this page now; stops the run where nobody may."""
    try:
        found = visit().person
    except HoldfastError as unreadable:
        stop(
            say(
                "It cannot be looked up who you are, so nothing is shown. {reason}",
                reason=retold(str(unreadable)),
            )
        )
    return found or stop(say("You are not signed in any more; load this page again."))


def require(role: Role) -> Person:
    """First in every page, fragment and changing callback: stops the run unless they may."""
    found = current()
    return found if found.may(role) else refuse(role, found.role)


def refuse(role: Role, own: Role) -> NoReturn:
    stop(say("This is for the role {role} and above; yours is {own}.", role=say(role), own=say(own)))


def require_whole(role: Role) -> Person:
    """The same, for what is about the company as a whole: not for somebody who may see one segment."""
    found = require(role)
    return found if found.scope is None else refuse_scoped()


def stop(sentence: str) -> NoReturn:
    """Say why, and draw nothing more.

    Raises:
        GiveUp: outside a page, where there is no run to stop.
    """
    st.error(sentence, icon=HOLE)
    st.stop()
    raise GiveUp(sentence)


def may(role: Role) -> bool:
    """Whether to draw what changes something; whoever changes it is asked again."""
    return current().may(role)


def scope() -> Scope | None:
    """The one segment that the reader may see."""
    return current().scope


def scope_of_this_run() -> Scope | None:
    """The same, looked up once a run: each read of the numbers asks."""
    run = this_run()
    noted = st.session_state.get(SEES) if run is not None else None
    if noted is None or noted[0] is not run:
        noted = (run, scope())
        st.session_state[SEES] = noted
    return noted[1]


def refuse_scoped() -> NoReturn:
    """What is about the company as a whole is not for somebody who may see one segment of it."""
    stop(say("This is about the company as a whole; you may see one segment of it."))


def is_local() -> bool:
    """Whether the reader sits at this machine; a test has no connection at all."""
    headers = {name.lower(): value for name, value in st.context.headers.items()}
    return not headers or (st.context.ip_address is None and local.is_from_here(headers))


def came_by_itself() -> None:
    """Note that the page asked for this run: it does not keep a sign-in going."""
    st.session_state[BY_ITSELF] = this_run()


def is_by_itself() -> bool:
    noted = st.session_state.get(BY_ITSELF)
    return noted is not None and noted is this_run()


def this_run() -> Any:
    """Something that is another one in each run."""
    return getattr(get_script_run_ctx(), "parallel_coordinator", None)


@st.cache_resource
def tried() -> dict[str, Role]:
    """The role that this machine's user tries; kept here, so that they can always go back."""
    return {}


def seen_as() -> Role:
    return tried().get("role", "admin")


def see_as(role: Role) -> None:
    """Look at everything as somebody of a role would; only without a sign-in, where one may anyhow."""
    if settings().sign_in is None and is_local():
        tried()["role"] = role


@st.cache_resource
def reads() -> dict[str, str]:
    """The language that this machine's user chose."""
    return {}


def read_in(language: str) -> None:
    """Read everything in a language; only without a sign-in: of others it is known who they are."""
    if settings().sign_in is None and is_local():
        reads()["language"] = language
