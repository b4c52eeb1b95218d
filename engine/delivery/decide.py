"""Whether to tell of an alert: one named reason for every message, and for every one that is not sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isclose
from typing import Literal, TypeGuard

from data.calendar import Grain
from engine.alerts.lifecycle import Status
from engine.alerts.rule import Severity
from engine.delivery.happening import What

Send = Literal["first", "worse", "resolved", "repeat"]
Hold = Literal["silenced", "snoozed"]
Skip = Literal[
    "long ago",
    "not told of before",
    "not much worse",
    "acknowledged",
    "over already",
    "no channel",
    "no such channel",
    "channel paused",
]
Reason = Send | Hold | Skip

SENDS: dict[What, Send] = {"firing": "first", "worse": "worse", "resolved": "resolved", "repeat": "repeat"}
HOLDS: tuple[Hold, ...] = ("silenced", "snoozed")
WORSE = 1.5  # times what was told last
RECENT = timedelta(days=3)
SPANS: dict[Grain, timedelta] = {
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an alert when something happens to it.

    `told_*`: what was told while it fires, null where nothing was.
    """

    status: Status = "firing"
    told_at: datetime | None = None
    told_beyond: float | None = None
    acknowledged_at: datetime | None = None
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as far as the decision needs it.

    `beyond`: how far past the bound. `is_over`: whether the alert fires no longer. `is_silenced`: whether a
    silence covers it.
    """

    what: What
    entered_at: datetime
    grain: Grain
    severity: Severity = "warning"
    beyond: float | None = None
    is_over: bool = False
    is_silenced: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """A channel, as far as the decision needs it; `quiet_until` while it has quiet hours."""

    is_paused: bool = False
    quiet_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A named reason; `due_at` where a message is to be sent, `is_held` where quiet hours put it off."""

    reason: Reason
    due_at: datetime | None = None
    is_held: bool = False


def reason_for(event: Event, known: Known, now: datetime) -> Reason:
    """Whether to tell of an alert at all, whoever would be told."""
    if event.what == "resolved":
        return _of_resolving(event, known)
    if event.is_over:
        if event.what != "firing":
            return "over already"
        if is_long_ago(event, now):
            return "long ago"
    if event.is_silenced:
        return "silenced"
    if known.snoozed_until is not None and known.snoozed_until > now:
        return "snoozed"
    return SENDS["firing"] if event.what == "firing" else _of_going_on(event, known)


def _of_resolving(event: Event, known: Known) -> Reason:
    if known.told_at is None:
        return "not told of before"
    return "silenced" if event.is_silenced else "resolved"


def _of_going_on(event: Event, known: Known) -> Reason:
    if known.told_at is None:  # nobody could be told when it began, so this is the first they hear of it
        return "first"
    if known.acknowledged_at is not None:
        return "acknowledged"
    if event.what == "worse" and not is_much_worse(event.beyond, known.told_beyond):
        return "not much worse"
    return SENDS[event.what]


def is_long_ago(event: Event, now: datetime) -> bool:
    """Whether it lies in a past that was imported, or slept through: nobody can do anything about it."""
    return event.entered_at < now - max(RECENT, 2 * SPANS[event.grain])


def is_much_worse(beyond: float | None, told: float | None) -> bool:
    if beyond is None or told is None or beyond <= told:
        return False
    return beyond >= WORSE * told or isclose(beyond, WORSE * told)


def on_channel(event: Event, reason: Send, reach: Reach, now: datetime) -> Decision:
    """Whether, and when, a channel is told of what is worth telling."""
    if reach.is_paused:
        return Decision("channel paused")
    is_held = reach.quiet_until is not None and event.severity != "critical"
    return Decision(reason, reach.quiet_until if is_held else now, is_held)


def decide(event: Event, known: Known, reach: Reach | None, now: datetime) -> Decision:
    """Both at once: what becomes of an event on one channel, or where there is none."""
    reason = reason_for(event, known, now)
    if not is_send(reason):
        return Decision(reason)
    return on_channel(event, reason, reach, now) if reach else Decision("no channel")


def is_send(reason: Reason) -> TypeGuard[Send]:
    """Whether a message goes out for this reason."""
    return reason in SENDS.values()
