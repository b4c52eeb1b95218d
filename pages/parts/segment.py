"""Whose numbers are shown, of when."""

from dataclasses import dataclass
from html import escape
from typing import Literal

from pages.parts import words

Grain = Literal["day", "week", "month"]


@dataclass(frozen=True)
class Segment:
    """All accounts, or those with one value of an attribute."""

    dimension: str = "all"
    name: str = "all"

    @property
    def label(self) -> str:
        return words.segment(self.dimension, self.name)

    @property
    def marked(self) -> str:
        """The same as HTML: names of segments come from outside."""
        return escape(self.label)


@dataclass(frozen=True)
class View:
    """What a page shows: an edition's newest periods of one grain, of one segment."""

    edition: str
    grain: Grain
    of: Segment
    newest: int
    code: str
