"""A worker's connections to the warehouse: one for each list of places in which bare names are looked up."""

from dataclasses import dataclass, field
from typing import Any

import duckdb

from metrics.kept import look_in

Connection = duckdb.DuckDBPyConnection
MOST_PARSED = 2_000  # a refresh has some hundred statements; those that hold an instant never come again
_parsed: dict[str, duckdb.Statement] = {}


def run(session: Connection, sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """All rows of one statement, parsed once in the life of the process: that is a tenth of a refresh."""
    return session.execute(parsed(session, sql), parameters or {}).fetchall()


def parsed(session: Connection, sql: str) -> duckdb.Statement:
    statement = _parsed.get(sql)
    if statement is None:
        [statement] = session.extract_statements(sql)
        if len(_parsed) >= MOST_PARSED:
            _parsed.clear()
        _parsed[sql] = statement
    return statement


@dataclass
class Session:
    """`place`: the schema of the kept tables; `origin`: a connection to the warehouse."""

    origin: Connection
    place: str
    opened: dict[tuple[str, ...], Connection] = field(default_factory=dict)

    def looking_in(self, *first: str) -> Connection:
        """The connection to which a bare name is a table of `first`, or else of `steps.main`."""
        if first not in self.opened:
            self.opened[first] = self.origin.cursor()
            look_in(self.opened[first], self.place, *first, "steps.main")
        return self.opened[first]

    def close(self) -> None:
        for connection in self.opened.values():
            connection.close()
