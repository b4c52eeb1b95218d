"""Until when: a choice of spans, or an instant on the company's clock."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from pages.parts import numbers, words
from pages.parts.sources import standing
from pages.parts.speech import later, say, written

MORNING = 9  # o'clock
OWN = "own"
Reach = Callable[[datetime], datetime]


def hours(count: int) -> Reach:
    return lambda now: now + timedelta(hours=count)


def morning(days: int) -> Reach:
    """Nine o'clock, so many days from now."""
    return lambda now: (now + timedelta(days=days)).replace(hour=MORNING, minute=0, second=0, microsecond=0)


def monday(now: datetime) -> datetime:
    return morning(7 - now.weekday())(now)


REACHES: Mapping[str, tuple[str, Reach]] = {
    "1h": (later("for an hour"), hours(1)),
    "4h": (later("for four hours"), hours(4)),
    "tomorrow": (later("until tomorrow morning"), morning(1)),
    "monday": (later("until Monday morning"), monday),
    "week": (later("for a week"), hours(7 * 24)),
    "month": (later("for thirty days"), hours(30 * 24)),
}


def here() -> datetime:
    """The present on the company's clock."""
    return words.local(standing.now(), numbers.settings().timezone).replace(tzinfo=None)


def soon() -> datetime:
    """The next full hour there."""
    return here() + timedelta(hours=1)


def instant(local: datetime) -> datetime:
    """What the company's clock shows, as a naive UTC instant."""
    zone = ZoneInfo(numbers.settings().timezone)
    return local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def until(key: str, start: int = 0) -> datetime | None:
    """Asks until when; naive UTC, None as long as nothing was chosen."""
    reach = st.selectbox(
        say("Until"),
        [*REACHES, OWN],
        index=start,
        format_func=told,
        key=f"{key}_reach",
    )
    if reach in REACHES:
        return instant(REACHES[reach][1](here()))
    return given(say("An instant"), f"{key}_own", here() + timedelta(days=1))


def told(reach: str) -> str:
    if reach not in REACHES:
        return say("until another instant …")
    text, end = REACHES[reach]
    when = end(here())
    return f"{say(text)} ({written().weekday(when)} {words.day(when.date())}, {when:%H:%M})"


def given(label: str, key: str, start: datetime) -> datetime | None:
    """Asks for an instant on the company's clock; naive UTC."""
    zone = numbers.settings().timezone
    chosen = st.datetime_input(
        say("{label}, in {zone}", label=label, zone=zone),
        start.replace(minute=0, second=0, microsecond=0),
        key=key,
        format="DD.MM.YYYY",
    )
    return instant(chosen) if chosen else None
