"""What a rule watches, in words: its metric, its place, its condition."""

from collections.abc import Callable

from engine.desk.rules import Rule
from metrics import titles
from metrics.titles import shown_unit
from pages.parts import alarms, numbers, words
from pages.parts.rules import grains
from pages.parts.speech import later, say, several

SOURCES = "source_silence"  # what the kind `late` watches; it is judged by the clock
CELLS = {"cohort_retention": "rate", "cohort_net_revenue_retention": "rate"}
EVERYONE = "all"
TITLES = {
    SOURCES: later("Silence of a source"),
    "cohort_retention": later("Retention of sign-ups"),
    "cohort_net_revenue_retention": later("Net revenue retention of sign-ups"),
}
GRADES = {
    "critical": (later("Critical"), later("critical")),
    "warning": (later("Warning"), later("warning")),
    "info": (later("Info"), later("info")),
}
WATCHED = {
    "day": later("{title} per day, {place}"),
    "week": later("{title} per week, {place}"),
    "month": later("{title} per month, {place}"),
}


def title_of(metric: str) -> str:
    """Its title; its name where it is not computed here (any more)."""
    english = alarms.watchable().get(metric)
    if english is None:
        return metric
    name, _, index = metric.partition(".")
    if name in CELLS:
        return several(
            int(index),
            "{title}, {count} periods after",
            "{title}, {count} periods after",
            title=say(TITLES[name]),
        )
    return titles.titled(metric, english)


def graded(severity: str) -> str:
    """Critical."""
    return say(GRADES[severity][0]) if severity in GRADES else words.name_of(severity)


def grade(severity: str) -> str:
    """The same within a line."""
    return say(GRADES[severity][1]) if severity in GRADES else severity


def unit_of(metric: str) -> str:
    """The unit in which a metric is written and its bounds are edited."""
    if metric == SOURCES:
        return "hours"
    known = numbers.metrics().get(metric)
    return shown_unit(known) if known else CELLS.get(metric.partition(".")[0], "ratio")


def place(dimension: str, segment: str | None) -> str:
    if dimension == EVERYONE:
        return say("the whole company")
    name = words.name_of(dimension).lower()
    if segment is None:
        return say("each {dimension}", dimension=name)
    return say("{dimension} {segment}", dimension=name, segment=segment)


def writer(metric: str) -> Callable[[float | None], str]:
    """Writes a value in the metric's unit."""
    unit, code = unit_of(metric), numbers.settings().base_currency
    return lambda value: words.value(value, unit, code)


def condition(rule: Rule) -> str:
    """falls below 35 %, 2 weeks in a row."""
    said = rule.of_kind.says(rule.read_params, writer(rule.metric))
    periods = rule.policy.periods
    return grains.in_a_row(said, periods, rule.grain) if periods > 1 else said


def watched(rule: Rule) -> str:
    """Activation rate per week, each plan."""
    if rule.metric == SOURCES:
        return title_of(rule.metric)
    where = place(rule.dimension, rule.segment)
    return say(WATCHED[rule.grain], title=title_of(rule.metric), place=where)
