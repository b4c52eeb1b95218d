"""The "?" beside every title: definition, caveat, n, as-of and SQL, in a pop-up of the browser's own."""

from collections.abc import Iterable
from html import escape
from typing import Any

import streamlit as st

from pages.parts import words
from pages.parts.numbers import Figure, metrics

UNITS = {
    "rate": "share, in per cent",
    "count": "count",
    "money": "money",
    "hours": "hours",
    "ratio": "ratio, without a unit",
}
BETTER = {"up": "higher is better", "down": "lower is better", "none": "neither way is better"}


def button(metric: str) -> str:
    if metric not in metrics():
        return ""
    title = escape(f"What {metrics()[metric].title} means")
    return f'<button class="hf-ask" popovertarget="{anchor(metric)}" aria-label="{title}" title="{title}">?</button>'


def anchor(metric: str) -> str:
    return f"hf-{metric.replace('.', '-').replace('_', '-')}"


def pop_ups(figures: Iterable[Figure], info: Any) -> None:
    """The texts behind the page's "?" buttons; draw once, at the end of a page."""
    once = {figure.metric.name: figure for figure in figures}
    st.html("".join(pop_up(figure, info) for figure in once.values()))


def pop_up(figure: Figure, info: Any) -> str:
    metric = figure.metric
    facts = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in facts_of(figure, info))
    return (
        f'<div popover class="hf-pop" id="{anchor(metric.name)}"><header><h4>{escape(metric.title)}</h4>'
        f'<button popovertarget="{anchor(metric.name)}" popovertargetaction="hide" aria-label="Close">✕</button></header>'
        f"<p>{escape(metric.about)}</p>{caveat(metric.caveat)}<dl>{facts}</dl>"
        f"<details><summary>SQL</summary><pre>{escape(metric.sql)}</pre></details></div>"
    )


def caveat(text: str) -> str:
    return f'<p class="hf-caveat"><b>Mind:</b> {escape(text)}</p>' if text else ""


def facts_of(figure: Figure, info: Any) -> list[tuple[str, str]]:
    metric, last = figure.metric, figure.last
    facts = [("Unit", f"{UNITS[metric.unit]}; {BETTER[metric.better]}")]
    if last:
        exact = words.exact(last.value, metric.unit, info.base_currency)
        facts.append(("Last complete", f"{exact} · {words.period(last.start, figure.grain)}"))
    if last and last.numerator is not None and last.denominator is not None:
        facts.append(("n", f"{last.numerator:,.0f} of {last.denominator:,.0f}"))
    if last and last.lower is not None and last.upper is not None:
        facts.append(
            ("95 % interval", words.interval(last.lower, last.upper, metric.unit, info.base_currency))
        )
    facts.append(("As of", f"{words.moment(info.as_of, info.timezone)} ({escape(info.timezone)})"))
    facts.append(("Name", f"<code>{escape(metric.name)}</code>"))
    return facts
