"""The filters of the table, which stand in the address."""

from dataclasses import dataclass

import streamlit as st

from pages.parts.churn import reads
from pages.parts.heard import understand
from pages.parts.segment import Segment
from pages.parts.speech import later, say

ANY = "any"
NOBODY = "(none)"
ORDERS = {"risk": later("Riskiest first"), "mrr_at_risk": later("Most MRR at risk first")}
BANDS = {ANY: later("Every band"), **reads.BANDS}
OWNERS = {ANY: later("Every owner"), NOBODY: later("No owner")}


@dataclass(frozen=True)
class Choice:
    """Which accounts are shown, in which order."""

    of: Segment
    band: str | None
    owner: str | None
    search: str
    order: str


def ask(edition: str, of: Segment) -> Choice:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        band = picked(say("Band"), list(BANDS), BANDS, "churn_band")
        known = reads.owners(edition, of)
        owner = picked(say("Owner"), [*OWNERS, *known], OWNERS, "churn_owner")
        order = picked(say("Order"), list(ORDERS), ORDERS, "churn_order")
        search = st.text_input(
            say("Search"),
            placeholder=say("Id, name or email"),
            key="churn_search",
            bind="query-params",
            label_visibility="collapsed",
            width=180,
            max_chars=80,
        )
    of_owner = {ANY: None, NOBODY: ""}.get(owner, owner)
    return Choice(of, None if band == ANY else band, of_owner, (search or "").strip(), order)


def picked(label: str, options: list[str], named: dict[str, str], key: str) -> str:
    def shown(option: str) -> str:
        return say(named[option]) if option in named else option

    understand(key, options, shown)
    chosen = st.selectbox(
        label,
        options,
        format_func=shown,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
        width=180,
    )
    return chosen or options[0]
