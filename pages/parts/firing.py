"""What fires now, in plain words: since when, how far, and the way to it; and all of it in one line."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from engine.desk.alerts import AlertView
from metrics.movers import Move
from metrics.titles import title as title_of
from pages.parts import aims, alarms, cards, numbers, person, rooms, words
from pages.parts.alerts import says
from pages.parts.numbers import Figure
from pages.parts.segment import Segment
from pages.parts.sources import standing
from pages.parts.speech import later, say, several, whole

SHOWN = 5
NAMED = 3
UNREAD = later("Whether anything fires cannot be read now.")
FIRING_FOR = {
    "critical": later("Critical, firing for {span}"),
    "warning": later("Warning, firing for {span}"),
    "info": later("Info, firing for {span}"),
}


def alerts(of: Segment) -> list[AlertView]:
    """What fires, the gravest first: of one segment where one is chosen, or is all that may be seen."""
    found = [one for group in alarms.active() for one in group.alerts if one.status == "firing"]
    if of == Segment() and person.scope() is None:
        return found
    return [one for one in found if (one.rule.dimension, one.segment) == (of.dimension, of.name)]


def panel(found: Sequence[AlertView] | None) -> None:
    """`found`: None where it cannot be read."""
    if found is None:
        cards.note(say(UNREAD), "◆")
        return
    if not found:
        cards.note(say("Nothing fires."), "✓")
        return
    items = "".join(item(one) for one in found[:SHOWN])
    more = len(found) - SHOWN
    said = several(more, "and {count} more", "and {count} more")
    rest = f"<li><i></i><div><p>{said}</p></div></li>" if more > 0 else ""
    st.html(f'<ol class="hf-moves hf-firing">{items}{rest}</ol>')


def item(one: AlertView) -> str:
    place, headline = escape(says.place(one)), escape(says.headline(one))
    span = words.ago(standing.now() - (one.fired_at or one.since))
    since = say(FIRING_FOR[one.rule.severity], span=span)
    if one.taken_by:
        since = say("{since} · {who} has it", since=since, who=escape(one.taken_by))
    told = say("{headline} {since}.", headline=headline, since=since)
    link = f'<button class="hf-open" data-open="alert:{one.alert_id}">{escape(one.rule.name)}</button>'
    return (
        f'<li><i class="hf-worse" title="{say(one.rule.severity)}">◆</i><div>'
        f"<p>{link} · {place}</p><p>{told}</p></div></li>"
    )


def verdict(
    firing: Sequence[AlertView] | None,
    moves: Sequence[Move],
    figures: Sequence[Figure],
    goals: Mapping[str, float],
) -> None:
    """Are we all right, in one line; `firing`: None where that cannot be read."""
    parts = [fires(firing), aimed(figures, goals), outside(moves)]
    is_calm = firing == [] and not any(move.side for move in moves) and not missed(figures, goals)
    mark, look = ("✓", "good") if is_calm else ("◆", "open")
    text = " ".join(part for part in parts if part)
    st.html(f'<p class="hf-verdict hf-verdict-{look}" role="status"><i>{mark}</i><span>{text}</span></p>')


def fires(firing: Sequence[AlertView] | None) -> str:
    if firing is None:
        return f"<b>{say(UNREAD)}</b>"
    if not firing:
        return say("<b>Nothing fires.</b>")
    critical = sum(one.rule.severity == "critical" for one in firing)
    if not critical:
        return several(len(firing), "<b>{count} alert fires.</b>", "<b>{count} alerts fire.</b>")
    return several(
        len(firing),
        "<b>{count} alert fires, {critical} of them critical.</b>",
        "<b>{count} alerts fire, {critical} of them critical.</b>",
        critical=whole(critical),
    )


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
    names = ", ".join(escape(title_of(figure.metric)) for figure in behind)
    met = whole(len(judged) - len(behind))
    if not behind:
        return several(len(judged), "{met} of {count} target met.", "{met} of {count} targets met.", met=met)
    return several(
        len(judged),
        "{met} of {count} target met; missed: {names}.",
        "{met} of {count} targets met; missed: {names}.",
        met=met,
        names=names,
    )


def outside(moves: Sequence[Move]) -> str:
    beyond = [move for move in moves if move.side is not None]
    if not beyond:
        return say("Every figure is within its usual range.") if moves else ""
    titles = [escape(title_of(numbers.metrics()[move.metric])) for move in beyond]
    names, more = ", ".join(titles[:NAMED]), len(titles) - NAMED
    if more <= 0:
        return say("Outside the usual range: {names}.", names=names)
    return several(
        more,
        "Outside the usual range: {names} and {count} more.",
        "Outside the usual range: {names} and {count} more.",
        names=names,
    )


def open_alert(alert_id: str) -> None:
    if rooms.is_open("act/alerts.py"):
        st.switch_page("act/alerts.py", query_params={"alert": alert_id})
