"""Finds accounts by what people know of them, and reads one of them."""

from typing import Any

import polars as pl

from data.settings import Settings
from metrics.read import AccountFilter, accounts, edition, fetch, quoted_dimension, tables

__all__ = ["account", "find", "risk"]

SHORTEST = 2  # signs from which it is searched inside of names, too
LONGEST = 200
ENOUGH = 500  # accounts that have the text, of which the likeliest are shown
WILD = "%_\\"  # what means something to `ilike`, which is twice as fast as looking by hand
SHOWN = ("account_id", "name", "email", "mrr")
NAMED = SHOWN[:3]
IS_LIKE, BEGUN, CONTAINS, BEGINS = (
    " or ".join(asked.format(column) for column in NAMED)
    for asked in (
        "{} ilike $has",
        "coalesce({} ilike $begins, false)",
        "contains(lower({}), lower($text))",
        "coalesce(starts_with(lower({}), lower($text)), false)",
    )
)


def account(
    settings: Settings, name: str, account_id: str, *, within: tuple[str, str] | None = None
) -> dict[str, Any] | None:
    """Where an account stands; None where there is none, or none of the segment `within`."""
    segments = {within[0]: within[1]} if within else None
    found = accounts(settings, name, where=AccountFilter(account_id, segments), limit=1)
    return found.row(0, named=True) if found.height else None


def find(
    settings: Settings, name: str, text: str, *, within: tuple[str, str] | None = None, limit: int = 8
) -> pl.DataFrame:
    """Accounts whose id, name or mail has a text inside, small letters or capitals: the likeliest first.

    Columns: account_id, name, email, mrr. A text of one sign is looked for at beginnings alone. Of a text
    that very many have, those looked at are the first that are found, and the one of exactly this id.
    """
    text = text.strip()[:LONGEST]
    given: dict[str, Any] = {"text": text, "begins": f"{text}%", "has": f"%{text}%"}
    place = ""
    if within:
        column = quoted_dimension(within[0], edition(settings, name).segments)
        place, given["segment"] = f"and coalesce({column}, '(none)') = $segment", within[1]
    is_plain = not any(sign in text for sign in WILD)
    has = (IS_LIKE if is_plain else CONTAINS) if len(text) >= SHORTEST else BEGINS
    begins = BEGUN if is_plain else BEGINS
    columns = ", ".join(SHOWN)
    sql = f"""
        with hit as (
            (select {columns} from account_state where account_id = $text {place})
            union
            (select {columns} from account_state where ({has}) {place} limit {ENOUGH})
        )
        select {columns}
        from hit
        order by account_id <> $text, not ({begins}), mrr desc, account_id
        limit {int(limit) if text else 0}
    """
    return fetch(settings, name, sql, {key: value for key, value in given.items() if f"${key}" in sql})


def risk(settings: Settings, name: str, account_id: str) -> dict[str, Any] | None:
    """An account's risk to leave with its reasons; None where the edition holds none of it."""
    if "account_risk" not in tables() or not holds(settings, name, "account_risk"):
        return None
    sql = "from account_risk where account_id = $account_id"
    found = fetch(settings, name, sql, {"account_id": account_id})
    return found.row(0, named=True) if found.height else None


def holds(settings: Settings, name: str, table: str) -> bool:
    """Whether an edition has a table or view of this name."""
    sql = "select 1 as one from information_schema.tables where table_name = $table and table_schema = 'main'"
    return fetch(settings, name, sql, {"table": table}).height > 0
