"""Which alerts are looked at: the filters of the top line, and the one that is open; all in the address."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from engine.desk.alerts import AlertView, RuleAlerts
from engine.desk.rules import SEVERITIES
from pages.parts import links, person, rooms, words
from pages.parts.heard import understand
from pages.parts.rules import phrases
from pages.parts.speech import say

ADDRESS, RULE = "alert", "alerts_wanted_rule"
ANY = "any"
MOST = 200  # segments that the picker offers


@dataclass(frozen=True)
class Filters:
    """Which alerts to show; what is ANY lets all through."""

    rule: str = ANY
    severity: str = ANY
    segment: str = ANY
    mine: str = ""

    @property
    def is_any(self) -> bool:
        return self == Filters()

    def lets_through(self, of: AlertView) -> bool:
        return (
            self.rule in (ANY, str(of.rule_id))
            and self.severity in (ANY, of.rule.severity)
            and self.segment in (ANY, segment_key(of))
            and (not self.mine or self.mine in (of.taken_by, of.rule.owner))
        )

    def of(self, groups: Iterable[RuleAlerts]) -> list[RuleAlerts]:
        """The groups with those that are let through; none that is empty."""
        cut = [replace(group, alerts=tuple(filter(self.lets_through, group.alerts))) for group in groups]
        return [group for group in cut if group.alerts]


def segment_key(of: AlertView) -> str:
    return f"{of.rule.dimension}:{of.segment}"


def segment_label(key: str) -> str:
    dimension, _, segment = key.partition(":")
    return say("Any segment") if key == ANY else words.segment(dimension, segment)


def opened() -> str:
    """The id in the address as it stands there; nothing where none does."""
    return st.query_params.get(ADDRESS, "")


def show(alert_id: str) -> None:
    """Look at this alert from the next run on."""
    st.query_params[ADDRESS] = alert_id


def close() -> None:
    st.query_params.pop(ADDRESS, None)


def follow_clicks() -> None:
    links.follow("alerts_links", follow)
    if (rule := st.session_state.pop(RULE, None)) and rooms.is_open("set_up/rules.py"):
        st.switch_page("set_up/rules.py", query_params={"rule": rule})


def follow(opened: str) -> None:
    """A click in a table: on an alert, or on the rule of several."""
    what, _, key = opened.partition(":")
    if what == "alert":
        show(key)
    elif what == "rule":
        st.session_state[RULE] = key


def filters(groups: Sequence[RuleAlerts]) -> Filters:
    """The pickers; they offer what there are alerts of."""
    names = {str(group.rule_id): group.rule.name for group in groups}
    segments = sorted({segment_key(of) for group in groups for of in group.alerts}, key=segment_label)
    rule = pick(say("Rule"), "alerts_rule", [ANY, *names], lambda key: names.get(key, say("Any rule")))
    grades = [ANY, *reversed(SEVERITIES)]
    severity = pick(say("Severity"), "alerts_severity", grades, severity_label)
    segment = pick(say("Segment"), "alerts_segment", [ANY, *segments[:MOST]], segment_label)
    mine = st.toggle(
        say("Mine"),
        key="alerts_mine",
        bind="query-params",
        persist_state="session",
        help=say("Those that you have taken, and those of rules that are yours"),
        width="content",
    )
    return Filters(rule, severity, segment, person.current().key if mine else "")


def severity_label(key: str) -> str:
    return say("Any severity") if key == ANY else phrases.graded(key)


def pick(label: str, key: str, options: Sequence[str], told: Callable[[str], str]) -> str:
    """One picker; what was chosen stays chosen while an alert is open."""
    understand(key, options, told)
    chosen = st.selectbox(
        label,
        options,
        format_func=told,
        key=key,
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
        width=150,
    )
    return chosen or ANY
