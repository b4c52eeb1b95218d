"""SQL over active days: a column a month, a bit a day, the first of the month in the lowest."""

from collections.abc import Sequence
from datetime import date, timedelta

WORD = 63  # days in a word of an account's own clock: nine weeks, and the sign bit stays free


def next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(4)).replace(day=1)


def column_of(month: date) -> str:
    return f"active_{month:%Y_%m}"


def overlap(month: date, first: date, until: date) -> tuple[int, int] | None:
    """The days of `[first, until)` that lie in a month, as places `[from, to)` of its bits."""
    low, high = max(first, month), min(until, next_month(month))
    return ((low - month).days, (high - month).days) if low < high else None


def ones(first: int, until: int) -> int:
    return (1 << until) - (1 << first)


def active_between(first: date, until: date, months: Sequence[date], since: str = "") -> str:
    """SQL, true where an account was active in `[first, until)`; with `since`, from its own day on."""
    parts = []
    for month in months:
        if (places := overlap(month, first, until)) is None:
            continue
        bits = f"({column_of(month)} & {ones(*places)})"
        if since:
            bits = f"({bits} >> least(31, greatest(0, {since} - date '{month}')))"
        parts.append(bits)
    return f"({' | '.join(parts)}) <> 0" if parts else "false"


def words(months: Sequence[date]) -> list[str]:
    """SQL of the same days from the first month on, 63 to a word."""
    if not months:
        return []
    epoch, end = months[0], next_month(months[-1])
    count = -(-(end - epoch).days // WORD)
    return [word(months, epoch + timedelta(WORD * number)) for number in range(count)]


def word(months: Sequence[date], first: date) -> str:
    until = first + timedelta(WORD)
    parts = []
    for month in months:
        if (places := overlap(month, first, until)) is None:
            continue
        low, high = places
        shifted = f"((cast({column_of(month)} as bigint) >> {low}) & {ones(0, high - low)})"
        parts.append(f"({shifted} << {max(0, (month - first).days)})")
    return " | ".join(parts) or "cast(0 as bigint)"


def active_in_span(first: int, until: int) -> str:
    """SQL, true where an account was active on its own days `[first, until)`, of the words `own_0` …"""
    parts = []
    for number in range(first // WORD, (until - 1) // WORD + 1):
        low, high = max(first, WORD * number), min(until, WORD * (number + 1))
        parts.append(f"(own_{number} & {ones(low - WORD * number, high - WORD * number)})")
    return f"({' | '.join(parts)}) <> 0"
