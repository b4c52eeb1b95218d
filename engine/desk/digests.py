"""The pages' door to weekly letters: who gets one when, what it says, and one at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.errors import BadInput
from data.settings import Settings, known_zone
from data.speech import LANGUAGES, english, language
from engine import clock
from engine.control import channel_store, digests
from engine.control.digests import Digest
from engine.control.store import Control
from engine.digest import pictures, posting
from engine.digest.due import next_moment
from engine.digest.letter import Letter
from engine.digest.setting import as_text, subject_of

__all__ = ["Digest", "Preview", "add", "change", "known", "next_at", "preview", "remove", "send_now"]
DAYS, HOURS = range(7), range(24)


@dataclass(frozen=True)
class Preview:
    """A letter as it would go out now; pictures as PNG."""

    subject: str
    text: str
    pictures: tuple[bytes, ...]


def known(settings: Settings) -> list[Digest]:
    """All weekly letters, as they are set up at this moment."""
    return digests.digests(Control.open(settings))


def next_at(digest: Digest) -> datetime | None:
    """When the next one goes out, naive UTC; None while it is paused."""
    return None if digest.is_paused else next_moment(digest.schedule, clock.now())


def add(settings: Settings, given: Mapping[str, Any], *, who: str) -> int:
    """Set up a letter: channel, dimension, segment, weekday (0 is Monday), hour, zone and language.

    Unless they say another, the language is that of whoever sets it up.

    Raises:
        BadInput: one of them is not allowed.
    """
    values = checked(settings, {"language": language()} | dict(given))
    return digests.add(Control.open(settings), values, who=who, now=clock.now())


def change(settings: Settings, digest_id: int, given: Mapping[str, Any], *, who: str) -> None:
    """Change what is given, or with `is_paused` hold it.

    Raises:
        BadInput: one of them is not allowed, or there is no such letter any more.
    """
    values = checked(settings, given)
    digests.change(Control.open(settings), digest_id, values, who=who, now=clock.now())


def remove(settings: Settings, digest_id: int, *, who: str) -> None:
    digests.remove(Control.open(settings), digest_id, who=who, now=clock.now())


def preview(settings: Settings, digest: Digest, *, with_pictures: bool = True) -> Preview:
    """The letter as it would be written now; with its pictures it takes a second or two.

    Raises:
        HoldfastError: nothing was published yet, or a picture cannot be drawn.
    """
    letter = posting.preview(settings, Control.open(settings), digest, clock.now())
    drawn = [png for _, png in pictures.draw(letter)] if with_pictures else []
    return Preview(subject_of(letter), text_of(settings, letter), tuple(drawn))


def text_of(settings: Settings, letter: Letter) -> str:
    return as_text(letter, f"{settings.pages_url.rstrip('/')}/")


def send_now(settings: Settings, digest: Digest) -> None:
    """Put one into the outbox now, besides the weekly ones, whatever the hour."""
    posting.send_now(settings, Control.open(settings), digest, clock.now())


def checked(settings: Settings, given: Mapping[str, Any]) -> dict[str, Any]:
    values = dict(given)
    if unknown := set(values) - set(digests.FIELDS):
        raise BadInput(
            english(
                "A weekly letter has no {name}; it has: {fields}.",
                name=repr(sorted(unknown)[0]),
                fields=", ".join(digests.FIELDS),
            )
        )
    for name, allowed in (("weekday", DAYS), ("hour", HOURS)):
        if name in values and values[name] not in allowed:
            raise BadInput(
                english(
                    "{name} = {value} is not allowed: {first} to {last}.",
                    name=name,
                    value=repr(values[name]),
                    first=allowed[0],
                    last=allowed[-1],
                )
            )
    check_zone(values.get("zone"))
    check_language(values.get("language"))
    check_place(settings, values.get("dimension"), values.get("segment"))
    if "channel" in values:
        with Control.open(settings).begin() as session:
            channel_store.named(session, values["channel"])
    return values


def check_zone(zone: str | None) -> None:
    try:
        known_zone(zone or "UTC")
    except ValueError as unknown:
        raise BadInput(english("zone: {unknown}.", unknown=unknown)) from None


def check_language(spoken: str | None) -> None:
    if spoken is not None and spoken not in LANGUAGES:
        raise BadInput(
            english(
                "language = {spoken} is not allowed: {languages}.",
                spoken=repr(spoken),
                languages=", ".join(LANGUAGES),
            )
        )


def check_place(settings: Settings, dimension: str | None, segment: str | None) -> None:
    if dimension not in (None, "all", *settings.segments):
        raise BadInput(
            english(
                "There is no dimension {dimension}; there are {segments}.",
                dimension=repr(dimension),
                segments=", ".join(settings.segments),
            )
        )
    if dimension == "all" and segment not in (None, "all"):
        raise BadInput(english("A letter about all accounts has the segment 'all'."))
