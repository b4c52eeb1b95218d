"""What cohorts come to together: the weighted mean of each period, with its interval."""

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

import polars as pl

from metrics.functions import Z


@dataclass(frozen=True)
class Mean:
    """All complete cohorts together: Σ part / Σ whole. `lower`, `upper`: of a share of accounts only.

    The interval is Wilson's 95 % of the pooled counts: it takes accounts for independent, and says nothing of
    how far cohorts differ from each other.
    """

    index: int
    part: Decimal
    whole: Decimal
    cohorts: int
    lower: float | None
    upper: float | None

    @property
    def share(self) -> float | None:
        return float(self.part / self.whole) if self.whole else None


def interval(hits: float, tries: float) -> tuple[float, float]:
    """Wilson's score interval (Wilson 1927), exact where nobody or everybody hit."""
    middle, spread = 2 * hits + Z * Z, Z * sqrt(Z * Z + 4 * hits * (1 - hits / tries))
    under = 2 * (tries + Z * Z)
    return (
        0.0 if hits == 0 else (middle - spread) / under,
        1.0 if hits == tries else (middle + spread) / under,
    )


def means(cells: pl.DataFrame, *, of_accounts: bool, smallest: int = 0) -> list[Mean]:
    """The mean of each period over complete cells of cohorts with at least `smallest` accounts."""
    sums = (
        cells.filter(pl.col("complete") & (pl.col("size") >= smallest))
        .group_by("period_index")
        .agg(pl.col("part").sum(), pl.col("whole").sum(), pl.len().alias("cohorts"))
        .sort("period_index")
    )
    return [mean(*row, of_accounts=of_accounts) for row in sums.iter_rows()]


def mean(index: int, part: float, whole: float, cohorts: int, *, of_accounts: bool) -> Mean:
    known = of_accounts and whole > 0
    lower, upper = interval(float(part), float(whole)) if known else (None, None)
    return Mean(index, Decimal(part), Decimal(whole), cohorts, lower, upper)
