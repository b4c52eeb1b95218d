"""The "?" beside every title: definition, caveat, n, as-of and SQL, in a pop-up of the browser's own."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import streamlit as st

from metrics.titles import title as title_of
from pages.parts import lateness, speech, words
from pages.parts.numbers import OF_MONEY, Figure, Row, metrics
from pages.parts.once import Html, once_marked
from pages.parts.speech import later, say, say_as, whole, written

UNITS = {
    "rate": later("share, in per cent"),
    "count": later("count"),
    "money": later("money"),
    "hours": later("hours"),
    "ratio": later("ratio, without a unit"),
}
ESTIMATED = frozenset({"lifetime_value"})
BETTER = {
    "up": later("higher is better"),
    "down": later("lower is better"),
    "none": later("neither way is better"),
}


def button(metric: str) -> str:
    """The "?" of a metric, and before it the mark that one of its sources is late."""
    known = metrics().get(metric)
    if known is None:
        return ""
    title = escape(say("What {title} means", title=title_of(known)))
    named = f'aria-label="{title}" title="{title}"'
    return f'{late(metric)}<button class="hf-ask" popovertarget="{anchor(metric)}" {named}>?</button>'


def late(metric: str) -> str:
    """A mark where a source that the metric depends on is late; the sentence is its hover text."""
    said = escape(lateness.of(metric))
    return (
        f'<span class="hf-late" title="{said}" aria-label="{said}">{say_as("of a source", "late")}</span>'
        if said
        else ""
    )


def anchor(metric: str) -> str:
    return f"hf-{metric.replace('.', '-').replace('_', '-')}"


def pop_ups(figures: Iterable[Figure], info: Any) -> None:
    """The texts behind the page's "?" buttons; draw once, at the end of a page."""
    by_metric = {figure.metric.name: figure for figure in figures}
    st.html(Html(pop_ups_html(tuple(by_metric.values()), info.base_currency)))


@once_marked
def pop_ups_html(figures: Sequence[Figure], code: str) -> str:
    return "".join(pop_up(figure, code) for figure in figures)


@once_marked
def pop_up(figure: Figure, code: str) -> str:
    metric = figure.metric
    facts = "".join(f"<dt>{name}</dt><dd{look}>{text}</dd>" for name, text, look in facts_of(figure, code))
    name = anchor(metric.name)
    return (
        f'<div popover class="hf-pop" id="{name}"><header><h2>{escape(title_of(metric))}</h2>'
        f'<button popovertarget="{name}" popovertargetaction="hide"'
        f' aria-label="{say("Close")}">✕</button></header>'
        f"{doubt(metric.name)}<p>{escape(say(metric.about))}</p>{caveat(metric.caveat)}<dl>{facts}</dl>"
        f"<details><summary>SQL</summary><pre>{escape(metric.sql)}</pre></details></div>"
    )


def doubt(metric: str) -> str:
    said = lateness.of(metric)
    lacks = say("This figure lacks what it has not sent yet.")
    return f'<p class="hf-doubt">{escape(said)} {lacks}</p>' if said else ""


def caveat(text: str) -> str:
    return f'<p class="hf-caveat"><b>{say("Mind:")}</b> {escape(say(text))}</p>' if text else ""


def facts_of(figure: Figure, code: str) -> list[tuple[str, str, str]]:
    """Names, texts and looks. The instant is filled in when the pop-up opens (`live.js`): a page whose
    figures stand does not take all its pop-ups anew with each edition."""
    metric, last = figure.metric, figure.last
    facts = [(say("Unit"), f"{say(UNITS[figure.unit])}; {say(BETTER[metric.better])}", "")]
    if last:
        exact = words.exact(last.value, figure.unit, code)
        facts.append((say("Last complete"), f"{exact} · {words.period(last.start, figure.grain)}", ""))
    if last and (counts := counts_of(figure, last, code)):
        facts.append((say("n"), counts, ""))
    if last and last.lower is not None and last.upper is not None:
        span = words.interval(last.lower, last.upper, figure.unit, code)
        facts.append((say("{level} interval", level=level(metric.name)), span, ""))
    facts.append((say("As of"), "", ' class="hf-as-of"'))
    facts.append((say("Name"), f"<code>{escape(metric.name)}</code>", ""))
    return facts


def level(metric: str) -> str:
    """How sure an interval is: shares are counted, what is estimated is drawn."""
    share = 0.9 if metric in ESTIMATED else 0.95
    return (
        f"{share * 100:.0f} %"
        if speech.language() == speech.ENGLISH
        else f"{share * 100:.0f}{written().percent}"
    )


def counts_of(figure: Figure, row: Row, code: str) -> str:
    """The two numbers behind a share: counts, or amounts where the share is one of money."""
    if row.numerator is None or row.denominator is None:
        return ""
    if figure.metric.name in OF_MONEY:
        some, total = (words.money_exact(part, code) for part in (row.numerator, row.denominator))
    else:
        some, total = whole(row.numerator), whole(row.denominator)
    return say("{part} of {whole}", part=some, whole=total)
