"""What only the Revenue page shows: the table that adds up, the period of the bridge, and the segments."""

import re
from collections.abc import Callable
from decimal import Decimal
from html import escape
from typing import Any

import streamlit as st

from pages.parts import cards, numbers, sparks, words
from pages.parts.kept import kept
from pages.parts.numbers import Figure
from pages.parts.segment import Grain, Segment

FRACTION = re.compile(r"(\.\d\d)(\d*)")
COLUMNS = ("opening", "new", "expansion", "reactivation", "contraction", "churned", "closing")
BY_SEGMENT = (
    "mrr",
    "net_revenue_retention",
    "gross_revenue_retention",
    "logo_churn_rate",
    "paying_accounts",
    "arpa",
)
HEADS = ("MRR", "Net retention", "Gross retention", "Logo churn", "Paying", "Per account")


def has_revenue(edition: str, grain: Grain, of: Segment, span: int) -> bool:
    return not numbers.movements(edition, grain, of, span).is_empty()


def none_yet(of: Segment) -> None:
    with cards.panel("none", "No revenue yet"):
        cards.note(
            f"No subscription of {escape(of.label)} is known. Import <code>subscription_changes</code> "
            "(or <code>subscriptions</code>) and this page fills by itself."
        )


def pick_period(edition: str, grain: Grain, of: Segment, span: int, code: str) -> dict[str, Any]:
    """The period of the bridge; the last complete one at first."""
    rows = numbers.movements(edition, grain, of, span).to_dicts()[::-1]
    start = next((place for place, row in enumerate(rows) if row["complete"]), 0)
    chosen = st.selectbox(
        "Period",
        range(len(rows)),
        index=start,
        format_func=lambda place: name_of(rows[place], grain),
        key=f"revenue_period_{grain}",
        label_visibility="collapsed",
        width=220,
    )
    row = rows[chosen or 0]
    st.html(f'<p class="hf-sub">{from_to(row, code)}</p>')
    return row


def from_to(row: dict[str, Any], code: str) -> str:
    """Opening $121,270.63 → Closing $123,724.56."""
    opening, closing = (
        f'<b title="{words.money_exact(row[name], code)}">{words.cents(row[name], code)}</b>'
        for name in ("opening", "closing")
    )
    return f"Opening {opening} → Closing {closing}"


def name_of(row: dict[str, Any], grain: Grain) -> str:
    name = words.period(row["period_start"], grain)
    return name[:1].upper() + name[1:] + ("" if row["complete"] else ", so far")


def table(edition: str, grain: Grain, of: Segment, span: int, code: str) -> None:
    st.html(f'<div class="hf-scroll" tabindex="0">{table_html(edition, grain, of, span, code)}</div>')


@kept()
def table_html(edition: str, grain: Grain, of: Segment, span: int, code: str) -> str:
    """The newest period first."""
    rows = numbers.movements(edition, grain, of, span).to_dicts()[::-1]
    head = "".join(f"<th>{name.capitalize()}</th>" for name in COLUMNS)
    body = "".join(line(row, grain, code) for row in rows)
    head = f"<thead><tr><th>{grain.capitalize()}</th>{head}</tr></thead>"
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
    whole, places = FRACTION.subn(r"\1<small>\2</small>", text)
    return whole if places else f"{text}<small></small>"


def by_segment(edition: str, grain: Grain, dimension: str, code: str) -> None:
    found = numbers.figures_by_segment(edition, BY_SEGMENT, grain, dimension)
    if not found:
        cards.note(f"No account has a {escape(words.name_of(dimension)).lower()} yet.")
        return
    head = "".join(f"<th>{name}</th>" for name in (*HEADS, "MRR, last 12"))
    body = "".join(segment_line(name, figures, code) for name, figures in found.items())
    title = escape(words.name_of(dimension))
    st.html(
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
        "Download CSV",
        data=lambda: csv(edition, grain, of),
        file_name=f"mrr-movements-{grain}-{of.dimension}-{of.name}.csv".replace(" ", "-"),
        mime="text/csv",
        icon=":material/download:",
        key="revenue_download",
        on_click="ignore",
        help=f"Every {grain} since the first subscription, exact",
    )


def csv(edition: str, grain: Grain, of: Segment) -> bytes:
    return numbers.movements(edition, grain, of, numbers.EVERY).write_csv().encode()
