"""A sentence that says what is wrong, in the reader's language, as text: names in it may hold anything."""

import re
from html import escape

import streamlit as st

from pages.parts.speech import retold

RULE = re.compile(r"^(Rule '.*?': |Rule \".*?\": |A rule: )+", re.DOTALL)


def say(sentence: str) -> None:
    st.html(f'<p class="hf-wrong">{escape(retold(sentence))}</p>')


def bare(sentence: str) -> str:
    """The same without the name of the rule that everybody sees."""
    return RULE.sub("", sentence)
