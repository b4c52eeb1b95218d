"""The sources: what sends facts or is asked for them, and how far each was read."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select
from sqlalchemy import update as change

from data.errors import BadInput
from data.intake import tables
from data.intake.inbox import Inbox
from data.speech import english

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
ROWS = tables.sources


@dataclass(frozen=True)
class Source:
    """A source as it was when it was read; `cursor` is how far a pulled source was read."""

    name: str
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)  # may hold a password
    enabled: bool = True
    created_at: datetime | None = None
    cursor: str | None = None
    last_pulled_at: datetime | None = None
    last_error: str | None = None


def add_source(inbox: Inbox, name: str, kind: str, params: Mapping[str, Any], now: datetime) -> Source:
    """A new source; `kind` is a kind of delivery (`segment`, `stripe`) or of connector (`sql`).

    Raises:
        BadInput: the name is taken, or cannot stand in an address.
    """
    if not NAME.fullmatch(name):
        raise BadInput(
            english(
                "A source cannot be named {name}; letters, digits, '.', '_' and '-' are allowed, 64 at most.",
                name=repr(name),
            )
        )
    with inbox.writing() as connection:
        taken = connection.execute(select(ROWS.c.kind).where(ROWS.c.name == name)).scalar()
        if taken:
            raise BadInput(
                english(
                    "There is a source {name} already, of kind {taken}; give the new one another name.",
                    name=repr(name),
                    taken=taken,
                )
            )
        added = Source(name, kind, dict(params), created_at=now)
        connection.execute(insert(ROWS).values(asdict(added)))
    return added


def sources(inbox: Inbox) -> list[Source]:
    """All of them, by name."""
    with inbox.reading() as connection:
        return [_source(row) for row in connection.execute(select(ROWS).order_by(ROWS.c.name)).mappings()]


def find(inbox: Inbox, name: str) -> Source | None:
    with inbox.reading() as connection:
        row = connection.execute(select(ROWS).where(ROWS.c.name == name)).mappings().first()
    return _source(row) if row else None


def update(inbox: Inbox, name: str, **values: Any) -> None:
    """Change `params`, `enabled`, `cursor`, `last_pulled_at` or `last_error` of a source.

    Raises:
        BadInput: there is no such source.
    """
    with inbox.writing() as connection:
        found = connection.execute(change(ROWS).where(ROWS.c.name == name).values(**values))
    if not found.rowcount:
        raise unknown(inbox, name)


def remove(inbox: Inbox, name: str) -> None:
    """Forget a source with its keys and its secret; what it sent stays.

    Raises:
        BadInput: there is no such source.
    """
    with inbox.writing() as connection:
        for table in (tables.write_keys, tables.secrets):
            connection.execute(delete(table).where(table.c.source == name))
        gone = connection.execute(delete(ROWS).where(ROWS.c.name == name))
    if not gone.rowcount:
        raise unknown(inbox, name)


def cursor_of(inbox: Inbox, name: str) -> str | None:
    """How far a source was read; None before its first pull."""
    found = find(inbox, name)
    return found.cursor if found else None


def unknown(inbox: Inbox, name: str) -> BadInput:
    known = ", ".join(source.name for source in sources(inbox)) or "none yet"
    return BadInput(
        english("There is no source {name}; the sources are: {known}.", name=repr(name), known=known)
    )


def _source(row: RowMapping) -> Source:
    return Source(**row)
