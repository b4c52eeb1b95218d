"""What a load did, shape by shape."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ShapeCount:
    """What became of the rows of one shape: read = added + repeated + quarantined.

    Sightings, which only say that an account was there, are not counted.
    """

    shape: str
    read: int
    added: int
    repeated: int
    waiting: int  # of those added, how many wait for their account
    quarantined: int


@dataclass(frozen=True)
class ImportReport:
    """What an import did; `problems` are sentences about what was left out."""

    import_id: int
    source: str
    counts: tuple[ShapeCount, ...]
    problems: tuple[str, ...] = ()


@dataclass
class Tally:
    """What became of the rows of one shape, while they are being loaded."""

    read: int = 0
    added: int = 0
    repeated: int = 0
    waiting: int = 0
    quarantined: int = 0

    def count(self, *, read: int, bad: int = 0, added: int = 0) -> None:
        self.read += read
        self.quarantined += bad
        self.added += added
        self.repeated += read - bad - added


@dataclass
class Gain:
    """What one load brought to a table of facts."""

    facts: int = 0
    last_at: datetime | None = None

    def add(self, facts: int, last_at: datetime | None) -> None:
        self.facts += facts
        known = [at for at in (self.last_at, last_at) if at]
        self.last_at = max(known, default=None)
