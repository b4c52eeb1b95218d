"""How numbers, changes, periods and instants are written, on screens and in what is sent."""

import re
from datetime import date, datetime, timedelta
from math import floor, isfinite, log10
from typing import Any
from zoneinfo import ZoneInfo

from data.speech import say, whole, writing, written

NONE = "—"
MINUS = "−"
THIN = "\u00a0"
NO_DIGITS = re.compile(r"\D+$")
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "PLN": "zł"}
AFTER = {"PLN"}
STEPS = writing.STEPS


def three(number: float) -> str:
    """A number of at least 0 with three significant digits, at most two decimals."""
    if number == 0:
        return "0"
    rounded = float(f"{number:.3g}")  # 99.96 is 100, not 100.0
    decimals = max(0, min(2, 2 - floor(log10(rounded))))
    return decimal(number, decimals)


def number(value: object) -> str:
    """1,204 and 1,204.5, with as many places as it has."""
    return f"{value:,}".translate(written().swaps)


def decimal(number: Any, decimals: int) -> str:
    """1,204.50, with a true minus."""
    return f"{number:,.{decimals}f}".replace("-", MINUS).translate(written().swaps)


def fixed(number: float, decimals: int) -> str:
    """1204.5: not set in groups."""
    return f"{number:.{decimals}f}".translate(written().swaps)


def plain(number: float) -> str:
    """3.5, in four digits at most."""
    return f"{number:.4g}".translate(written().swaps)


def signed(text: str, number: float) -> str:
    return f"{MINUS}{text}" if number < 0 else text


def short(number: float) -> str:
    """1,204 · 12.3k · 1.24M: whole numbers in full up to 9,999."""
    size = abs(number)
    if size < 9_999.5 and number == round(number):
        return signed(whole(size), number)
    for step, letter in zip(STEPS, written().steps, strict=True):
        if size >= step * 0.9995:
            return signed(three(size / step) + letter, number)
    return signed(three(size), number)


def currency(text: str, code: str) -> str:
    """Puts the sign of a currency to an amount, before or after it as its readers do."""
    here = written()
    sign = SIGNS.get(code)
    if sign is None or here.is_sign_last or code in AFTER:
        return f"{text}{THIN}{sign or code}"
    return f"{MINUS}{sign}{text[1:]}" if text.startswith(MINUS) else f"{sign}{text}"


def money(amount: float, code: str) -> str:
    """$1.24M, three significant digits."""
    size = abs(amount)
    text = short(amount) if size >= 999.5 else signed(three(size), amount)
    return currency(grouped(text, size, amount), code)


def level(amount: float, code: str) -> str:
    """$0 · $2.5k · €10k: a round amount beside an axis; currencies without a sign stand in its title."""
    size = abs(amount)
    letters = zip(STEPS, written().steps, strict=True)
    step, letter = next(((step, letter) for step, letter in letters if size >= step), (1.0, ""))
    text = signed(plain(size / step) + letter, amount)
    return currency(text, code) if code in SIGNS else text


def grouped(text: str, size: float, amount: float) -> str:
    """Amounts from 1,000 up get their letter even where they are whole."""
    return signed(three(size / 1e3) + written().steps[-1], amount) if 999.5 <= size < 999_500 else text


def money_exact(amount: object, code: str) -> str:
    """$1,240,512.30, to the cent; four places only where they are needed."""
    text = decimal(amount, 4)
    return currency(text[:-2] if text.endswith("00") else text, code)


def cents(amount: object, code: str) -> str:
    """$1,240,512.30, to the cent."""
    return currency(decimal(amount, 2), code)


def money_change(amount: float, code: str) -> str:
    """+$11.4k."""
    return f"+{money(amount, code)}" if amount > 0 else money(amount, code)


def hours(number: float) -> str:
    """38 min · 3.2 h · 2.5 d."""
    _, minute, hour, _, day_part = written().units
    if number < 0.995:
        return f"{number * 60:.0f}{THIN}{minute}"
    if number < 48:
        return f"{fixed(number, 1)}{THIN}{hour}"
    return f"{fixed(number / 24, 1)}{THIN}{day_part}"


def percent(share: float) -> str:
    size = abs(share) * 100
    return signed(f"{three(size)}{written().percent}", share)


def value(number: float | None, unit: str, code: str = "USD") -> str:
    """A figure as a card shows it; null is a dash."""
    if number is None or not isfinite(number):
        return NONE
    if unit == "rate":
        return percent(number)
    if unit == "money":
        return money(number, code)
    if unit == "hours":
        return hours(number)
    return short(number) if unit == "count" else signed(three(abs(number)), number)


def exact(number: float | None, unit: str, code: str = "USD") -> str:
    """A figure as its hover text and its tables show it."""
    if number is None or not isfinite(number):
        return NONE
    if unit == "rate":
        return signed(f"{fixed(abs(number) * 100, 4)}{written().percent}", number)
    if unit == "money":
        return money_exact(number, code)
    if unit == "hours":
        return f"{number:,.3f}".translate(written().swaps) + THIN + written().units[2]
    return decimal(number, 0 if unit == "count" else 4)


def plus(number: float, decimals: int) -> str:
    """A number with its sign, a true minus, and no sign at nought."""
    text = f"{abs(number):,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        return "0"
    short_text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{'+' if number > 0 else MINUS}{short_text.translate(written().swaps)}"


def points(difference: float) -> str:
    """+2.1 pp, from a difference of two shares."""
    size = abs(difference) * 100
    return f"{plus(difference * 100, 1 if size >= 0.095 else 2)}{written().points}"


def is_nothing(text: str) -> bool:
    """Whether a change, as written, is none."""
    return text.removesuffix(written().points).removesuffix(written().percent) == "0"


def change(now: float | None, before: float | None, unit: str) -> str:
    """+2.1 pp for rates, +0.12 for ratios, +4 % for amounts; a dash where there is nothing to compare."""
    if now is None or before is None:
        return NONE
    if unit == "rate":
        return points(now - before)
    if unit == "ratio":
        return plus(now - before, 2)
    if before == 0:
        return "0" if now == 0 else say("from 0")
    relative = (abs(now) - abs(before) if is_loss(now, before) else now - before) / abs(before) * 100
    return f"{plus(relative, 1 if abs(relative) < 9.95 else 0)}{written().percent}"


def difference(by: float, unit: str, code: str) -> str:
    """+2.1 pp, +$1.2k."""
    if unit == "rate":
        return points(by)
    return f"+{value(by, unit, code)}" if by > 0 else value(by, unit, code)


def moved(now: float, before: float) -> str:
    """rose or fell; of a loss, grew or shrank."""
    if is_loss(now, before):
        return "shrank" if now > before else "grew"
    return "rose" if now > before else "fell"


def is_loss(now: float, before: float) -> bool:
    """Losses are negative amounts; one that falls further has grown."""
    return now <= 0 and before < 0


def interval(lower: float | None, upper: float | None, unit: str, code: str = "USD") -> str:
    """40.1–44.2 %: the unit once."""
    if lower is None or upper is None:
        return ""
    low, high = value(lower, unit, code), value(upper, unit, code)
    if unit == "rate":
        return f"{low.removesuffix(written().percent)}–{high}"
    return f"{low.removesuffix(ending(high))}–{high}" if written().is_sign_last else f"{low}–{high}"


def ending(figure: str) -> str:
    """What follows the last digit."""
    return figure[len(NO_DIGITS.sub("", figure)) :]


def day(when: date) -> str:
    return f"{when.day}{THIN}{written().month(when)}"


def day_of(when: date) -> str:
    return f"{day(when)}{THIN}{when:%Y}"


def month(when: date) -> str:
    """Nov 2026."""
    return f"{written().month(when)}{THIN}{when:%Y}"


def period(start: date, grain: str) -> str:
    """Mon 9 Nov · week of 9 Nov · Nov 2026."""
    if grain == "month":
        return month(start)
    here = written()
    return here.week.format(day=day(start)) if grain == "week" else f"{here.weekday(start)} {day(start)}"


def period_short(start: date, grain: str) -> str:
    """9 Nov ’26 · Nov ’26, for narrow columns."""
    here = written()
    year = f"{start:{here.short_year}}"
    return f"{here.month(start)} {year}" if grain == "month" else f"{day(start)} {year}"


def local(instant: datetime, zone: str) -> datetime:
    """A naive UTC instant on the company's clock."""
    return instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))


def clock(instant: datetime, zone: str) -> str:
    return f"{local(instant, zone):%H:%M:%S}"


def moment(instant: datetime, zone: str) -> str:
    """9 Nov 2026, 14:32."""
    when = local(instant, zone)
    return f"{day_of(when.date())}, {when:%H:%M}"


def ago(span: timedelta) -> str:
    """12 s · 4 min · 3 h · 12 d."""
    seconds = max(0.0, span.total_seconds())
    second, minute, hour, days, _ = written().units
    if seconds < 60:
        return f"{seconds:.0f}{THIN}{second}"
    if seconds < 3600:
        return f"{seconds / 60:.0f}{THIN}{minute}"
    return f"{seconds / 3600:.0f}{THIN}{hour}" if seconds < 172_800 else f"{seconds / 86_400:.0f}{THIN}{days}"


def span(length: timedelta) -> str:
    """0.8 s · 12 s · 4 min, for what passes quickly."""
    seconds = max(0.0, length.total_seconds())
    return f"{fixed(seconds, 1)}{THIN}{written().units[0]}" if seconds < 9.95 else ago(length)
