"""A threshold that the history suggests for so many messages a month."""

from html import escape

import streamlit as st

from data.errors import HoldfastError
from engine.desk.rehearsals import Suggestion
from engine.desk.rules import Rule
from pages.parts import alarms
from pages.parts.rules import choice, drafts, wrong
from pages.parts.rules.drafts import Draft
from pages.parts.rules.thresholds import Threshold
from pages.parts.speech import later, say, written

WANTED = 1.0  # messages a month, unless somebody says otherwise
NOTHING = later("the history suggests no threshold.")


def draw(draft: Draft, rule: Rule, threshold: Threshold) -> None:
    """Ask how many messages a month are welcome; propose a threshold, taken over by one click."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="rules_suggesting"):
        word(say("At most"))
        wanted = st.number_input(
            say("Messages a month"),
            min_value=0.0,
            max_value=1000.0,
            value=WANTED,
            step=0.5,
            format="%g",
            key="rules_messages",
            label_visibility="collapsed",
            width=112,
        )
        word(say("messages a month:"))
        found = proposed(rule, threshold, float(wanted or 0.0))
        if found is None:
            word(say(NOTHING))
            return
        value = threshold.scale.written(found.value)
        sent = f"{found.messages_a_month:.2g}".translate(written().swaps)
        word(say("a threshold of {value} would have sent {sent}.", value=value, sent=sent))
        st.button(
            say("Use {value}", value=value),
            key="rules_take",
            on_click=take,
            args=(draft, found),
            disabled=found.value == threshold.value,
        )


def word(text: str) -> None:
    st.html(f'<span class="hf-word">{escape(text)}</span>', width="content")


def proposed(rule: Rule, threshold: Threshold, wanted: float) -> Suggestion | None:
    try:
        return alarms.suggestion(alarms.batch(), neutral(rule, threshold), wanted)
    except HoldfastError as refused:
        wrong.say(wrong.bare(str(refused)))
        return None


def neutral(rule: Rule, threshold: Threshold) -> Rule:
    """The rule without its threshold, so that dragging that asks for no other suggestion."""
    if rule.params.get("recover") is not None and threshold.question.default is None:
        return rule  # where it resolves goes along with the bound
    resting = 0.0 if threshold.question.default is None else threshold.question.default
    return rule.model_copy(update={"name": "-", "params": {**rule.params, threshold.question.name: resting}})


def take(draft: Draft, found: Suggestion) -> None:
    """The proposed threshold becomes the draft's."""
    moved = {name: found.rule.params[name] for name in (found.param, "recover") if name in found.rule.params}
    drafts.nudge(draft.place, moved)
    choice.redraw_editor()
