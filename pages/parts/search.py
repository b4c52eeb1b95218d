"""The search for an account in the menu of every page: by name, id or mail, from the keyboard too."""

from pathlib import Path
from typing import Any

import streamlit as st

from data.errors import HoldfastError
from pages.parts import numbers, person, words
from pages.parts.account import reads
from pages.parts.speech import retold, say

HERE = Path(__file__).parent
HTML = """
<search><input type="search" role="combobox" aria-expanded="false" aria-controls="hf-hits"
aria-autocomplete="list" autocomplete="off" maxlength="200" aria-label="Search for an account">
<kbd>/</kbd><p role="status"></p><ul id="hf-hits" role="listbox"></ul></search>
"""
KEY, TEXT, PICKED = "search", "search_text", "search_picked"
PAGE = "watch/account.py"
SHOWN = 8
_component = st.components.v2.component(
    "holdfast_search",
    html=HTML,
    css=(HERE / "search.css").read_text(encoding="utf-8"),
    js=(HERE / "search.js").read_text(encoding="utf-8"),
)


@st.fragment(key="search")
def draw() -> None:
    person.require("viewer")
    if picked := st.session_state.pop(PICKED, None):
        st.session_state.pop(TEXT, None)
        st.switch_page(PAGE, query_params={"id": picked})
    text = str(st.session_state.get(TEXT, ""))
    _component(
        key=KEY,
        data={"text": text, **answer(text), "names": names()},
        on_asked_change=asked,
        on_picked_change=pick,
    )


def names() -> dict[str, str]:
    return {
        "search": say("Search for an account"),
        "hint": say("Search accounts"),
        "found": say("Accounts found"),
    }


def asked() -> None:
    found = st.session_state[KEY].asked
    if found is not None:
        st.session_state[TEXT] = str(found)[:200]


def pick() -> None:
    found = st.session_state[KEY].picked
    if found is not None:
        st.session_state[PICKED] = str(found)


def answer(text: str) -> dict[str, Any]:
    """The hits of a text, and what is said of them."""
    edition = numbers.newest() if text.strip() else None
    if edition is None:
        return {"hits": [], "said": ""}
    try:
        code = numbers.edition(edition).base_currency
        hits = [hit(row, code) for row in reads.found(edition, text, SHOWN)]
    except HoldfastError as wrong:
        return {"hits": [], "said": retold(str(wrong))}
    return {"hits": hits, "said": "" if hits else say("No account has this in its name, id or mail.")}


def hit(row: dict[str, Any], code: str) -> dict[str, str]:
    about = " · ".join(text for text in (row["account_id"] if row["name"] else "", row["email"]) if text)
    pays = words.cents(row["mrr"], code) if row["mrr"] else ""
    return {"id": row["account_id"], "name": row["name"] or row["account_id"], "about": about, "pays": pays}
