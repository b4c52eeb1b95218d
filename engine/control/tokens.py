"""Tokens: what a program shows to read the numbers, and what each of them may see."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, cast

from sqlalchemy import Table, select, update

from data.errors import BadInput
from data.speech import english
from engine.control.audit import note
from engine.control.people_tables import TokenRow
from engine.control.store import Control

PREFIX = "hft_"
LONGEST_NAME = 80
ROWS = cast(Table, TokenRow.__table__)


@dataclass(frozen=True)
class TokenView:
    """A token as it was when it was read; the token itself is known to its holder alone.

    `hint`: its last signs, by which its holder knows it again. `scope`: the one segment that it may see.
    """

    token_id: int
    name: str
    role: str
    scope: dict[str, str] | None
    hint: str
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None

    def refusal(self, now: datetime) -> str | None:
        """Why it opens nothing, in a sentence; None while it does."""
        if self.revoked_at:
            return f"Token {self.token_id} was revoked."
        if self.expires_at and self.expires_at <= now:
            return f"Token {self.token_id} expired on {self.expires_at:%Y-%m-%d}."
        return None


COLUMNS = tuple(ROWS.c[name] for name in TokenView.__dataclass_fields__)


def create(
    control: Control,
    name: str,
    role: str,
    *,
    who: str,
    now: datetime,
    scope: dict[str, str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[int, str]:
    """A new token: its id, and the token, which is kept nowhere.

    Only its SHA-256 is kept: it is 256 random bits, so that nobody can try them out, and a request is
    checked in a microsecond.
    """
    token = PREFIX + token_urlsafe(32)
    row = TokenRow(
        name=checked(name),
        role=role,
        scope=scope,
        token_hash=hashed(token),
        hint=token[-4:],
        created_at=now,
        created_by=who,
        expires_at=expires_at,
    )
    with control.change() as session:
        session.add(row)
        session.flush()
        note(session, who, "created the token", subject(row.token_id), now=now, after=_told(row))
        return row.token_id, token


def checked(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput(
            english(
                "A token's name has 1 to {longest_name} printable signs; {name} has not.",
                longest_name=LONGEST_NAME,
                name=repr(name[:100]),
            )
        )
    return name


def revoke(control: Control, token_id: int, *, who: str, now: datetime) -> None:
    """Refuse a token from now on; it stays in the list.

    Raises:
        BadInput: there is no such token, or it was revoked before.
    """
    with control.change() as session:
        row = session.get(TokenRow, token_id)
        if row is None or row.revoked_at:
            raise BadInput(
                english(
                    "There is no valid token {token_id}; see `python -m engine token list`.",
                    token_id=token_id,
                )
            )
        row.revoked_at = now
        note(session, who, "revoked the token", subject(token_id), now=now, before=_told(row))


def listed(control: Control) -> list[TokenView]:
    """Every token, revoked ones too, the oldest first."""
    with control.look() as connection:
        rows = connection.execute(select(*COLUMNS).order_by(ROWS.c.token_id))
        return [TokenView(*row) for row in rows]


def look_up(control: Control, token: str) -> TokenView | None:
    """What is known of a token that was shown, read afresh."""
    shown = hashed(token)
    with control.look() as connection:
        row = connection.execute(
            select(ROWS.c.token_hash, *COLUMNS).where(ROWS.c.token_hash == shown)
        ).first()
    if row is None or not hmac.compare_digest(row[0], shown):
        return None
    return TokenView(*row[1:])


def note_uses(control: Control, used: Mapping[int, datetime]) -> None:
    """Write down when tokens were used last."""
    with control.begin() as session:
        for token_id, at in sorted(used.items()):
            session.execute(update(ROWS).where(ROWS.c.token_id == token_id).values(used_at=at))


def hashed(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def subject(token_id: int) -> str:
    return f"token:{token_id}"


def _told(row: TokenRow) -> dict[str, Any]:
    ends = row.expires_at.isoformat() if row.expires_at else None
    return {"name": row.name, "role": row.role, "scope": row.scope, "expires_at": ends}
