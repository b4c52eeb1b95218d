"""Something that happened to an alert, as an evaluation tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from data.speech import say
from engine.alerts.rule import Rule

What = Literal["firing", "worse", "resolved", "repeat"]


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a trend: the figure and the bounds that were in force, in the metric's unit.

    `is_firing`: whether the alert fired at the end of the period.
    """

    period_start: date
    value: float | None
    low: float | None = None
    high: float | None = None
    is_firing: bool = False


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts behind an alert: what they have in common, how many they are, and the first of them.

    `sentence` is English, as it is looked up; `step` the one that it names as {step}.
    """

    sentence: str
    count: int
    names: tuple[tuple[str, str | None], ...] = ()  # account_id and name
    step: str = ""

    @property
    def said(self) -> str:
        return in_common(self.sentence, self.step)


def in_common(sentence: str, step: str) -> str:
    """What accounts have in common, in the language that is spoken."""
    return say(sentence, step=step) if step else say(sentence)


@dataclass(frozen=True, slots=True)
class Details:
    """What a message shows beside the figure: the trend, oldest first, and the accounts behind it."""

    trend: tuple[Point, ...] = ()
    behind: Accounts | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to an alert.

    `firing`, `resolved`: it moved, by the transition named. `worse`: it fires and a later period breached by
    more than the one before; `repeat`: it still fires. `because`: the transition's reason.
    """

    alert_id: int
    transition_id: int | None
    what: What
    rule_id: int
    rule: Rule
    segment: str
    since: datetime  # when it began to fire
    entered_at: datetime  # when this happened: the period became complete, or a person did it
    period_start: date | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    usual: float | None = None
    beyond: float | None = None
    because: str = ""


Look = Callable[[Happening], Details]


def nothing_more(_: Happening) -> Details:
    """The details of what has none."""
    return Details()
