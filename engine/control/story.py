"""The story of an alert: how it moved, what was told of it and why, and what people said."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from engine.alerts.lifecycle import Status
from engine.control.alert_tables import AlertRow, CommentRow, RuleRow, TransitionRow
from engine.control.audit import Entry, audit
from engine.control.delivery_tables import MessageRow, NoticeRow
from engine.control.store import Control


@dataclass(frozen=True)
class State:
    """A state that an alert was in, or is in (`left_at` None), and what moved it there."""

    transition_id: int
    status: Status
    before: Status
    entered_at: datetime
    left_at: datetime | None
    recorded_at: datetime
    period_start: date | None
    value: float | None
    low: float | None
    high: float | None
    beyond: float | None
    reason: str
    rule_version: int
    edition: str | None


@dataclass(frozen=True)
class Telling:
    """Why it was told of, or was not; with a message, where it went and what became of it."""

    notice_id: int
    at: datetime
    what: str
    reason: str
    channel: str | None
    transition_id: int | None
    message_id: int | None
    message_state: str | None
    sent_at: datetime | None
    last_error: str | None


@dataclass(frozen=True)
class Comment:
    comment_id: int
    author: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Story:
    """All of it, the newest last; `done` is what people did."""

    states: tuple[State, ...]
    tellings: tuple[Telling, ...]
    comments: tuple[Comment, ...]
    done: tuple[Entry, ...]


@dataclass(frozen=True)
class Span:
    """A time through which an alert pended or fired, for a timeline; `left_at` None: it still does."""

    alert_id: int
    rule_id: int
    rule: str
    segment: str
    status: Status
    entered_at: datetime
    left_at: datetime | None
    value: float | None
    reason: str


def story(control: Control, alert_id: int) -> Story:
    """What is known of an alert; of one that is not there, nothing."""
    with control.begin() as session:
        states = [_state(row) for row in session.execute(_states(alert_id))]
        tellings = [Telling(*row) for row in session.execute(_tellings(alert_id))]
        comments = [Comment(*row) for row in session.execute(_comments(alert_id))]
    done = audit(control, f"alert:{alert_id}", limit=1000)
    return Story(tuple(states), tuple(tellings), tuple(comments), tuple(reversed(done)))


def last_tellings(control: Control, alert_ids: Collection[int]) -> dict[int, Telling]:
    """The newest notice of each alert of which there is one: what was told last, or why nothing was."""
    newest = (
        select(func.max(NoticeRow.notice_id))
        .where(NoticeRow.alert_id.in_(list(alert_ids)))
        .group_by(NoticeRow.alert_id)
    )
    asked = _told().add_columns(NoticeRow.alert_id).where(NoticeRow.notice_id.in_(newest))
    with control.begin() as session:
        return {row[-1]: Telling(*row[:-1]) for row in session.execute(asked)}


def timeline(control: Control, start: datetime, end: datetime) -> list[Span]:
    """What pended or fired in `[start, end)`, of removed rules too; in the order in which it began."""
    row = TransitionRow
    asked: Select[*tuple[Any, ...]] = (
        select(
            row.alert_id,
            AlertRow.rule_id,
            RuleRow.name,
            AlertRow.segment,
            row.status,
            row.entered_at,
            row.left_at,
            row.value,
            row.reason,
        )
        .join_from(row, AlertRow, AlertRow.alert_id == row.alert_id)
        .join(RuleRow, RuleRow.rule_id == AlertRow.rule_id)
        .where(row.status.in_(("firing", "pending")), row.entered_at < end)
        .where(row.left_at.is_(None) | (row.left_at > start))
        .order_by(row.entered_at, row.transition_id)
    )
    with control.begin() as session:
        return [Span(*found) for found in session.execute(asked)]


def _states(alert_id: int) -> Select[*tuple[Any, ...]]:
    columns = [getattr(TransitionRow, name) for name in State.__dataclass_fields__]
    asked = select(*columns).where(TransitionRow.alert_id == alert_id)
    return asked.order_by(TransitionRow.transition_id)


def _state(row: Any) -> State:
    told = row._asdict()
    starts = told.pop("period_start")
    return State(period_start=date.fromisoformat(starts) if starts else None, **told)


def _tellings(alert_id: int) -> Select[*tuple[Any, ...]]:
    return _told().where(NoticeRow.alert_id == alert_id).order_by(NoticeRow.notice_id)


def _told() -> Select[*tuple[Any, ...]]:
    return select(
        NoticeRow.notice_id,
        NoticeRow.at,
        NoticeRow.what,
        NoticeRow.reason,
        NoticeRow.channel,
        NoticeRow.transition_id,
        NoticeRow.message_id,
        MessageRow.state,
        MessageRow.sent_at,
        MessageRow.last_error,
    ).outerjoin(MessageRow, MessageRow.message_id == NoticeRow.message_id)


def _comments(alert_id: int) -> Select[*tuple[Any, ...]]:
    asked = select(CommentRow.comment_id, CommentRow.author, CommentRow.text, CommentRow.at)
    return asked.where(CommentRow.alert_id == alert_id).order_by(CommentRow.comment_id)
