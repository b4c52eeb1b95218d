"""Whose numbers are shown."""

from dataclasses import dataclass

from pages.parts import words


@dataclass(frozen=True)
class Segment:
    """All accounts, or those with one value of an attribute."""

    dimension: str = "all"
    name: str = "all"

    @property
    def label(self) -> str:
        return words.segment(self.dimension, self.name)
