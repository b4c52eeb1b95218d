"""What the page says while no rule is open: how rules work."""

from collections.abc import Mapping

import streamlit as st

from engine.desk.rules import RuleView
from pages.parts import cards

STEPS = (
    (
        "Quiet",
        "still",
        "Every figure is judged once, when its period is complete. Most are within their bound.",
    ),
    (
        "Pending",
        "late",
        "A figure lies beyond its bound, but not yet for as many periods in a row as you ask for.",
    ),
    ("Firing", "bad", "It does. One message goes out for all segments that begin to fire at once."),
    ("Resolved", "good", "A figure is back at or beyond where the rule recovers. One message says so."),
    ("Not judged", "open", "No figure, too few cases, or a late source: it changes nothing, either way."),
)


def draw(known: Mapping[int, RuleView]) -> None:
    said = "Choose a rule on the left" if known else "Make the first with New rule"
    with cards.panel(
        "rules_welcome",
        "How a rule lives",
        f"{said}; nothing is saved before you have seen what it would have done",
    ):
        body = "".join(
            f'<li><span class="hf-state hf-state-{look}"><i></i>{word}</span><p>{text}</p></li>'
            for word, look, text in STEPS
        )
        st.html(f'<ol class="hf-life">{body}</ol>')
