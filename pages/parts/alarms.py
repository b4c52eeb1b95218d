"""The only place where pages read rules and alerts, and rehearse rules."""

from collections.abc import Collection, Mapping
from datetime import datetime

import streamlit as st

from engine.desk import alerts, rules
from engine.desk.alerts import AlertView, RuleAlerts, SilenceView, Span, Story, Telling
from engine.desk.rules import KindOfRule, RuleVersion, RuleView
from pages.parts import numbers


def all_rules() -> dict[int, RuleView]:
    """The rules as they are at this moment, by id; they change without an edition."""
    return {view.rule_id: view for view in rules.rules(numbers.settings())}


def versions(rule_id: int) -> list[RuleVersion]:
    return rules.versions(numbers.settings(), rule_id)


@st.cache_resource
def kinds() -> Mapping[str, KindOfRule]:
    return {kind.name: kind for kind in rules.kinds_of_rules()}


@st.cache_resource
def watchable() -> Mapping[str, str]:
    """What rules can watch, by name, with its title."""
    return rules.metrics(numbers.settings())


@st.cache_resource
def dimensions() -> tuple[str, ...]:
    return rules.dimensions(numbers.settings())


def firing_count() -> int:
    return alerts.firing_count(numbers.settings())


def pulse() -> int:
    """A number that grows whenever something happened to alerts, or was done about them."""
    return alerts.pulse(numbers.settings())


def active() -> list[RuleAlerts]:
    """What fires and what is about to, by rule, as it stands at this moment."""
    return alerts.alerts(numbers.settings())


def resolved() -> list[RuleAlerts]:
    return alerts.alerts(numbers.settings(), statuses=("resolved",))


def alert(alert_id: int) -> AlertView:
    return alerts.alert(numbers.settings(), alert_id)


def story(alert_id: int) -> Story:
    return alerts.story(numbers.settings(), alert_id)


def last_tellings(alert_ids: Collection[int]) -> dict[int, Telling]:
    return alerts.last_tellings(numbers.settings(), alert_ids)


def timeline(start: datetime, end: datetime) -> list[Span]:
    return alerts.timeline(numbers.settings(), start, end)


def silences(since: datetime) -> list[SilenceView]:
    """The silences that had not ended by an instant, those that end last first."""
    return alerts.silences_known(numbers.settings(), since=since)
