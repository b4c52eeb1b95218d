"""Decides when a source is late, from how it usually comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from data.settings import Settings

if TYPE_CHECKING:
    from engine.sources import Source

FILES = ("folder",)  # kinds whose facts come as files: they come when somebody puts them there
PATIENCE = 3  # times its longest pause
LEAST = timedelta(minutes=15)
MOST = timedelta(days=7)  # as far back as pauses are counted
KNOWN_AFTER = timedelta(days=1)  # one night at least, before a source is held to its rhythm


@dataclass(frozen=True)
class Rhythm:
    """When a source brought something new in the last seven days: first, last, and its longest pause."""

    first_at: datetime
    last_at: datetime
    longest_pause: timedelta


def late_after(said: int | None, is_live: bool, rhythm: Rhythm | None) -> timedelta | None:
    """How long a source may be silent before it is late; None if it never is.

    Args:
        said: the setting `late_after_minutes`; 0 for never.
        is_live: whether it sends or is asked by itself, as files and the demo company do not.
        rhythm: None where nothing came for seven days.
    """
    if said is not None:
        return timedelta(minutes=said) if said else None
    if not is_live:
        return None
    if rhythm is None or rhythm.last_at - rhythm.first_at < KNOWN_AFTER:
        return MOST
    return min(MOST, max(LEAST, PATIENCE * rhythm.longest_pause))


def patience(
    settings: Settings, name: str, added: "Source | None", rhythm: Rhythm | None
) -> timedelta | None:
    """How long a source may be silent; facts are expected of those that are on and do not come as files."""
    said = settings.sources.get(name)
    is_live = added is not None and added.enabled and added.kind not in FILES
    return late_after(said.late_after_minutes if said else None, is_live, rhythm)


def is_late(last_delivery_at: datetime | None, after: timedelta | None, now: datetime) -> bool:
    """Whether a source that once brought something is silent for too long; `now`: as far as is read."""
    return last_delivery_at is not None and after is not None and now - last_delivery_at > after
