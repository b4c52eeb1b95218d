"""The one place of the engine that reads clocks."""

from datetime import UTC, datetime, timedelta
from time import monotonic


def now() -> datetime:
    """This instant, naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def steady() -> datetime:
    """An instant that only ever moves on, at its pace: it measures time, and does not tell it."""
    return datetime(2000, 1, 1) + timedelta(seconds=monotonic())


def offset() -> float:
    """How far, in seconds, the wall clock is from the steady one: it changes when somebody sets the clock."""
    return datetime.now(UTC).timestamp() - monotonic()
