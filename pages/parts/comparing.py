"""The pickers of what figures are compared with; they stand in the address."""

from contextlib import suppress
from datetime import date

import streamlit as st

from pages.parts import numbers, words
from pages.parts.changes import Against
from pages.parts.segment import Grain, Segment

PREVIOUS, YEAR = "previous", "year"
FAR = {"day": 180, "week": 104, "month": 60}
BEFORE = {"day": "the day before", "week": "the week before", "month": "the month before"}
LAST_YEAR = {"day": "52 weeks before", "week": "52 weeks before", "month": "a year before"}
THEN = (
    "Compare with the figure as it was published when that period was over, before facts that came later "
    "changed it. Where nothing was published then, there is nothing to compare with."
)


def against(edition: str, page: str, grain: Grain) -> Against:
    """The period before, the same a year before, or any earlier one; as known today or as known then."""
    starts = [start.isoformat() for start in numbers.complete_periods(edition, grain, FAR[grain])[1:]]
    chosen = st.selectbox(
        "Compare with",
        [PREVIOUS, YEAR, *starts],
        format_func=lambda key: label(key, grain),
        key=f"{page}_against_{grain}",
        bind="query-params",
        label_visibility="collapsed",
        width=172,
    )
    is_then = st.toggle("As known then", key=f"{page}_then", bind="query-params", help=THEN)
    return made(chosen or PREVIOUS, is_then)


def label(key: str, grain: Grain) -> str:
    if key == PREVIOUS:
        return f"vs {BEFORE[grain]}"
    return (
        f"vs {LAST_YEAR[grain]}"
        if key == YEAR
        else f"vs {words.period_short(date.fromisoformat(key), grain)}"
    )


def made(key: str, is_then: bool) -> Against:
    if key == YEAR:
        return Against("year", None, is_then)
    with suppress(ValueError):
        return Against("date", date.fromisoformat(key), is_then)
    return Against("previous", None, is_then)


def subtitle(against: Against, grain: Grain, of: Segment) -> str:
    """What is compared with what."""
    told = label(key_of(against), grain).removeprefix("vs ")
    then = ", as known then" if against.is_then else ""
    return f"The last complete {grain} against {told}{then}, the least usual first · {of.marked}"


def key_of(against: Against) -> str:
    return against.day.isoformat() if against.day else against.kind


def missing(against: Against, grain: Grain) -> str:
    """Why there is nothing to compare."""
    if against.is_then:
        return (
            f"Nothing was published when that {grain} was over, so nothing is known as it was then. "
            "Holdfast keeps each figure as it was first seen complete, from its first day on."
        )
    if against.kind == "previous":
        return f"Nothing to compare yet: two complete {grain}s are needed."
    return f"There are no figures of that {grain} to compare with."
