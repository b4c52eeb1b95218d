"""Changes as letters write them: points for rates, per cent for amounts."""

from engine import wording


def changed(now: float | None, before: float | None, unit: str) -> str:
    """+2.1 pp, +4.0 %; a dash where there is nothing to compare."""
    if now is None or before is None:
        return wording.NONE
    if unit == "rate":
        return f"{sign(now - before)}{abs(now - before) * 100:.1f}{wording.FIRM}pp"
    if unit == "ratio":
        return f"{sign(now - before)}{abs(now - before):.2f}"
    if before == 0:
        return "from 0"
    share = (abs(now) - abs(before)) if now <= 0 and before < 0 else now - before
    return f"{sign(share)}{abs(share / before) * 100:.1f}{wording.FIRM}%"


def sign(number: float) -> str:
    return "" if number == 0 else "+" if number > 0 else wording.MINUS
