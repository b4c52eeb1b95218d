"""Driver cards, panels and the table of drivers, as one piece of HTML each."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape

import streamlit as st

from metrics.titles import title as title_of
from pages.parts import aims, explain, sparks, words
from pages.parts.numbers import OF_MONEY, Figure, Row
from pages.parts.once import Html, once_marked
from pages.parts.speech import later, say, whole

NONE_ENDED = {
    "day": later("No day has ended yet for this figure."),
    "week": later("No week has ended yet for this figure."),
    "month": later("No month has ended yet for this figure."),
}
AGAINST = {
    "better": later("better than {period}"),
    "worse": later("worse than {period}"),
    "": later("against {period}"),
}
HEADS = (
    later("Driver"),
    later("Last complete"),
    later("Change"),
    later("Interval"),
    later("n"),
    later("So far"),
    later("Last 12"),
)


@contextmanager
def panel(
    key: str, title: str, subtitle: str = "", about: str = "", page: str = "", *, of: str = ""
) -> Iterator[None]:
    """A bordered part of a page.

    Args:
        about: the metric that its "?" explains.
        page: where more of it is.
        of: without a "?", the metric whose late sources mark it.
    """
    with st.container(key=f"panel_{key}", gap="small", height="stretch"):
        button = explain.button(about) if about else explain.late(of)
        text = f'<p class="hf-sub">{subtitle}</p>' if subtitle else ""
        st.html(f'<div class="hf-head"><h2>{escape(title)}{button}</h2>{text}</div>')
        if page:
            st.page_link(page, label=say("Open"), icon=":material/arrow_forward:", icon_position="right")
        yield


def row(
    figures: Sequence[Figure], code: str, goals: Mapping[str, float] | None = None, *, may_aim: bool = False
) -> None:
    """The drivers side by side.

    Args:
        goals: the targets of those that have one, by metric.
        may_aim: whether targets can be set by a click.
    """
    known = goals or {}
    aimed = tuple(known.get(figure.metric.name) for figure in figures)
    st.html(Html(row_html(tuple(figures), code, aimed, may_aim)))


@once_marked
def row_html(figures: Sequence[Figure], code: str, goals: Sequence[float | None], may_aim: bool) -> str:
    drawn = "".join(card(figure, code, goal, may_aim) for figure, goal in zip(figures, goals, strict=True))
    return f'<div class="hf-cards">{drawn}</div>'


@once_marked
def card(figure: Figure, code: str, goal: float | None = None, may_aim: bool = False) -> str:
    metric, last = figure.metric, figure.last
    known = last.value if last else None
    title = f"{escape(title_of(metric))}{explain.button(metric.name)}"
    shown, hint = words.value(known, figure.unit, code), escape(hover(figure, last, code))
    value = f'<strong title="{hint}">{shown}</strong>'
    return (
        f'<section class="hf-card"><h2>{title}</h2>'
        f'<div class="hf-value">{value}{chip(figure)}</div>'
        f'<p class="hf-when">{when(figure)}{between(last, figure, code)}</p>'
        f'<p class="hf-target">{aims.line(figure, goal, code, may_aim)}</p>'
        f"{sparks.spark(figure.rows, goal)}"
        f'<p class="hf-sofar">{so_far(figure, code)}</p></section>'
    )


def when(figure: Figure) -> str:
    if figure.last is None:
        return say("no complete period yet")
    return escape(words.period(figure.last.start, figure.grain))


def between(row: Row | None, figure: Figure, code: str) -> str:
    """The interval of a figure, where it has one."""
    text = words.interval(row.lower, row.upper, figure.unit, code) if row else ""
    level = explain.level(figure.metric.name)
    if not text:
        return "<br>&nbsp;"
    hint = say("{level} interval", level=level)
    return f'<br><span title="{hint}">{text} <small>{level}</small></span>'


def hover(figure: Figure, row: Row | None, code: str) -> str:
    """The exact figure, or why there is none."""
    if row is None:
        return say(NONE_ENDED[figure.grain])
    if row.value is None:
        return reason(figure, row)
    counts = explain.counts_of(figure, row, code)
    return words.exact(row.value, figure.unit, code) + (f", {counts}" if counts else "")


def reason(figure: Figure, row: Row) -> str:
    """Why a figure is null."""
    if figure.unit == "hours" and row.denominator:
        return say("Too few of these accounts have got there yet to read this quantile off the curve.")
    if row.denominator == 0 or row.denominator is None:
        return say("Nothing to divide by in this period: no account counts yet.")
    return say("There is no figure for this period.")


def missing(figure: Figure, row: Row) -> str:
    """The same in the few words that a card has room for."""
    if figure.unit == "hours" and row.denominator:
        return say("too few got there")
    return say("nothing to count yet")


def chip(figure: Figure, worded: bool = True) -> str:
    """The change from what it is compared with; unless it says better or worse, it has no colour."""
    metric, last, before = figure.metric, figure.last, figure.before
    if last is not None and last.value is None and worded:
        return f'<span class="hf-chip"><em>{missing(figure, last)}</em></span>'
    if before is not None and before.value is None and worded:
        against = escape(words.period(before.start, figure.grain))
        return f'<span class="hf-chip"><em title="{against}">{say("nothing to compare")}</em></span>'
    if last is None or before is None or last.value is None or before.value is None:
        return ""
    text = words.change(last.value, before.value, figure.unit)
    against = escape(words.period(before.start, figure.grain))
    if words.is_nothing(text):
        said = say("no change") if worded else "±0"
        hint = say("as in {period}", period=against)
        return f'<span class="hf-chip" title="{hint}">{said}</span>'
    word = words.verdict(last.value, before.value, metric.better)
    said, look = (f"<em>{say(word)}</em>", f"hf-{word}") if worded and word else ("", "")
    arrow = words.arrow(last.value, before.value)
    hint = say(AGAINST[word], period=against)
    return f'<span class="hf-chip {look}" title="{hint}"><i>{arrow}</i>{text}{said}</span>'


def so_far(figure: Figure, code: str) -> str:
    """What the running period shows, marked as unfinished."""
    running = figure.running
    if running is None:
        return "&nbsp;"
    value = words.value(running.value, figure.unit, code)
    hint = hover(figure, running, code)
    period = words.period(running.start, figure.grain)
    if running.value is None:
        return f'<span title="{escape(hint)}">{say("nothing yet")}</span> <span>{escape(period)}</span>'
    so_far = say("<b>{value}</b> so far", value=value)
    return f'<span title="{escape(hint)}">{so_far}</span> <span>{escape(period)}</span>'


def drivers(figures: Sequence[Figure], code: str) -> None:
    """All drivers as a table: what a card shows, and n."""
    st.html(Html(drivers_html(tuple(figures), code)))


@once_marked
def drivers_html(figures: Sequence[Figure], code: str) -> str:
    head = "".join(f"<th>{say(text)}</th>" for text in HEADS)
    body = "".join(driver(figure, code) for figure in figures)
    return (
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table hf-drivers"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


@once_marked
def driver(figure: Figure, code: str) -> str:
    metric, last, running = figure.metric, figure.last, figure.running
    cells = (
        figure_cell(figure, last, code, "hf-strong"),
        f"<td>{chip(figure) or words.NONE}</td>",
        f"<td>{words.interval(last.lower, last.upper, figure.unit, code) if last else ''}</td>",
        f"<td>{count_of(figure)}</td>",
        figure_cell(figure, running, code, "hf-open-cell"),
        f"<td>{sparks.spark(figure.rows)}</td>",
    )
    return f"<tr><th>{escape(title_of(metric))}{explain.button(metric.name)}</th>{''.join(cells)}</tr>"


def figure_cell(figure: Figure, row: Row | None, code: str, name: str) -> str:
    value = words.value(row.value if row else None, figure.unit, code)
    return f'<td class="{name}" title="{escape(hover(figure, row, code))}">{value}</td>'


def count_of(figure: Figure) -> str:
    """How many accounts a share stands on."""
    if figure.last is None or figure.last.denominator is None or figure.metric.name in OF_MONEY:
        return ""
    return whole(figure.last.denominator)


def note(text: str, icon: str = "○") -> None:
    """An empty state: what is missing and what to do."""
    st.html(f'<div class="hf-note"><i>{icon}</i><p>{text}</p></div>')
