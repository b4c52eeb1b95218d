"""How each language writes numbers, dates and amounts: Babel's rules, looked up once."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

SPACE = "\u00a0"
STEPS = (1e12, 1e9, 1e6, 1e3)


@dataclass(frozen=True)
class Writing:
    """Marks and names of a language; `units`: second, minute, hour, days, and a broken number of days."""

    language: str
    decimal: str = "."
    group: str = ","
    steps: tuple[str, ...] = ("T", "B", "M", "k")
    percent: str = f"{SPACE}%"
    points: str = f"{SPACE}pp"
    units: tuple[str, ...] = ("s", "min", "h", "d", "d")
    months: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    week: str = "week of {day}"
    short_year: str = "’%y"
    is_sign_last: bool = False
    swaps: dict[int, str] = field(init=False)  # what stands for Python's comma and point

    def __post_init__(self) -> None:
        object.__setattr__(self, "swaps", {ord(","): self.group, ord("."): self.decimal})

    def month(self, when: date) -> str:
        return self.months[when.month - 1]

    def weekday(self, when: date) -> str:
        return self.days[when.weekday()]


def english() -> Writing:
    """Written out: it must not change with the version of a library."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return Writing("en", months=months, days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


def polish() -> Writing:
    from babel import Locale  # noqa: PLC0415 (takes a while to load, for English not needed)

    known = Locale("pl")
    symbols: Any = known.number_symbols["latn"]
    short: Any = known.compact_decimal_formats["short"]["other"]
    return Writing(
        "pl",
        decimal=symbols["decimal"],
        group=symbols["group"],
        steps=tuple(
            SPACE + str(short[f"{step:.0f}"].pattern).strip("0 \u00a0").replace("'", "") for step in STEPS
        ),
        percent="%",
        points=f"{SPACE}p.p.",
        units=("s", "min", "godz.", "dni", "dnia"),
        months=tuple(known.months["format"]["abbreviated"][number] for number in range(1, 13)),
        days=tuple(known.days["format"]["abbreviated"][number] for number in range(7)),
        week="tydzień od {day}",
        short_year="%Y",
        is_sign_last=known.currency_formats["standard"].pattern.endswith("¤"),
    )


MADE = {"en": english, "pl": polish}


@cache
def of(language: str) -> Writing:
    """How a language writes; one that has no rules here writes as English does."""
    return MADE.get(language, english)()
