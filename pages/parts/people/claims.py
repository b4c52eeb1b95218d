"""Roles by claim: whoever the identity provider says something of has a role by it."""

from html import escape

import streamlit as st

from engine.desk import people as desk
from engine.desk.people import ROLES, RoleClaim, role_of
from pages.parts import asked, cards, numbers, person, tried, windows
from pages.parts.channels import listing
from pages.parts.people.listing import said
from pages.parts.people.roles import called
from pages.parts.speech import later, say

ABOUT = later("Whoever signs in with it comes in, without being added first; who was given a role keeps that")
NONE = later("No claim gives a role: everybody has to be added by their address.")
HEADS = (later("Claim"), later("Holds"), later("Role"), "")


def draw() -> None:
    with cards.panel("people_claims", say("Roles by claim"), say(ABOUT)):
        found = desk.role_claims(numbers.settings())
        if found:
            head = "".join(f'<th class="hf-left">{said(name)}</th>' for name in HEADS)
            body = "".join(map(line, found))
            st.html(
                '<div class="hf-scroll" tabindex="0">'
                f'<table class="hf-table hf-wrapped hf-folding"><thead><tr>{head}</tr>'
                f"</thead><tbody>{body}</tbody></table></div>"
            )
        else:
            cards.note(say(NONE))
        st.button(
            say("Give a role by claim"),
            icon=":material/badge:",
            key="people_add_claim",
            on_click=asked.ask,
            args=("people", "claim"),
        )


def line(one: RoleClaim) -> str:
    drop = f'<button class="hf-act" data-open="drop:{one.role_claim_id}">{say("Take back")}</button>'
    cells = (escape(one.value), escape(called(one.role)), f'<span class="hf-acts">{drop}</span>')
    return listing.row(escape(one.claim), HEADS[1:], cells)


@windows.dialog(later("Give a role by claim"), on_dismiss=asked.forget)
def dialog() -> None:
    person.require_whole("admin")
    with st.form("people_claiming", border=False):
        claim = st.text_input(
            say("Claim"), "groups", key="people_claim", help=say("A path such as realm_access.roles works")
        )
        value = st.text_input(say("Holds"), key="people_claim_value", placeholder="analysts")
        role = st.selectbox(say("Role"), ROLES, format_func=called, key="people_claim_role")
        if st.form_submit_button(say("Give it"), type="primary", key="people_do_claim"):
            give(claim, value, role)


def give(claim: str, value: str, role: str) -> None:
    who, settings = person.require_whole("admin").key, numbers.settings()
    if tried.in_dialog(lambda: desk.set_role_claim(settings, claim, value, role_of(role), who=who)):
        asked.done()


def take_back(role_claim_id: str) -> None:
    who, settings = person.require_whole("admin").key, numbers.settings()
    found = next((one for one in desk.role_claims(settings) if str(one.role_claim_id) == role_claim_id), None)
    if found is not None:
        tried.at_once(lambda: desk.set_role_claim(settings, found.claim, found.value, None, who=who))
