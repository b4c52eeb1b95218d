"""From the price of any billing period to a month: a year has 12 months, 52 weeks, 365 days."""

from fractions import Fraction

from data.intake.billing.node import Node, Unreadable
from data.speech import english

MONTHS = {
    "day": Fraction(12, 365),
    "week": Fraction(12, 52),
    "month": Fraction(1),
    "year": Fraction(12),
}
_LONGEST = 10_000  # periods in one billing period; more is a mistake


def months(unit: Node, count: Node) -> Fraction:
    """How many months a billing period of `count` units lasts; an absent count is one."""
    name = (unit.text() or "").lower()
    if name not in MONTHS:
        raise Unreadable(unit.path, unit.value, english("is not one of {choices}", choices=", ".join(MONTHS)))
    times = count.number()
    times = Fraction(1) if times is None else times
    if not 0 < times <= _LONGEST:
        raise Unreadable(count.path, count.value, english("is not between 1 and {longest}", longest=_LONGEST))
    return MONTHS[name] * times
