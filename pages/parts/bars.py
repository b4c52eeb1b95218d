"""MRR gained and lost by month, as bars in HTML: they stand when the page does, without a chart's code."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from engine.desk.annotations import Annotation
from pages.parts import annotations, cards, charts, words
from pages.parts.once import Html, once
from pages.parts.scale import Scale, scale_of
from pages.parts.speech import later, say

NET = later("Net change")
Row = Mapping[str, Any]


def draw(rows: pl.DataFrame, code: str) -> None:
    """Of each month what was gained above the line and lost below it, the net as a tick, and what happened.

    Args:
        rows: a row a month, with an amount for each movement.
    """
    if rows.is_empty():
        cards.note(say("Nothing of this kind in this time."))
        return
    starts = annotations.starts_of(rows)
    st.html(Html(bars_html(rows, code, tuple(annotations.within(starts)))))


@once
def bars_html(rows: pl.DataFrame, code: str, found: Sequence[Annotation]) -> str:
    months = rows.to_dicts()
    scale = scale_of([gained(row) for row in months], [lost(row) for row in months])
    noted = notes(found, [row["period_start"] for row in months])
    drawn = "".join(month(row, scale, code, noted.get(row["period_start"], [])) for row in months)
    names = "".join(f"<span>{words.period_short(row['period_start'], 'month')}</span>" for row in months)
    return (
        f'<div class="hf-bars" role="group" aria-label="{say("MRR gained and lost by month")}">'
        f'<div class="hf-levels" aria-hidden="true">{levels(scale, code)}</div>'
        f'<div class="hf-months">{drawn}</div>'
        f'<div class="hf-names" aria-hidden="true">{names}</div></div>'
    )


def gained(row: Row) -> float:
    return float(sum(row[step] for step in charts.MOVES if row[step] > 0))


def lost(row: Row) -> float:
    return float(sum(row[step] for step in charts.MOVES if row[step] < 0))


def levels(scale: Scale, code: str) -> str:
    return "".join(
        f'<i style="bottom:{scale.part(level):.2f}%"><span>{words.level(level, code)}</span></i>'
        for level in scale.levels
    )


def month(row: Row, scale: Scale, code: str, noted: Sequence[Mapping[str, Any]]) -> str:
    """A month's bars, and what they say to who points at them or has them read out."""
    look = "" if row["complete"] else ' class="hf-open-month"'
    told = escape("\n".join(said(row, code, noted)))
    rules = "".join(f'<s style="border-color:{annotations.colour(each["kind"])}"></s>' for each in noted[:1])
    net = f'<b style="bottom:{scale.part(float(row["net"])):.2f}%"></b>'
    return f'<div role="img" aria-label="{told}"{look}>{rules}{stack(row, scale)}{net}</div>'


def stack(row: Row, scale: Scale) -> str:
    """What was gained upwards from the line, what was lost downwards."""
    drawn, ends = "", {True: 0.0, False: 0.0}
    for step, (_, colour) in charts.MOVES.items():
        amount = float(row[step])
        if amount:
            start, ends[amount > 0] = ends[amount > 0], ends[amount > 0] + amount
            low, high = sorted((scale.part(start), scale.part(start + amount)))
            drawn += f'<i style="bottom:{low:.2f}%;height:{high - low:.2f}%;background:{colour}"></i>'
    return drawn


def said(row: Row, code: str, noted: Sequence[Mapping[str, Any]]) -> list[str]:
    """The month, each movement to the cent, their net, and what was noted."""
    name = words.period(row["period_start"], "month")
    first = name if row["complete"] else say("{period}, so far", period=name)
    titles = {step: title for step, (title, _) in charts.MOVES.items() if row[step]} | {"net": NET}
    moved = [f"{say(title)}: {words.cents(row[step], code)}" for step, title in titles.items()]
    return [first, *moved, *(f"{each['title']} ({each['days']})" for each in noted)]


def notes(found: Sequence[Annotation], starts: Sequence[date]) -> dict[date, list[dict[str, Any]]]:
    """What was noted, by the month in which it began and lasted."""
    places = {annotations.milliseconds(start): start for start in starts}
    noted: dict[date, list[dict[str, Any]]] = {}
    for each in found:
        for mark in annotations.marks_of(each, starts):
            noted.setdefault(places[mark[annotations.PERIOD]], []).append(mark)
    return noted
