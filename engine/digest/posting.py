"""Puts weekly letters into the outbox: each week's once, by whichever turn comes first."""

from datetime import date, datetime
from uuid import uuid4

from data.errors import BadInput, HoldfastError
from data.settings import Settings
from data.speech import english, known, speaking
from engine.alerts.lifecycle import Status
from engine.control import alerts, channel_store, digests, outbox, targets
from engine.control.channel_store import StoredChannel
from engine.control.digests import Digest
from engine.control.outbox import Draft
from engine.control.store import Control, Session
from engine.delivery.quiet import QuietHours
from engine.digest.compose import compose
from engine.digest.due import is_worth_waiting, monday_of, week_due
from engine.digest.letter import WHAT, Letter
from engine.logs import say
from metrics import read


def post_due(settings: Settings, control: Control, now: datetime) -> int:
    """Write what is due; how many letters that were. One that cannot be written stops no other.

    Raises:
        HoldfastError: the first reason why one could not be written; it is tried again.
    """
    posted, faults = 0, []
    for digest in digests.digests(control):
        week = week_due(digest.schedule, now)
        if week is None:
            continue
        try:
            posted += post(settings, control, digest, week, now)
        except HoldfastError as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return posted


def post(settings: Settings, control: Control, digest: Digest, week: date, now: datetime) -> bool:
    """Put one week's letter into the outbox, unless that was done meanwhile or has to wait."""
    edition = read.current(settings)
    if edition is None:
        return False
    as_of = read.edition(settings, edition).as_of
    if is_worth_waiting(digest.schedule, week, as_of, now):
        return False
    letter = written(settings, control, digest, edition=edition, week=week, now=now)
    with control.change() as session:
        still = digests.find(session, digest.digest_id)
        if still is None or week_due(still.schedule, now) != week:
            return False
        channel = channel_store.named(session, still.channel)
        if channel.is_paused:
            return False
        outbox.post(session, [draft(letter, f"digest:{digest.digest_id}:{week}", channel, now)], now)
        digests.note_sent(session, digest.digest_id, week)
    say("wrote a weekly letter", action="digest", digest=digest.digest_id, channel=channel.name, week=week)
    return True


FIRING: tuple[Status, ...] = ("firing",)


def written(
    settings: Settings, control: Control, digest: Digest, *, edition: str, week: date, now: datetime
) -> Letter:
    goals, firing = targets.targets(control), alerts.alerts(control, now, statuses=FIRING)
    with speaking(known(digest.language)):
        return compose(
            settings, edition, digest.place, goals, firing, digest_id=digest.digest_id, week=week, now=now
        )


def draft(letter: Letter, key: str, channel: StoredChannel, now: datetime, *, at_once: bool = False) -> Draft:
    """A message with a letter; unless it goes `at_once`, it waits for quiet hours to end."""
    quiet = QuietHours.of(channel.zone, channel.quiet_from, channel.quiet_until)
    over = quiet.over_at(now) if quiet and not at_once else None
    return Draft(
        key=key,
        channel_id=channel.channel_id,
        channel=channel.name,
        what=WHAT,
        severity="info",
        rule_id=None,
        payload=letter.stored,
        due_at=over or now,
        is_held=over is not None,
    )


def preview(settings: Settings, control: Control, digest: Digest, now: datetime) -> Letter:
    """The letter as it would be written now.

    Raises:
        BadInput: nothing was published yet.
    """
    edition = read.current(settings)
    if edition is None:
        raise BadInput(
            english("There are no numbers yet; the first letter can be written after the first refresh.")
        )
    return written(settings, control, digest, edition=edition, week=monday_of(digest.schedule, now), now=now)


def send_now(settings: Settings, control: Control, digest: Digest, now: datetime) -> None:
    """Send one at once, besides the weekly ones.

    Raises:
        BadInput: its channel is gone or paused, or nothing was published yet.
    """
    letter = preview(settings, control, digest, now)
    with control.change() as session:
        channel = open_channel(session, digest.channel)
        key = f"digest:{digest.digest_id}:now:{uuid4().hex}"
        outbox.post(session, [draft(letter, key, channel, now, at_once=True)], now)


def open_channel(session: Session, name: str) -> StoredChannel:
    channel = channel_store.named(session, name)
    if channel.is_paused:
        raise BadInput(english("The channel {name} is paused; resume it first.", name=repr(name)))
    return channel
