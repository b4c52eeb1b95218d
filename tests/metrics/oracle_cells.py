"""What a cell of the metrics table holds, and the periods it is given for."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import sqrt
from typing import NamedTuple

from tests.metrics.oracle_calendar import Span, midnight, spans
from tests.metrics.oracle_facts import Seen

Z = 1.959963984540054
Number = int | float | Decimal


@dataclass(frozen=True)
class Cell:
    """What a row of the metrics table says, next to its key."""

    value: Number | None
    numerator: Number | None = None
    denominator: Number | None = None
    lower: float | None = None
    upper: float | None = None
    complete: bool = False


class Key(NamedTuple):
    metric: str
    grain: str
    period_start: date
    dimension: str
    segment: str


def wilson(successes: int, trials: int) -> tuple[float | None, float | None]:
    """The Wilson 95 % interval; nothing where nothing was tried."""
    if trials == 0:
        return None, None
    share = successes / trials
    middle = share + Z * Z / (2 * trials)
    reach = Z * sqrt(share * (1 - share) / trials + Z * Z / (4 * trials * trials))
    scale = 1 + Z * Z / trials
    return (middle - reach) / scale, (middle + reach) / scale


def rate(numerator: int, denominator: int, complete: bool) -> Cell:
    lower, upper = wilson(numerator, denominator)
    return Cell(quotient(numerator, denominator), numerator, denominator, lower, upper, complete)


def ratio(numerator: Number, denominator: Number, complete: bool) -> Cell:
    return Cell(quotient(numerator, denominator), numerator, denominator, complete=complete)


def quotient(numerator: Number, denominator: Number) -> Number | None:
    """A plain division; null, not 0, where there is nothing to divide by."""
    return float(Fraction(numerator) / Fraction(denominator)) if denominator else None


def has_ended(seen: Seen, span: Span, wait: timedelta = timedelta()) -> bool:
    return midnight(seen.rules.timezone, span.end) + wait <= seen.as_of


def spans_from(seen: Seen, first: date, grain: str) -> list[Span]:
    return spans(first, seen.day_of(seen.as_of), grain, seen.rules.week_start)


def account_spans(seen: Seen, grain: str) -> list[Span]:
    """Every period from that of the first account on; none where no account is seen."""
    if not seen.accounts:
        return []
    return spans_from(seen, seen.day_of(min(row["created_at"] for row in seen.accounts.values())), grain)
