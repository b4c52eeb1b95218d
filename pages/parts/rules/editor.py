"""One rule: its sentence, whom it tells, what it would have done, what it was before."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from data.errors import HoldfastError
from engine.desk.rules import Rule, RuleView
from pages.parts import alarms, cards, numbers, person, words
from pages.parts.heard import heard
from pages.parts.rules import (
    actions,
    beginning,
    choice,
    drafts,
    form,
    history,
    listing,
    saving,
    state,
    telling,
    trying,
    wrong,
)
from pages.parts.rules.drafts import Draft
from pages.parts.rules.fields import Slots
from pages.parts.speech import later, say

TABS = (later("Rule"), later("History"))
STOPPED = later("The engine does not run: what you save is judged once it runs again.")
START: Mapping[str, Any] = {
    "name": "",
    "metric": "activation_rate",
    "grain": "week",
    "dimension": "all",
    "segment": None,
    "kind": "limit",
    "params": {},
    "severity": "warning",
    "channels": [],
    "owner": "",
    "about": "",
    "repeat_hours": None,
}


@st.fragment(key=choice.EDITOR)
def draw(place: str) -> None:
    """The editor of a rule, or of a new one; what is typed into it reruns nothing else."""
    person.require_whole("analyst")
    try:
        view = None if place == choice.NEW else alarms.rule(int(place))
    except HoldfastError as gone:
        lost(place, str(gone))
        return
    if view is None:
        with cards.panel(
            "rules_editor", say("New rule"), say("It is judged from the next edition on, once it is saved")
        ):
            edit(drafts.of_new(start()), None)
        return
    heard("rules_tab", TABS)
    rule_tab, history_tab = st.tabs([say(name) for name in TABS], key="rules_tab", bind="query-params")
    if rule_tab.open:
        with rule_tab, st.container(key="panel_rules_editor", gap="small"):
            edit(drafts.of_rule(view), view)
    if history_tab.open:
        with history_tab:
            history.draw(view)


def start() -> dict[str, Any]:
    """What a new rule begins with."""
    return {**START, "params": {"below": beginning.bound(START, "below")}, "owner": person.current().key}


def lost(place: str, sentence: str) -> None:
    """The rule was removed, or cannot be read; what was typed stays."""
    with cards.panel("rules_editor", say("This rule cannot be opened")):
        wrong.say(sentence)
        draft = drafts.drafts().get(place)
        if draft and draft.is_changed:
            st.button(say("Make a new rule of my edits"), key="rules_rescue", on_click=rescue, args=(draft,))


def rescue(draft: Draft) -> None:
    drafts.keep(Draft(choice.NEW, 0, START, draft.given, drafts.next_turn()))
    drafts.put_away(draft.place)
    choice.show(choice.NEW)
    choice.redraw()


def edit(draft: Draft, view: RuleView | None) -> None:
    """Draw the fields; between them what they come to, above what can be done."""
    top = st.container(gap="small", key="rules_top")
    filled = form.draw(draft)
    middle = st.container(gap="small", key="rules_middle")
    with st.expander(say("Whom it tells, and what to do"), expanded=draft.is_new, key="rules_telling_box"):
        told = telling.draw(draft, filled.slots)
    with top:
        name = head(draft, view, filled.slots)
        draft = drafts.keep(draft.filled({**filled.given, **told, "name": name}))
        buttons(draft, view, checked(draft, filled.slots))
    with middle:
        trying.draw(draft.place)


def head(draft: Draft, view: RuleView | None, slots: Slots) -> str:
    """What the rule is called, how it stands, who had it last; what is wrong stands under the name."""
    actions.refused()
    if view is not None:
        saving.news(draft, view)
    name = telling.text(
        draft,
        "name",
        say("Name"),
        80,
        label_visibility="collapsed",
        placeholder=say("What is this rule called?"),
    )
    slots.under("name")
    if view is not None:
        st.html(f'<p class="hf-rule-line">{state.mark(listing.standing_of(view))}{escape(made(view))}</p>')
    if not numbers.engine().alive:
        wrong.say(say(STOPPED))
    return name


def made(view: RuleView) -> str:
    zone = numbers.settings().timezone
    version = say("version {version}", version=view.version)
    return f"{version} · {view.changed_by}, {words.moment(view.changed_at, zone)}"


def checked(draft: Draft, slots: Slots) -> Rule | None:
    """The rule that the fields make, if it can be judged; what is wrong stands beside its field."""
    try:
        return trying.checked(draft)
    except HoldfastError as refused:
        said = wrong.bare(str(refused))
        if not slots.say(said, wrong.say):
            wrong.say(said)
        return None


def buttons(draft: Draft, view: RuleView | None, rule: Rule | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="rules_buttons"):
        is_named = bool(draft.given["name"])
        can_save = rule is not None and is_named and draft.is_changed
        if (
            st.button(
                say("Save …"),
                type="primary",
                icon=":material/save:",
                key="rules_save",
                disabled=not can_save,
                help=None if is_named else say("Give it a name first"),
            )
            and rule
        ):
            saving.open_dialog(draft, rule)
        st.button(
            say("Discard"),
            icon=":material/undo:",
            key="rules_discard",
            on_click=discard,
            args=(draft,),
            disabled=not draft.is_changed,
            help=say("Put your edits away"),
        )
        if view is not None:
            actions.draw(view)


def discard(draft: Draft) -> None:
    drafts.put_away(draft.place)
    if draft.is_new:
        choice.show(choice.NONE)
    choice.redraw()
