"""The list of rules: how each stands, when it fired last, who looks after it; a click opens one."""

from collections.abc import Collection, Mapping
from datetime import datetime
from html import escape

import streamlit as st

from data.errors import HoldfastError
from engine.desk.rules import Rule, RuleView
from pages.parts import alarms, cards, numbers, words
from pages.parts.rules import choice, phrases, state
from pages.parts.rules.state import State
from pages.parts.sources import standing
from pages.parts.speech import later, say, several, whole

NOTHING = later(
    "No rule yet. <b>New rule</b> above begins with a metric and shows at once what it would have done; "
    "<b>Import</b> takes rules from a file."
)
MOST = 100  # rules that are drawn at once; the search finds the others
MOST_ASKED = 60  # among more, nobody waits to learn which of the quiet ones could not be judged
Listed = tuple[RuleView, State]


def draw(known: Mapping[int, RuleView], chosen: str, edited: Collection[str]) -> None:
    every = ordered(known)
    with cards.panel("rules_list", say("Rules"), subtitle(every)):
        if not known:
            cards.note(say(NOTHING))
            return
        wanted = search() if len(known) > 1 else ""
        found = [listed for listed in every if matches(*listed, wanted)]
        if not found:
            said = say("No rule has “{wanted}” in its name, metric, owner or state.", wanted=escape(wanted))
            cards.note(said)
        body = "".join(entry(*listed, chosen, edited) for listed in found[:MOST])
        st.html(f'<ol class="hf-rules">{body}</ol>')
        if len(found) > MOST:
            cut = say(
                "The first {most} of {count}: search for the others.", most=MOST, count=whole(len(found))
            )
            st.html(f'<p class="hf-sub">{cut}</p>')
        choice.follow_clicks()


def search() -> str:
    found = st.text_input(
        say("Search"),
        key="rules_search",
        bind="query-params",
        placeholder=say("Search"),
        type="search",
        live=True,
        label_visibility="collapsed",
    )
    return (found or "").strip().lower()


def subtitle(listed: Collection[Listed]) -> str:
    """How many there are, and how many of them fire."""
    if not listed:
        return ""
    firing = [stands.look for _, stands in listed].count("bad")
    told = several(firing, "{count} firing", "{count} firing") if firing else say("none fires")
    return f"{several(len(listed), '{count} rule', '{count} rules')}, {told}"


def ordered(known: Mapping[int, RuleView]) -> list[Listed]:
    """Those that need somebody first, then by name."""
    asks = len(known) <= MOST_ASKED
    found = [(view, standing_of(view, asks=asks)) for view in known.values()]
    return sorted(found, key=lambda listed: state.ORDER.index(listed[1].look))


def standing_of(view: RuleView, *, asks: bool = True) -> State:
    return state.state_of(view, is_judged=not asks or is_judged(view))


def is_judged(view: RuleView) -> bool:
    """Whether its newest figures could be; asked only of rules that would be called quiet."""
    if view.is_paused or view.status != "quiet" or view.rule.metric == phrases.SOURCES:
        return True
    try:
        return not alarms.is_open(alarms.batch(), view.rule)
    except HoldfastError:
        return False


def matches(view: RuleView, stands: State, wanted: str) -> bool:
    rule = view.rule
    said = (
        f"{rule.name} {rule.metric} {phrases.watched(rule)} {rule.owner} {phrases.grade(rule.severity)} "
        f"{stands.word} {' '.join(view.firing)}"
    )
    return wanted in said.lower()


def entry(view: RuleView, stands: State, chosen: str, edited: Collection[str]) -> str:
    rule, name = view.rule, escape(view.rule.name)
    current = ' aria-current="true"' if str(view.rule_id) == chosen else ""
    unsaved = f'<em title="{say("Changes that are not saved yet")}">{say("edited")}</em>'
    unsaved = unsaved if str(view.rule_id) in edited else ""
    owner = escape(rule.owner) if rule.owner else say("nobody’s")
    return (
        f'<li{current}><button class="hf-open" data-open="rule:{view.rule_id}" title="{name}">{name}</button>'
        f'<p class="hf-rule-line">{state.mark(stands)}{unsaved}</p>'
        f"<p>{escape(told(rule))}</p>"
        f'<p>{severity(rule.severity)} · <span title="{escape(when(view.last_fired_at))}">'
        f"{escape(fired(view.last_fired_at))}</span> · {owner}</p></li>"
    )


def told(rule: Rule) -> str:
    """What it watches and when it fires; without its condition where that cannot be read any more."""
    try:
        return f"{phrases.watched(rule)}: {phrases.condition(rule)}"
    except HoldfastError:
        return phrases.watched(rule)


def severity(name: str) -> str:
    return f'<b class="hf-severity hf-{escape(name)}">{escape(phrases.grade(name))}</b>'


def fired(at: datetime | None) -> str:
    if at is None:
        return say("never fired")
    return say("fired {span} ago", span=words.ago(standing.now() - at))


def when(at: datetime | None) -> str:
    return say("It has not fired yet") if at is None else words.moment(at, numbers.settings().timezone)
