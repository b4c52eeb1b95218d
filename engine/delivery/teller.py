"""Goes through what happened, one after the other, and gathers what is to be said to whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.control.notices import Notice
from engine.delivery.book import Book
from engine.delivery.decide import (
    HOLDS,
    Decision,
    Event,
    Known,
    Reason,
    Send,
    is_send,
    on_channel,
    reason_for,
)
from engine.delivery.happening import Happening, What


@dataclass(frozen=True, slots=True)
class Group:
    """What goes into one message: what happened to alerts of one rule, for one channel."""

    rule_id: int
    what: What
    channel: str
    due_at: datetime
    is_held: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a channel is told of a happening, or is not; `group` is the message that it goes into."""

    happening: Happening
    reason: Reason
    channel: str | None = None
    group: Group | None = None


class Teller:
    """Takes happenings in their order; what it gathers is written afterwards, all at once.

    Args:
        known: the alerts as they were stored; `held` are those of which something is held back.
    """

    def __init__(self, book: Book, known: Mapping[int, Known], held: set[int], now: datetime) -> None:
        self._book = book
        self._known = dict(known)
        self._held = held
        self._now = now
        self._changed: set[int] = set()
        self._told_here: dict[int, list[Group]] = {}
        self.remarks: list[Remark] = []
        self.groups: dict[Group, list[Happening]] = {}
        self._withdrawn: set[int] = set()  # messages that are held back, of alerts that resolved
        self._withdrawn_here: set[Group] = set()

    def take(self, happening: Happening, *, is_over: bool, is_silenced: bool) -> None:
        known = self._known[happening.alert_id]
        event = event_of(happening, is_over=is_over, is_silenced=is_silenced)
        reason = reason_for(event, known, self._now)
        told = self._spread(happening, event, reason) if is_send(reason) else False
        if not is_send(reason) and is_worth_noting(reason, event, known):
            self.remarks.append(Remark(happening, reason))
        self._remember(happening, reason, told)

    def notices(self, ids: Mapping[Group, int]) -> Iterator[Notice]:
        """One for each remark; `ids` are those of the messages that were written."""
        for remark in self.remarks:
            one = remark.happening
            message_id = ids[remark.group] if remark.group else None
            yield Notice(one.alert_id, one.transition_id, one.what, remark.reason, remark.channel, message_id)

    def withdrawn(self, ids: Mapping[Group, int]) -> set[int]:
        """Messages that need not be sent if all that they tell of has resolved."""
        return self._withdrawn | {ids[group] for group in self._withdrawn_here}

    def told(self) -> Iterator[tuple[int, datetime | None, float | None, bool]]:
        """What is told of the alerts by now: id, when, how far beyond, whether something is held back."""
        for alert_id in sorted(self._changed):
            known = self._known[alert_id]
            yield alert_id, known.told_at, known.told_beyond, alert_id in self._held

    def _spread(self, happening: Happening, event: Event, reason: Send) -> bool:
        """Tell every channel that should know; whether any is told."""
        if reason == "resolved":
            return self._call_off(happening, event)
        names, before = self._book.names_for(happening), len(self.remarks)
        if not names:
            self.remarks.append(Remark(happening, "no channel"))
        told = [self._tell(happening, event, reason, name) for name in names]
        if reason == "first" and happening.what == "worse" and not any(told):
            del self.remarks[before:]  # that nobody can be told was said when it began
        return any(told)

    def _tell(self, happening: Happening, event: Event, reason: Send, name: str) -> bool:
        reach = self._book.reaches.get(name)
        decision = on_channel(event, reason, reach, self._now) if reach else Decision("no such channel")
        what: What = "firing" if reason == "first" else happening.what
        group = None
        if decision.due_at is not None:
            group = Group(happening.rule_id, what, name, decision.due_at, decision.is_held)
            self.groups.setdefault(group, []).append(happening)
            self._told_here.setdefault(happening.alert_id, []).append(group)
        self.remarks.append(Remark(happening, decision.reason, name, group))
        return group is not None

    def _call_off(self, happening: Happening, event: Event) -> bool:
        """Those who were told that it fires are told that it no longer does, and nobody else."""
        before = self._book.words_on(happening.alert_id)
        here = self._told_here.pop(happening.alert_id, [])
        told = [(one.channel, one.is_held) for one in before] + [(one.channel, one.is_held) for one in here]
        waiting = {name for name, is_held in told if is_held}
        heard = {name for name, is_held in told if not is_held}
        self._withdrawn |= {word.message_id for word in before if word.is_held}
        self._withdrawn_here |= {group for group in here if group.is_held}
        for name in sorted(waiting - heard):
            self.remarks.append(Remark(happening, "not told of before", name))
        if not waiting and not heard:
            self.remarks.append(Remark(happening, "no channel"))
        return any([self._tell(happening, event, "resolved", name) for name in sorted(heard)])  # noqa: C419 (all)

    def _remember(self, happening: Happening, reason: Reason, told: bool) -> None:
        alert_id, known = happening.alert_id, self._known[happening.alert_id]
        was_held, fresh = alert_id in self._held, known
        if happening.what == "resolved":
            fresh = replace(known, told_at=None, told_beyond=None)
        elif told or reason == "repeat":  # a repeat that nobody heard is due again only after its hours
            fresh = replace(known, told_at=self._now, told_beyond=happening.beyond)
        is_held = reason in HOLDS and happening.what in ("firing", "worse")
        (self._held.add if is_held else self._held.discard)(alert_id)
        if fresh is not known or is_held != was_held:
            self._changed.add(alert_id)
        self._known[alert_id] = fresh


def event_of(happening: Happening, *, is_over: bool, is_silenced: bool) -> Event:
    rule, one = happening.rule, happening
    return Event(one.what, one.entered_at, rule.grain, rule.severity, one.beyond, is_over, is_silenced)


def is_worth_noting(reason: Reason, event: Event, known: Known) -> bool:
    """Not that an alert which fires on is no worse than it was told."""
    if reason != "not much worse":
        return True
    return (event.beyond or 0.0) > (known.told_beyond or 0.0)
