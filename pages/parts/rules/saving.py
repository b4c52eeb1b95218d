"""Saving a draft: the difference, what the rehearsal makes of it, the reason; and what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from data.errors import HoldfastError
from engine.desk import rules
from engine.desk.rules import Conflict, Rule, RuleView
from pages.parts import alarms, anew, numbers, person, windows, words
from pages.parts.rules import choice, diff, drafts, rehearsing, score, wrong
from pages.parts.rules.drafts import Draft
from pages.parts.rules.rehearsing import Rehearsal
from pages.parts.speech import later, say, several

CONFLICT = "rules_conflict"
REASON = "rules_reason"
SAVED = later("<b>{who}</b> saved version {version} on {at}.")


def open_dialog(draft: Draft, rule: Rule) -> None:
    """Ask before saving; what was in the way last time is forgotten."""
    st.session_state.pop(CONFLICT, None)
    base = draft.saved
    dialog(draft, rule, base, rehearsing.attempt(rule, base) if rehearsing.can(rule) else None)


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else saved, and the reason that was given for what it is in the way of."""

    conflict: Conflict
    reason: str


@windows.dialog(later("Save this rule"), width="large")
def dialog(draft: Draft, rule: Rule, base: Rule | None, found: Rehearsal | None) -> None:
    person.require_whole("lead")
    meanwhile: Meanwhile | None = st.session_state.get(CONFLICT)
    if meanwhile is not None and base is not None:
        settle(draft, rule, base, meanwhile)
        return
    if base:
        diff.table(diff.between(base, rule), base, rule)
    else:
        said = say("<b>{rule}</b> is a new rule.", rule=escape(rule.name))
        st.html(f'<p class="hf-fix">{said}</p>')
    if change := rehearsal_line(found):
        st.html(f'<p class="hf-sub">{escape(change)}</p>')
    ask(draft, rule, base)


def rehearsal_line(found: Rehearsal | None) -> str:
    """What the change would have changed, in one line."""
    if found is None:
        return ""
    if found.saved is None:
        return score.sentence(found.now, None, found.over)
    return say("Over {time}: {moved}.", time=found.over, moved=score.moved(found.now, found.saved))


def ask(draft: Draft, rule: Rule, base: Rule | None) -> None:
    is_needed = base is not None and rules.needs_reason(base, rule)
    with st.form("rules_saving", border=False):
        reason = st.text_area(
            say("Why?" if is_needed else "Why? (may be left out)"),
            key=f"{REASON}_{draft.key('')}",
            height=70,
            max_chars=1000,
            placeholder=say("Everyone who opens the history reads it"),
        )
        if st.form_submit_button(say("Save"), type="primary", key="rules_do_save"):
            save(draft, draft.given, draft.version, reason)


def save(draft: Draft, given: Mapping[str, Any], version: int, reason: str) -> None:
    """Save it and look at it; what refuses it is said where one stands."""
    settings, who = numbers.settings(), person.require_whole("lead").key
    try:
        if draft.is_new:
            place = str(rules.create_rule(settings, given, who=who, reason=reason))
        else:
            place = draft.place
            rules.change_rule(settings, int(place), given, version=version, who=who, reason=reason)
    except Conflict as conflict:
        st.session_state[CONFLICT] = Meanwhile(conflict, reason)
        anew.draw()
    except HoldfastError as refused:
        wrong.say(wrong.bare(str(refused)))
        return
    drafts.put_away(draft.place)
    st.session_state.pop(CONFLICT, None)
    choice.show(place)
    st.rerun()


def settle(draft: Draft, rule: Rule, base: Rule, meanwhile: Meanwhile) -> None:
    """Somebody else saved a version: what they changed, and two ways on; nothing is overwritten unasked."""
    conflict = meanwhile.conflict
    theirs = version_of(draft, conflict.version)
    if theirs is None:
        wrong.say(str(conflict))
        return
    st.html(f'<p class="hf-fix">{who_and_when(conflict)}{why(theirs.reason)}</p>')
    diff.conflict(conflict.differences, base, theirs.rule, rule)
    clashes = [one for one in conflict.differences if one.is_clash]
    both = diff.merged(conflict.differences, theirs.rule)
    st.html(f'<p class="hf-sub">{escape(advice(len(clashes)))}</p>')
    key = f"{REASON}_again_{draft.key('')}"
    reason = st.text_input(say("Why?"), meanwhile.reason, key=key, max_chars=1000)
    with st.container(horizontal=True):
        if st.button(say("Take theirs"), key="rules_theirs", help=say("Your edits are put away")):
            drafts.put_away(draft.place)
            st.rerun()
        label, hint = (say("Put mine on top"), say(MINE)) if clashes else (say("Keep both"), say(BOTH))
        if st.button(label, type="primary", key="rules_both", help=hint):
            save(draft, both, conflict.version, reason)


def show_theirs(place: str) -> None:
    drafts.put_away(place)
    choice.redraw()


EDITED = later("Your edits are still here; saving shows both.")
BOTH = later("Theirs, with what you changed besides")
MINE = later("Theirs, with all that you changed instead of it; their version stays in the history")


def advice(clashes: int) -> str:
    if not clashes:
        return say("You changed different things, so both can be kept.")
    return several(
        clashes,
        "Both of you changed {count} thing, to different values: one has to give way.",
        "Both of you changed {count} things, to different values: one has to give way.",
    )


def who_and_when(conflict: Conflict) -> str:
    at = words.moment(conflict.changed_at, numbers.settings().timezone)
    return say(SAVED, who=escape(conflict.author), version=conflict.version, at=at)


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
    said = say(EDITED) if draft.is_changed else say("You see version {version}.", version=draft.version)
    with st.container(horizontal=True, vertical_alignment="center", key="rules_news"):
        who = say(SAVED, who=escape(view.changed_by), version=view.version, at=at)
        st.html(f'<p class="hf-news">{who} {said}</p>')
        st.button(
            say("Show theirs" if draft.is_changed else "Show it"),
            key="rules_show_theirs",
            on_click=show_theirs,
            args=(draft.place,),
            help=say("Your edits are put away") if draft.is_changed else None,
        )
