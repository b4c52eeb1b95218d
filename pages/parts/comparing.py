"""The pickers of what figures are compared with; they stand in the address."""

from contextlib import suppress
from datetime import date

import streamlit as st

from pages.parts import numbers, words
from pages.parts.changes import Against
from pages.parts.heard import understand
from pages.parts.once import once
from pages.parts.segment import Grain, Segment
from pages.parts.speech import later, say

PREVIOUS, YEAR = "previous", "year"
FAR = {"day": 180, "week": 104, "month": 60}
VERSUS = {
    "day": later("vs the day before"),
    "week": later("vs the week before"),
    "month": later("vs the month before"),
}
YEAR_AGO = {
    "day": later("vs 52 weeks before"),
    "week": later("vs 52 weeks before"),
    "month": later("vs a year before"),
}
TOLD = {
    "day": later("The last complete day {against}, the least usual first"),
    "week": later("The last complete week {against}, the least usual first"),
    "month": later("The last complete month {against}, the least usual first"),
}
AGAINST = {
    "day": later("against the day before"),
    "week": later("against the week before"),
    "month": later("against the month before"),
}
AGAINST_YEAR = {
    "day": later("against 52 weeks before"),
    "week": later("against 52 weeks before"),
    "month": later("against a year before"),
}
NOT_THEN = {
    "day": later(
        "Nothing was published when that day was over, so nothing is known as it was then. "
        "Holdfast keeps each figure as it was first seen complete, from its first day on."
    ),
    "week": later(
        "Nothing was published when that week was over, so nothing is known as it was then. "
        "Holdfast keeps each figure as it was first seen complete, from its first day on."
    ),
    "month": later(
        "Nothing was published when that month was over, so nothing is known as it was then. "
        "Holdfast keeps each figure as it was first seen complete, from its first day on."
    ),
}
TOO_FEW = {
    "day": later("Nothing to compare yet: two complete days are needed."),
    "week": later("Nothing to compare yet: two complete weeks are needed."),
    "month": later("Nothing to compare yet: two complete months are needed."),
}
NOT_OF = {
    "day": later("There are no figures of that day to compare with."),
    "week": later("There are no figures of that week to compare with."),
    "month": later("There are no figures of that month to compare with."),
}
THEN = later(
    "Compare with the figure as it was published when that period was over, before facts that came later "
    "changed it. Where nothing was published then, there is nothing to compare with."
)


def against(edition: str, page: str, grain: Grain) -> Against:
    """The period before, the same a year before, or any earlier one; as known today or as known then."""
    starts = [start.isoformat() for start in numbers.complete_periods(edition, grain, FAR[grain])[1:]]
    keys = (PREVIOUS, YEAR, *starts)
    labels = labels_of(keys, grain)
    understand(f"{page}_against_{grain}", keys, lambda key: labels_of(keys, grain)[key])
    chosen = st.selectbox(
        say("Compare with"),
        list(labels),
        format_func=lambda key: labels[key],
        key=f"{page}_against_{grain}",
        bind="query-params",
        label_visibility="collapsed",
        width=172,
    )
    is_then = st.toggle(say("As known then"), key=f"{page}_then", bind="query-params", help=say(THEN))
    return made(chosen or PREVIOUS, is_then)


@once
def labels_of(keys: tuple[str, ...], grain: Grain) -> dict[str, str]:
    return {key: label(key, grain) for key in keys}


def label(key: str, grain: Grain) -> str:
    if key in (PREVIOUS, YEAR):
        return say((VERSUS if key == PREVIOUS else YEAR_AGO)[grain])
    return say("vs {period}", period=words.period_short(date.fromisoformat(key), grain))


def made(key: str, is_then: bool) -> Against:
    if key == YEAR:
        return Against("year", None, is_then)
    with suppress(ValueError):
        return Against("date", date.fromisoformat(key), is_then)
    return Against("previous", None, is_then)


def subtitle(against: Against, grain: Grain, of: Segment) -> str:
    """What is compared with what."""
    base = against_what(against, grain)
    if against.is_then:
        base = say("{against}, as known then", against=base)
    return f"{say(TOLD[grain], against=base)} · {of.marked}"


def against_what(against: Against, grain: Grain) -> str:
    if against.day is not None:
        return say("against {period}", period=words.period_short(against.day, grain))
    return say((AGAINST_YEAR if against.kind == YEAR else AGAINST)[grain])


def missing(against: Against, grain: Grain) -> str:
    """Why there is nothing to compare."""
    if against.is_then:
        return say(NOT_THEN[grain])
    return say((TOO_FEW if against.kind == "previous" else NOT_OF)[grain])
