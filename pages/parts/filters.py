"""The pickers of the top line; every choice stands in the address, so that a link shows the same view."""

from datetime import date
from html import escape

import polars as pl
import streamlit as st

from pages.parts import numbers, person, words
from pages.parts.heard import understand
from pages.parts.once import once
from pages.parts.segment import Grain, Segment
from pages.parts.speech import later, say, several

GRAINS = {"day": later("Day"), "week": later("Week"), "month": later("Month")}
RANGES = {"day": (30, 60, 90, 180), "week": (12, 26, 52, 104), "month": (12, 18, 24, 36)}
EVERYONE = "all"
PRESENT = "now"
PAST = {"day": 60, "week": 26, "month": 24}
NOBODY = "none"
MOST_SEGMENTS = 40
COHORTS = {"day": (12,), "week": (12, 26, 52), "month": (12, 18, 24, 36)}


def grain(page: str, grains: tuple[Grain, ...] = ("day", "week", "month"), default: Grain = "week") -> Grain:
    understand(f"{page}_grain", grains, grain_label)
    return st.segmented_control(
        say("Period"),
        grains,
        default=default,
        format_func=grain_label,
        required=True,
        key=f"{page}_grain",
        bind="query-params",
        label_visibility="collapsed",
    )


def grain_label(grain: Grain) -> str:
    return say(GRAINS[grain])


def span(page: str, grain: Grain, default: int = 0) -> int:
    """How many of the newest periods to show."""
    options = RANGES[grain]
    understand(f"{page}_last_{grain}s", options, lambda count: last(count, grain))
    chosen = st.selectbox(
        say("Range"),
        options,
        index=options.index(default) if default in options else 0,
        format_func=lambda count: last(count, grain),
        key=f"{page}_last_{grain}s",
        bind="query-params",
        label_visibility="collapsed",
        width=134,
    )
    return chosen or options[0]


def last(count: int, grain: Grain) -> str:
    if grain == "day":
        return several(count, "Last {count} day", "Last {count} days")
    if grain == "week":
        return several(count, "Last {count} week", "Last {count} weeks")
    return several(count, "Last {count} month", "Last {count} months")


def newest(count: int, grain: Grain) -> str:
    if grain == "day":
        return several(count, "Newest {count} day", "Newest {count} days")
    if grain == "week":
        return several(count, "Newest {count} week", "Newest {count} weeks")
    return several(count, "Newest {count} month", "Newest {count} months")


def up_to(start: date | None, grain: Grain) -> str:
    if start is None:
        return say("Up to now")
    return say("Up to {period}", period=words.period_short(start, grain))


def until(edition: str, page: str, grain: Grain) -> date | None:
    """The last period to show, as known today; nothing for the present."""
    starts = {start.isoformat(): start for start in numbers.complete_periods(edition, grain, PAST[grain])}
    keys = (PRESENT, *starts)
    labels = labels_until(keys, grain)
    understand(f"{page}_until_{grain}", keys, lambda key: labels_until(keys, grain)[key])
    chosen = st.selectbox(
        say("Up to"),
        list(labels),
        format_func=lambda key: labels[key],
        key=f"{page}_until_{grain}",
        bind="query-params",
        label_visibility="collapsed",
        width=134,
    )
    return starts.get(chosen or PRESENT)


@once
def labels_until(keys: tuple[str, ...], grain: Grain) -> dict[str, str]:
    return {key: up_to(None if key == PRESENT else date.fromisoformat(key), grain) for key in keys}


def segment(edition: str, page: str) -> Segment:
    """All accounts or one segment; the same choice on every page. Who may see one segment has no choice."""
    if (own := person.scope()) is not None:
        fixed = Segment(own.dimension, own.segment)
        st.html(f'<p class="hf-fixed">{escape(fixed.label)}</p>', width="content")
        return fixed
    options = [EVERYONE, *segment_keys(edition)]
    understand("segment", options, segment_label)
    bring_along(options, page)
    chosen = st.selectbox(
        say("Segment"),
        options,
        format_func=segment_label,
        key="segment",
        bind="query-params",
        label_visibility="collapsed",
        width=138,
    )
    st.session_state["segment_kept"] = (page, chosen)
    return segment_of(chosen or EVERYONE)


def bring_along(options: list[str], page: str) -> None:
    """The choice of the last page; one that came by the address would be lost on the way."""
    last_page, kept = st.session_state.get("segment_kept", (page, None))
    if last_page != page and kept in options:
        st.session_state["segment"] = kept


def compare(edition: str, page: str, against: Segment) -> Segment | None:
    """A second segment to lay over the first."""
    if person.scope() is not None:
        return None
    options = [NOBODY, EVERYONE, *segment_keys(edition)]
    understand(f"{page}_compare", options, compare_label)
    chosen = st.selectbox(
        say("Compare with"),
        options,
        format_func=compare_label,
        key=f"{page}_compare",
        bind="query-params",
        label_visibility="collapsed",
        width=138,
    )
    other = segment_of(chosen) if chosen and chosen != NOBODY else None
    return None if other == against else other


def compare_label(key: str) -> str:
    return say("Compare with …") if key == NOBODY else segment_label(key)


def dimension(edition: str, page: str) -> str:
    """One of the attributes that accounts are split by."""
    own = person.scope()
    options = (own.dimension,) if own else numbers.edition(edition).segments
    understand(f"{page}_by", options, words.name_of)
    chosen = st.segmented_control(
        say("Split by"),
        options,
        default=options[0],
        format_func=words.name_of,
        required=True,
        key=f"{page}_by",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or options[0]


def segment_keys(edition: str) -> list[str]:
    """`plan:pro` and so on, the largest segments of each dimension."""
    return keys_of(numbers.segments(edition))


@once
def keys_of(segments: pl.DataFrame) -> list[str]:
    found: dict[str, list[str]] = {}
    for name, value, _ in segments.iter_rows():
        found.setdefault(name, []).append(f"{name}:{value}")
    return [key for keys in found.values() for key in keys[:MOST_SEGMENTS]]


def segment_of(key: str) -> Segment:
    if key == EVERYONE:
        return Segment()
    name, _, value = key.partition(":")
    return Segment(name, value)


def segment_label(key: str) -> str:
    return segment_of(key).label


def newest_cohorts(page: str, grain: Grain) -> int:
    """How many of the newest cohorts to show; the rest stays readable in the download."""
    options = COHORTS[grain]
    understand(f"{page}_newest_{grain}s", options, lambda count: newest(count, grain))
    chosen = st.selectbox(
        say("Cohorts"),
        options,
        format_func=lambda count: newest(count, grain),
        key=f"{page}_newest_{grain}s",
        bind="query-params",
        label_visibility="collapsed",
        width=166,
    )
    return chosen or options[0]
