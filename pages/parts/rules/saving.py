"""Saving a draft: the difference, what the rehearsal makes of it, the reason; and what stands in the way."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from data.errors import HoldfastError
from engine.desk import people, rules
from engine.desk.rules import Conflict, Rule, RuleView
from pages.parts import alarms, numbers, words
from pages.parts.rules import choice, diff, drafts, score, wrong
from pages.parts.rules.drafts import Draft
from pages.parts.rules.rehearsing import Rehearsal

CONFLICT = "rules_conflict"
REASON = "rules_reason"


def open_dialog(draft: Draft, rule: Rule, base: Rule | None, found: Rehearsal | None) -> None:
    """Ask before saving; what was in the way last time is forgotten."""
    st.session_state.pop(CONFLICT, None)
    dialog(draft, rule, base, found)


@st.dialog("Save this rule", width="large")
def dialog(draft: Draft, rule: Rule, base: Rule | None, found: Rehearsal | None) -> None:
    conflict: Conflict | None = st.session_state.get(CONFLICT)
    if conflict is not None and base is not None:
        settle(draft, rule, base, conflict)
        return
    if base:
        diff.table(diff.between(base, rule), base, rule)
    else:
        st.html(f'<p class="hf-fix"><b>{escape(rule.name)}</b> is a new rule.</p>')
    if change := rehearsal_line(found):
        st.html(f'<p class="hf-sub">{escape(change)}</p>')
    ask(draft, rule, base)


def rehearsal_line(found: Rehearsal | None) -> str:
    """What the change would have changed, in one line."""
    if found is None:
        return ""
    if found.saved is None:
        return score.sentence(found.now, None, found.over)
    return f"Over {found.over}: {score.moved(found.now, found.saved)}."


def ask(draft: Draft, rule: Rule, base: Rule | None) -> None:
    is_needed = base is not None and rules.needs_reason(base, rule)
    with st.form("rules_saving", border=False):
        reason = st.text_area(
            "Why?" if is_needed else "Why? (may be left out)",
            key=f"{REASON}_{draft.key('')}",
            height=70,
            max_chars=1000,
            placeholder="Everyone who opens the history reads it",
        )
        if st.form_submit_button("Save", type="primary", key="rules_do_save"):
            save(draft, draft.given, draft.version, reason)


def save(draft: Draft, given: Mapping[str, Any], version: int, reason: str) -> None:
    """Save it and look at it; what refuses it is said where one stands."""
    settings, who = numbers.settings(), people.who()
    try:
        if draft.is_new:
            place = str(rules.create_rule(settings, given, who=who, reason=reason))
        else:
            place = draft.place
            rules.change_rule(settings, int(place), given, version=version, who=who, reason=reason)
    except Conflict as meanwhile:
        st.session_state[CONFLICT] = meanwhile
        st.rerun(scope="fragment")
    except HoldfastError as refused:
        wrong.say(wrong.bare(str(refused)))
        return
    drafts.put_away(draft.place)
    st.session_state.pop(CONFLICT, None)
    choice.show(place)
    st.rerun()


def settle(draft: Draft, rule: Rule, base: Rule, conflict: Conflict) -> None:
    """Somebody else saved a version: what they changed, and three ways on; nothing is overwritten unasked."""
    theirs = version_of(draft, conflict.version)
    if theirs is None:
        wrong.say(str(conflict))
        return
    st.html(f'<p class="hf-fix">{who_and_when(conflict)}{why(theirs.reason)}</p>')
    diff.conflict(conflict.differences, base, theirs.rule, rule)
    clashes = [one for one in conflict.differences if one.is_clash]
    both = diff.merged(conflict.differences, theirs.rule)
    st.html(f'<p class="hf-sub">{escape(advice(len(clashes)))}</p>')
    reason = st.text_input("Why?", key=f"{REASON}_again_{draft.key('')}", max_chars=1000)
    with st.container(horizontal=True):
        if st.button("Take theirs", key="rules_theirs", help="Your edits are put away"):
            drafts.put_away(draft.place)
            st.rerun()
        if not clashes and st.button("Keep both", type="primary", key="rules_both", help=BOTH):
            save(draft, both, conflict.version, reason)
        if st.button("Put mine on top", key="rules_mine", help=MINE):
            save(draft, draft.given if clashes else both, conflict.version, reason)


def show_theirs(place: str) -> None:
    drafts.put_away(place)
    choice.redraw()


EDITED = "Your edits are still here; saving shows both."
BOTH = "Theirs, with what you changed besides"
MINE = "A new version as yours says it; theirs stays in the history"


def advice(clashes: int) -> str:
    if not clashes:
        return "You changed different things, so both can be kept."
    return f"Both of you changed {words.plural(clashes, 'thing')}, to different values: one has to give way."


def who_and_when(conflict: Conflict) -> str:
    at = words.moment(conflict.changed_at, numbers.settings().timezone)
    return f"<b>{escape(conflict.author)}</b> saved version {conflict.version} on {at}."


def why(reason: str) -> str:
    return f" “{escape(reason)}”" if reason else ""


def version_of(draft: Draft, version: int) -> rules.RuleVersion | None:
    try:
        known = alarms.versions(int(draft.place))
    except HoldfastError:
        return None
    return next((each for each in known if each.version == version), None)


def news(draft: Draft, view: RuleView) -> None:
    """Somebody saved a newer version than the one that is edited here: say so, and change nothing."""
    if draft.version == view.version:
        return
    at = words.moment(view.changed_at, numbers.settings().timezone)
    said = EDITED if draft.is_changed else f"You see version {draft.version}."
    with st.container(horizontal=True, vertical_alignment="center", key="rules_news"):
        who = f"<b>{escape(view.changed_by)}</b> saved version {view.version} on {at}."
        st.html(f'<p class="hf-news">{who} {said}</p>')
        st.button(
            "Show theirs" if draft.is_changed else "Show it",
            key="rules_show_theirs",
            on_click=show_theirs,
            args=(draft.place,),
            help="Your edits are put away" if draft.is_changed else None,
        )
