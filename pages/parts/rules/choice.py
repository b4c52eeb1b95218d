"""Which rule is looked at: it stands in the address, and clicks in the list choose another."""

from collections.abc import Container, Mapping

import streamlit as st

from engine.desk.rules import RuleView
from pages.parts import links

NEW, NONE = "new", ""
ADDRESS = "rule"
EDITOR = "rules_editor"  # the fragment of the fields


def chosen(known: Mapping[int, RuleView], begun: Container[str]) -> str:
    """The id of the rule to show as text, NEW for one to be made, NONE for none.

    Args:
        begun: the rules that are being edited here; they are shown though somebody removed them.
    """
    wanted = st.query_params.get(ADDRESS, NONE)
    if wanted == NEW or wanted in begun or links.number(wanted) in known:
        return wanted
    return NONE


def show(rule: int | str) -> None:
    """Look at this rule from the next run on."""
    if rule == NONE:
        st.query_params.pop(ADDRESS, None)
    else:
        st.query_params[ADDRESS] = str(rule)


def redraw() -> None:
    """After a click in the editor that changes what stands beside it; the last thing that a callback does."""
    st.rerun()


def redraw_editor() -> None:
    """After a click beside the fields that changes what they hold; the last thing that a callback does."""
    st.rerun(EDITOR)


def follow_clicks() -> None:
    links.follow("rules_links", follow, within=".hf-rules")


def follow(opened: str) -> None:
    """A click in the list; other parts of the page have buttons of their own."""
    what, _, rule = opened.partition(":")
    if what == "rule":
        show(rule)
