"""Adding somebody, changing them, letting them in no more."""

from html import escape

import streamlit as st

from engine.desk import people as desk
from engine.desk.people import BY_CLAIM, ROLES, Known, Scope
from pages.parts import asked, numbers, person, tried, windows, words
from pages.parts.people.listing import turn
from pages.parts.people.roles import called
from pages.parts.speech import later, say, say_as

EVERYTHING = "*"
ROLE_HELP = later(
    "Viewer: sees numbers and alerts. Analyst: also explores, comments, looks at rules. Lead: also changes "
    "rules, takes alerts, leads messages. Admin: also channels, sources, people. By claim: what the identity "
    "provider says of them decides."
)
SEES_HELP = later(
    "Somebody who sees one segment gets its numbers, accounts and alerts, and nothing of the others."
)
AT_ONCE = later("It acts at once, on pages that are open as well.")
FORGETS = later(
    "When their account at the identity provider was made anew: whoever signs in with this "
    "address next is them."
)
LEAVES = later(
    "<b>{name}</b> is signed out everywhere and cannot come in again, until somebody activates them. "
    "What they decided stays, with their name."
)


def button() -> None:
    st.button(
        say("Add somebody"),
        icon=":material/person_add:",
        key="people_add",
        type="primary",
        on_click=asked.ask,
        args=("people", "add"),
    )


@windows.dialog(later("Add somebody"), on_dismiss=asked.forget)
def adding() -> None:
    person.require_whole("admin")
    with st.form("people_adding", border=False):
        email = st.text_input(say("E-mail address"), key="people_email", placeholder="mara@example.com")
        name = st.text_input(
            say_as("of a person", "Name"),
            key="people_name",
            help=say("Unless given, as they sign in"),
            max_chars=200,
        )
        role = ask_role("people_role", "viewer")
        scope = ask_scope("people_sees", None)
        if st.form_submit_button(say("Add"), type="primary", key="people_do_add"):
            add(email, name, role, scope)


def add(email: str, name: str, role: str, scope: Scope | None) -> None:
    who, given = person.require_whole("admin").key, desk.role_of(role)
    settings = numbers.settings()
    if tried.in_dialog(lambda: desk.add(settings, email, given, who=who, name=name, scope=scope)):
        asked.done()


@windows.dialog(later("Change a person"), on_dismiss=asked.forget)
def dialog(of: Known) -> None:
    person.require_whole("admin")
    st.html(f'<p class="hf-sub"><b>{escape(of.email)}</b> · {say(AT_ONCE)}</p>')
    key = f"people_change_{of.email}_{of.version}"
    with st.form("people_changing", border=False):
        name = st.text_input(say_as("of a person", "Name"), of.name, key=f"{key}_name", max_chars=200)
        role = ask_role(f"{key}_role", of.role or BY_CLAIM)
        scope = ask_scope(f"{key}_sees", of.scope)
        if st.form_submit_button(say("Save"), type="primary", key="people_do_change"):
            save(of, name, role, scope)
    if of.has_come:
        st.button(
            say("Forget their identity"),
            key="people_forget",
            on_click=forget_identity,
            args=(of.email,),
            help=say(FORGETS),
        )


def save(of: Known, name: str, role: str, scope: Scope | None) -> None:
    who, settings = person.require_whole("admin").key, numbers.settings()
    if tried.in_dialog(
        lambda: desk.change(
            settings, of.email, who=who, version=of.version, name=name, role=role, scope=scope or "whole"
        )
    ):
        asked.done()


def forget_identity(email: str) -> None:
    who, settings = person.require_whole("admin").key, numbers.settings()
    tried.at_once(lambda: desk.forget_identity(settings, email, who=who))
    asked.forget()


@windows.dialog(later("Let them in no more?"), on_dismiss=asked.forget)
def leaving(of: Known) -> None:
    person.require_whole("admin")
    st.html(f'<p class="hf-fix">{say(LEAVES, name=escape(of.name or of.email))}</p>')
    if st.button(turn(of), type="primary", key="people_do_leave"):
        turn_over(of.email, of.version, is_active=False)


def turn_over(email: str, version: int, *, is_active: bool) -> None:
    """In or out; from out it takes no question."""
    who, settings = person.require_whole("admin").key, numbers.settings()
    if tried.in_dialog(lambda: desk.change(settings, email, who=who, version=version, is_active=is_active)):
        asked.done()


def come_back(email: str) -> None:
    who, settings = person.require_whole("admin").key, numbers.settings()
    tried.at_once(lambda: desk.change(settings, email, who=who, is_active=True))


def ask_role(key: str, before: str) -> str:
    options = [*ROLES, BY_CLAIM]
    return st.selectbox(
        say("Role"), options, index=options.index(before), format_func=called, key=key, help=say(ROLE_HELP)
    )


def ask_scope(key: str, before: Scope | None) -> Scope | None:
    """Everything, or one segment of the newest edition; one that is gone from it can be kept."""
    edition = numbers.newest()
    rows = numbers.segments(edition).iter_rows() if edition else ()
    known = {f"{dimension}:{name}": Scope(dimension, name) for dimension, name, *_ in rows}
    if before is not None:
        known.setdefault(f"{before.dimension}:{before.segment}", before)
    options = [EVERYTHING, *known]
    mine = f"{before.dimension}:{before.segment}" if before else EVERYTHING
    chosen = st.selectbox(
        say("Sees"),
        options,
        index=options.index(mine),
        format_func=lambda one: (
            words.segment(known[one].dimension, known[one].segment) if one in known else say("Everything")
        ),
        key=key,
        help=say(SEES_HELP),
    )
    return known.get(chosen)
