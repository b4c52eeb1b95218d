"""The "?" beside every title: definition, caveat, n, as-of and SQL, in a pop-up of the browser's own."""

from collections.abc import Iterable
from html import escape
from typing import Any

import streamlit as st

from pages.parts import lateness, words
from pages.parts.numbers import OF_MONEY, Figure, Row, metrics

UNITS = {
    "rate": "share, in per cent",
    "count": "count",
    "money": "money",
    "hours": "hours",
    "ratio": "ratio, without a unit",
}
ESTIMATED = frozenset({"lifetime_value"})
BETTER = {"up": "higher is better", "down": "lower is better", "none": "neither way is better"}


def button(metric: str) -> str:
    """The "?" of a metric, and before it the mark that one of its sources is late."""
    if metric not in metrics():
        return ""
    title = escape(f"What {metrics()[metric].title} means")
    named = f'aria-label="{title}" title="{title}"'
    return f'{late(metric)}<button class="hf-ask" popovertarget="{anchor(metric)}" {named}>?</button>'


def late(metric: str) -> str:
    """A mark where a source that the metric depends on is late; the sentence is its hover text."""
    said = escape(lateness.of(metric))
    return f'<span class="hf-late" title="{said}" aria-label="{said}">late</span>' if said else ""


def anchor(metric: str) -> str:
    return f"hf-{metric.replace('.', '-').replace('_', '-')}"


def pop_ups(figures: Iterable[Figure], info: Any) -> None:
    """The texts behind the page's "?" buttons; draw once, at the end of a page."""
    once = {figure.metric.name: figure for figure in figures}
    st.html("".join(pop_up(figure, info) for figure in once.values()))


def pop_up(figure: Figure, info: Any) -> str:
    metric = figure.metric
    facts = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in facts_of(figure, info))
    name = anchor(metric.name)
    return (
        f'<div popover class="hf-pop" id="{name}"><header><h2>{escape(metric.title)}</h2>'
        f'<button popovertarget="{name}" popovertargetaction="hide" aria-label="Close">✕</button></header>'
        f"{doubt(metric.name)}<p>{escape(metric.about)}</p>{caveat(metric.caveat)}<dl>{facts}</dl>"
        f"<details><summary>SQL</summary><pre>{escape(metric.sql)}</pre></details></div>"
    )


def doubt(metric: str) -> str:
    said = lateness.of(metric)
    return (
        f'<p class="hf-doubt">{escape(said)} This figure lacks what it has not sent yet.</p>' if said else ""
    )


def caveat(text: str) -> str:
    return f'<p class="hf-caveat"><b>Mind:</b> {escape(text)}</p>' if text else ""


def facts_of(figure: Figure, info: Any) -> list[tuple[str, str]]:
    metric, last = figure.metric, figure.last
    facts = [("Unit", f"{UNITS[figure.unit]}; {BETTER[metric.better]}")]
    if last:
        exact = words.exact(last.value, figure.unit, info.base_currency)
        facts.append(("Last complete", f"{exact} · {words.period(last.start, figure.grain)}"))
    if last and (counts := counts_of(figure, last, info.base_currency)):
        facts.append(("n", counts))
    if last and last.lower is not None and last.upper is not None:
        facts.append(
            (
                f"{level(metric.name)} interval",
                words.interval(last.lower, last.upper, figure.unit, info.base_currency),
            )
        )
    facts.append(("As of", f"{words.moment(info.as_of, info.timezone)} ({escape(info.timezone)})"))
    facts.append(("Name", f"<code>{escape(metric.name)}</code>"))
    return facts


def level(metric: str) -> str:
    """How sure an interval is: shares are counted, what is estimated is drawn."""
    return "90 %" if metric in ESTIMATED else "95 %"


def counts_of(figure: Figure, row: Row, code: str) -> str:
    """The two numbers behind a share: counts, or amounts where the share is one of money."""
    if row.numerator is None or row.denominator is None:
        return ""
    if figure.metric.name in OF_MONEY:
        return " of ".join(words.money_exact(part, code) for part in (row.numerator, row.denominator))
    return f"{row.numerator:,.0f} of {row.denominator:,.0f}"
