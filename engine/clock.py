"""The one place of the engine that reads the wall clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)
