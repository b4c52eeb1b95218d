"""Targets as they are stored: what a metric should come to, by grain, of all accounts or a segment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from data.errors import BadInput
from engine.control import audit
from engine.control.people_tables import TargetRow
from engine.control.store import Control, Session


@dataclass(frozen=True)
class Place:
    """What a target is of."""

    metric: str
    grain: str
    dimension: str = "all"
    segment: str = "all"

    @property
    def subject(self) -> str:
        """How the audit trail calls it."""
        of = "" if self.dimension == "all" else f":{self.dimension}:{self.segment}"
        return f"target:{self.metric}:{self.grain}{of}"


@dataclass(frozen=True)
class Target:
    """What a metric should come to, and who said so when."""

    of: Place
    value: float
    author: str
    changed_at: datetime


def targets(control: Control) -> dict[Place, Target]:
    """All that are set."""
    columns = ("metric", "grain", "dimension", "segment", "value", "author", "changed_at")
    asked = select(*(getattr(TargetRow, name) for name in columns))
    with control.look() as connection:
        found = [(Place(*row[:4]), row[4:]) for row in connection.execute(asked)]
    return {place: Target(place, *rest) for place, rest in found}


def put(
    control: Control, of: Place, value: float | None, *, who: str, now: datetime, instead_of: float | None
) -> None:
    """Set a target, change it, or with None take it away; nothing is done where it is so already.

    Raises:
        BadInput: it is not `instead_of` any more, which whoever decides saw.
    """
    with control.change() as session:
        row = found(session, of)
        before = row.value if row else None
        if before != instead_of:
            raise BadInput("Somebody changed this target meanwhile; look at it again.")
        if before == value:
            return
        write(session, row, Target(of, value, who, now) if value is not None else None)
        action = "set" if before is None else "changed" if value is not None else "removed"
        audit.note(session, who, action, of.subject, now=now, before=shown(before), after=shown(value))


def shown(value: float | None) -> dict[str, float] | None:
    return None if value is None else {"value": value}


def found(session: Session, of: Place) -> TargetRow | None:
    same = (
        getattr(TargetRow, name) == getattr(of, name) for name in ("metric", "grain", "dimension", "segment")
    )
    return session.execute(select(TargetRow).where(*same)).scalar_one_or_none()


def write(session: Session, row: TargetRow | None, wanted: Target | None) -> None:
    if wanted is None:
        session.delete(row)
        return
    if row is None:
        row = TargetRow(**vars(wanted.of))
        session.add(row)
    row.value, row.author, row.changed_at = wanted.value, wanted.author, wanted.changed_at
