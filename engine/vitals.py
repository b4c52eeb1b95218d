"""How the engine and its editions are, for whoever watches from outside."""

from collections.abc import Callable
from datetime import UTC, datetime

from data.errors import HoldfastError
from data.intake.health import Vitals
from data.settings import Settings
from engine import desk

Current = Callable[[Settings], str | None]


def unread(_: Settings) -> None:
    """For a process that has no business with editions, and need not load what reads them."""


def vitals(settings: Settings, current: Current = unread) -> Vitals:
    """About a millisecond; never fails. `current` names the newest edition, as `metrics.read` does."""
    engine = desk.status(settings)
    try:
        edition, trouble = current(settings), None
    except HoldfastError as damaged:
        edition, trouble = None, str(damaged)
    return Vitals(engine.alive, edition, published_at(settings), engine.refresh_seconds, trouble)


def published_at(settings: Settings) -> datetime | None:
    """When the pointer to the newest edition was moved."""
    try:
        moved = (settings.published / "current").stat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(moved, UTC).replace(tzinfo=None)
