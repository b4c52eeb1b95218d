"""Reads a table or query of an SQL database, page by page in the order of a column that grows."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator, model_validator
from sqlalchemy import Row

from data import sources
from data.errors import BadInput, GiveUp
from data.intake.delivery import Fact
from data.settings import known_zone
from data.shapes import SHAPES
from data.sources import Page
from data.sources.database import connecting, position, rows
from data.sources.database.position import Position
from data.sources.database.reader import Reader, Wanted, opened
from data.speech import english

TITLE = "SQL database"
ABOUT = (
    "Reads a table or query of PostgreSQL, SQLite or any database that SQLAlchemy knows, and then whatever "
    "is added to it. It needs a column that grows, such as updated_at or a running id, with an index on it, "
    "and an account that may read. Nothing is ever changed there."
)
APART = ("url", "every", "page_size", "timeout", "look_back_seconds", "look_back_steps")


class Params(sources.Params):
    url: SecretStr = Field(description="Where it is: postgresql://user:password@host:5432/database")
    table: str | None = Field(
        None, description="The table to read, such as public.customers; or give a query"
    )
    query: str | None = Field(None, description="One SELECT, in place of a table")
    shape: str = Field(description="What its rows are: accounts, account_updates, events, invoices …")
    cursor_column: str = Field(
        description="The column that grows with every new or changed row: updated_at, id"
    )
    columns: dict[str, str] = Field(
        {},
        description="Which column is which, where names differ: ours = theirs, such as account_id = cust_no",
    )
    leave_out: tuple[str, ...] = Field(
        (), description="Columns that are not to be read; others beyond the shape's become properties"
    )
    zone: str = Field("UTC", description="Where the clocks hang that show times without an offset")
    page_size: int = Field(1000, ge=1, le=20_000, description="Rows asked for at once")
    timeout: int = Field(60, ge=1, le=3600, description="Seconds that one question may take")
    look_back_seconds: int = Field(
        300,
        ge=0,
        le=7 * 86_400,
        description="Where the column is a time: how much later than it says a row may be committed",
    )
    look_back_steps: int = Field(
        1000,
        ge=0,
        le=10_000_000,
        description="Where it is a number: how many below the highest may still appear",
    )

    @field_validator("shape")
    @classmethod
    def shape_exists(cls, shape: str) -> str:
        if shape not in SHAPES:
            raise ValueError(english("the shapes are {shapes}", shapes=", ".join(SHAPES)))
        return shape

    @field_validator("zone")
    @classmethod
    def zone_exists(cls, zone: str) -> str:
        return known_zone(zone)

    @model_validator(mode="after")
    def one_of_table_and_query(self) -> Self:
        if bool(self.table) == bool(self.query):
            raise ValueError(english("give a table or a query, one of the two"))
        return self

    @property
    def wanted(self) -> Wanted:
        url = self.url.get_secret_value()
        return Wanted(url, self.table, self.query, self.cursor_column, self.timeout)

    @property
    def of(self) -> str:
        """What tells one reading from another: with other columns everything has to be read again."""
        told = self.model_dump(mode="json", exclude=set(APART))
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def check(params: Params) -> str:
    """What is there to be read.

    Raises:
        BadInput: something has to be changed before it can be read.
        TryAgain: the database does not answer.
    """
    with opened(params.wanted) as reader:
        _reading(params, reader)
        newest, empty = reader.newest(), reader.has_rows_without()
    place = connecting.told(connecting.read_url(params.url.get_secret_value()))
    found = f"{place} answers; {params.table or 'the query'} gives {', '.join(reader.columns)}"
    if newest is None:
        return f"{found}, but no row with a {params.cursor_column} yet."
    left = ", and rows without one are never read" if empty else ""
    return f"{found}; the highest {params.cursor_column} is {newest}{left}."


def pull(params: Params, cursor: str | None, now: datetime) -> Iterator[Page]:
    """What was added since the cursor: one pass up to what is the highest value now.

    Every pass begins a look-back before the end of the one before it; what it comes by again is known by the
    marks in the cursor.

    Raises:
        BadInput: the table cannot be read like this.
        TryAgain: the database went away; the cursor of the last page is where to go on.
    """
    with opened(params.wanted) as reader:
        how = _reading(params, reader)
        at = position.read(cursor, params.of)
        at = at if at.began else _begun(params, reader, at, now)
        if at.began:
            yield from Pass(params, reader, how, at).pages(cursor)


def _reading(params: Params, reader: Reader) -> rows.Reading:
    return rows.reading(params.shape, reader.columns, params.columns, params.leave_out, ZoneInfo(params.zone))


def _begun(params: Params, reader: Reader, at: Position, now: datetime) -> Position:
    """The position at the head of the next pass; as it was, if there is nothing to be read."""
    until = reader.newest()
    if until is None:
        return at
    if not position.is_usable(until):
        raise BadInput(
            english(
                "The column {cursor_column} holds {name}, which does not grow; take a time, a "
                "number or a text that sorts.",
                cursor_column=repr(params.cursor_column),
                name=type(until).__name__,
            )
        )
    if at.crowd is not None and reader.count(at.base, until) == at.crowd:
        return at
    return at.begun(until, now, reader.count(_next_base(params, until, now), until))


def _next_base(params: Params, until: Any, began: datetime) -> Any:
    back = {"seconds": params.look_back_seconds, "steps": params.look_back_steps}
    return position.looked_back(until, began, ZoneInfo(params.zone), **back)


def _lowest(until: Any) -> Any:
    """Where a first pass begins: what is dated before the calendar was never meant to be read."""
    if isinstance(until, datetime):
        return datetime.min.replace(tzinfo=UTC if until.tzinfo else None)
    return date.min if isinstance(until, date) else None


@dataclass
class Pass:
    """One pass over the table, from where the position stands to its end."""

    params: Params
    reader: Reader
    how: rows.Reading
    at: Position

    def __post_init__(self) -> None:
        began = self.at.began or datetime.min
        self.next_base = _next_base(self.params, self.at.until, began)
        self.low = _lowest(self.at.until) if self.at.base is None else self.at.base

    def pages(self, cursor: str | None) -> Iterator[Page]:
        """Pages with facts, and at the end the position between two passes, if it is not the cursor's."""
        while found := self.reader.page(self.at.at, self.low, self.at.until, self.params.page_size):
            self._refuse_to_stand_still(found)
            for page in self._whole(found):
                if page.facts:
                    cursor = page.cursor
                    yield page
        finished = position.write(self.at.finished(self.next_base))
        if finished != cursor:
            yield Page([], finished)

    def _whole(self, found: list[Row[Any]]) -> Iterator[Page]:
        """What was found, and all other rows whose value is the last one's: the page's end may divide them.

        The position moves on with the last of them, and remembers till then which of them were given.
        """
        last, size = found[-1][self.reader.place], self.params.page_size
        facts, given = self._taken(found), frozenset[str]()
        for number, alike in enumerate(self.reader.equals(last, size) if len(found) == size else ()):
            if number:
                self.at = self.at.with_part({position.mark_of(fact) for fact in facts})
                yield Page(facts, position.write(self.at))
            else:  # those of them that were found already stand at the end of what was found
                given = frozenset(position.mark_of(self.how.fact(row)) for row in found[-len(alike) :])
            facts = ([] if number else facts) + self._taken(alike, given)
        self.at = self.at.moved(last)
        yield Page(facts, position.write(self.at))

    def _taken(self, found: Sequence[Row[Any]], given: frozenset[str] = frozenset()) -> list[Fact]:
        """The facts of rows that were not given before."""
        facts, again = [], set()
        for row in found:
            fact = self.how.fact(row)
            comes_again = self._comes_again(row[self.reader.place])
            if comes_again or given or self.at.seen or self.at.part:
                mark = position.mark_of(fact)
                if comes_again:
                    again.add(mark)
                if mark in given or self.at.has_given(mark):
                    continue
            facts.append(fact)
        if again:
            self.at = self.at.with_fresh(again)
        return facts

    def _comes_again(self, value: Any) -> bool:
        """Whether the next pass comes by such a row again."""
        try:
            return bool(value >= self.next_base)
        except TypeError:  # SQLite lets a column hold numbers and texts at once
            return True

    def _refuse_to_stand_still(self, found: list[Row[Any]]) -> None:
        if found[-1][self.reader.place] == self.at.at:
            raise GiveUp(
                english(
                    "The column {cursor_column} does not sort by the values that it shows.",
                    cursor_column=repr(self.params.cursor_column),
                )
            )
