"""Pausing, duplicating and removing a rule."""

from html import escape

import streamlit as st

from data.errors import HoldfastError
from engine.desk import rules
from engine.desk.rules import RuleView
from pages.parts import numbers, person, windows
from pages.parts.rules import choice, drafts, wrong
from pages.parts.speech import later, say

REFUSED = "rules_refused"  # what the control store said to the last click


def draw(view: RuleView) -> None:
    st.button(
        say("Resume" if view.is_paused else "Pause"),
        icon=":material/play_arrow:" if view.is_paused else ":material/pause:",
        key="rules_pause",
        on_click=pause,
        args=(view.rule_id, not view.is_paused),
        help=say("Judge it again" if view.is_paused else "It is judged no more until somebody resumes it"),
    )
    st.button(
        say("Duplicate"),
        icon=":material/content_copy:",
        key="rules_duplicate",
        on_click=duplicate,
        args=(view.rule_id,),
        help=say("A copy of what is saved, paused until somebody resumes it"),
    )
    if st.button(say("Remove"), icon=":material/delete:", key="rules_remove"):
        removing(view)


def pause(rule_id: int, is_paused: bool) -> None:
    try:
        rules.pause_rule(
            numbers.settings(), rule_id, is_paused=is_paused, who=person.require_whole("lead").key
        )
    except HoldfastError as refused:
        st.session_state[REFUSED] = str(refused)
    choice.redraw()


def duplicate(rule_id: int) -> None:
    try:
        choice.show(rules.duplicate_rule(numbers.settings(), rule_id, who=person.require_whole("lead").key))
    except HoldfastError as refused:
        st.session_state[REFUSED] = str(refused)
    choice.redraw()


def refused() -> None:
    """What the last click could not do, once."""
    if said := st.session_state.pop(REFUSED, None):
        wrong.say(said)


@windows.dialog(later("Remove this rule?"))
def removing(view: RuleView) -> None:
    person.require_whole("lead")
    said = say(
        "<b>{rule}</b> is judged no more, and what fires of it ends. Its history stays, and its name is free "
        "again. That cannot be undone; pausing can.",
        rule=escape(view.rule.name),
    )
    st.html(f'<p class="hf-fix">{said}</p>')
    with st.form("rules_removing", border=False):
        reason = st.text_input(say("Why? (may be left out)"), key="rules_remove_reason", max_chars=1000)
        if st.form_submit_button(say("Remove it"), type="primary", key="rules_do_remove"):
            remove(view.rule_id, reason)


def remove(rule_id: int, reason: str) -> None:
    try:
        rules.remove_rule(numbers.settings(), rule_id, who=person.require_whole("lead").key, reason=reason)
    except HoldfastError as refused_:
        wrong.say(str(refused_))
        return
    drafts.put_away(str(rule_id))
    choice.show(choice.NONE)
    st.rerun()
