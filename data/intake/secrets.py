"""The secrets that webhooks are signed with, one a source."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from data.errors import BadInput
from data.intake import registry, tables
from data.intake.inbox import Inbox

ROWS = tables.secrets


@dataclass(frozen=True)
class Sealed:
    """A source that signs what it sends."""

    source: str
    kind: str
    enabled: bool
    secret: str | None


def keep_secret(inbox: Inbox, source: str, secret: str, now: datetime) -> None:
    """Check what a source sends with this secret from now on, and with no earlier one.

    Raises:
        BadInput: there is no such source, or the secret is empty.
    """
    found = registry.find(inbox, source)
    if found is None:
        raise registry.unknown(inbox, source)
    if not secret:
        raise BadInput(f"The secret of {source!r} is empty; paste it as the sender shows it.")
    row = {"source": source, "kind": found.kind, "secret": secret, "created_at": now}
    with inbox.writing() as connection:
        connection.execute(delete(ROWS).where(ROWS.c.source == source))
        connection.execute(insert(ROWS).values(row))


def sealed(inbox: Inbox, source: str) -> Sealed | None:
    """A source with its secret; None where there is no such source."""
    both = tables.sources.outerjoin(ROWS, ROWS.c.source == tables.sources.c.name)
    columns = (tables.sources.c.name, tables.sources.c.kind, tables.sources.c.enabled, ROWS.c.secret)
    with inbox.reading() as connection:
        row = connection.execute(select(*columns).select_from(both).where(columns[0] == source)).first()
    return Sealed(*row) if row else None


def with_secrets(inbox: Inbox) -> set[str]:
    """The sources that have a secret."""
    with inbox.reading() as connection:
        return set(connection.execute(select(ROWS.c.source)).scalars())
