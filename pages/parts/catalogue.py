"""The catalogue of metrics: what each means, its unit, its caveat and its SQL."""

from html import escape

import streamlit as st

from metrics.catalog import Metric
from pages.parts import cards, explain, numbers

ROOMS = {
    "onboarding": ("Onboarding and value", "Do new accounts get to value?"),
    "retention": ("Engagement and retention", "Do they come back?"),
    "revenue": ("Revenue", "Do they pay, and go on paying?"),
}


def search() -> str:
    return st.text_input(
        "Search",
        key="metrics_search",
        bind="query-params",
        placeholder="Search the metrics",
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
            with cards.panel(f"room_{room}", title, subtitle):
                st.html(f'<div class="hf-catalogue">{"".join(entry(metric) for metric in found)}</div>')
    if not shown:
        cards.note(f"No metric has “{escape(wanted)}” in its name or its text.")


def matches(metric: Metric, wanted: str) -> bool:
    return wanted.lower() in f"{metric.name} {metric.title} {metric.about} {metric.caveat}".lower()


def entry(metric: Metric) -> str:
    tags = f"{explain.UNITS[numbers.shown_unit(metric)]} · {explain.BETTER[metric.better]}"
    interval = " · with 95 % interval" if metric.interval else ""
    return (
        f'<article class="hf-metric"><h3>{escape(metric.title)} <code>{escape(metric.name)}</code></h3>'
        f'<p class="hf-tags">{tags}{interval}</p><p>{escape(metric.about)}</p>{explain.caveat(metric.caveat)}'
        f"<details><summary>SQL</summary><pre>{escape(metric.sql)}</pre></details></article>"
    )
