"""When a fact took effect, fine enough that two facts of one second have an order whichever comes first."""

from datetime import datetime, timedelta
from hashlib import sha256

from data.intake.billing.node import Node

_STEPS = 10_000  # microseconds between two ranks; all ten fit into a tenth of a second


def iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat() + "Z"


def iso_of(node: Node) -> str | None:
    """The ISO text of a time in a payload."""
    return iso(node.instant())


def ranked(at: datetime, rank: int, name: str) -> datetime:
    """An instant within the second of `at`: by rank (0 to 9), within a rank by a hash of the event's name.

    Billing systems stamp events with whole seconds and deliver them in any order. The rank says which of two
    events of one second came first where their kind tells it; the hash makes the rest definite.
    """
    finer = int.from_bytes(sha256(name.encode("utf-8", "replace")).digest()[:4]) % _STEPS
    return at.replace(microsecond=0) + timedelta(microseconds=rank * _STEPS + finer)
