"""The catalogue of metrics: what each means, its unit, its caveat and its SQL."""

from html import escape

import streamlit as st

from metrics.catalog import Metric
from metrics.titles import shown_unit
from metrics.titles import title as title_of
from pages.parts import cards, explain, numbers
from pages.parts.speech import later, say

ROOMS = {
    "onboarding": (later("Onboarding and value"), later("Do new accounts get to value?")),
    "retention": (later("Engagement and retention"), later("Do they come back?")),
    "revenue": (later("Revenue"), later("Do they pay, and go on paying?")),
}


def search() -> str:
    return st.text_input(
        say("Search"),
        key="metrics_search",
        bind="query-params",
        placeholder=say("Search the metrics"),
        label_visibility="collapsed",
        width=260,
    ).strip()


def draw(wanted: str) -> None:
    shown = False
    for room, (title, subtitle) in ROOMS.items():
        found = [
            metric for metric in numbers.metrics().values() if metric.room == room and matches(metric, wanted)
        ]
        if found:
            shown = True
            with cards.panel(f"room_{room}", say(title), say(subtitle)):
                st.html(f'<div class="hf-catalogue">{"".join(entry(metric) for metric in found)}</div>')
    if not shown:
        nothing = say("No metric has “{wanted}” in its name or its text.", wanted=escape(wanted))
        cards.note(nothing)


def matches(metric: Metric, wanted: str) -> bool:
    """As it is read here, or in English."""
    english = f"{metric.name} {metric.title} {metric.about} {metric.caveat}"
    said = f"{title_of(metric)} {say(metric.about)} {say(metric.caveat) if metric.caveat else ''}"
    return wanted.lower() in f"{english} {said}".lower()


def entry(metric: Metric) -> str:
    tags = f"{say(explain.UNITS[shown_unit(metric)])} · {say(explain.BETTER[metric.better])}"
    if metric.interval:
        tags = say("{tags} · with 95 % interval", tags=tags)
    return (
        f'<article class="hf-metric"><h3>{escape(title_of(metric))} <code>{escape(metric.name)}</code></h3>'
        f'<p class="hf-tags">{tags}</p><p>{escape(say(metric.about))}</p>{explain.caveat(metric.caveat)}'
        f"<details><summary>SQL</summary><pre>{escape(metric.sql)}</pre></details></article>"
    )
