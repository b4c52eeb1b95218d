"""Driver cards, panels and the table of drivers, as one piece of HTML each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape

import streamlit as st

from pages.parts import explain, sparks, words
from pages.parts.numbers import Figure, Row


@contextmanager
def panel(key: str, title: str, subtitle: str = "", about: str = "", page: str = "") -> Iterator[None]:
    """A bordered part of a page; `about` names the metric that its "?" explains, `page` where more is."""
    with st.container(key=f"panel_{key}", gap="small", height="stretch"):
        button = explain.button(about) if about else ""
        text = f'<p class="hf-sub">{subtitle}</p>' if subtitle else ""
        st.html(f'<div class="hf-head"><h3>{escape(title)}{button}</h3>{text}</div>')
        if page:
            st.page_link(page, label="Open", icon=":material/arrow_forward:", icon_position="right")
        yield


def row(figures: Sequence[Figure], code: str) -> None:
    """The drivers side by side."""
    st.html(f'<div class="hf-cards">{"".join(card(figure, code) for figure in figures)}</div>')


def card(figure: Figure, code: str) -> str:
    metric, last = figure.metric, figure.last
    known = last.value if last else None
    title = f"{escape(metric.title)}{explain.button(metric.name)}"
    value = f'<strong title="{escape(hover(figure, last, code))}">{words.value(known, metric.unit, code)}</strong>'
    return (
        f'<section class="hf-card"><h3>{title}</h3>'
        f'<div class="hf-value">{value}{chip(figure)}</div>'
        f'<p class="hf-when">{when(figure)}{between(last, metric.unit, code)}</p>'
        f"{sparks.spark(figure.rows)}"
        f'<p class="hf-sofar">{so_far(figure, code)}</p></section>'
    )


def when(figure: Figure) -> str:
    if figure.last is None:
        return "no complete period yet"
    return escape(words.period(figure.last.start, figure.grain))


def between(row: Row | None, unit: str, code: str) -> str:
    """The interval of a figure, where it has one."""
    text = words.interval(row.lower, row.upper, unit, code) if row else ""
    return f'<br><span title="95 % interval">{text} <small>95 %</small></span>' if text else "<br>&nbsp;"


def hover(figure: Figure, row: Row | None, code: str) -> str:
    """The exact figure, or why there is none."""
    if row is None:
        return f"No {figure.grain} has ended yet for this figure."
    if row.value is None:
        return reason(figure, row)
    counts = of(row)
    return words.exact(row.value, figure.metric.unit, code) + (f", {counts}" if counts else "")


def of(row: Row) -> str:
    if row.numerator is None or row.denominator is None:
        return ""
    return f"{row.numerator:,.0f} of {row.denominator:,.0f}"


def reason(figure: Figure, row: Row) -> str:
    """Why a figure is null."""
    if figure.metric.unit == "hours" and row.denominator:
        return "Too few of these accounts have got there yet to read this quantile off the curve."
    if row.denominator == 0 or row.denominator is None:
        return "Nothing to divide by in this period: no account counts yet."
    return "There is no figure for this period."


def chip(figure: Figure, worded: bool = True) -> str:
    """The change between the last two complete periods: arrow, amount, word and colour, or neither of these two."""
    metric = figure.metric
    now = figure.last.value if figure.last else None
    before = figure.before.value if figure.before else None
    if now is None or before is None:
        return ""
    text = words.change(now, before, metric.unit)
    if now == before or text == "0":
        return '<span class="hf-chip" title="the same as in the period before">no change</span>'
    word = words.verdict(now, before, metric.better)
    arrow = "▲" if now > before else "▼"
    against = words.period(figure.before.start, figure.grain) if figure.before else ""
    hint = f"{word} than {against}" if word else f"than {against}"
    return (
        f'<span class="hf-chip hf-{word}" title="{escape(hint)}"><i>{arrow}</i>{text}<em>{word}</em></span>'
    )


def so_far(figure: Figure, code: str) -> str:
    """What the running period shows, marked as unfinished."""
    running = figure.running
    if running is None:
        return "&nbsp;"
    value = words.value(running.value, figure.metric.unit, code)
    hint = hover(figure, running, code)
    period = words.period(running.start, figure.grain)
    if running.value is None:
        return f'<span title="{escape(hint)}">nothing yet</span> <span>{escape(period)}</span>'
    return f'<span title="{escape(hint)}"><b>{value}</b> so far</span> <span>{escape(period)}</span>'


def drivers(figures: Sequence[Figure], code: str) -> None:
    """All drivers as a table: what a card shows, and n."""
    heads = ("Driver", "So far", "Last complete", "Change", "95 % interval", "n", "Last 12")
    head = "".join(f"<th>{text}</th>" for text in heads)
    body = "".join(driver(figure, code) for figure in figures)
    st.html(
        f'<div class="hf-scroll"><table class="hf-table hf-drivers"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def driver(figure: Figure, code: str) -> str:
    metric, last, running = figure.metric, figure.last, figure.running
    cells = (
        figure_cell(figure, running, code, "hf-open-cell"),
        figure_cell(figure, last, code, "hf-strong"),
        f"<td>{chip(figure) or words.NONE}</td>",
        f"<td>{words.interval(last.lower, last.upper, metric.unit, code) if last else ''}</td>",
        f"<td>{count_of(last)}</td>",
        f"<td>{sparks.spark(figure.rows)}</td>",
    )
    return f"<tr><th>{escape(metric.title)}{explain.button(metric.name)}</th>{''.join(cells)}</tr>"


def figure_cell(figure: Figure, row: Row | None, code: str, name: str) -> str:
    value = words.value(row.value if row else None, figure.metric.unit, code)
    return f'<td class="{name}" title="{escape(hover(figure, row, code))}">{value}</td>'


def count_of(row: Row | None) -> str:
    return f"{row.denominator:,.0f}" if row and row.denominator is not None else ""


def note(text: str, icon: str = "○") -> None:
    """An empty state: what is missing and what to do."""
    st.html(f'<div class="hf-note"><i>{icon}</i><p>{text}</p></div>')
