"""What pages read of the explorer, kept by edition and question, within what the reader may see."""

from dataclasses import replace

import polars as pl

from metrics.explore import answer, names
from metrics.explore.answer import Answer
from metrics.explore.members import Place
from metrics.explore.names import Within
from metrics.explore.question import Question
from pages.parts import person
from pages.parts.configured import settings
from pages.parts.kept import kept
from pages.parts.segment import Segment

MOST = 60  # answers are larger than figures


@kept(MOST, tells=[Question])
def ask(edition: str, question: Question, of: Segment) -> Answer:
    return answer.ask(settings(), edition, within(question, of))


@kept(MOST, tells=[Question, Place])
def members(edition: str, question: Question, of: Segment, place: Place) -> pl.DataFrame:
    return answer.members(settings(), edition, within(question, of), place)


def attributes(edition: str) -> list[str]:
    """What the reader's accounts can be grouped by."""
    return attributes_within(edition, seen())


def event_names(edition: str) -> tuple[list[str], int]:
    """What the reader's accounts did."""
    return event_names_within(edition, seen())


@kept(8)
def attributes_within(edition: str, seen: Within) -> list[str]:
    return names.attributes(settings(), edition, seen)


@kept(8)
def event_names_within(edition: str, seen: Within) -> tuple[list[str], int]:
    return names.event_names(settings(), edition, seen)


def seen() -> Within:
    """The segment that the reader may see; nothing else is named to them."""
    own = person.scope()
    return (own.dimension, own.segment) if own else None


def within(question: Question, of: Segment) -> Question:
    return question if of == Segment() else replace(question, within=(of.dimension, of.name))
