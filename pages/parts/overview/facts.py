"""The newest notable facts; of a segment, those of its accounts."""

from typing import Any

import polars as pl

from metrics import read
from pages.parts import cards, news, numbers
from pages.parts.kept import kept
from pages.parts.segment import Segment
from pages.parts.speech import say

SHOWN = 8


def panel(edition: str, of: Segment, info: Any) -> None:
    with cards.panel(
        "feed",
        say("Latest facts"),
        say("Customers gained, changed and lost; payments that failed · {segment}", segment=of.marked),
    ):
        news.feed(newest(edition, of), info)


@kept(32)
def newest(edition: str, of: Segment) -> pl.DataFrame:
    return read.feed(numbers.settings(), edition, SHOWN, dimension=of.dimension, segment=of.name)
