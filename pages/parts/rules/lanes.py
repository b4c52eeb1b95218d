"""Segment by segment, when a rule would have fired: a lane each, the worst first."""

from collections.abc import Sequence
from datetime import date, datetime, time
from html import escape

import polars as pl
import streamlit as st

from engine.desk.rehearsals import Rehearsed
from pages.parts import numbers, words
from pages.parts.speech import later, say, several, whole

MOST_LANES, MOST_ROWS = 20, 100
HEADS = (later("Segment"), later("When"), later("Fires"))
CLOSE = 0.5  # per cent of a lane
Ends = tuple[date, date]
Span = tuple[datetime, datetime | None]


def by_segment(of: Rehearsed) -> pl.DataFrame:
    """Firings of each segment, those with the most first."""
    fired = of.spans.filter(pl.col("state") == "firing").group_by("segment").agg(firings=pl.len())
    every = pl.DataFrame({"segment": of.segments}, schema={"segment": pl.String})
    return (
        every.join(fired, on="segment", how="left")
        .with_columns(pl.col("firings").fill_null(0))
        .sort("firings", "segment", descending=[True, False])
    )


def ordered(of: Rehearsed) -> list[str]:
    """The segments, those that would have fired most first."""
    return by_segment(of)["segment"].to_list()


def draw(now: Rehearsed, saved: Rehearsed | None, ends: Ends, shown: str) -> None:
    rows = by_segment(now)
    was = dict(by_segment(saved).iter_rows()) if saved else {}
    firing, fired = spans(now), spans(saved) if saved else {}
    places = {name: place for place, name in enumerate(now.segments)}
    head = "".join(
        f"<th{' class=hf-left' if place < 2 else ''}>{name}</th>"
        for place, name in enumerate((*map(say, HEADS), *([say("As saved")] if saved else [])))
    )
    body = ""
    for name, count in rows.head(MOST_LANES).iter_rows():
        before = f"<td>{whole(was.get(name, 0))}</td>" if saved else ""
        current = ' aria-current="true"' if name == shown else ""
        lane = strip(firing.get(name, []), "hf-now", ends) + strip(fired.get(name, []), "hf-saved", ends)
        place = places[name]
        body += (
            f"<tr{current}><th><button class=hf-open data-open=segment:{place}>{escape(name)}</button></th>"
            f'<td class="hf-left"><div class="hf-lane">{lane}</div></td><td>{whole(count)}</td>{before}</tr>'
        )
    st.html(
        f'<div class="hf-scroll" tabindex="0"><table class="hf-table hf-lanes"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
    if rows.height > MOST_LANES:
        said = say(
            "The {most} of {count} segments that would have fired most; the picker above has all.",
            most=MOST_LANES,
            count=whole(rows.height),
        )
        st.html(f'<p class="hf-sub">{said}</p>')


def spans(of: Rehearsed) -> dict[str, list[Span]]:
    """The firings of each segment, in the order of time."""
    rows = of.spans.filter(pl.col("state") == "firing").sort("entered_at")
    found: dict[str, list[Span]] = {}
    for segment, begun, ended in rows.select("segment", "entered_at", "left_at").iter_rows():
        found.setdefault(segment, []).append((begun, ended))
    return found


def strip(found: Sequence[Span], look: str, ends: Ends) -> str:
    """Firings as parts of their lane; those that lie too close to be told apart as one."""
    pieces: list[list[Span]] = []
    for span in found:
        if pieces and share(span[0], ends) - right_of(pieces[-1][-1], ends) < CLOSE:
            pieces[-1].append(span)
        else:
            pieces.append([span])
    return "".join(piece(spans, look, ends) for spans in pieces)


def right_of(span: Span, ends: Ends) -> float:
    return share(span[1], ends) if span[1] else 100.0


def piece(found: Sequence[Span], look: str, ends: Ends) -> str:
    """One or several firings, from left to right in per cent."""
    zone = numbers.settings().timezone
    (begun, _), (_, ended) = found[0], found[-1]
    left, right = share(begun, ends), right_of(found[-1], ends)
    until = words.moment(ended, zone) if ended else say("still")
    count = several(len(found), "{count} time", "{count} times")
    times = f" ({count})" if len(found) > 1 else ""
    title = escape(f"{words.moment(begun, zone)} – {until}{times}")
    return (
        f'<i class="{look}" title="{title}" style="left:{left:.2f}%;width:{max(right - left, 0.4):.2f}%"></i>'
    )


def share(at: datetime, ends: Ends) -> float:
    first, last = (datetime.combine(end, time()) for end in ends)
    length = (last - first).total_seconds() or 1.0
    return min(100.0, max(0.0, (at - first).total_seconds() / length * 100))
