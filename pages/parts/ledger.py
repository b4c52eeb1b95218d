"""What only the Revenue page shows: the table that adds up, the period of the bridge, and the segments."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import cards, numbers, sparks, words
from pages.parts.kept import kept
from pages.parts.numbers import Figure
from pages.parts.once import Html, once
from pages.parts.segment import Grain, Segment
from pages.parts.speech import later, say, written

COLUMNS = {
    "opening": later("Opening"),
    "new": later("New"),
    "expansion": later("Expansion"),
    "reactivation": later("Reactivation"),
    "contraction": later("Contraction"),
    "churned": later("Churned"),
    "closing": later("Closing"),
}
FIRST = {"day": later("Day"), "week": later("Week"), "month": later("Month")}
ALL = {
    "day": later("Every day since the first subscription, exact"),
    "week": later("Every week since the first subscription, exact"),
    "month": later("Every month since the first subscription, exact"),
}
BY_SEGMENT = (
    "mrr",
    "net_revenue_retention",
    "gross_revenue_retention",
    "logo_churn_rate",
    "paying_accounts",
    "arpa",
)
HEADS = (
    later("MRR"),
    later("Net retention"),
    later("Gross retention"),
    later("Logo churn"),
    later("Paying"),
    later("Per account"),
    later("MRR, last 12"),
)


def has_revenue(edition: str, grain: Grain, of: Segment, span: int) -> bool:
    return not numbers.movements(edition, grain, of, span).is_empty()


def none_yet(of: Segment) -> None:
    with cards.panel("none", say("No revenue yet")):
        cards.note(
            say(
                "No subscription of {segment} is known. Import <code>subscription_changes</code> "
                "(or <code>subscriptions</code>) and this page fills by itself.",
                segment=escape(of.label),
            )
        )


def pick_period(edition: str, grain: Grain, of: Segment, span: int, code: str) -> dict[str, Any]:
    """The period of the bridge; the last complete one at first."""
    rows = newest_first(numbers.movements(edition, grain, of, span))
    names = names_of(rows, grain)
    start = next((place for place, row in enumerate(rows) if row["complete"]), 0)
    chosen = st.selectbox(
        say("Period"),
        range(len(rows)),
        index=start,
        format_func=lambda place: names[place],
        key=f"revenue_period_{grain}",
        label_visibility="collapsed",
        width=220,
    )
    row = rows[chosen or 0]
    st.html(f'<p class="hf-sub">{from_to(row, code)}</p>')
    return row


@once
def newest_first(rows: pl.DataFrame) -> list[dict[str, Any]]:
    return rows.to_dicts()[::-1]


@once
def names_of(rows: list[dict[str, Any]], grain: Grain) -> list[str]:
    return [name_of(row, grain) for row in rows]


def from_to(row: dict[str, Any], code: str) -> str:
    """Opening $121,270.63 → Closing $123,724.56."""
    opening, closing = (
        f'<b title="{words.money_exact(row[name], code)}">{words.cents(row[name], code)}</b>'
        for name in ("opening", "closing")
    )
    return say("Opening {opening} → Closing {closing}", opening=opening, closing=closing)


def name_of(row: dict[str, Any], grain: Grain) -> str:
    period = words.period(row["period_start"], grain)
    name = period[:1].upper() + period[1:]
    return name if row["complete"] else say("{period}, so far", period=name)


def table(edition: str, grain: Grain, of: Segment, span: int, code: str) -> None:
    st.html(Html(f'<div class="hf-scroll" tabindex="0">{table_html(edition, grain, of, span, code)}</div>'))


@kept(speaks=True)
def table_html(edition: str, grain: Grain, of: Segment, span: int, code: str) -> str:
    """The newest period first."""
    rows = numbers.movements(edition, grain, of, span).to_dicts()[::-1]
    head = "".join(f"<th>{say(name)}</th>" for name in COLUMNS.values())
    body = "".join(line(row, grain, code) for row in rows)
    head = f"<thead><tr><th>{say(FIRST[grain])}</th>{head}</tr></thead>"
    return f'<table class="hf-table hf-ledger">{head}<tbody>{body}</tbody></table>'


def line(row: dict[str, Any], grain: Grain, code: str) -> str:
    write = words.cents if adds_up(row) else words.money_exact
    cells = "".join(amount(row[name], name, code, write) for name in COLUMNS)
    running = "" if row["complete"] else ' class="hf-running"'
    return f"<tr{running}><th>{escape(name_of(row, grain))}</th>{cells}</tr>"


def adds_up(row: dict[str, Any]) -> bool:
    """Whether the amounts still add up as they are written to the cent."""
    *parts, closing = (Decimal(f"{row[name]:.2f}") for name in COLUMNS)
    return sum(parts) == closing


def amount(value: Any, name: str, code: str, write: Callable[[object, str], str]) -> str:
    """Exact on hover."""
    total = name in ("opening", "closing")
    text = aligned(write(value, code)) if value or total else aligned("0")
    hint = words.money_exact(value, code)
    return f'<td class="{"hf-strong" if total else ""}" title="{hint}">{text}</td>'


def aligned(text: str) -> str:
    """Keeps room for the third and fourth place, so that points stand under one another."""
    made, places = fraction(written().decimal).subn(r"\1<small>\2</small>", text)
    return made if places else f"{text}<small></small>"


@cache
def fraction(point: str) -> re.Pattern[str]:
    """The first two places and the rest, after the point or comma of a language."""
    return re.compile(rf"({re.escape(point)}\d\d)(\d*)")


def by_segment(edition: str, grain: Grain, dimension: str, code: str) -> None:
    found = numbers.figures_by_segment(edition, BY_SEGMENT, grain, dimension)
    if not found:
        name = escape(words.name_of(dimension)).lower()
        cards.note(say("No account has a {dimension} yet.", dimension=name))
        return
    st.html(Html(by_segment_html(found, dimension, code)))


@once
def by_segment_html(found: dict[str, dict[str, Figure]], dimension: str, code: str) -> str:
    head = "".join(f"<th>{say(name)}</th>" for name in HEADS)
    body = "".join(segment_line(name, figures, code) for name, figures in found.items())
    title = escape(words.name_of(dimension))
    return (
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table"><thead><tr><th>{title}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def segment_line(name: str, figures: dict[str, Figure], code: str) -> str:
    cells = "".join(segment_cell(figures[metric], code) for metric in BY_SEGMENT)
    return f"<tr><th>{escape(name)}</th>{cells}<td>{sparks.spark(figures['mrr'].rows)}</td></tr>"


def segment_cell(figure: Figure, code: str) -> str:
    value = words.value(figure.last.value if figure.last else None, figure.unit, code)
    hint = escape(cards.hover(figure, figure.last, code))
    return f'<td title="{hint}"><b>{value}</b> {cards.chip(figure, worded=False)}</td>'


def download(edition: str, grain: Grain, of: Segment) -> None:
    st.download_button(
        say("Download CSV"),
        data=lambda: csv(edition, grain, of),
        file_name=f"mrr-movements-{grain}-{of.dimension}-{of.name}.csv".replace(" ", "-"),
        mime="text/csv",
        icon=":material/download:",
        key="revenue_download",
        on_click="ignore",
        help=say(ALL[grain]),
    )


def csv(edition: str, grain: Grain, of: Segment) -> bytes:
    return numbers.movements(edition, grain, of, numbers.EVERY).write_csv().encode()
