"""Choices that stand in the address by their keys, not by what is shown: a link holds in any language."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

PREFIX = "cohorts_"


def recall(key: str, options: Sequence[str]) -> None:
    """Before a widget is drawn for the first time: what the address says of it."""
    wanted = st.query_params.get(key)
    if key not in st.session_state and wanted in options:
        st.session_state[key] = wanted
    elif st.session_state.get(key) not in (None, *options):
        del st.session_state[key]  # an option that is no more


def note(key: str, chosen: str, at_first: str) -> None:
    """Put a choice in the address; what is chosen at first needs no place there."""
    if chosen == at_first:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get(key) != chosen:
        st.query_params[key] = chosen


def pick(
    label: str, key: str, options: Sequence[str], shown: Callable[[str], str], at_first: str = "", **look: Any
) -> str:
    """A select box for one of some keys."""
    key, first = PREFIX + key, at_first or options[0]
    recall(key, options)
    if key not in st.session_state:
        look["index"] = options.index(first)
    chosen = st.selectbox(label, options, format_func=shown, key=key, **look) or first
    note(key, chosen, first)
    return chosen


def number(label: str, key: str, low: int, high: int, at_first: int, **look: Any) -> int:
    """A whole number between two."""
    key = PREFIX + key
    wanted = st.query_params.get(key, "")
    if key not in st.session_state:
        is_there = wanted.isdecimal() and len(wanted) < 10 and low <= int(wanted) <= high
        st.session_state[key] = int(wanted) if is_there else at_first
    st.session_state[key] = min(high, max(low, int(st.session_state[key])))
    chosen = int(st.number_input(label, low, high, key=key, **look))
    note(key, str(chosen), str(at_first))
    return chosen


def several(
    label: str,
    key: str,
    options: Sequence[str],
    at_first: Sequence[str],
    shown: Callable[[str], str],
    **look: Any,
) -> list[str]:
    """Some of the keys; those of another question are forgotten."""
    key = PREFIX + key
    known = set(options)
    told = st.session_state.get(key, [one for one in st.query_params.get_all(key) if one in known])
    st.session_state[key] = [one for one in told if one in known] or list(at_first)
    chosen = st.multiselect(label, options, format_func=shown, key=key, **look) or list(at_first[:1])
    if chosen == list(at_first):
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get_all(key) != chosen:
        st.query_params[key] = chosen
    return list(chosen)
