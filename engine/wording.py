"""How messages write numbers, periods and instants: as the pages do, which the engine cannot ask."""

from datetime import UTC, date, datetime, timedelta
from math import floor, isfinite, log10
from zoneinfo import ZoneInfo

from data.calendar import Grain

NONE = "—"
MINUS = "−"
FIRM = "\u00a0"  # a space at which no line breaks
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "PLN": "zł"}
AFTER = {"PLN"}
STEPS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


def value(number: float | None, unit: str, currency: str = "USD") -> str:
    """A figure in its unit: 42.1 %, $1.24M, 3.2 h, 1,204; null is a dash."""
    if number is None or not isfinite(number):
        return NONE
    if unit == "rate":
        return f"{_signed(_three(abs(number) * 100), number)}{FIRM}%"
    if unit == "money":
        return _money(number, currency)
    if unit == "hours":
        return _hours(number)
    return _short(number) if unit == "count" else _signed(_three(abs(number)), number)


def period(start: date, grain: Grain) -> str:
    """on Mon 9 Nov 2026 · in the week of 9 Nov 2026 · in Nov 2026."""
    if grain == "month":
        return f"in {start:%b %Y}"
    return f"in the week of {_day(start)}" if grain == "week" else f"on {start:%a} {_day(start)}"


def moment(instant: datetime, zone: str) -> str:
    """A naive UTC instant on the clocks of a zone: 9 Nov 2026, 14:32."""
    local = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return f"{_day(local.date())}, {local:%H:%M}"


def span(length: timedelta) -> str:
    """4 min · 3 h · 12 d."""
    seconds = max(0.0, length.total_seconds())
    if seconds < 3600:
        return f"{seconds / 60:.0f}{FIRM}min"
    return f"{seconds / 3600:.0f}{FIRM}h" if seconds < 172_800 else f"{seconds / 86_400:.0f}{FIRM}d"


def plural(count: int, one: str) -> str:
    return f"{count:,} {one if count == 1 else one + 's'}"


def segment(dimension: str, name: str) -> str:
    """all accounts · plan pro."""
    return "all accounts" if dimension == "all" else f"{dimension.replace('_', ' ')} {name}"


def _day(when: date) -> str:
    return f"{when.day} {when:%b %Y}"


def _three(size: float) -> str:
    """Three significant digits, at most two decimals."""
    if size == 0:
        return "0"
    rounded = float(f"{size:.3g}")  # 99.96 is 100, not 100.0
    decimals = max(0, min(2, 2 - floor(log10(rounded))))
    return f"{size:,.{decimals}f}"


def _signed(text: str, number: float) -> str:
    return f"{MINUS}{text}" if number < 0 else text


def _short(number: float) -> str:
    """Whole numbers in full up to 9,999, larger ones with a letter."""
    size = abs(number)
    if size < 9_999.5 and number == round(number):
        return _signed(f"{size:,.0f}", number)
    for step, letter in STEPS:
        if size >= step * 0.9995:
            return _signed(_three(size / step) + letter, number)
    return _signed(_three(size), number)


def _money(amount: float, code: str) -> str:
    size = abs(amount)
    text = _short(amount) if size >= 999.5 else _signed(_three(size), amount)
    if 999.5 <= size < 999_500:
        text = _signed(f"{_three(size / 1e3)}k", amount)
    sign = SIGNS.get(code, code)
    if code not in SIGNS or code in AFTER:
        return f"{text}{FIRM}{sign}"
    return f"{MINUS}{sign}{text[1:]}" if text.startswith(MINUS) else f"{sign}{text}"


def _hours(number: float) -> str:
    if number < 0.995:
        return f"{number * 60:.0f}{FIRM}min"
    return f"{number:.1f}{FIRM}h" if number < 48 else f"{number / 24:.1f}{FIRM}d"
