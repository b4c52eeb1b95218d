"""Quiet hours: asked for, told, and whether they hold now."""

from datetime import datetime, time
from zoneinfo import available_timezones

import streamlit as st

from engine.desk.channels import Hours
from pages.parts import numbers, words
from pages.parts.speech import later, say

ABOUT = later("Between these hours only critical messages are sent; the others wait for the end of them.")
SHAPE = "%H:%M"


def ask(key: str, before: Hours | None = None) -> Hours:
    """The fields, in a form."""
    known = before or Hours(numbers.settings().timezone)
    with st.expander(say("Quiet hours"), expanded=bool(known.quiet_from)):
        st.caption(say(ABOUT))
        left, middle, right = st.columns([1, 1, 2])
        with left:
            start = st.time_input(say("From"), clock(known.quiet_from), key=f"{key}_from")
        with middle:
            end = st.time_input(say("Until"), clock(known.quiet_until), key=f"{key}_until")
        with right:
            zones = sorted(available_timezones() | {known.zone})
            place = zones.index(known.zone)
            zone = st.selectbox(say("On the clocks of"), zones, index=place, key=f"{key}_zone")
    return Hours(zone, text(start), text(end))


def clock(told: str | None) -> time | None:
    return time.fromisoformat(told) if told else None


def text(given: time | None) -> str | None:
    return given.strftime(SHAPE) if given else None


def told(hours: Hours) -> str:
    """22:00–07:00, Europe/Berlin."""
    if not hours.quiet_from or not hours.quiet_until:
        return words.NONE
    return f"{hours.quiet_from}–{hours.quiet_until}, {hours.zone.replace('_', ' ')}"


def hold(hours: Hours, now: datetime) -> bool:
    """Whether they hold at an instant, naive UTC."""
    start, end = hours.quiet_from, hours.quiet_until
    if not start or not end:
        return False
    here = words.local(now, hours.zone).strftime(SHAPE)
    return start <= here < end if start < end else here >= start or here < end
