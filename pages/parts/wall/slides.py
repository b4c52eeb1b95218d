"""The slides of the wall: all drivers, each alone, what changed, what fires."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from engine.desk.alerts import AlertView
from metrics.movers import Move
from metrics.titles import shown_unit
from metrics.titles import title as title_of
from pages.parts import aims, cards, moved, numbers, sparks, words
from pages.parts.alerts import says
from pages.parts.firing import UNREAD
from pages.parts.numbers import Figure
from pages.parts.segment import Grain, Segment
from pages.parts.speech import later, say, several

DRIVERS, CHANGED, FIRING = "drivers", "changed", "alerts"
PAGES = {DRIVERS: later("All drivers"), CHANGED: later("What changed"), FIRING: later("What fires now")}
UNKNOWN = later("targets cannot be read now")
LINES = 4


@dataclass(frozen=True)
class Show:
    """All that slides are made of."""

    figures: dict[str, Figure]
    goals: dict[str, float] | None  # None where they cannot be read
    moves: Sequence[Move]
    fires: Sequence[AlertView] | None  # None where it cannot be read
    grain: Grain
    of: Segment
    code: str


def names(metrics: Iterable[str]) -> list[str]:
    """What can be shown."""
    return [*PAGES, *metrics]


def title(name: str) -> str:
    """What a slide is called, in the picker and in the address."""
    return say(PAGES[name]) if name in PAGES else title_of(numbers.metrics()[name])


def slide(name: str, show: Show) -> str:
    """One slide as HTML; nothing for what there is no figure of."""
    if name == DRIVERS:
        body = "".join(tile(figure, show) for figure in list(show.figures.values())[: cards_shown()])
        return framed(say("All drivers"), f'<div class="hf-wall-tiles">{body}</div>', show)
    if name == CHANGED:
        lines = [change(move, show) for move in show.moves[:3]]
        return framed(say("What changed"), listed(lines, say("Nothing moved.")), show)
    if name == FIRING:
        return fires(show)
    return alone(show.figures[name], show) if name in show.figures else ""


def cards_shown() -> int:
    return 6


def framed(title: str, body: str, show: Show) -> str:
    of = f"<small>{escape(show.of.label)}</small>"
    return f'<section class="hf-slide"><h2>{escape(title)} {of}</h2>{body}</section>'


def listed(lines: Sequence[str], empty: str) -> str:
    items = "".join(f"<li>{line}</li>" for line in lines) or f"<li><b>✓</b> {empty}</li>"
    return f'<ol class="hf-wall-lines">{items}</ol>'


def tile(figure: Figure, show: Show) -> str:
    last = figure.last
    value = words.value(last.value if last else None, figure.unit, show.code)
    return (
        f'<div class="hf-wall-tile"><h2>{escape(title_of(figure.metric))}</h2><strong>{value}</strong>'
        f"<p>{cards.chip(figure)}</p><p>{target(figure, show)}</p></div>"
    )


def alone(figure: Figure, show: Show) -> str:
    last, goal = figure.last, goal_of(figure, show)
    value = words.value(last.value if last else None, figure.unit, show.code)
    move = next((one for one in show.moves if one.metric == figure.metric.name), None)
    said = moved.usual(move, show.grain, show.code) if move and figure.grain == show.grain else ""
    body = (
        f'<div class="hf-wall-alone"><strong>{value}</strong><p>{cards.chip(figure)} {cards.when(figure)}</p>'
        f"<p>{target(figure, show)}</p>{sparks.spark(figure.rows, goal)}<p>{said}</p></div>"
    )
    return framed(title_of(figure.metric), body, show)


def target(figure: Figure, show: Show) -> str:
    if show.goals is None:
        return say(UNKNOWN)
    goal = goal_of(figure, show)
    return "&nbsp;" if goal is None else aims.line(figure, goal, show.code, may_aim=False)


def goal_of(figure: Figure, show: Show) -> float | None:
    return (show.goals or {}).get(figure.metric.name)


def change(move: Move, show: Show) -> str:
    arrow = words.arrow(move.now, move.before)
    headline, usual = moved.headline(move, show.grain, show.code), moved.usual(move, show.grain, show.code)
    metric = numbers.metrics()[move.metric]
    why = moved.reasons(move, shown_unit(metric), show.grain, show.code)
    return f"<i>{arrow}</i> {headline} {usual}{f'<br><small>{why}</small>' if why else ''}"


def fires(show: Show) -> str:
    if show.fires is None:
        return framed(say(PAGES[FIRING]), listed([f'<i class="hf-worse">◆</i> {say(UNREAD)}'], ""), show)
    return framed(fires_title(show.fires), listed(alerts(show.fires), say("Nothing fires.")), show)


def fires_title(found: Sequence[AlertView]) -> str:
    if not found:
        return say("Nothing fires")
    return several(len(found), "{count} alert firing", "{count} alerts firing")


def alerts(found: Sequence[AlertView]) -> list[str]:
    shown = [
        f'<i class="hf-worse">◆</i> <b>{escape(one.rule.name)}</b> · {escape(says.place(one))}: '
        f"{escape(says.headline(one))}"
        for one in found[:LINES]
    ]
    more = len(found) - LINES
    return [*shown, several(more, "and {count} more", "and {count} more")] if more > 0 else shown
