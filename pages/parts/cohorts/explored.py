"""What pages read of the explorer, kept by edition and question, within what the reader may see."""

from dataclasses import replace

import polars as pl

from metrics.explore import answer
from metrics.explore.answer import Answer
from metrics.explore.members import Place
from metrics.explore.question import Question
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


@kept(8)
def attributes(edition: str) -> list[str]:
    return answer.attributes(settings(), edition)


@kept(8)
def event_names(edition: str) -> tuple[list[str], int]:
    return answer.event_names(settings(), edition)


def within(question: Question, of: Segment) -> Question:
    return question if of == Segment() else replace(question, within=(of.dimension, of.name))
