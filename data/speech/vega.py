"""How Vega writes the numbers and dates of a language on charts."""

from functools import lru_cache
from typing import Any

from babel import Locale

from data.speech import ENGLISH, language, writing, written

Spec = dict[str, Any]
LETTERS = ("T", "G", "M", "k")  # of thousands in Vega's short numbers, the largest first


def short_labels() -> Spec:
    """For an axis of short numbers: 15 tys. in the place of 15k."""
    if language() == ENGLISH:
        return {}
    said = "datum.label"
    for letter, step in zip(LETTERS, written().steps, strict=True):
        said = f"replace({said}, '{letter}', '{step}')"
    return {"labelExpr": f"datum.value === 0 ? '0' : {said}"}


@lru_cache(maxsize=8)
def conventions(language: str) -> Spec:
    """How Vega writes numbers and dates."""
    known, rules = Locale(language), writing.of(language)
    number = {
        "decimal": rules.decimal,
        "thousands": rules.group,
        "grouping": [3],
        "currency": ["", "\u00a0$"],
    }
    return {"number": number, "time": _times(known)}


def _times(known: Locale) -> Spec:
    days: Any = {width: known.days["format"][width] for width in ("wide", "abbreviated")}
    months: Any = {width: known.months["format"][width] for width in ("wide", "abbreviated")}
    sunday_first = (6, 0, 1, 2, 3, 4, 5)
    return {
        "dateTime": "%A, %-d %B %Y, %X",
        "date": "%d.%m.%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": [days["wide"][day] for day in sunday_first],
        "shortDays": [days["abbreviated"][day] for day in sunday_first],
        "months": [months["wide"][month] for month in range(1, 13)],
        "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
    }
