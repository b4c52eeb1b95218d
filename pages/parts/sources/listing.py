"""The table of sources: one row each, opened by a click on its name."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape

import streamlit as st

from pages.parts import numbers, sparks, words
from pages.parts.sources import standing as standings
from pages.parts.sources.standing import Standing, State
from pages.parts.speech import later, say, whole

HEADS = (
    (later("Source"), ""),
    (later("State"), ""),
    (later("Last fact"), later("When the newest of its facts happened")),
    (later("Lag"), later("From its last delivery to the first edition that shows it")),
    (later("Last hour"), later("New facts a minute, over the last 60 minutes")),
    (later("Facts"), later("Facts that it brought and that are kept")),
    (later("Repeated"), later("What it sent again; the first one counts")),
    (
        later("Waiting"),
        later("Facts whose account has not arrived yet; they count from the moment it does"),
    ),
    (later("Set aside"), later("Rows that could not be read; open the source to fix them")),
)
LEFT = 2  # columns that are text
MINUTES = 60


def table(edition: str | None, shown: Iterable[Standing]) -> None:
    head = "".join(
        f"<th{' class=hf-left' if place < LEFT else ''}{hint(about)}>{say(name)}</th>"
        for place, (name, about) in enumerate(HEADS)
    )
    body = "".join(line(each, edition) for each in shown)
    st.html(
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table hf-sources"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def hint(about: str) -> str:
    return f' title="{escape(say(about))}"' if about else ""


def line(of: Standing, edition: str | None) -> str:
    cells = (
        f'<td class="hf-left">{mark(of.state)}</td>',
        time_cell(of.brought.last_fact_at if of.brought else None),
        f"<td>{lag(of)}</td>",
        f"<td>{rate(of.name, edition)}</td>",
        count(of.brought.facts if of.brought else None),
        count(of.brought.repeated if of.brought else None),
        count(of.brought.waiting if of.brought else None),
        count(of.brought.quarantined if of.brought else None, "hf-aside"),
    )
    name = escape(of.name)
    opened = f'<button class="hf-open" data-open="{name}">{name}</button><small>{escape(of.title)}</small>'
    return f"<tr><th>{opened}</th>{''.join(cells)}</tr>"


def mark(state: State) -> str:
    """The state as a form and a word."""
    return (
        f'<span class="hf-state hf-state-{state.look}" title="{escape(state.sentence)}">'
        f"<i></i>{say(state.word)}</span>"
    )


def time_cell(at: datetime | None) -> str:
    return f'<td title="{escape(when(at))}">{since(at)}</td>'


def since(at: datetime | None) -> str:
    """3 h ago; what is dated ahead of now says so."""
    if at is None:
        return words.NONE
    span = standings.now() - at
    if span < -timedelta(minutes=1):
        return say("in {span}", span=words.ago(-span))
    return say("{span} ago", span=words.ago(span))


def when(at: datetime | None) -> str:
    """The instant on the company's clock."""
    if at is None:
        return say("nothing yet")
    zone = numbers.settings().timezone
    return f"{words.moment(at, zone)}:{words.clock(at, zone)[-2:]} ({zone})"


def lag(of: Standing) -> str:
    known = of.brought.lag if of.brought else None
    if known is None:
        reason = say(
            "Its last delivery is older than the editions that are kept" if of.brought else "Nothing yet"
        )
        return f'<span title="{reason}">{words.NONE}</span>'
    return f'<span title="{words.decimal(known.total_seconds(), 3)} s">{words.span(known)}</span>'


def rate(name: str, edition: str | None) -> str:
    """New facts of the last 60 minutes as bars."""
    rows = numbers.arrivals(edition).get(name) if edition else None
    if edition is None or rows is None:
        return ""
    end = numbers.edition(edition).as_of.replace(second=0, microsecond=0)
    by_minute = dict(zip(rows["minute"].to_list(), rows["facts"].to_list(), strict=True))
    counts = [by_minute.get(end - timedelta(minutes=back), 0) for back in range(MINUTES - 1, -1, -1)]
    if not any(counts):
        return ""
    return sparks.bars(counts, say("at most {count} a minute", count=whole(max(counts))))


def count(number: int | None, name: str = "") -> str:
    if number is None:
        return f"<td>{words.NONE}</td>"
    look = f' class="{name}"' if number and name else ' class="hf-nought"' if not number else ""
    return f"<td{look}>{whole(number)}</td>"
