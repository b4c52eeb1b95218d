"""Sends what is due on one channel, a message after the other, until nothing is due or one fails."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from time import monotonic
from typing import TypeVar

from pydantic import ValidationError

from data.errors import GiveUp, TryAgain
from data.params import Params
from data.settings import Settings
from data.speech import english
from engine.control import channel_store, outbox
from engine.control.channel_store import StoredChannel
from engine.control.outbox import Failure, Message
from engine.control.store import Control
from engine.delivery.backoff import OF_CHANNEL, OF_MESSAGE, Backoff, Dice, asked_for
from engine.delivery.channels import ChannelKind, channel_kind
from engine.delivery.content import Content
from engine.delivery.outcome import Arrived, Later, Outcome, Refused
from engine.delivery.parcel import Parcel, packed
from engine.delivery.picture import draw
from engine.delivery.scrub import scrubbed, secrets_of
from engine.digest import pictures, setting
from engine.digest.letter import WHAT, Letter
from engine.logs import say

LEASE = timedelta(minutes=4)
Drawn = TypeVar("Drawn")


@dataclass
class Errand:
    """A thread's work on one channel: `message` is being sent since `began`; `is_left` once nobody waits."""

    stop: Event = field(default_factory=Event)
    message: Message | None = None
    began: float = 0.0
    is_left: bool = False

    def begin(self, message: Message | None) -> None:
        self.message, self.began = message, monotonic()

    def is_overdue(self, patience: float) -> bool:
        return self.message is not None and monotonic() - self.began > patience


@dataclass(frozen=True)
class Policy:
    """How patient delivery is: with a message, with a channel, and with whoever claimed a message."""

    message: Backoff = OF_MESSAGE
    channel: Backoff = OF_CHANNEL
    lease: timedelta = LEASE
    dice: Dice = random.random


@dataclass(frozen=True)
class Sender:
    """Whoever sends on behalf of one home."""

    settings: Settings
    control: Control
    now: Callable[[], datetime]
    policy: Policy = Policy()

    def drain(self, channel_id: int, errand: Errand) -> None:
        """Send what is due on a channel."""
        while not errand.stop.is_set():
            message = outbox.claim(self.control, channel_id, self.now(), self.policy.lease)
            channel = channel_store.find(self.control, channel_id)
            if message is None or channel is None:
                return
            outcome, pace = self.attempt(channel, message, errand)
            errand.begin(None)
            if errand.is_left and isinstance(outcome, Later):  # that it takes too long was noted already
                return
            if not self.note(message, outcome) or errand.stop.wait(pace):
                return

    def attempt(self, channel: StoredChannel, message: Message, errand: Errand) -> tuple[Outcome, float]:
        """Hand a message over, once; and the seconds until the channel takes another."""
        try:
            kind = channel_kind(channel.kind)
            params, parcel = kind.read(channel.params), self.parcel(message)
        except ValidationError:
            return Refused(english("It was written by another version, and cannot be read.")), 0.0
        except GiveUp as unreadable:
            return Refused(str(unreadable)), 0.0
        errand.begin(message)
        return handed_over(kind, params, parcel), kind.pace

    def parcel(self, message: Message) -> Parcel:
        if message.what == WHAT:
            letter = Letter.read(message.payload)
            return setting.packed(letter, message.key, self.settings.pages_url, shown(letter))
        content = Content.read(message.payload)
        resolved = (
            set() if message.what == "resolved" else outbox.resolved_since(self.control, message.message_id)
        )
        return packed(content, message.key, self.settings.pages_url, drawn(content), resolved)

    def note(self, message: Message, outcome: Outcome) -> bool:
        """Write down what became of it; whether the channel can take another."""
        now = self.now()
        if isinstance(outcome, Arrived):
            outbox.deliver(self.control, message, now, outcome.note or "delivered")
        elif isinstance(outcome, Refused):
            outbox.refuse(self.control, message, outcome.reason)
            say("a message was refused", action="deliver", channel=message.channel, reason=outcome.reason)
        else:
            outbox.put_off(self.control, message, self.failure(message, outcome, now), now)
        return not isinstance(outcome, Later)

    def failure(self, message: Message, outcome: Later, now: datetime) -> Failure:
        failed = outbox.failures(self.control, message.channel_id) + 1
        asked = asked_for(outcome.after)
        rest = max(asked, self.policy.channel.after(failed, self.policy.dice))
        wait = max(asked, self.policy.message.after(message.attempts, self.policy.dice))
        if failed == 1:
            say("a message did not arrive", action="deliver", channel=message.channel, reason=outcome.reason)
        return Failure(outcome.reason, now + wait, now + rest)


def handed_over(kind: ChannelKind, params: Params, parcel: Parcel) -> Outcome:
    """Send once; a fault of ours or of a library is a failure like any other, told without secrets."""
    try:
        return kind.send(params, parcel)
    except Exception as fault:  # noqa: BLE001 (the edge of a send)
        reason = scrubbed(f"{type(fault).__name__}: {fault}", secrets_of(params))
        say("a channel failed", level=logging.ERROR, action="deliver", kind=kind.name, reason=reason)
        return Later(english("It could not be sent: {reason}", reason=reason))


def drawn(content: Content) -> bytes | None:
    """The picture of a message."""
    return patiently(lambda: draw(content), None)


def shown(letter: Letter) -> list[tuple[str, bytes]]:
    """The pictures of a weekly letter."""
    return patiently(lambda: pictures.draw(letter), [])


def patiently(do: Callable[[], Drawn], without: Drawn) -> Drawn:
    """Draw, twice if need be; a message that cannot have its pictures goes without."""
    for _ in range(2):
        try:
            return do()
        except GiveUp as fault:
            reason = str(fault)
            break
        except TryAgain as fault:
            reason = str(fault)
    say("a message goes without its picture", level=logging.ERROR, action="deliver", reason=reason)
    return without
