"""The pages' door to channels, routes and messages: how people are reached, and what was sent to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from data.errors import BadInput, Conflict
from data.params import shown
from data.settings import Settings
from data.speech import ENGLISH
from engine import clock
from engine.control import channel_store, outbox, route_store
from engine.control.channel_store import StoredChannel
from engine.control.outbox import STATES, Message, State
from engine.control.route_store import Route
from engine.control.store import Control
from engine.delivery import keeping, trial
from engine.delivery.channels import ChannelKind
from engine.delivery.channels import channel_kinds as every_kind
from engine.delivery.content import Content
from engine.delivery.keeping import Hours
from engine.delivery.message import words_of
from engine.delivery.rendering import as_text
from engine.digest.letter import WHAT, Letter
from engine.digest.setting import as_text as as_letter
from engine.digest.setting import subject_of
from engine.forms import Question, questions_of

__all__ = [
    "STATES",
    "Channel",
    "Conflict",
    "Hours",
    "KindOfChannel",
    "Posted",
    "Question",
    "Route",
    "State",
    "change_channel",
    "channel_kinds",
    "channels",
    "create_channel",
    "messages",
    "pause_channel",
    "remove_channel",
    "retry_message",
    "routes",
    "send_test",
    "set_routes",
]


@dataclass(frozen=True)
class KindOfChannel:
    """A kind of channel as a form asks for it; `picture` says how the trend travels."""

    name: str
    title: str
    about: str
    picture: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Channel:
    """A channel as it may be shown. `secrets`: those that are set; `reaches`: whom, in words.

    `failures`: sends in a row that failed, from `failing_since` on; it is tried again at `rests_until`.
    `waiting`, `dead`: messages on their way, and those that were given up.
    """

    name: str
    kind: str
    title: str
    reaches: str
    answers: Mapping[str, Any]
    secrets: tuple[str, ...]
    hours: Hours
    language: str
    is_paused: bool
    version: int
    created_at: datetime
    changed_at: datetime
    failures: int
    failing_since: datetime | None
    rests_until: datetime | None
    last_error: str | None
    last_sent_at: datetime | None
    waiting: int
    dead: int


@dataclass(frozen=True)
class Posted:
    """A message: its words, what became of it, and the alerts that it tells of.

    `outcome`: what the other side said, or why it is dead or dropped. `is_held`: quiet hours, or a pause,
    keep it back.
    """

    message_id: int
    channel: str
    what: str
    severity: str
    rule_id: int | None
    rule: str
    alert_ids: tuple[int, ...]
    subject: str
    text: str
    state: State
    outcome: str | None
    attempts: int
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    last_error: str | None
    is_held: bool


@cache
def channel_kinds() -> dict[str, KindOfChannel]:
    """Every kind of channel by its name."""
    return {name: _kind(kind) for name, kind in every_kind().items()}


def _kind(kind: ChannelKind) -> KindOfChannel:
    return KindOfChannel(kind.name, kind.title, kind.about, kind.picture, questions_of(kind.params))


def channels(settings: Settings) -> dict[str, Channel]:
    """The channels by name."""
    with Control.open(settings).begin() as session:
        counts = channel_store.counts(session)
        return {name: _channel(row, counts) for name, row in channel_store.channels(session).items()}


def _channel(row: StoredChannel, counts: Mapping[tuple[int | None, str], int]) -> Channel:
    kind = every_kind().get(row.kind)
    hidden = kind.hidden if kind else frozenset(row.params)
    return Channel(
        name=row.name,
        kind=row.kind,
        title=kind.title if kind else row.kind,
        reaches=_reaches(row, kind),
        answers=shown(row.params, hidden),
        secrets=tuple(sorted(name for name in hidden if row.params.get(name))),
        hours=Hours(row.zone, row.quiet_from, row.quiet_until),
        language=row.language,
        is_paused=row.is_paused,
        version=row.version,
        created_at=row.created_at,
        changed_at=row.changed_at,
        failures=row.failures,
        failing_since=row.failing_since,
        rests_until=row.rests_until,
        last_error=row.last_error,
        last_sent_at=row.last_sent_at,
        waiting=counts.get((row.channel_id, "waiting"), 0),
        dead=counts.get((row.channel_id, "dead"), 0),
    )


def _reaches(row: StoredChannel, kind: ChannelKind | None) -> str:
    try:
        return kind.reaches(kind.read(row.params)) if kind else "nobody: there is no such kind (any more)"
    except BadInput as unreadable:
        return f"nobody: {unreadable}"


def create_channel(
    settings: Settings,
    name: str,
    kind: str,
    answers: Mapping[str, Any],
    *,
    who: str,
    hours: Hours | None = None,
    language: str = ENGLISH,
) -> None:
    """Add a channel; all messages that no rule directs are led to the first one.

    Raises:
        BadInput: the name is taken or cannot be one, or an answer is not allowed.
    """
    quiet = hours or Hours(settings.timezone)
    keeping.create(
        Control.open(settings), name, kind, answers, quiet, who=who, now=clock.now(), language=language
    )


def change_channel(
    settings: Settings,
    name: str,
    answers: Mapping[str, Any],
    *,
    version: int,
    hours: Hours,
    who: str,
    forget: Collection[str] = (),
    language: str | None = None,
) -> None:
    """Change a channel; a secret that is not given stays, unless it is among those to `forget`; so does its
    language.

    Raises:
        Conflict: somebody changed it since `version`.
        BadInput: there is no such channel, or an answer is not allowed.
    """
    keeping.change(
        Control.open(settings),
        name,
        answers,
        hours,
        version=version,
        who=who,
        now=clock.now(),
        forget=forget,
        language=language,
    )


def pause_channel(settings: Settings, name: str, *, is_paused: bool, who: str, reason: str = "") -> None:
    """Send nothing by it, or again; new alerts are not told there meanwhile, what waits is held back."""
    keeping.pause(Control.open(settings), name, is_paused=is_paused, who=who, now=clock.now(), reason=reason)


def remove_channel(settings: Settings, name: str, *, who: str, reason: str = "") -> None:
    """Forget a channel with its secrets; what waits for it is dropped."""
    keeping.remove(Control.open(settings), name, who=who, now=clock.now(), reason=reason)


def send_test(settings: Settings, name: str, *, who: str) -> str:
    """Send a test message now and wait for what becomes of it, in a sentence; up to forty seconds.

    Raises:
        HoldfastError: it did not arrive, and why.
    """
    return trial.send_test(settings, Control.open(settings), name, who=who, now=clock.now())


def routes(settings: Settings) -> list[Route]:
    """Where messages of rules go that name no channel, in order."""
    with Control.open(settings).begin() as session:
        return route_store.routes(session)


def set_routes(
    settings: Settings, given: Sequence[Route], *, who: str, instead_of: Sequence[Route] | None = None
) -> None:
    """Put routes in the place of those that are, which whoever decides saw as `instead_of`.

    Raises:
        BadInput: one leads nowhere, or others were set meanwhile.
    """
    keeping.set_routes(Control.open(settings), given, who=who, now=clock.now(), instead_of=instead_of)


def messages(settings: Settings, state: State | None = None, limit: int = 200) -> list[Posted]:
    """Messages, the newest first; `dead` are those that were given up and can be tried again."""
    return [_posted(one, settings) for one in outbox.listed(Control.open(settings), state, limit)]


def _posted(message: Message, settings: Settings) -> Posted:
    same = {name: getattr(message, name) for name in SAME}
    try:
        if message.what == WHAT:
            letter = Letter.read(message.payload)
            said = as_letter(letter, f"{settings.pages_url.rstrip('/')}/")
            return Posted(**same, rule="", alert_ids=(), subject=subject_of(letter), text=said)
        content = Content.read(message.payload)
    except ValueError:
        return Posted(**same, rule="", alert_ids=(), subject=UNREADABLE, text=UNREADABLE)
    words = words_of(content, settings.pages_url)
    return Posted(
        **same,
        rule=content.about.name,
        alert_ids=tuple(told.alert_id for told in content.alerts),
        subject=words.subject,
        text=as_text(words),
    )


UNREADABLE = "It was written by another version, and cannot be read."
SAME = tuple(name for name in Posted.__dataclass_fields__ if name in Message.__dataclass_fields__)


def retry_message(settings: Settings, message_id: int, *, who: str) -> None:
    """Send a message after all that was given up.

    Raises:
        BadInput: there is no such message, or it was not given up.
    """
    keeping.retry(Control.open(settings), message_id, who=who, now=clock.now())
