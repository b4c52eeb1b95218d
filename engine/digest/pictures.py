"""The pictures of a weekly letter: the drivers' last periods with their targets, and MRR by month."""

from typing import Any

import orjson

from data.speech import for_reader, later, say, written
from data.speech.vega import short_labels
from engine.delivery.picture import INK, TEAL, VERMILION, configured
from engine.delivery.studio import studio
from engine.digest.letter import Card, Letter

Spec = dict[str, Any]
SHORT = {"rate": ".3~p"}
NAMES = {
    "new": later("New"),
    "expansion": later("Expansion"),
    "reactivation": later("Reactivation"),
    "contraction": later("Contraction"),
    "churned": later("Churned"),
}
COLOURS = {
    "new": "#0072B2",
    "expansion": "#009E73",
    "reactivation": "#56B4E9",
    "contraction": "#E69F00",
    "churned": "#D55E00",
}
DRIVERS, MOVEMENTS = "drivers.png", "movements.png"
ALT = {
    DRIVERS: later("The last periods of each driver, with its target as a dashed line"),
    MOVEMENTS: later("MRR gained and lost by month"),
}


@for_reader
def draw(letter: Letter) -> list[tuple[str, bytes]]:
    """The pictures that there is something to draw for, by their file names.

    Raises:
        GiveUp, TryAgain: one cannot be drawn, or not now.
    """
    specs = {DRIVERS: drivers(letter), MOVEMENTS: movements(letter)}
    return [(name, studio.draw(orjson.dumps(spec).decode())) for name, spec in specs.items() if spec]


def drivers(letter: Letter) -> Spec | None:
    shown = [card for card in letter.cards if any(value is not None for _, value in card.trend)]
    if not shown:
        return None
    panels = [panel(card, letter) for card in shown]
    return framed({"concat": panels, "columns": 3, "spacing": {"row": 84, "column": 60}, "bounds": "flush"})


def framed(body: Spec) -> Spec:
    margin = {"left": 14, "top": 14, "bottom": 14, "right": 24}
    frame = {"background": "#FFFFFF", "padding": margin, "config": configured()}
    return {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **frame, **body}


def panel(card: Card, letter: Letter) -> Spec:
    values = [{"at": at.isoformat(), "value": value} for at, value in card.trend]
    x: Spec = {
        "field": "at", "type": "temporal", "scale": {"type": "utc"},
        "axis": {"title": None, "format": "%-d %b", "labelOverlap": True, "tickCount": 3, "grid": False},
    }  # fmt: skip
    y: Spec = {
        "field": "value", "type": "quantitative", "scale": {"zero": False},
        "axis": {"title": None, "format": SHORT.get(card.unit, "~s"), "tickCount": 3, **short_labels()},
    }  # fmt: skip
    line = {"type": "line", "color": TEAL, "strokeWidth": 2, "point": {"color": TEAL, "size": 16}}
    layers: list[Spec] = [{"data": {"values": values}, "mark": line, "encoding": {"x": x, "y": y}}]
    if card.target is not None:
        rule = {"type": "rule", "color": VERMILION, "strokeDash": [6, 4], "strokeWidth": 1.5}
        aim = {"data": {"values": [{"value": card.target}]}, "mark": rule, "encoding": {"y": y}}
        layers.append(aim)
    shown = letter.write(card.value, card.unit)
    title = {
        "text": card.title,
        "subtitle": shown,
        "subtitleFontSize": 13,
        "fontSize": 12,
        "subtitleColor": INK,
    }
    return {"title": title, "width": 144, "height": 76, "layer": layers}


def movements(letter: Letter) -> Spec | None:
    """Gained above the line, lost below it; the month that is not over is paler."""
    if not letter.bars:
        return None
    values = [
        {
            "at": bar.start.isoformat(),
            "movement": say(NAMES[bar.movement]),
            "amount": bar.amount,
            "is_over": bar.is_over,
        }
        for bar in letter.bars
    ]
    colour = {"domain": [say(NAMES[name]) for name in COLOURS], "range": list(COLOURS.values())}
    lost = say("MRR gained and lost, {currency}", currency=letter.currency)
    axis = {"format": "~s", "title": lost, "tickCount": 5, **short_labels()}
    form = f"%b {written().short_year}"
    months = {"title": None, "format": form, "labelAngle": 0, "labelOverlap": True, "ticks": False}
    return framed(
        {
            "width": 570,
            "height": 200,
            "data": {"values": values},
            "mark": {"type": "bar", "width": {"band": 0.7}},
            "encoding": {
                "x": {"field": "at", "type": "ordinal", "timeUnit": "utcyearmonth", "axis": months},
                "y": {"field": "amount", "type": "quantitative", "stack": "zero", "axis": axis},
                "opacity": {"condition": {"test": "datum.is_over", "value": 1}, "value": 0.5},
                "color": {
                    "field": "movement", "type": "nominal", "scale": colour,
                    "legend": {"title": None, "orient": "bottom"},
                },
            },
        }
    )  # fmt: skip
