"""What an account's page reads, within what its reader may see."""

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from data.errors import HoldfastError
from engine.desk import notes as desk
from engine.desk.notes import AccountNote
from metrics import accounts
from metrics.journal import read as journal
from metrics.lifetime import account as account_worth
from pages.parts import numbers, person, words
from pages.parts.speech import retold

MOST_FACTS = 400
USAGE_DAYS = journal.USAGE_DAYS


@dataclass(frozen=True)
class Fact:
    """Something that happened to an account, as it was told; instants are naive UTC."""

    at: Any
    shape: str
    id: str
    told: dict[str, Any]


def within() -> tuple[str, str] | None:
    """The one segment that the reader may see."""
    scope = person.scope()
    return (scope.dimension, scope.segment) if scope else None


def account(edition: str, account_id: str) -> dict[str, Any] | None:
    """Where an account stands; None where there is none, or none that the reader may see."""
    return accounts.account(numbers.settings(), edition, account_id, within=within())


def found(edition: str, text: str, limit: int = 8) -> list[dict[str, Any]]:
    """The accounts that a text is likeliest to mean, of those that the reader may see."""
    return accounts.find(numbers.settings(), edition, text, within=within(), limit=limit).to_dicts()


def risk(edition: str, account_id: str) -> dict[str, Any] | None:
    return accounts.risk(numbers.settings(), edition, account_id)


def worth(edition: str, row: dict[str, Any]) -> float | None:
    """What an account may bring in the next 12 months; None where nothing can be said."""
    return account_worth.worth(numbers.settings(), edition, row, within=within())


@st.cache_resource(max_entries=200, show_spinner=False)
def facts(edition: str, account_id: str) -> tuple[Fact, ...]:
    """The newest facts but usage, the newest first; for those who may see the account."""
    rows = journal.facts(numbers.settings(), edition, account_id, limit=MOST_FACTS)
    return tuple(
        Fact(row["happened_at"], row["shape"], row["id"], journal.told(row["told"]))
        for row in rows.iter_rows(named=True)
    )


@st.cache_resource(max_entries=200, show_spinner=False)
def usage(edition: str, account_id: str) -> pl.DataFrame:
    """Events by local day and name, in the days that are held; for those who may see the account."""
    return journal.usage(numbers.settings(), edition, account_id)


def notes(account_id: str) -> list[AccountNote]:
    """What people wrote, the newest first; nothing where the control store does not answer."""
    try:
        return desk.notes(numbers.settings(), account_id)
    except HoldfastError as closed:
        st.toast(words.literal(retold(str(closed))), icon=":material/error:")
        return []
