"""The cohort triangle as a whole: the mean row, in which every cohort weighs what it is."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl


@dataclass(frozen=True)
class Mean:
    """All complete cohorts `index` periods after their start; `share` is null where nothing divides it."""

    index: int
    part: Decimal
    whole: Decimal
    cohorts: int

    @property
    def share(self) -> float | None:
        return float(self.part / self.whole) if self.whole else None


def weighted_means(rows: pl.DataFrame, part: str, whole: str) -> list[Mean]:
    """Σ part / Σ whole over the cohorts whose period has ended, by period index.

    rows: of the cohorts table, of one grain and segment. part, whole: two of its columns, exact.
    """
    sums = (
        rows.lazy()
        .filter(pl.col("complete"))
        .group_by("period_index")
        .agg(pl.col(part).sum().alias("part"), pl.col(whole).sum().alias("whole"), pl.len().alias("cohorts"))
        .sort("period_index")
        .collect()
    )
    return [Mean(index, Decimal(p), Decimal(w), count) for index, p, w, count in sums.iter_rows()]
