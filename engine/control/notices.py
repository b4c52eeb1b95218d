"""What delivery reads and writes of alerts: what was told of them, what keeps it from being told, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, Text, and_, func, select, update
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from engine.alerts.lifecycle import Status
from engine.alerts.rule import Rule
from engine.control.alert_tables import AlertRow, RuleRow, SilenceRow
from engine.control.bulk import insert_rows, update_rows
from engine.control.delivery_tables import MessageRow, NoticeRow
from engine.control.moves import rule_from

Transaction = Session
ALERTS = cast(Table, AlertRow.__table__)
NOTICES = cast(Table, NoticeRow.__table__)
RULES = cast(Table, RuleRow.__table__)
AT_ONCE = 500  # ids in one question
WRITTEN = ("alert_id", "transition_id", "what", "reason", "channel", "message_id", "at")


@dataclass(frozen=True, slots=True)
class AlertState:
    """An alert as far as delivery needs it."""

    alert_id: int
    rule_id: int
    segment: str
    status: Status
    since: datetime | None
    fired_at: datetime | None
    period_start: str | None
    value: float | None
    low: float | None
    high: float | None
    usual: float | None
    beyond: float | None
    told_at: datetime | None
    told_beyond: float | None
    is_held: bool
    acknowledged_at: datetime | None
    snoozed_until: datetime | None


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence in force; what is null matches anything."""

    rule_id: int | None
    metric: str | None
    dimension: str | None
    segment: str | None

    def covers(self, rule_id: int, rule: Rule, segment: str) -> bool:
        return (
            self.rule_id in (None, rule_id)
            and self.metric in (None, rule.metric)
            and self.dimension in (None, rule.dimension)
            and self.segment in (None, segment)
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """Why an alert was told of, or was not."""

    alert_id: int
    transition_id: int | None
    what: str
    reason: str
    channel: str | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A message that tells that an alert fires; `is_held` while the channel's quiet hours keep it back."""

    alert_id: int
    channel: str
    message_id: int
    is_held: bool


COLUMNS = [ALERTS.c[name] for name in AlertState.__dataclass_fields__]


def states(session: Session, alert_ids: Iterable[int]) -> dict[int, AlertState]:
    """Alerts by their ids."""
    found = _in_parts(session, alert_ids, lambda ids: select(*COLUMNS).where(ALERTS.c.alert_id.in_(ids)))
    return {row.alert_id: AlertState(*row) for row in found}


def firing_to_look_at(
    session: Session, now: datetime, repeating: Iterable[int], told_before: datetime | None
) -> list[AlertState]:
    """Firing alerts that time may have made worth telling: held ones, those no longer snoozed, and repeats.

    Args:
        repeating: the rules that are told again; `told_before`: by then at the latest, for one to be due.
    """
    causes: list[tuple[ColumnElement[bool], ...]] = [
        (ALERTS.c.is_held.is_(True),),
        (ALERTS.c.snoozed_until <= now,),
    ]
    if told_before is not None:
        is_unseen = ALERTS.c.acknowledged_at.is_(None)
        causes.append((ALERTS.c.rule_id.in_(list(repeating)), ALERTS.c.told_at <= told_before, is_unseen))
    # One question each, for the sake of their indexes: a look costs what it finds, however many alerts fire.
    found = {
        row.alert_id: AlertState(*row)
        for cause in causes
        for row in session.execute(select(*COLUMNS).where(*cause))
    }
    return [found[key] for key in sorted(found) if _is_free(found[key], now)]


def call_off(session: Session, rule_id: int) -> None:
    """Have delivery tell that the alerts of a rule are over, to whoever was told that they fire."""
    was_told = (ALERTS.c.rule_id == rule_id, ALERTS.c.told_at.is_not(None))
    session.execute(update(ALERTS).where(*was_told).values(is_held=True))


def ended_untold(session: Session) -> list[tuple[AlertState, Rule]]:
    """Alerts that people ended, with their rules, removed or not: who was told of them is to be told."""
    asked = (
        select(*COLUMNS, as_type(RULES.c.spec, Text))
        .join(RULES, RULES.c.rule_id == ALERTS.c.rule_id)
        .where(ALERTS.c.is_held.is_(True), ALERTS.c.status != "firing", ALERTS.c.told_at.is_not(None))
    )
    return [(AlertState(*row[:-1]), rule_from(row[-1])) for row in session.execute(asked)]


def _is_free(state: AlertState, now: datetime) -> bool:
    return state.status == "firing" and (state.snoozed_until is None or state.snoozed_until <= now)


def wake(session: Session, alert_ids: Sequence[int]) -> None:
    """Forget snoozes that are over."""
    for start in range(0, len(alert_ids), AT_ONCE):
        those = ALERTS.c.alert_id.in_(alert_ids[start : start + AT_ONCE])
        session.execute(update(ALERTS).where(those).values(snoozed_until=None))


def silences(session: Session, now: datetime) -> list[Silence]:
    """The silences in force."""
    asked = select(SilenceRow.rule_id, SilenceRow.metric, SilenceRow.dimension, SilenceRow.segment)
    found = session.execute(asked.where(SilenceRow.starts_at <= now, SilenceRow.ends_at > now))
    return [Silence(*row) for row in found]


def words_given(session: Session, alert_ids: Sequence[int]) -> list[Word]:
    """What channels were told, or are to be told, of alerts since these last resolved."""
    is_held = and_(MessageRow.state == "waiting", MessageRow.attempts == 0, MessageRow.is_held.is_(True))

    def asked(ids: Sequence[int]) -> Any:
        ended = (
            select(NoticeRow.alert_id, func.max(NoticeRow.notice_id).label("at"))
            .where(NoticeRow.alert_id.in_(ids), NoticeRow.what == "resolved")
            .group_by(NoticeRow.alert_id)
            .subquery()
        )
        return (
            select(NoticeRow.alert_id, MessageRow.channel, MessageRow.message_id, is_held)
            .join(MessageRow, MessageRow.message_id == NoticeRow.message_id)
            .outerjoin(ended, ended.c.alert_id == NoticeRow.alert_id)
            .where(NoticeRow.alert_id.in_(ids), NoticeRow.notice_id > func.coalesce(ended.c.at, 0))
            .where(MessageRow.state != "dropped")
        )

    return [Word(row[0], row[1], row[2], bool(row[3])) for row in _in_parts(session, alert_ids, asked)]


def write_notices(session: Session, notices: Iterable[Notice], now: datetime) -> None:
    rows = [
        (one.alert_id, one.transition_id, one.what, one.reason, one.channel, one.message_id, now)
        for one in notices
    ]
    insert_rows(session, NOTICES, WRITTEN, rows)


def write_told(session: Session, told: Iterable[tuple[int, datetime | None, float | None, bool]]) -> None:
    """Store what was told of alerts: id, when, how far beyond the bound, and whether more is held back."""
    rows = [(at, beyond, is_held, alert_id) for alert_id, at, beyond, is_held in told]
    update_rows(session, ALERTS, ("told_at", "told_beyond", "is_held"), rows, by="alert_id")


def _in_parts(session: Session, ids: Iterable[int], asked: Any) -> Iterator[Any]:
    every = list(dict.fromkeys(ids))
    for start in range(0, len(every), AT_ONCE):
        yield from session.execute(asked(every[start : start + AT_ONCE]))
