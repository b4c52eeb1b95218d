"""Write keys: what a sender shows at a door, and the source that each of them opens."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from secrets import token_hex, token_urlsafe
from time import monotonic

from sqlalchemy import insert, select, update

from data.errors import BadInput
from data.intake import registry, tables
from data.intake.inbox import Inbox

PREFIX = "hf_"
KNOWN_FOR = 0.5  # seconds a look-up is trusted: so soon a revoked key is refused, in every process
ROWS = tables.write_keys


@dataclass(frozen=True)
class WriteKey:
    """A key as it was when it was read; the key itself is known to its holder alone."""

    key_id: str
    source: str
    label: str | None
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True)
class Found:
    """What a key that was shown turned out to be; `refusal` says why it does not open its source."""

    key_id: str
    source: str
    refusal: str | None = None


def create(
    inbox: Inbox, source: str, now: datetime, *, label: str | None = None, kind: str = "segment"
) -> tuple[str, str]:
    """A new key for a source, which is added (of that kind) where it is not known: its id, and the key.

    Only the SHA-256 of the key is kept. A slow hash guards passwords because people choose guessable ones;
    a key is 256 random bits, so nobody can try them out, and every request may be checked in a microsecond.
    """
    if registry.find(inbox, source) is None:
        registry.add_source(inbox, source, kind, {}, now)
    key_id, key = token_hex(4), PREFIX + token_urlsafe(32)
    row = {"key_id": key_id, "source": source, "hash": hashed(key), "label": label, "created_at": now}
    with inbox.writing() as connection:
        connection.execute(insert(ROWS).values(row))
    return key_id, key


def all_keys(inbox: Inbox) -> list[WriteKey]:
    """Every key, revoked ones too, the oldest first."""
    columns = [ROWS.c[name] for name in WriteKey.__dataclass_fields__]
    with inbox.reading() as connection:
        rows = connection.execute(select(*columns).order_by(ROWS.c.created_at, ROWS.c.key_id))
        return [WriteKey(*row) for row in rows]


def revoke(inbox: Inbox, key_id: str, now: datetime) -> None:
    """Refuse a key from now on; it stays in the list.

    Raises:
        BadInput: there is no such key, or it was revoked before.
    """
    valid = (ROWS.c.key_id == key_id) & ROWS.c.revoked_at.is_(None)
    with inbox.writing() as connection:
        found = connection.execute(update(ROWS).where(valid).values(revoked_at=now))
    if not found.rowcount:
        raise BadInput(f"There is no valid key {key_id!r}; see `python -m engine key list`.")


def source_of(inbox: Inbox, key: str) -> str | None:
    """The source that a key opens; None for one that is unknown, revoked or of a source switched off."""
    found = look_up(inbox, key)
    return found.source if found and not found.refusal else None


def look_up(inbox: Inbox, key: str) -> Found | None:
    """What is known of a key, read afresh."""
    shown = hashed(key)
    columns = (ROWS, tables.sources.c.enabled)
    with inbox.reading() as connection:
        row = connection.execute(select(*columns).join(tables.sources).where(ROWS.c.hash == shown)).first()
    if row is None or not hmac.compare_digest(row.hash, shown):
        return None
    refusal = None
    if row.revoked_at:
        refusal = f"The write key {row.key_id} was revoked."
    elif not row.enabled:
        refusal = f"The source {row.source} is switched off."
    return Found(row.key_id, row.source, refusal)


def hashed(key: str) -> str:
    return sha256(key.encode("utf-8", "replace")).hexdigest()


class KeyRing:
    """The keys that were shown to this process lately, so that most requests need no look-up."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[Found, float]] = {}
        self.used: dict[str, datetime] = {}

    def find(self, inbox: Callable[[], Inbox], key: str, now: datetime) -> Found | None:
        """As `look_up`, at most half a second old; a key that opens its source is noted as used."""
        found, until = self.known.get(key, (None, 0.0))
        if found is None or monotonic() > until:
            found = self._fresh(inbox(), key)
        if found and not found.refusal:
            self.used[found.key_id] = now
        return found

    def _fresh(self, inbox: Inbox, key: str) -> Found | None:
        """Only good keys are remembered: so nobody can fill the memory, and a new key works at once."""
        found = look_up(inbox, key)
        self.known.pop(key, None)
        if found and not found.refusal:
            self.known[key] = (found, monotonic() + KNOWN_FOR)
        return found

    def note_uses(self, inbox: Inbox) -> None:
        """Write down when the keys were used last."""
        used, self.used = self.used, {}
        if not used:
            return
        with inbox.writing() as connection:
            for key_id, at in used.items():
                connection.execute(update(ROWS).where(ROWS.c.key_id == key_id).values(last_used_at=at))
