"""Everything about one account: who it is, where it stands, what happened, what people wrote."""

from html import escape

import streamlit as st

from pages.parts import cards, lacking, numbers, person, top
from pages.parts.account import header, moments, reads, timeline, writing
from pages.parts.speech import later, say

NO_ID = later(
    "Search for an account in the menu, by its name, id or mail; "
    "every account that a page names leads here, too."
)


@st.fragment(key="account")
@lacking.told
def account() -> None:
    person.require("viewer")
    with top.line(later("Account")) as edition:
        pass
    account_id = st.query_params.get("id", "")
    row = reads.account(edition, account_id) if account_id else None
    if row is None:
        nobody(account_id)
        return
    info = numbers.edition(edition)
    facts, notes = reads.facts(edition, account_id), reads.notes(account_id)
    header.draw(edition, row, info)
    header.behind(row, facts, info)
    left, right = st.columns([5, 3])
    with right:
        writing.draw(edition, account_id, notes, info)
    with left:
        timeline.draw(moments.moments(facts, reads.usage(edition, account_id), notes, info.as_of), info)


def nobody(account_id: str) -> None:
    """The same for an account that there is not and for one that the reader may not see."""
    with cards.panel("account_none", say("No such account" if account_id else "No account chosen")):
        said = say("There is no account <b>{account}</b> that you may see.", account=escape(account_id[:100]))
        cards.note(f"{said} {say(NO_ID)}" if account_id else say(NO_ID), "⌕")


account()
