"""Channels as they are stored: how people are reached, with the secrets that takes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from data.errors import BadInput
from data.speech import english
from engine.control.alert_tables import AuditRow
from engine.control.delivery_tables import ChannelRow, MessageRow
from engine.control.store import Control

GONE = "its channel was removed"


@dataclass(frozen=True, slots=True)
class StoredChannel:
    """A channel. `params` hold secrets: they are kept out of what it looks like when printed."""

    channel_id: int
    name: str
    kind: str
    params: Mapping[str, Any] = field(repr=False)
    zone: str
    language: str
    quiet_from: str | None
    quiet_until: str | None
    is_paused: bool
    created_at: datetime
    changed_at: datetime
    version: int
    failures: int
    failing_since: datetime | None
    rests_until: datetime | None
    last_error: str | None
    last_sent_at: datetime | None


NAMES = tuple(StoredChannel.__dataclass_fields__)
COLUMNS = [getattr(ChannelRow, name) for name in NAMES]


def channels(session: Session, names: Iterable[str] | None = None) -> dict[str, StoredChannel]:
    """All channels by name, or those of these names."""
    asked = select(*COLUMNS).order_by(ChannelRow.name)
    if names is not None:
        asked = asked.where(ChannelRow.name.in_(list(names)))
    return {row.name: StoredChannel(*row) for row in session.execute(asked)}


def find(control: Control, channel_id: int | None) -> StoredChannel | None:
    with control.look() as connection:
        row = connection.execute(select(*COLUMNS).where(ChannelRow.channel_id == channel_id)).one_or_none()
        return StoredChannel(*row) if row else None


def named(session: Session, name: str) -> StoredChannel:
    """The channel of a name.

    Raises:
        BadInput: there is none; the sentence says which there are.
    """
    found = channels(session)
    if name not in found:
        there_are = ", ".join(found) or "none yet"
        raise BadInput(
            english(
                "There is no channel {name}; there are: {there_are}.", name=repr(name), there_are=there_are
            )
        )
    return found[name]


def add(session: Session, name: str, kind: str, now: datetime, **values: Any) -> StoredChannel:
    """A new channel.

    Raises:
        BadInput: the name is taken.
    """
    if channels(session, [name]):
        raise BadInput(english("There is a channel {name} already; choose another name.", name=repr(name)))
    row = ChannelRow(name=name, kind=kind, created_at=now, changed_at=now, version=1, failures=0, **values)
    session.add(row)
    session.flush()
    return named(session, name)


def change(session: Session, channel: StoredChannel, version: int, now: datetime, **values: Any) -> bool:
    """Change a channel, which is then tried anew at once; false where it is not of this version any more."""
    fresh = {"failures": 0, "failing_since": None, "rests_until": None, "changed_at": now}
    seen = (ChannelRow.channel_id == channel.channel_id, ChannelRow.version == version)
    changed = update(ChannelRow).where(*seen).values(version=version + 1, **fresh, **values)
    return session.execute(changed.returning(ChannelRow.channel_id)).first() is not None


def last_author(session: Session, subject: str) -> str | None:
    """Who did something to it last."""
    asked = select(AuditRow.who).where(AuditRow.subject == subject).order_by(AuditRow.audit_id.desc())
    return session.execute(asked.limit(1)).scalar()


def counts(session: Session) -> dict[tuple[int | None, str], int]:
    """How many messages there are by channel and state, of those that wait or are dead."""
    asked = (
        select(MessageRow.channel_id, MessageRow.state, func.count())
        .where(MessageRow.state.in_(("waiting", "dead")))
        .group_by(MessageRow.channel_id, MessageRow.state)
    )
    return {(channel_id, state): count for channel_id, state, count in session.execute(asked)}


def pause(session: Session, channel: StoredChannel, now: datetime, *, is_paused: bool) -> None:
    """Send nothing by it for a time; what waits for it is held back."""
    those = ChannelRow.channel_id == channel.channel_id
    session.execute(update(ChannelRow).where(those).values(is_paused=is_paused, changed_at=now))
    if is_paused:
        waits = (MessageRow.channel_id == channel.channel_id, MessageRow.state == "waiting")
        session.execute(update(MessageRow).where(*waits).values(is_held=True))


def remove(session: Session, channel: StoredChannel) -> None:
    """Forget a channel; what waits for it is dropped, what it was sent stays on record."""
    waits = (MessageRow.channel_id == channel.channel_id, MessageRow.state == "waiting")
    session.execute(update(MessageRow).where(*waits).values(state="dropped", outcome=GONE))
    those = MessageRow.channel_id == channel.channel_id
    session.execute(update(MessageRow).where(those).values(channel_id=None))
    row = session.get(ChannelRow, channel.channel_id)
    session.delete(row)
    session.flush()
