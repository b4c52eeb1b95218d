"""How messages write places, periods and instants; figures they write as the pages do."""

from datetime import date, datetime

from data.calendar import Grain
from data.speech import figures, say, written
from data.speech.figures import THIN, value
from data.speech.figures import ago as span

__all__ = ["day", "moment", "named", "period", "segment", "since", "span", "value"]


def period(start: date, grain: Grain) -> str:
    """on Mon 9 Nov 2026 · in the week of 9 Nov 2026 · in Nov 2026."""
    if grain == "week":
        return say("in the week of {day}", day=day(start))
    return say("in {month}", month=month(start)) if grain == "month" else say("on {day}", day=weekday(start))


def named(start: date, grain: Grain) -> str:
    """Mon 9 Nov 2026 · week of 9 Nov 2026 · Nov 2026."""
    if grain == "week":
        return written().week.format(day=day(start))
    return month(start) if grain == "month" else weekday(start)


def since(start: date, grain: Grain) -> str:
    """The same after `since`: the week of 9 Nov 2026."""
    return say("the week of {day}", day=day(start)) if grain == "week" else named(start, grain)


def moment(instant: datetime, zone: str) -> str:
    """A naive UTC instant on the clocks of a zone: 9 Nov 2026, 14:32."""
    return spaced(figures.moment(instant, zone))


def segment(dimension: str, name: str) -> str:
    """all accounts · plan pro."""
    if dimension == "all":
        return say("all accounts")
    return say("{dimension} {segment}", dimension=dimension.replace("_", " "), segment=name)


def day(when: date) -> str:
    return spaced(figures.day_of(when))


def month(when: date) -> str:
    return spaced(figures.month(when))


def weekday(when: date) -> str:
    return f"{written().weekday(when)} {day(when)}"


def spaced(text: str) -> str:
    """With spaces at which a line of a message may break."""
    return text.replace(THIN, " ")
