"""The newest notable facts; of a segment, those of its accounts."""

from typing import Any

import polars as pl

from metrics import read
from metrics.read import AccountFilter
from pages.parts import cards, news, numbers
from pages.parts.kept import kept
from pages.parts.segment import Segment

SHOWN = 8
FAR = 2_000


def panel(edition: str, of: Segment, info: Any) -> None:
    with cards.panel(
        "feed", "Latest facts", f"Customers gained, changed and lost; payments that failed · {of.label}"
    ):
        news.feed(newest(edition, of), info)


@kept(32)
def newest(edition: str, of: Segment) -> pl.DataFrame:
    if of == Segment():
        return numbers.feed(edition, SHOWN)
    where = AccountFilter(segments={of.dimension: of.name})
    ids = read.accounts(numbers.settings(), edition, where=where, limit=numbers.EVERY)["account_id"]
    rows = numbers.feed(edition, FAR)
    return rows.filter(pl.col("account_id").is_in(ids.implode())).head(SHOWN)
