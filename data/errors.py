"""The tree of errors: what may be tried again, what must be shown to its owner.

HoldfastError
├── TryAgain        a passing fault; the timetable repeats the work
│   └── EngineBusy      another process holds the warehouse
└── GiveUp          shown, in one sentence, where its owner looks
    ├── BadSettings     a key of holdfast.toml or a HOLDFAST_* variable
    ├── BadInput        a file, row or field that cannot be read
    ├── BadDefinition   a metric, step or other registered file lacks a part
    ├── Conflict        somebody else changed it meanwhile; nothing was overwritten
    ├── AuditFailed     an audit returned rows; the edition is not published
    └── NoEdition       nothing has been published yet
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


class HoldfastError(Exception):
    """Holdfast could not do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class TryAgain(HoldfastError):
    """A passing fault; trying again helps."""


class EngineBusy(TryAgain):
    """Another process holds the warehouse."""


class GiveUp(HoldfastError):
    """Trying again does not help; somebody has to change something."""


class BadSettings(GiveUp):
    """A setting has a value that is not allowed."""


class BadInput(GiveUp):
    """A file, row or field cannot be read."""


class BadDefinition(GiveUp):
    """A registered file lacks a part."""


@dataclass(frozen=True)
class Difference:
    """A field that two people see differently: what it was when both began, theirs now, and yours."""

    field: str
    before: Any
    theirs: Any
    yours: Any

    @property
    def is_clash(self) -> bool:
        """Whether both changed it, to different values."""
        return self.theirs not in (self.before, self.yours) and self.yours != self.before


class Conflict(GiveUp):
    """Somebody else changed it meanwhile; nothing was overwritten."""

    def __init__(
        self,
        message: str,
        *,
        version: int,
        author: str,
        changed_at: datetime,
        differences: tuple[Difference, ...] = (),
    ) -> None:
        super().__init__(message)
        self.version = version
        self.author = author
        self.changed_at = changed_at
        self.differences = differences


class AuditFailed(GiveUp):
    """An audit returned rows; the edition was not published."""


class NoEdition(GiveUp):
    """Nothing has been published yet: run `python -m engine refresh`."""
