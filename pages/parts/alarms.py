"""The only place where pages read rules and alerts, and rehearse rules."""

from collections.abc import Mapping

import streamlit as st

from engine.desk import rules
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
