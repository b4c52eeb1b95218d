"""Marks an account as seen to: by whom, and what was done."""

import streamlit as st

from engine.desk import risk as desk
from pages.parts import anew, numbers, person, tried
from pages.parts.churn import reads
from pages.parts.churn.choice import Choice
from pages.parts.speech import say


def form(edition: str, choice: Choice) -> None:
    """One of the accounts shown, and a sentence; for analysts and above."""
    if not person.may("analyst"):
        return
    rows = reads.accounts(
        edition, choice.of, choice.band, choice.owner, choice.search, choice.order, reads.SHOWN
    )
    names = {row["account_id"]: row["name"] or row["account_id"] for row in rows.iter_rows(named=True)}
    if not names:
        return
    with (
        st.expander(say("Mark an account as seen to"), icon=":material/task_alt:"),
        st.form("churn_seen", border=False, clear_on_submit=True),
    ):
        account = st.selectbox(
            say("Account"), list(names), format_func=names.__getitem__, key="churn_seen_account"
        )
        said = st.text_input(
            say("What was done"),
            key="churn_seen_text",
            max_chars=500,
            placeholder=say("Called, offered a training"),
        )
        if st.form_submit_button(say("Mark as seen to"), key="churn_seen_do"):
            mark(account if account in names else None, said)  # a forged message may name any


def mark(account: str | None, said: str) -> None:
    who, settings = person.require("analyst").key, numbers.settings()
    if account and tried.in_dialog(lambda: desk.handle(settings, account, said, who=who)):
        anew.draw()
