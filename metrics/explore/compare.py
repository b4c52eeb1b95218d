"""Two groups or two cohorts held against each other, cell by cell, with a test that knows how many."""

from dataclasses import dataclass
from datetime import date
from math import erfc, exp, lgamma, sqrt

import polars as pl

from metrics.explore.means import interval

LEVEL = 0.05
SMALL = 5.0  # fewer expected in any of the four fields: Fisher's exact test (Cochran 1954)


@dataclass(frozen=True)
class Contrast:
    """What `one` has more than `other` in a cell. The test's fields are None where there is nothing to test.

    lower, upper: Newcombe's 95 % interval of the difference (hybrid score, method 10, Newcombe 1998).
    p: of the two-proportion z-test with pooled variance, or of Fisher's exact test where counts are small.
    adjusted: Holm's (1979), over all cells that were tested together; `is_real` where it is below 5 %.
    """

    cohort_start: date | None
    index: int
    one: tuple[float, float]  # part, whole
    other: tuple[float, float]
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    adjusted: float | None = None

    @property
    def difference(self) -> float | None:
        (a, m), (b, n) = self.one, self.other
        return a / m - b / n if m and n else None

    @property
    def is_real(self) -> bool:
        return self.adjusted is not None and self.adjusted < LEVEL


def newcombe(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """The interval of p1 - p2 from the two Wilson intervals (Newcombe 1998, method 10)."""
    (a, m), (b, n) = one, other
    p, q = a / m, b / n
    (l1, u1), (l2, u2) = interval(a, m), interval(b, n)
    return (
        p - q - sqrt((p - l1) ** 2 + (u2 - q) ** 2),
        p - q + sqrt((u1 - p) ** 2 + (q - l2) ** 2),
    )


def p_value(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Two-sided: how often chance alone would set two equal shares as far apart."""
    (a, m), (b, n) = one, other
    pooled = (a + b) / (m + n)
    if min(pooled, 1 - pooled) * min(m, n) < SMALL:
        return fisher(int(a), int(m), int(b), int(n))
    z = (a / m - b / n) / sqrt(pooled * (1 - pooled) * (1 / m + 1 / n))
    return erfc(abs(z) / sqrt(2))


def fisher(a: int, m: int, b: int, n: int) -> float:
    """Fisher's exact test, two-sided: all tables with these margins that are no likelier than the one seen.

    SciPy's takes seconds to import, and a page waits for this one.
    """
    hits, least = a + b, max(0, a + b - n)
    logs = [chance(k, m) + chance(hits - k, n) for k in range(least, min(hits, m) + 1)]
    seen, whole = logs[a - least], chance(hits, m + n)
    return min(1.0, sum(exp(one - whole) for one in logs if one <= seen + 1e-7))


def chance(hits: int, tries: int) -> float:
    """The logarithm of how many ways there are to choose so many."""
    return lgamma(tries + 1) - lgamma(hits + 1) - lgamma(tries - hits + 1)


def holm(found: list[float]) -> list[float]:
    """The p-values as they count when all are looked at together (Holm 1979), in the order given."""
    order = sorted(range(len(found)), key=found.__getitem__)
    adjusted, highest = [0.0] * len(found), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(found) - rank) * found[place]))
        adjusted[place] = highest
    return adjusted


def contrasts(
    one: pl.DataFrame,
    other: pl.DataFrame,
    *,
    of_accounts: bool,
    smallest: int = 0,
    by_cohort: bool = True,
) -> list[Contrast]:
    """Cells that are complete in both and of at least `smallest` accounts; period 0 is shown, never tested.

    one, other: cells of one group each, or (not `by_cohort`) of one cohort each.
    """
    keys = ["cohort_start", "period_index"] if by_cohort else ["period_index"]
    left, right = (usable(cells, smallest) for cells in (one, other))
    both = left.join(right, on=keys, suffix="_other").sort(keys)
    found = [
        Contrast(
            row["cohort_start"] if by_cohort else None,
            row["period_index"],
            (float(row["part"]), float(row["whole"])),
            (float(row["part_other"]), float(row["whole_other"])),
        )
        for row in both.iter_rows(named=True)
    ]
    return tested(found) if of_accounts else found


def usable(cells: pl.DataFrame, smallest: int) -> pl.DataFrame:
    return cells.filter(pl.col("complete") & (pl.col("size") >= smallest) & (pl.col("whole") > 0))


def tested(found: list[Contrast]) -> list[Contrast]:
    later = [cell for cell in found if cell.index > 0]
    values = [p_value(cell.one, cell.other) for cell in later]
    adjusted = dict(zip([id(cell) for cell in later], zip(values, holm(values), strict=True), strict=True))
    return [with_test(cell, *adjusted.get(id(cell), (None, None))) for cell in found]


def with_test(cell: Contrast, p: float | None, adjusted: float | None) -> Contrast:
    lower, upper = newcombe(cell.one, cell.other)
    return Contrast(cell.cohort_start, cell.index, cell.one, cell.other, lower, upper, p, adjusted)
