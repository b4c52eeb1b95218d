"""One line of how far something got: a mark, what happened, and what there is to say about it."""

from html import escape

import streamlit as st


def step(look: str, head: str, text: str, name: str = "hf-step-line") -> None:
    said = f"<b>{escape(head)}</b> <span>{escape(text)}</span>"
    st.html(f'<p class="{name} hf-state-{look}"><i></i>{said}</p>')
