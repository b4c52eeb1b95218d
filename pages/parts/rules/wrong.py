"""A sentence that says what is wrong, as text: names in it may hold anything."""

import re
from html import escape

import streamlit as st

RULE = re.compile(r"^(Rule '.*?': |Rule \".*?\": |A rule: )+", re.DOTALL)


def say(sentence: str) -> None:
    st.html(f'<p class="hf-wrong">{escape(sentence)}</p>')


def bare(sentence: str) -> str:
    """The same without the name of the rule that everybody sees."""
    return RULE.sub("", sentence)
