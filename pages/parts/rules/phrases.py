"""What a rule watches, in words: its metric, its place, its condition."""

from collections.abc import Callable

from engine.desk.rules import Rule
from pages.parts import alarms, numbers, words

SOURCES = "source_silence"  # what the kind `late` watches; it is judged by the clock
CELLS = {"cohort_retention": "rate", "cohort_net_revenue_retention": "rate"}
EVERYONE = "all"


def title_of(metric: str) -> str:
    """Its title; its name where it is not computed here (any more)."""
    return alarms.watchable().get(metric, metric)


def unit_of(metric: str) -> str:
    """The unit in which a metric is written and its bounds are edited."""
    if metric == SOURCES:
        return "hours"
    known = numbers.metrics().get(metric)
    return numbers.shown_unit(known) if known else CELLS.get(metric.partition(".")[0], "ratio")


def place(dimension: str, segment: str | None) -> str:
    if dimension == EVERYONE:
        return "the whole company"
    name = words.name_of(dimension).lower()
    return f"each {name}" if segment is None else f"{name} {segment}"


def writer(metric: str) -> Callable[[float | None], str]:
    """Writes a value in the metric's unit."""
    unit, code = unit_of(metric), numbers.settings().base_currency
    return lambda value: words.value(value, unit, code)


def condition(rule: Rule) -> str:
    """falls below 35 %, 2 weeks in a row."""
    said = rule.of_kind.says(rule.read_params, writer(rule.metric))
    periods = rule.policy.periods
    return f"{said}, {periods} {rule.grain}s in a row" if periods > 1 else said


def watched(rule: Rule) -> str:
    """Activation rate per week, each plan."""
    if rule.metric == SOURCES:
        return title_of(rule.metric)
    return f"{title_of(rule.metric)} per {rule.grain}, {place(rule.dimension, rule.segment)}"
