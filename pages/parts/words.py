"""How figures and names are written on screen."""

import re
from html import escape
from typing import Literal

from data.speech.figures import (  # noqa: F401 (how figures are written, wherever they stand)
    MINUS,
    NONE,
    SIGNS,
    THIN,
    ago,
    cents,
    change,
    clock,
    currency,
    day,
    day_of,
    decimal,
    difference,
    ending,
    exact,
    fixed,
    grouped,
    hours,
    interval,
    is_loss,
    is_nothing,
    level,
    local,
    moment,
    money,
    money_change,
    money_exact,
    month,
    moved,
    number,
    percent,
    period,
    period_short,
    plus,
    points,
    short,
    signed,
    span,
    three,
    value,
)
from pages.parts.speech import later, say, whole

Unit = Literal["rate", "count", "money", "hours", "ratio"]
CODE = re.compile("`([^`]+)`")
MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+.!|~<>$:-]")


def arrow(now: float, before: float) -> str:
    """Up for what has grown, a loss too."""
    return "▲" if (now < before if is_loss(now, before) else now > before) else "▼"


def verdict(now: float | None, before: float | None, better: str) -> str:
    """better, worse, or nothing to say; a key, and said where it is shown."""
    if now is None or before is None or now == before or better == "none":
        return ""
    return later("better") if (now > before) == (better == "up") else later("worse")


def marked(text: str) -> str:
    """Text as HTML, with what stands in backticks as code."""
    return CODE.sub(r"<code>\1</code>", escape(text))


def literal(text: str) -> str:
    """Text from outside for what takes Markdown, of which it means nothing."""
    return MARKDOWN.sub(r"\\\g<0>", text)


def plural(count: int, one: str, many: str = "") -> str:
    return f"{whole(count)} {one if count == 1 else many or one + 's'}"


def name_of(key: str) -> str:
    """A key such as value_demonstrated as words: Value demonstrated."""
    text = key.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def segment(dimension: str, segment_name: str) -> str:
    return say("All accounts") if dimension == "all" else f"{name_of(dimension)}: {segment_name}"
