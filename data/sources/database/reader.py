"""A connection that only reads: what a table or query gives, in the order of its cursor column."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.types import NullType

from data.errors import BadInput
from data.sources.database import connecting
from data.speech import english

COLON = re.compile(r"(?<![:\w\\]):(?=\w)")  # what SQLAlchemy would take for a parameter


@dataclass(frozen=True)
class Wanted:
    """What is read: a table or a query, the column that its rows are read in the order of, the patience."""

    url: str
    table: str | None
    query: str | None
    cursor_column: str
    timeout: int

    @property
    def rows(self) -> FromClause:
        if self.table:
            *schema, name = self.table.split(".")
            return table(name, schema=".".join(schema) or None)
        query = COLON.sub(r"\\:", (self.query or "").strip().rstrip(";"))
        return text(f"(\n{query}\n) as given")  # type: ignore[return-value]


class Reader:
    """Reads pages; each is a transaction of its own, so that nobody's vacuum waits for a long backfill."""

    def __init__(self, connection: Connection, wanted: Wanted) -> None:
        self.connection = connection
        self.wanted = wanted
        self.cursor: ColumnElement[Any] = column(wanted.cursor_column)
        self.columns: tuple[str, ...] = ()

    @property
    def place(self) -> int:
        """Where in a row the cursor column stands."""
        return self.columns.index(self.wanted.cursor_column)

    def look(self) -> None:
        """Find out which columns there are.

        Raises:
            BadInput: the cursor column is not among them, or two have one name.
        """
        with self.turn() as connection:
            self.columns = tuple(connection.execute(self._all().limit(0)).keys())
        name = self.wanted.cursor_column
        if name not in self.columns:
            raise BadInput(
                english(
                    "There is no column {name} to read by; there is: {columns}.",
                    name=repr(name),
                    columns=", ".join(self.columns),
                )
            )
        twice = [one for one in self.columns if self.columns.count(one) > 1]
        if twice:
            raise BadInput(
                english(
                    "The query gives the column {twice} twice; give one another name with `as`.",
                    twice=repr(twice[0]),
                )
            )

    def newest(self) -> Any:
        """The highest value of the cursor column; None where there is no row with one."""
        highest = select(self.cursor).select_from(self.wanted.rows).where(self.cursor.is_not(None))
        with self.turn() as connection:
            return connection.execute(highest.order_by(self.cursor.desc()).limit(1)).scalar()

    def count(self, low: Any, high: Any) -> int:
        within = select(func.count()).select_from(self.wanted.rows).where(*self._between(low, high))
        with self.turn() as connection:
            return connection.execute(within).scalar_one()

    def has_rows_without(self) -> bool:
        """Whether rows are passed over because their cursor column is empty."""
        empty = self._all().where(self.cursor.is_(None)).limit(1)
        with self.turn() as connection:
            return connection.execute(empty).first() is not None

    def page(self, after: Any, low: Any, high: Any, size: int) -> list[Row[Any]]:
        """The first rows after a value, or from `low` on, up to `high`."""
        begins = [] if after is None else [self.cursor > plain(after)]
        wanted = self._all().where(*begins, *self._between(None if begins else low, high))
        with self.turn() as connection:
            return list(connection.execute(wanted.order_by(self.cursor).limit(size)))

    def equals(self, value: Any, size: int) -> Iterator[Sequence[Row[Any]]]:
        """All rows that the database holds equal to a value, a few at a time."""
        with self.turn() as connection:
            alike = self._all().where(self.cursor == plain(value))
            found = connection.execute(alike, execution_options={"stream_results": True})
            yield from found.partitions(size)

    def _all(self) -> Select[Any]:
        return select(literal_column("*")).select_from(self.wanted.rows)

    def _between(self, low: Any, high: Any) -> list[ColumnElement[bool]]:
        begins = [] if low is None else [self.cursor >= plain(low)]
        return [*begins, self.cursor <= plain(high)]

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and changes nothing."""
        try:
            connecting.set_up(self.connection, self.wanted.timeout)
            yield self.connection
        except SQLAlchemyError as fault:
            raise connecting.in_a_sentence(fault, self.wanted.url) from None
        finally:
            self._end()

    def _end(self) -> None:
        try:
            self.connection.rollback()
        except DBAPIError:  # the server has gone; what was asked of it has said so
            self.connection.invalidate()


def plain(value: Any) -> ColumnElement[Any]:
    """A value for the driver as it is: a cast would have to know the column's type."""
    return bindparam(None, value, type_=NullType())


@contextmanager
def opened(wanted: Wanted) -> Iterator[Reader]:
    """A reader that knows the columns.

    Raises:
        BadInput: the database refuses what is asked of it.
        TryAgain: it does not answer.
    """
    with connecting.connected(wanted.url) as connection:
        reader = Reader(connection, wanted)
        reader.look()
        yield reader
