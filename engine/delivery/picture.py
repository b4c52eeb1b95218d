"""Draws the trend of alerts with the bound that they are beyond, as a PNG."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

import orjson

from data.speech import ENGLISH, for_reader, language, say
from data.speech.vega import conventions, short_labels
from engine.delivery.content import About, Content, Told
from engine.delivery.happening import Point
from engine.delivery.studio import studio

TEAL, VERMILION, DARK, INK, FAINT = "#0B6E6E", "#D55E00", "#A84900", "#17211F", "#DDE3E1"
WIDTH, HEIGHT = 560, 230
SMALL_WIDTH, SMALL_HEIGHT = 240, 120
FORMATS = {"rate": ".0%", "count": "~s", "money": "~s", "hours": "~g", "ratio": "~g"}
LENGTHS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
CONFIG = {
    "font": "Liberation Sans, sans-serif",  # the first is part of the library
    "view": {"stroke": None},
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "labelColor": INK, "titleColor": INK, "domain": False},
    "axisY": {"gridColor": FAINT, "ticks": False, "titleAngle": 0, "titleAlign": "left", "titleY": -8},
    "title": {"fontSize": 14, "anchor": "start", "color": INK, "offset": 10},
}
Spec = dict[str, Any]


def configured() -> Spec:
    """How charts look, and how they write numbers and dates in the language that is spoken."""
    here = language()
    return CONFIG if here == ENGLISH else CONFIG | {"locale": conventions(here)}


@for_reader
def draw(content: Content) -> bytes | None:
    """The picture of a message; None where nothing is known to draw."""
    spec = spec_of(content)
    return None if spec is None else _drawn(orjson.dumps(spec).decode())


@lru_cache(maxsize=32)
def _drawn(spec: str) -> bytes:
    """Drawn once, though it goes to several channels, or is tried again."""
    return studio.draw(spec)


def spec_of(content: Content) -> Spec | None:
    """One panel, or a small one for each of the worst alerts, in Vega-Lite."""
    shown = [told for told in content.alerts if any(point.value is not None for point in told.trend)]
    if not shown:
        return None
    panels = [_panel(told, content.about, is_small=len(shown) > 1) for told in shown]
    body: Spec = (
        {"concat": panels, "columns": 2, "spacing": {"row": 22, "column": 76}}
        if len(panels) > 1
        else panels[0]
    )
    margin = {"left": 14, "top": 14, "bottom": 14, "right": 62}  # for the last figure, beside its point
    frame = {"background": "#FFFFFF", "padding": margin, "config": configured()}
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **frame, **body}


def _panel(told: Told, about: About, *, is_small: bool) -> Spec:
    layers = [
        _bands(told.trend, about),
        _bound("low", told.trend, about),
        _bound("high", told.trend, about),
        _line(told.trend, about),
        _bound_note("low", told.trend, about),
        _bound_note("high", told.trend, about),
        _breaches(told.trend, about),
        _note(told, about),
    ]
    place = about.place(told.segment)
    return {
        "title": place if is_small else f"{about.title}, {place}",
        "width": SMALL_WIDTH if is_small else WIDTH,
        "height": SMALL_HEIGHT if is_small else HEIGHT,
        "layer": [layer for layer in layers if layer["data"]["values"]],
    }


def _layer(values: Sequence[Spec], mark: Spec, **encoding: Any) -> Spec:
    return {"data": {"values": list(values)}, "mark": mark, "encoding": encoding}


def _x(field: str = "at") -> Spec:
    axis = {"title": None, "format": "%-d %b", "labelOverlap": True, "tickCount": 6, "grid": False}
    return {"field": field, "type": "temporal", "scale": {"type": "utc"}, "axis": axis}


def _y(field: str, about: About) -> Spec:
    title = {"money": about.currency, "hours": say("hours")}.get(about.unit)
    form = FORMATS.get(about.unit, "~g")
    short = short_labels() if form == "~s" else {}
    axis = {"title": title, "format": form, "tickCount": 5, **short}
    return {"field": field, "type": "quantitative", "scale": {"zero": False}, "axis": axis}


def _bands(trend: Sequence[Point], about: About) -> Spec:
    """Where it fired."""
    spans = [{"at": start.isoformat(), "to": end.isoformat()} for start, end in _firing(trend, about)]
    mark = {"type": "rect", "color": VERMILION, "opacity": 0.13}
    return _layer(spans, mark, x=_x(), x2={"field": "to"})


def _firing(trend: Sequence[Point], about: About) -> Iterator[tuple[date, date]]:
    at = 0
    for is_firing, run in groupby(trend, key=lambda point: point.is_firing):
        points = list(run)
        at += len(points)
        if is_firing:
            ends = (
                trend[at].period_start if at < len(trend) else points[-1].period_start + LENGTHS[about.grain]
            )
            yield points[0].period_start, ends


def _bound(which: str, trend: Sequence[Point], about: About) -> Spec:
    """The bound as it was in each period."""
    rows = [(point.period_start, getattr(point, which)) for point in trend]
    values = [{"at": at.isoformat(), "bound": bound} for at, bound in rows if bound is not None]
    mark = {"type": "line", "color": VERMILION, "strokeDash": [6, 4], "strokeWidth": 1.5}
    return _layer(values, mark, x=_x(), y=_y("bound", about))


def _line(trend: Sequence[Point], about: About) -> Spec:
    values = [{"at": point.period_start.isoformat(), "value": point.value} for point in trend]
    mark = {
        "type": "line",
        "color": TEAL,
        "strokeWidth": 2.5,
        "strokeJoin": "round",
        "point": {"color": TEAL, "size": 22},
    }
    return _layer(values, mark, x=_x(), y=_y("value", about))


def _breaches(trend: Sequence[Point], about: About) -> Spec:
    beyond = [
        {"at": point.period_start.isoformat(), "value": point.value} for point in trend if _is_beyond(point)
    ]
    mark = {"type": "point", "filled": True, "shape": "diamond", "color": VERMILION, "size": 80, "opacity": 1}
    return _layer(beyond, mark, x=_x(), y=_y("value", about))


def _is_beyond(point: Point) -> bool:
    value, low, high = point.value, point.low, point.high
    return value is not None and ((low is not None and value < low) or (high is not None and value > high))


def _note(told: Told, about: About) -> Spec:
    """The last figure, written beside its point."""
    last = [point for point in told.trend if point.value is not None][-1:]
    says = [(point, about.write(point.value)) for point in last]
    values = [
        {"at": point.period_start.isoformat(), "value": point.value, "says": text} for point, text in says
    ]
    mark = {"type": "text", "align": "left", "dx": 10, "fontSize": 13, "fontWeight": "bold", "color": INK}
    return _layer(values, mark, x=_x(), y=_y("value", about), text={"field": "says"})


def _bound_note(which: str, trend: Sequence[Point], about: About) -> Spec:
    """The bound in figures, where its line begins."""
    first = [point for point in trend if getattr(point, which) is not None][:1]
    values = [
        {
            "at": point.period_start.isoformat(),
            "bound": getattr(point, which),
            "says": say("bound {bound}", bound=about.write(getattr(point, which))),
        }
        for point in first
    ]
    above = {"high": -8, "low": 10}[which]
    mark = {"type": "text", "align": "left", "dx": 3, "dy": above, "fontSize": 12, "color": DARK}
    return _layer(values, mark, x=_x(), y=_y("bound", about), text={"field": "says"})
