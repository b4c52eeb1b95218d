"""Weekly letters as they are stored, and the one transaction in which one is put into the outbox."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from data.errors import BadInput
from data.speech import english
from engine.control import audit
from engine.control.people_tables import DigestRow
from engine.control.store import Control, Session
from engine.digest.due import Schedule

FIELDS = ("channel", "dimension", "segment", "weekday", "hour", "zone", "language", "is_paused")


@dataclass(frozen=True, slots=True)
class Digest:
    """A weekly letter: by which channel, about what, when, in which language.

    `sent_for`: the Monday of the week sent last.
    """

    digest_id: int
    channel: str
    dimension: str
    segment: str
    weekday: int
    hour: int
    zone: str
    language: str
    is_paused: bool
    author: str
    changed_at: datetime
    sent_for: date | None

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.weekday, self.hour, self.zone, self.changed_at, self.sent_for, self.is_paused)

    @property
    def place(self) -> tuple[str, str]:
        return self.dimension, self.segment


NAMES = tuple(name for name in Digest.__dataclass_fields__ if name != "sent_for")


def read(row: DigestRow) -> Digest:
    sent_for = date.fromisoformat(row.sent_for) if row.sent_for else None
    return Digest(**{name: getattr(row, name) for name in NAMES}, sent_for=sent_for)


def digests(control: Control) -> list[Digest]:
    """All of them, in the order in which they were set up."""
    with control.begin() as session:
        rows = session.execute(select(DigestRow).order_by(DigestRow.digest_id)).scalars()
        return [read(row) for row in rows]


def add(control: Control, values: dict[str, Any], *, who: str, now: datetime) -> int:
    with control.change() as session:
        row = DigestRow(**values, is_paused=False, author=who, changed_at=now, sent_for=None)
        session.add(row)
        session.flush()
        audit.note(session, who, "created", f"digest:{row.digest_id}", now=now, after=values)
        return row.digest_id


def change(control: Control, digest_id: int, values: dict[str, Any], *, who: str, now: datetime) -> None:
    """Change what is given.

    Raises:
        BadInput: there is no such letter any more.
    """
    with control.change() as session:
        row = found(session, digest_id)
        before = {name: getattr(row, name) for name in values}
        if before == values:
            return
        for name, value in values.items():
            setattr(row, name, value)
        row.author, row.changed_at = who, now
        audit.note(session, who, "changed", f"digest:{digest_id}", now=now, before=before, after=values)


def remove(control: Control, digest_id: int, *, who: str, now: datetime) -> None:
    with control.change() as session:
        row = found(session, digest_id)
        before = {name: getattr(row, name) for name in FIELDS}
        session.delete(row)
        audit.note(session, who, "removed", f"digest:{digest_id}", now=now, before=before)


def found(session: Session, digest_id: int) -> DigestRow:
    row = session.get(DigestRow, digest_id)
    if row is None:
        raise BadInput(english("There is no weekly letter {digest_id} any more.", digest_id=digest_id))
    return row


def note_sent(session: Session, digest_id: int, week: date) -> None:
    """Within the transaction that puts the letter into the outbox."""
    found(session, digest_id).sent_for = week.isoformat()


def find(session: Session, digest_id: int) -> Digest | None:
    row = session.get(DigestRow, digest_id)
    return read(row) if row else None
