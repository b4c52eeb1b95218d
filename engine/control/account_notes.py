"""What people wrote about an account, and what they did for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast, get_args

from sqlalchemy import Table, select

from data.errors import BadInput
from data.speech import english
from engine.control.audit import note
from engine.control.people_tables import AccountNoteRow
from engine.control.store import Control

Kind = Literal["note", "call", "mail", "meeting"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST = 4_000
ROWS = cast(Table, AccountNoteRow.__table__)


@dataclass(frozen=True)
class AccountNote:
    """A note as it stands; `kind`: what was done, where something was."""

    note_id: int
    account_id: str
    kind: str
    text: str
    author: str
    at: datetime


COLUMNS = tuple(ROWS.c[name] for name in AccountNote.__dataclass_fields__)


def add(control: Control, account_id: str, kind: str, text: str, *, who: str, now: datetime) -> int:
    """Write a note about an account; returns its id.

    Raises:
        BadInput: it says nothing, or more than a note may, or there is no such kind.
    """
    if kind not in KINDS:
        raise BadInput(
            english(
                "There is no kind of note {kind}; there are {kinds}.", kind=repr(kind), kinds=", ".join(KINDS)
            )
        )
    text = text.strip()
    if not text or len(text) > LONGEST or "\0" in text:
        raise BadInput(
            english(
                "A note has 1 to {longest} signs; this one has {count}.",
                longest=f"{LONGEST:,}",
                count=f"{len(text):,}",
            )
        )
    row = AccountNoteRow(account_id=account_id, kind=kind, text=text, author=who, at=now)
    with control.change() as session:
        session.add(row)
        session.flush()
        told = {"account_id": account_id, "kind": kind, "text": text}
        note(session, who, "wrote the note", subject(row.note_id), now=now, after=told)
        return row.note_id


def listed(control: Control, account_id: str) -> list[AccountNote]:
    """The notes about an account, the newest first."""
    asked = (
        select(*COLUMNS)
        .where(ROWS.c.account_id == account_id, ROWS.c.removed_at.is_(None))
        .order_by(ROWS.c.at.desc(), ROWS.c.note_id.desc())
    )
    with control.look() as connection:
        return [AccountNote(*row) for row in connection.execute(asked)]


def find(control: Control, note_id: int) -> AccountNote:
    """Raises: BadInput, when there is none, or no more."""
    asked = select(*COLUMNS).where(ROWS.c.note_id == note_id, ROWS.c.removed_at.is_(None))
    with control.look() as connection:
        row = connection.execute(asked).first()
    if row is None:
        raise BadInput(english("There is no note {note_id}.", note_id=note_id))
    return AccountNote(*row)


def remove(control: Control, note_id: int, *, who: str, now: datetime) -> None:
    """Show a note no more; it stays in the store.

    Raises:
        BadInput: there is none, or it was removed before.
    """
    with control.change() as session:
        row = session.get(AccountNoteRow, note_id)
        if row is None or row.removed_at:
            raise BadInput(english("There is no note {note_id}.", note_id=note_id))
        row.removed_at = now
        told = {"account_id": row.account_id, "kind": row.kind, "text": row.text}
        note(session, who, "removed the note", subject(note_id), now=now, before=told)


def subject(note_id: int) -> str:
    return f"note:{note_id}"
