"""What a weekly letter holds: all that its words and pictures are made of, from one edition."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict

from data.speech import ENGLISH
from data.speech.figures import value

WHAT = "digest"  # what the outbox calls it


class Piece(BaseModel):
    model_config = ConfigDict(frozen=True)


class Card(Piece):
    """A driver: its last complete figure, the one before, its target, its last periods."""

    metric: str
    title: str
    unit: str
    better: Literal["up", "down", "none"]
    grain: Literal["day", "week", "month"]
    start: date
    value: float | None
    before: float | None
    target: float | None = None
    trend: tuple[tuple[date, float | None], ...] = ()


class Bar(Piece):
    """MRR gained or lost in a month by one kind of movement."""

    start: date
    movement: str
    amount: float
    is_over: bool = True


class Letter(Piece):
    """One week's letter. `moved`, `fires`: sentences, the most important first; `firing`: how many fire.

    `language`: what its titles and sentences were written in, and the rest of it is.
    """

    digest_id: int
    language: str = ENGLISH
    week: date
    about: str
    currency: str
    zone: str
    edition: str
    as_of: datetime
    written_at: datetime
    cards: tuple[Card, ...]
    moved: tuple[str, ...]
    firing: int
    fires: tuple[str, ...]
    bars: tuple[Bar, ...] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Letter":
        return cls.model_validate(stored)

    @property
    def stored(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.model_dump_json())
        return found

    def write(self, number: float | None, unit: str) -> str:
        return value(number, unit, self.currency)
