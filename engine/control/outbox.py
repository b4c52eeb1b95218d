"""The outbox: messages on their way, each claimed by one sender at a time until its lease runs out.

A message leaves it only by an outcome that is written down: whoever dies while sending lets the lease
run out, and the same message is sent again under the same key.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast, get_args

from sqlalchemy import ColumnElement, Select, Table, and_, case, exists, func, not_, or_, select, update
from sqlalchemy.orm import Session

from data.errors import BadInput
from data.speech import english
from engine.control.alert_tables import AlertRow
from engine.control.delivery_tables import ChannelRow, MessageRow, NoticeRow
from engine.control.store import Control

State = Literal["waiting", "sent", "dead", "dropped"]
STATES: tuple[State, ...] = get_args(State)
GIVE_UP = timedelta(hours=24)
OVER = "resolved before it could be sent"
MESSAGES = cast(Table, MessageRow.__table__)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is to be sent to a channel."""

    key: str
    channel_id: int
    channel: str
    what: str
    severity: str
    rule_id: int | None
    payload: dict[str, Any]
    due_at: datetime
    is_held: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was when it was read."""

    message_id: int
    key: str
    channel_id: int | None
    channel: str
    what: str
    severity: str
    rule_id: int | None
    payload: dict[str, Any]
    state: State
    outcome: str | None
    attempts: int
    created_at: datetime
    due_at: datetime
    claimed_until: datetime | None
    sent_at: datetime | None
    last_error: str | None
    failing_since: datetime | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """A send that failed: why, when this message is tried again, and until when its channel is left alone."""

    reason: str
    again_at: datetime
    rests_until: datetime


NAMES = tuple(Message.__dataclass_fields__)
COLUMNS = [MESSAGES.c[name] for name in NAMES]


def post(session: Session, drafts: Sequence[Draft], now: datetime) -> dict[str, int]:
    """Put messages into the outbox, within the transaction of what calls for them; their ids by key.

    One that is there already stays as it is.
    """
    keys = [draft.key for draft in drafts]
    known = select(MessageRow.key, MessageRow.message_id).where(MessageRow.key.in_(keys))
    ids = {row.key: row.message_id for row in session.execute(known)}
    fresh = {draft.key: _row(draft, now) for draft in drafts if draft.key not in ids}
    session.add_all(fresh.values())
    session.flush()
    return ids | {key: row.message_id for key, row in fresh.items()}


def _row(draft: Draft, now: datetime) -> MessageRow:
    values = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    return MessageRow(**values, state="waiting", attempts=0, created_at=now)


def drop_if_over(session: Session, message_ids: Iterable[int]) -> None:
    """Drop messages that nobody was sent yet, where no alert that they tell of fires any more."""
    unsent = and_(MessageRow.state == "waiting", MessageRow.attempts == 0)
    those = list(message_ids)
    if not those:
        return
    over = update(MessageRow).where(MessageRow.message_id.in_(those), unsent, ~_still_fires())
    session.execute(over.values(state="dropped", outcome=OVER), execution_options=UNSEEN)


UNSEEN = {"synchronize_session": False}


def _still_fires() -> ColumnElement[bool]:
    told_of = NoticeRow.message_id == MessageRow.message_id
    return exists().where(told_of, AlertRow.alert_id == NoticeRow.alert_id, AlertRow.status == "firing")


def due_channels(control: Control, now: datetime) -> list[int]:
    """Channels that are not left alone and have something to send; asked every second, takes no lock."""
    has_due = exists().where(MessageRow.channel_id == ChannelRow.channel_id, *_is_due(now))
    is_rested = or_(ChannelRow.rests_until.is_(None), ChannelRow.rests_until <= now)
    asked = select(ChannelRow.channel_id).where(ChannelRow.is_paused.is_(False), is_rested, has_due)
    with control.look() as connection:
        return list(connection.execute(asked).scalars())


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    is_free = or_(MessageRow.claimed_until.is_(None), MessageRow.claimed_until <= now)
    return MessageRow.state == "waiting", MessageRow.due_at <= now, is_free


def claim(control: Control, channel_id: int, now: datetime, lease: timedelta) -> Message | None:
    """Take the next message of a channel to send it: critical ones first, then the longest due.

    Messages of a rule keep their order. What quiet hours or a pause held back until its alerts resolved is
    dropped on the way.
    """
    while True:
        with control.begin() as session:
            found = session.execute(_next(session, channel_id, now)).scalar_one_or_none()
            if found is None:
                return None
            taken = (
                update(MESSAGES)
                .where(MESSAGES.c.message_id == found, *_is_due(now))
                .values(claimed_until=now + lease, attempts=MESSAGES.c.attempts + 1)
                .returning(*COLUMNS)
            )
            if _is_pointless(session, found):
                drop_if_over(session, [found])
            elif row := session.execute(taken).one_or_none():
                return Message(*row)


def _next(session: Session, channel_id: int, now: datetime) -> Select[int]:
    waits = (MessageRow.channel_id == channel_id, MessageRow.state == "waiting")
    tried = select(MessageRow.rule_id, func.min(MessageRow.message_id)).where(*waits, MessageRow.attempts > 0)
    behind = [
        and_(MessageRow.rule_id == rule_id, MessageRow.message_id > first)
        for rule_id, first in session.execute(tried.group_by(MessageRow.rule_id))
        if rule_id is not None
    ]
    urgency = case((MessageRow.severity == "critical", 0), else_=1)
    return (
        select(MessageRow.message_id)
        .where(*waits, *_is_due(now), *(not_(late) for late in behind))
        .order_by(urgency, MessageRow.due_at, MessageRow.message_id)
        .limit(1)
    )


def _is_pointless(session: Session, message_id: int) -> bool:
    """Whether it was held back until the alerts it tells of had all resolved."""
    unsent = and_(MessageRow.is_held.is_(True), MessageRow.attempts == 0, MessageRow.what != "resolved")
    told_of = exists().where(NoticeRow.message_id == MessageRow.message_id)
    asked = select(MessageRow.message_id).where(MessageRow.message_id == message_id, unsent, told_of)
    return session.execute(asked.where(~_still_fires())).first() is not None


def resolved_since(control: Control, message_id: int) -> set[int]:
    """The alerts that a message tells of and that fire no longer."""
    asked = (
        select(AlertRow.alert_id)
        .join(NoticeRow, NoticeRow.alert_id == AlertRow.alert_id)
        .where(NoticeRow.message_id == message_id, AlertRow.status != "firing")
    )
    with control.look() as connection:
        return set(connection.execute(asked).scalars())


def deliver(control: Control, message: Message, now: datetime, outcome: str) -> None:
    """It arrived: it is done, and its channel works."""
    with control.begin() as session:
        _settle(session, message, state="sent", sent_at=now, outcome=outcome, last_error=None)
        _mend_channel(session, message, last_sent_at=now)


def refuse(control: Control, message: Message, reason: str) -> None:
    """It was refused, and would be again: it is dead until somebody has it tried again."""
    with control.begin() as session:
        _settle(session, message, state="dead", outcome=reason, last_error=reason)
        _mend_channel(session, message, last_error=reason)


def put_off(control: Control, message: Message, failure: Failure, now: datetime) -> None:
    """It did not arrive: it and its channel are tried again, unless they have failed for too long."""
    since = message.failing_since or now
    spent = f"Given up after {GIVE_UP.days * 24 + GIVE_UP.seconds // 3600} hours: {failure.reason}"
    fate: dict[str, Any] = {"due_at": failure.again_at}
    if now - since >= GIVE_UP:
        fate = {"state": "dead", "outcome": spent}
    with control.begin() as session:
        still = _settle(session, message, last_error=failure.reason, failing_since=since, **fate)
        if still:
            _blame_channel(session, message, failure, now, spent)


def _settle(session: Session, message: Message, **values: Any) -> bool:
    """Write an outcome, unless the message has had one meanwhile."""
    those = (MessageRow.message_id == message.message_id, MessageRow.state == "waiting")
    settled = update(MessageRow).where(*those).values(claimed_until=None, **values)
    done = session.execute(settled.returning(MessageRow.message_id), execution_options=UNSEEN)
    return done.first() is not None


def _mend_channel(session: Session, message: Message, **values: Any) -> None:
    whole = {"failures": 0, "failing_since": None, "rests_until": None, "last_error": None}
    those = ChannelRow.channel_id == message.channel_id
    session.execute(update(ChannelRow).where(those).values(whole | values), execution_options=UNSEEN)


def _blame_channel(session: Session, message: Message, failure: Failure, now: datetime, spent: str) -> None:
    """Leave the channel alone for a while; what has waited for all the time that it failed is given up."""
    those = ChannelRow.channel_id == message.channel_id
    blamed = update(ChannelRow).where(those).values(
        failures=ChannelRow.failures + 1,
        failing_since=func.coalesce(ChannelRow.failing_since, now),
        rests_until=failure.rests_until,
        last_error=failure.reason,
    )  # fmt: skip
    since = session.execute(blamed.returning(ChannelRow.failing_since), execution_options=UNSEEN).scalar()
    if since is None or now - since < GIVE_UP:
        return
    waited = (MessageRow.channel_id == message.channel_id, MessageRow.state == "waiting")
    old = update(MessageRow).where(*waited, MessageRow.due_at <= now, MessageRow.created_at <= now - GIVE_UP)
    dead = old.values(state="dead", outcome=spent, last_error=failure.reason, claimed_until=None)
    session.execute(dead, execution_options=UNSEEN)


def failures(control: Control, channel_id: int | None) -> int:
    """How many sends in a row failed on a channel."""
    asked = select(ChannelRow.failures).where(ChannelRow.channel_id == channel_id)
    with control.look() as connection:
        return connection.execute(asked).scalar() or 0


def listed(control: Control, state: State | None, limit: int) -> list[Message]:
    """Messages, the newest first."""
    asked = select(*COLUMNS).order_by(MESSAGES.c.message_id.desc()).limit(limit)
    if state is not None:
        asked = asked.where(MESSAGES.c.state == state)
    with control.look() as connection:
        return [Message(*row) for row in connection.execute(asked)]


def try_again(session: Session, message_id: int, now: datetime) -> MessageRow:
    """Send a dead or dropped message after all, at once.

    Raises:
        BadInput: there is no such message, it is not given up, or its channel is gone.
    """
    row = session.get(MessageRow, message_id)
    if row is None:
        raise BadInput(english("There is no message {message_id}.", message_id=message_id))
    if row.state not in ("dead", "dropped"):
        raise BadInput(
            english(
                "Message {message_id} is {state}; only what is dead or dropped is tried again.",
                message_id=message_id,
                state=row.state,
            )
        )
    if row.channel_id is None:
        raise BadInput(
            english(
                "Message {message_id} cannot be sent again: its channel {channel} was removed.",
                message_id=message_id,
                channel=repr(row.channel),
            )
        )
    row.state, row.due_at, row.is_held = "waiting", now, False
    row.attempts, row.failing_since, row.claimed_until = 0, None, None
    session.execute(
        update(ChannelRow)
        .where(ChannelRow.channel_id == row.channel_id)
        .values(rests_until=None, failing_since=None)
    )
    return row
