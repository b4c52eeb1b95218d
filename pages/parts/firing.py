"""What fires now, in plain words: since when, how far, and the way to it; and all of it in one line."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from data.errors import HoldfastError
from engine.desk.alerts import AlertView
from metrics.movers import Move
from pages.parts import aims, alarms, cards, numbers, person, rooms, words
from pages.parts.alerts import says
from pages.parts.numbers import Figure
from pages.parts.segment import Segment

SHOWN = 5
NAMED = 3


def alerts(of: Segment) -> list[AlertView]:
    """What fires, the gravest first: of one segment where one is chosen, or is all that may be seen."""
    try:
        found = [one for group in alarms.active() for one in group.alerts if one.status == "firing"]
    except HoldfastError:
        return []
    if of == Segment() and person.scope() is None:
        return found
    return [one for one in found if (one.rule.dimension, one.segment) == (of.dimension, of.name)]


def panel(found: Sequence[AlertView]) -> None:
    if not found:
        cards.note("Nothing fires.", "✓")
        return
    items = "".join(item(one) for one in found[:SHOWN])
    more = len(found) - SHOWN
    rest = f"<li><i></i><div><p>and {more:,} more</p></div></li>" if more > 0 else ""
    st.html(f'<ol class="hf-moves hf-firing">{items}{rest}</ol>')


def item(one: AlertView) -> str:
    place, severity = escape(says.place(one)), one.rule.severity.capitalize()
    headline = escape(says.headline(one))
    since = f"for {says.since(one.fired_at or one.since).removesuffix(' ago')}"
    who = f" · {escape(one.taken_by)} has it" if one.taken_by else ""
    link = f'<button class="hf-open" data-open="alert:{one.alert_id}">{escape(one.rule.name)}</button>'
    return (
        f'<li><i class="hf-worse" title="{one.rule.severity}">◆</i><div>'
        f"<p>{link} · {place}</p><p>{headline} {severity}, firing {since}{who}.</p></div></li>"
    )


def verdict(
    firing: Sequence[AlertView], moves: Sequence[Move], figures: Sequence[Figure], goals: Mapping[str, float]
) -> None:
    """Are we all right, in one line."""
    parts = [fires(firing), aimed(figures, goals), outside(moves)]
    is_calm = not firing and not any(move.side for move in moves) and not missed(figures, goals)
    mark, look = ("✓", "good") if is_calm else ("◆", "open")
    text = " ".join(part for part in parts if part)
    st.html(f'<p class="hf-verdict hf-verdict-{look}" role="status"><i>{mark}</i><span>{text}</span></p>')


def fires(firing: Sequence[AlertView]) -> str:
    if not firing:
        return "<b>Nothing fires.</b>"
    critical = sum(one.rule.severity == "critical" for one in firing)
    grave = f", {critical:,} of them critical" if critical else ""
    return f"<b>{words.plural(len(firing), 'alert')} {'fires' if len(firing) == 1 else 'fire'}{grave}.</b>"


def missed(figures: Sequence[Figure], goals: Mapping[str, float]) -> list[Figure]:
    return [
        figure
        for figure in figures
        if (goal := goals.get(figure.metric.name)) is not None and aims.standing(figure, goal) == "missed"
    ]


def aimed(figures: Sequence[Figure], goals: Mapping[str, float]) -> str:
    judged = [figure for figure in figures if figure.metric.name in goals and figure.metric.better != "none"]
    if not judged:
        return ""
    behind = missed(judged, goals)
    names = ", ".join(escape(figure.metric.title) for figure in behind)
    met = f"{len(judged) - len(behind):,} of {words.plural(len(judged), 'target')} met"
    return f"{met}; missed: {names}." if behind else f"{met}."


def outside(moves: Sequence[Move]) -> str:
    beyond = [move for move in moves if move.side is not None]
    if not beyond:
        return "Every figure is within its usual range." if moves else ""
    titles = [escape(numbers.metrics()[move.metric].title) for move in beyond]
    more = f" and {len(titles) - NAMED:,} more" if len(titles) > NAMED else ""
    return f"Outside the usual range: {', '.join(titles[:NAMED])}{more}."


def open_alert(alert_id: str) -> None:
    if rooms.is_open("act/alerts.py"):
        st.switch_page("act/alerts.py", query_params={"alert": alert_id})
