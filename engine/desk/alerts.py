"""The pages' door to alerts: what fires, the story of each, and what people do about it."""

from collections.abc import Collection
from datetime import datetime

from data.settings import Settings
from engine import clock
from engine.alerts.lifecycle import Status
from engine.control import actions, silences
from engine.control import alerts as standing
from engine.control import audit as audited
from engine.control import story as told
from engine.control.alerts import ACTIVE, AlertView, RuleAlerts
from engine.control.audit import Entry
from engine.control.silences import SilenceView
from engine.control.store import Control
from engine.control.story import Comment, Span, State, Story, Telling

__all__ = [
    "ACTIVE",
    "AlertView",
    "Comment",
    "Entry",
    "RuleAlerts",
    "SilenceView",
    "Span",
    "State",
    "Status",
    "Story",
    "Telling",
    "acknowledge",
    "alert",
    "alerts",
    "assign",
    "audit",
    "comment",
    "end_silence",
    "firing_count",
    "last_tellings",
    "pulse",
    "release",
    "silence",
    "silences_known",
    "snooze",
    "story",
    "take",
    "timeline",
]


def firing_count(settings: Settings) -> int:
    """How many alerts fire; well under a millisecond on SQLite, for a bell on every page."""
    return standing.firing_count(Control.open(settings))


def pulse(settings: Settings) -> int:
    """A number that grows whenever something happened to alerts, or was done about them."""
    return standing.pulse(Control.open(settings))


def alerts(
    settings: Settings,
    *,
    statuses: Collection[Status] = ACTIVE,
    rule_id: int | None = None,
    since: datetime | None = None,
) -> list[RuleAlerts]:
    """Alerts by rule: what fires first, the graver the sooner, then what began last.

    `since`: those that came to where they are at this instant or later.
    """
    control = Control.open(settings)
    return standing.alerts(control, clock.now(), statuses=statuses, rule_id=rule_id, since=since)


def alert(settings: Settings, alert_id: int) -> AlertView:
    """One alert.

    Raises:
        BadInput: there is none of this id.
    """
    return standing.alert(Control.open(settings), alert_id, clock.now())


def story(settings: Settings, alert_id: int) -> Story:
    """How an alert moved, what was told of it and why, what people said and did."""
    return told.story(Control.open(settings), alert_id)


def last_tellings(settings: Settings, alert_ids: Collection[int]) -> dict[int, Telling]:
    """What was told last of each of these alerts, or why nothing was."""
    return told.last_tellings(Control.open(settings), alert_ids)


def timeline(settings: Settings, start: datetime, end: datetime) -> list[Span]:
    """What pended or fired in `[start, end)`, naive UTC, in the order in which it began."""
    return told.timeline(Control.open(settings), start, end)


def take(settings: Settings, alert_id: int, *, who: str, instead_of: str | None = None) -> None:
    """Look after an alert oneself.

    Raises:
        BadInput: somebody else than `instead_of` has it meanwhile.
    """
    assign(settings, alert_id, who, who=who, instead_of=instead_of)


def release(settings: Settings, alert_id: int, *, who: str, instead_of: str | None = None) -> None:
    """Leave an alert to nobody."""
    assign(settings, alert_id, None, who=who, instead_of=instead_of)


def assign(
    settings: Settings, alert_id: int, to: str | None, *, who: str, instead_of: str | None = None
) -> None:
    """Have somebody look after an alert."""
    control = Control.open(settings)
    actions.assign(control, alert_id, to, who=who, now=clock.now(), instead_of=instead_of)


def acknowledge(settings: Settings, alert_id: int, *, who: str, reason: str = "") -> None:
    """Say that a firing alert was seen: it is told no more until it resolves."""
    actions.acknowledge(Control.open(settings), alert_id, who=who, now=clock.now(), reason=reason)


def comment(settings: Settings, alert_id: int, said: str, *, who: str) -> int:
    """Say something about an alert; returns the comment's id."""
    return actions.comment(Control.open(settings), alert_id, said, who=who, now=clock.now())


def snooze(settings: Settings, alert_id: int, until: datetime | None, *, who: str, reason: str = "") -> None:
    """Tell of it only after an instant, naive UTC; None: from now on again."""
    actions.snooze(Control.open(settings), alert_id, until, who=who, now=clock.now(), reason=reason)


def silence(
    settings: Settings,
    *,
    until: datetime,
    who: str,
    reason: str = "",
    starts_at: datetime | None = None,
    rule_id: int | None = None,
    metric: str | None = None,
    dimension: str | None = None,
    segment: str | None = None,
) -> int:
    """Tell of no alert that matches all that is given, for a time; returns the silence's id."""
    return silences.silence(
        Control.open(settings),
        until=until,
        who=who,
        now=clock.now(),
        reason=reason,
        starts_at=starts_at,
        rule_id=rule_id,
        metric=metric,
        dimension=dimension,
        segment=segment,
    )


def end_silence(settings: Settings, silence_id: int, *, who: str, reason: str = "") -> None:
    """End a silence before its time."""
    silences.end_silence(Control.open(settings), silence_id, who=who, now=clock.now(), reason=reason)


def silences_known(settings: Settings, *, since: datetime | None = None) -> list[SilenceView]:
    """Silences, those that end last first; with `since`, without those that ended before."""
    return silences.listed(Control.open(settings), since=since)


def audit(settings: Settings, subject: str | None = None, *, limit: int = 200) -> list[Entry]:
    """Who did what, the newest first; `subject` such as `rule:7`, `alert:12`, `silence:3`."""
    return audited.audit(Control.open(settings), subject, limit=limit)
