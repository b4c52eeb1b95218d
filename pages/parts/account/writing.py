"""Notes about an account: written by whoever looks after it, taken away by their author or a lead."""

from typing import Any

import streamlit as st

from data.errors import HoldfastError
from engine.desk import notes as desk
from engine.desk.notes import KINDS, AccountNote
from pages.parts import cards, numbers, person, words
from pages.parts.account import reads
from pages.parts.account.moments import wrote
from pages.parts.speech import retold, say

TEXT, KIND = "account_note_text", "account_note_kind"


def draw(edition: str, account_id: str, notes: list[AccountNote], info: Any) -> None:
    with cards.panel("account_notes", say("Notes"), say("What people know of this account, and did for it")):
        if person.may("analyst"):
            form(edition, account_id)
        if not notes:
            cards.note(say("No note yet."))
        here = person.current()
        for note in notes:
            said(edition, account_id, note, info, may_remove=desk.may_remove(here, note))


def form(edition: str, account_id: str) -> None:
    with st.form("account_note", border=False, clear_on_submit=True):
        st.text_area(
            say("Note"),
            key=TEXT,
            max_chars=4000,
            height=80,
            placeholder=say("What did you hear, agree on or do?"),
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(say("Kind"), KINDS, key=KIND, format_func=wrote, width=160)
            st.form_submit_button(
                say("Write it down"),
                type="primary",
                key="account_do_note",
                on_click=write,
                args=(edition, account_id),
            )


def write(edition: str, account_id: str) -> None:
    who = person.require("analyst").key
    told = st.session_state
    if reads.account(edition, account_id) is None:
        st.toast(say("There is no such account any more."), icon=":material/error:")
        return
    try:
        desk.add(numbers.settings(), account_id, told[KIND], told[TEXT] or "", who=who)
    except HoldfastError as wrong:
        st.toast(words.literal(retold(str(wrong))), icon=":material/error:")


def said(edition: str, account_id: str, note: AccountNote, info: Any, *, may_remove: bool) -> None:
    with st.container(horizontal=True, key=f"account_note_{note.note_id}"):
        head = f"{wrote(note.kind)} · {note.author} · {words.moment(note.at, info.timezone)}"
        st.text(f"{head}\n{note.text}")
        if may_remove:
            st.button(
                say("Remove"),
                icon=":material/delete:",
                key=f"account_remove_{note.note_id}",
                type="tertiary",
                on_click=remove,
                args=(edition, account_id, note.note_id),
            )


def remove(edition: str, account_id: str, note_id: int) -> None:
    here = person.require("analyst")
    if reads.account(edition, account_id) is None:
        return
    try:
        desk.remove(numbers.settings(), note_id, account_id, by=here)
    except HoldfastError as wrong:
        st.toast(words.literal(retold(str(wrong))), icon=":material/error:")
