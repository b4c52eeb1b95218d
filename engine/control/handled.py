"""Accounts at risk that somebody has seen to: a note of the account, of a kind of its own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.control import audit
from engine.control.people_tables import AccountNoteRow
from engine.control.store import Control

KIND = "handled"


@dataclass(frozen=True)
class Handled:
    """Who saw to an account, when, and what they did."""

    account_id: str
    author: str
    at: datetime
    text: str


def handle(control: Control, account_id: str, text: str, *, who: str, now: datetime) -> None:
    """Write down that an account was seen to."""
    with control.change() as session:
        session.add(
            AccountNoteRow(account_id=account_id, kind=KIND, text=text, author=who, at=now, removed_at=None)
        )
        audit.note(session, who, "handled", f"account:{account_id}", now=now, after={"text": text})


def handled(control: Control, since: datetime, account_ids: Collection[str]) -> dict[str, Handled]:
    """The last time that each of these accounts was seen to, at an instant or later."""
    row = AccountNoteRow
    query = (
        select(row.account_id, row.author, row.at, row.text)
        .where(row.kind == KIND, row.at >= since, row.removed_at.is_(None))
        .order_by(row.at)
    )
    with control.look() as connection:
        found = {one[0]: Handled(*one) for one in connection.execute(query)}
    return {key: value for key, value in found.items() if key in set(account_ids)}
