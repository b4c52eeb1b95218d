"""What can be read: its parameters, the columns of its rows, and the page that a request asks for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from data.settings import Settings
from engine.api import cursors
from engine.api.access import Caller
from engine.api.cursors import Cursor
from engine.api.formats import NAMES
from engine.api.parameters import Parameter, Query, choice, text, whole

Kind = Literal["text", "day", "instant", "number", "money", "whole", "flag"]
SCHEMAS: dict[Kind, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "day": {"type": ["string", "null"], "format": "date"},
    "instant": {"type": ["string", "null"], "format": "date-time"},
    "number": {"type": ["number", "null"]},
    "money": {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$"},
    "whole": {"type": ["integer", "null"]},
    "flag": {"type": ["boolean", "null"]},
}
MOST = 100_000
DEFAULT = 10_000
PAGING = (
    Parameter("limit", "How many rows a page has at most", whole(1, MOST), default=DEFAULT, example=1000),
    Parameter("cursor", "Where the page begins: as the link `rel=next` of the page before gives it", text()),
    Parameter("format", "How to write the rows, whatever is accepted", choice(NAMES)),
)
APART = ("limit", "cursor", "format")  # what may differ from page to page


@dataclass(frozen=True)
class Column:
    """A column of the rows."""

    name: str
    kind: Kind
    about: str


@dataclass(frozen=True)
class Asked:
    """A request that was read: by whom, for what, and from where on."""

    settings: Settings
    caller: Caller
    query: Query
    resource: str

    @property
    def digest(self) -> str:
        """What is asked for, whichever page of it, by whom of the same scope."""
        return cursors.digest(self.resource, self.caller.token.scope, self.query.without(*APART))

    @property
    def limit(self) -> int:
        return int(self.query["limit"])

    @property
    def cursor(self) -> Cursor | None:
        return cursors.read(self.query["cursor"], self.digest) if self.query["cursor"] else None


@dataclass(frozen=True)
class Page:
    """Rows, where the next begin if there are more, and what is said beside them."""

    rows: pl.DataFrame
    following: Cursor | None
    beside: dict[str, object] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Resource:
    """A path under /api/v1 that is read page by page.

    `stamp` names the state of what would be read, where that is known before reading; a page of the same
    stamp and the same query is the same page.
    """

    name: str
    title: str
    about: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    page: Callable[[Asked], Page]
    stamp: Callable[[Asked], str | None]
    beside: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def declared(self) -> tuple[Parameter, ...]:
        return (*self.parameters, *PAGING)
