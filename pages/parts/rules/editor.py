"""One rule: its sentence, whom it tells, what it would have done, what it was before."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.errors import HoldfastError
from engine.desk import people
from engine.desk.rules import Rule, RuleView
from pages.parts import alarms, cards, numbers, words
from pages.parts.rules import (
    actions,
    beginning,
    choice,
    drafts,
    drag,
    form,
    history,
    listing,
    rehearsing,
    saving,
    state,
    suggesting,
    telling,
    units,
    verbs,
    wrong,
)
from pages.parts.rules.drafts import Draft
from pages.parts.rules.fields import Slots
from pages.parts.rules.form import Filled, Threshold
from pages.parts.rules.rehearsing import Rehearsal

TABS = ("Rule", "History")
UNNAMED = "(no name yet)"
STOPPED = "The engine does not run: what you save is judged once it runs again."
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


@dataclass(frozen=True)
class Places:
    """Parts of the editor that are filled once its fields are known."""

    top: DeltaGenerator
    slider: DeltaGenerator
    proposal: DeltaGenerator
    rehearsal: DeltaGenerator


@st.fragment(key="rules_editor")
def draw(place: str) -> None:
    """The editor of a rule, or of a new one; what is typed into it reruns nothing else."""
    try:
        view = None if place == choice.NEW else alarms.rule(int(place))
    except HoldfastError as gone:
        lost(place, str(gone))
        return
    if view is None:
        with cards.panel(
            "rules_editor", "New rule", "It is judged from the next edition on, once it is saved"
        ):
            edit(drafts.of_new(start()), None)
        return
    rule_tab, history_tab = st.tabs(TABS, key="rules_tab", bind="query-params")
    if rule_tab.open:
        with rule_tab, st.container(key="panel_rules_editor", gap="small"):
            edit(drafts.of_rule(view), view)
    if history_tab.open:
        with history_tab:
            history.draw(view)


def start() -> dict[str, Any]:
    """What a new rule begins with."""
    return {**START, "params": {"below": beginning.bound(START, "below")}, "owner": people.who()}


def lost(place: str, sentence: str) -> None:
    """The rule was removed, or cannot be read; what was typed stays."""
    with cards.panel("rules_editor", "This rule cannot be opened"):
        wrong.say(sentence)
        draft = drafts.drafts().get(place)
        if draft and draft.is_changed:
            st.button("Make a new rule of my edits", key="rules_rescue", on_click=rescue, args=(draft,))


def rescue(draft: Draft) -> None:
    drafts.keep(Draft(choice.NEW, 0, START, draft.given, drafts.next_turn()))
    drafts.put_away(draft.place)
    choice.show(choice.NEW)
    choice.redraw()


def edit(draft: Draft, view: RuleView | None) -> None:
    """Draw the fields, then what they come to; that stands above and between them."""
    top = st.container(gap="small", key="rules_top")
    filled = form.draw(draft)
    places = Places(
        top,
        st.container(key="rules_slider"),
        st.container(key="rules_proposal"),
        st.container(gap="small", key="rules_rehearsal"),
    )
    with st.expander("Whom it tells, and what to do", expanded=draft.is_new, key="rules_telling_box"):
        told = telling.draw(draft, filled.slots)
    with top:
        name = head(draft, view, filled.slots)
    draft = drafts.keep(draft.filled({**filled.given, **told, "name": name}))
    show(draft, view, filled, places)


def show(draft: Draft, view: RuleView | None, filled: Filled, places: Places) -> None:
    """What the fields come to: what is wrong, what the rule would have done, what can be done now."""
    rule, base = checked(draft, filled.slots), base_of(draft)
    found = None
    with places.rehearsal:
        if rule is not None:
            found = rehearsing.attempt(rule, base if draft.is_changed else None)
            rehearsing.draw(draft, found, rule)
    with places.top:
        buttons(draft, view, rule, base, found)
    with places.proposal:
        propose(draft, rule, filled.threshold, found)
    # Drawn last: the slider tells its next value once it sees that all of this stands.
    with places.slider:
        drag_threshold(draft, filled, found)


def head(draft: Draft, view: RuleView | None, slots: Slots) -> str:
    """What the rule is called, how it stands, who had it last; what is wrong stands under the name."""
    actions.refused()
    if view is not None:
        saving.news(draft, view)
    name = telling.text(
        draft, "name", "Name", 80, label_visibility="collapsed", placeholder="What is this rule called?"
    )
    slots.under("name")
    if view is not None:
        st.html(f'<p class="hf-rule-line">{state.mark(listing.standing_of(view))}{escape(made(view))}</p>')
    if not numbers.engine().alive:
        wrong.say(STOPPED)
    return name


def made(view: RuleView) -> str:
    zone = numbers.settings().timezone
    return f"version {view.version} · {view.changed_by}, {words.moment(view.changed_at, zone)}"


def checked(draft: Draft, slots: Slots) -> Rule | None:
    """The rule that the fields make, if it can be judged; what is wrong stands beside its field."""
    try:
        return alarms.checked({**draft.given, "name": draft.given["name"] or UNNAMED})
    except HoldfastError as refused:
        said = wrong.bare(str(refused))
        if not slots.say(said, wrong.say):
            wrong.say(said)
        return None


def base_of(draft: Draft) -> Rule | None:
    """The version that the draft began from."""
    return None if draft.is_new else Rule(**draft.base)


def buttons(
    draft: Draft, view: RuleView | None, rule: Rule | None, base: Rule | None, found: Rehearsal | None
) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="rules_buttons"):
        is_named = bool(draft.given["name"])
        if st.button(
            "Save …",
            type="primary",
            icon=":material/save:",
            key="rules_save",
            disabled=rule is None or not is_named or not draft.is_changed,
            help=None if is_named else "Give it a name first",
        ):
            assert rule is not None
            saving.open_dialog(draft, rule, base, found)
        st.button(
            "Discard",
            icon=":material/undo:",
            key="rules_discard",
            on_click=discard,
            args=(draft,),
            disabled=not draft.is_changed,
            help="Put your edits away",
        )
        if view is not None:
            actions.draw(view)


def discard(draft: Draft) -> None:
    drafts.put_away(draft.place)
    if draft.is_new:
        choice.show(choice.NONE)
    choice.redraw()


def propose(draft: Draft, rule: Rule | None, threshold: Threshold | None, found: Rehearsal | None) -> None:
    if rule is not None and found is not None and threshold is not None:
        suggesting.draw(draft, rule, threshold)


def drag_threshold(draft: Draft, filled: Filled, found: Rehearsal | None) -> None:
    """The slider under the sentence, as far as the history reaches."""
    threshold = filled.threshold
    if threshold is None or threshold.value is None:
        return
    name = threshold.question.name
    place = f"reach_{filled.given['metric']}_{filled.given['kind']}_{name}"
    within = reach_of(threshold, found) or draft.seeds.get(place)
    if within is None:
        return
    draft.seeds[place] = within  # for while what the fields hold cannot be rehearsed
    drag.draw(
        draft.key(f"drag_{name}"),
        float(threshold.scale.shown(threshold.value) or 0.0),
        within,
        threshold.scale,
        lambda value: move(draft.place, threshold, value),
        label="Threshold",
    )


def move(place: str, threshold: Threshold, shown: float) -> None:
    """The threshold follows the slider; where the rule recovers keeps its distance from a bound."""
    name, value = threshold.question.name, threshold.scale.read(shown)
    before = drafts.drafts()[place].given["params"]
    moved: dict[str, Any] = {name: value}
    if name in verbs.BOUNDS and value is not None and before.get("recover") is not None:
        moved["recover"] = round(before["recover"] + value - before.get(name, value), units.EXACT)
    drafts.nudge(place, moved)


def reach_of(threshold: Threshold, found: Rehearsal | None) -> drag.Reach | None:
    """A bound goes through the figures there were; what is no figure, through what makes sense."""
    scale, question = threshold.scale, threshold.question
    if question.default is not None:
        usual = float(question.default) * scale.times
        return drag.reach(0.0, max(usual * 3, scale.shown(threshold.value) or 0.0))
    figures = found.now.trend["value"].drop_nulls() * scale.times if found else None
    if figures is None or figures.is_empty():
        return None
    return drag.reach(figures.min(), figures.max())
