"""What the page says while no rule is open: how rules work."""

from collections.abc import Mapping

import streamlit as st

from engine.desk.rules import RuleView
from pages.parts import cards
from pages.parts.speech import later, say

BEGIN = later("Choose a rule on the left; nothing is saved before you have seen what it would have done")
FIRST = later("Make the first with New rule; nothing is saved before you have seen what it would have done")
STEPS = (
    (
        later("Quiet"),
        "still",
        later("Every figure is judged once, when its period is complete. Most are within their bound."),
    ),
    (
        later("Pending"),
        "late",
        later("A figure lies beyond its bound, but not yet for as many periods in a row as you ask for."),
    ),
    (
        later("Firing"),
        "bad",
        later("It does. One message goes out for all segments that begin to fire at once."),
    ),
    (
        later("Resolved"),
        "good",
        later("A figure is back at or beyond where the rule recovers. One message says so."),
    ),
    (
        later("Not judged"),
        "open",
        later("No figure, too few cases, or a late source: it changes nothing, either way."),
    ),
)


def draw(known: Mapping[int, RuleView]) -> None:
    with cards.panel("rules_welcome", say("How a rule lives"), say(BEGIN if known else FIRST)):
        body = "".join(
            f'<li><span class="hf-state hf-state-{look}"><i></i>{say(word)}</span><p>{say(text)}</p></li>'
            for word, look, text in STEPS
        )
        st.html(f'<ol class="hf-life">{body}</ol>')
