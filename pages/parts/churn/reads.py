"""What the page reads: what an edition tells of risk, kept once for everybody, shown within a scope."""

from dataclasses import replace

import polars as pl

from engine.desk import risk as desk
from engine.desk.risk import Handled
from metrics.risk import told
from metrics.risk.told import State, Wanted
from pages.parts import numbers, person
from pages.parts.kept import kept
from pages.parts.segment import Segment
from pages.parts.speech import later

SHOWN = 50
BANDS = {"high": later("high"), "medium": later("medium"), "low": later("low")}


def state(edition: str) -> State | None:
    """The model in force; without what tells of how many accounts it learnt, for who sees one segment."""
    found = state_of_all(edition)
    if found is None or person.scope() is None:
        return found
    return replace(found, reason="", first_week=None, snapshots=None, accounts=None, churned=None, base=None)


@kept(8)
def state_of_all(edition: str) -> State | None:
    return told.state(numbers.settings(), edition)


@kept(8, is_whole=True)
def card(edition: str) -> pl.DataFrame:
    return told.card(numbers.settings(), edition)


@kept(8, is_whole=True)
def moved(edition: str) -> pl.DataFrame:
    return told.moved(numbers.settings(), edition)


def wanted(of: Segment, band: str | None, owner: str | None, search: str) -> Wanted:
    return Wanted(of.dimension, of.name, band, owner, search or None)


@kept(64)
def accounts(  # noqa: PLR0917
    edition: str, of: Segment, band: str | None, owner: str | None, search: str, order: str, limit: int
) -> pl.DataFrame:
    """The accounts of the table, in its order."""
    asked = wanted(of, band, owner, search)
    return told.accounts(numbers.settings(), edition, asked, order=order, limit=limit)


@kept(64)
def counts(edition: str, of: Segment, band: str | None, owner: str | None, search: str) -> dict[str, int]:
    return told.counts(numbers.settings(), edition, wanted(of, band, owner, search))


@kept(64)
def spread(edition: str, of: Segment) -> pl.DataFrame:
    return told.spread(numbers.settings(), edition, wanted(of, None, None, ""))


@kept(16)
def owners(edition: str, of: Segment) -> list[str]:
    return told.owners(numbers.settings(), edition, wanted(of, None, None, ""))


def handled(rows: pl.DataFrame) -> dict[str, Handled]:
    """Who saw to the accounts shown; asked anew each time, as it changes without an edition."""
    return desk.handled(numbers.settings(), rows["account_id"].to_list())
