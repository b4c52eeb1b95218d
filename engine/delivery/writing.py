"""Writes messages into the outbox: one for each rule, happening and channel, with all its segments."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson

from data.settings import Settings
from data.speech import known, language, speaking
from engine.control import outbox
from engine.control.channel_store import StoredChannel
from engine.control.notices import Transaction
from engine.control.outbox import Draft
from engine.delivery.content import Content, content_of
from engine.delivery.happening import Details, Happening, Look
from engine.delivery.measure import Measure, measured, measures
from engine.delivery.teller import Group
from engine.logs import say

WITH_DETAILS = 6  # alerts of a message that are shown with their trend and the accounts behind them


class Writer:
    """Makes drafts of one evaluation's messages; an alert's details are looked at once."""

    def __init__(
        self, channels: Mapping[str, StoredChannel], look: Look, settings: Settings, now: datetime
    ) -> None:
        self._channels = channels
        self._look = look
        self._settings = settings
        self._now = now
        self._seen: dict[int, Details] = {}
        self._named: dict[str, dict[str, Measure]] = {}

    @property
    def _measures(self) -> dict[str, Measure]:
        """As they are called in the language that is spoken."""
        here = language()
        if here not in self._named:
            self._named[here] = measures(self._settings)
        return self._named[here]

    def draft(self, group: Group, happenings: Sequence[Happening]) -> Draft:
        ordered = sorted(happenings, key=_worst_first)
        rule, channel = ordered[0].rule, self._channels[group.channel]
        with speaking(known(channel.language)):
            content = self._content(group, ordered)
        return Draft(
            key=key_of(group, ordered),
            channel_id=channel.channel_id,
            channel=group.channel,
            what=group.what,
            severity=rule.severity,
            rule_id=group.rule_id,
            payload=content.stored,
            due_at=group.due_at,
            is_held=group.is_held,
        )

    def _content(self, group: Group, ordered: Sequence[Happening]) -> Content:
        details = [self._details(one) for one in ordered[:WITH_DETAILS]]
        details += [Details()] * (len(ordered) - len(details))
        measure = measured(ordered[0].rule.metric, self._measures)
        return content_of(group.what, zip(ordered, details, strict=True), measure, self._settings, self._now)

    def _details(self, happening: Happening) -> Details:
        if happening.alert_id not in self._seen:
            self._seen[happening.alert_id] = self._looked_at(happening)
        return self._seen[happening.alert_id]

    def _looked_at(self, happening: Happening) -> Details:
        try:
            return self._look(happening)
        except Exception as fault:  # noqa: BLE001 (a message without its picture is worth more than none)
            say("a message goes without details", action="deliver", reason=type(fault).__name__, trace=True)
            return Details()


def write_messages(
    session: Transaction, groups: Mapping[Group, Sequence[Happening]], writer: Writer, now: datetime
) -> dict[Group, int]:
    """Put a message for each group into the outbox; their ids."""
    if not groups:
        return {}
    drafts = {group: writer.draft(group, happenings) for group, happenings in groups.items()}
    ids = outbox.post(session, list(drafts.values()), now)
    return {group: ids[draft.key] for group, draft in drafts.items()}


def key_of(group: Group, happenings: Sequence[Happening]) -> str:
    """What makes a message the same message, however often it is sent."""
    causes = sorted(
        (one.alert_id, str(one.transition_id or one.entered_at.isoformat())) for one in happenings
    )
    named = orjson.dumps([group.rule_id, group.what, group.channel, causes])
    return hashlib.sha256(named).hexdigest()[:32]


def _worst_first(happening: Happening) -> tuple[float, str]:
    return -(happening.beyond or 0.0), happening.segment
