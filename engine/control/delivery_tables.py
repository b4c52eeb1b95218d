"""The control store's tables of channels, routes, and the messages on their way."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from data.speech import ENGLISH
from engine.control.tables import Table


class ChannelRow(Table):
    """A way to reach people; `params` hold secrets and are never shown or logged.

    `quiet_from`, `quiet_until`: `HH:MM` in `zone`, between which only critical messages are sent.
    `failures`: sends in a row that failed, from `failing_since` on; it is left alone until `rests_until`.
    """

    __tablename__ = "channels"

    channel_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    params: Mapped[dict[str, Any]]
    zone: Mapped[str]
    language: Mapped[str] = mapped_column(default=ENGLISH)
    quiet_from: Mapped[str | None]
    quiet_until: Mapped[str | None]
    is_paused: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    rests_until: Mapped[datetime | None]
    last_error: Mapped[str | None]
    last_sent_at: Mapped[datetime | None]


class RouteRow(Table):
    """Where messages of rules go that name no channel; by `place`, what is null matches anything."""

    __tablename__ = "routes"

    route_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int]
    severity: Mapped[str | None]
    metric: Mapped[str | None]
    segment: Mapped[str | None]
    channels: Mapped[list[str]] = mapped_column(JSON)
    goes_on: Mapped[bool] = mapped_column(default=False)


class MessageRow(Table):
    """The outbox: a message to one channel, committed with the transitions that called for it.

    `key` is its idempotency key. `state`: waiting, sent, dead (given up; may be tried again) or dropped (no
    longer worth sending; `outcome` says why). `claimed_until`: while somebody is sending it. `is_held`: quiet
    hours, or a pause of the channel, kept it back.
    """

    __tablename__ = "messages"
    __table_args__ = (Index("messages_due", "state", "channel_id", "due_at"),)

    message_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.channel_id"))
    channel: Mapped[str]
    what: Mapped[str]
    severity: Mapped[str]
    rule_id: Mapped[int | None]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str]
    outcome: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    is_held: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


class NoticeRow(Table):
    """Why an alert was told of, or was not: `what` happened, the named `reason`, and the message, if any."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("notices_of_an_alert", "alert_id", "notice_id"),
        Index("notices_of_a_message", "message_id"),
    )

    notice_id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.alert_id"))
    transition_id: Mapped[int | None] = mapped_column(ForeignKey("transitions.transition_id"))
    what: Mapped[str]
    reason: Mapped[str]
    channel: Mapped[str | None]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.message_id"))
    at: Mapped[datetime]
