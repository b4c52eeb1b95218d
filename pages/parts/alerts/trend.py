"""The trend of an alert's figure, its bounds, and where it fired."""

from html import escape

import polars as pl

from data.errors import HoldfastError
from engine.desk.alerts import AlertView
from pages.parts import alarms, cards, charts, numbers, words
from pages.parts.alerts import pictures
from pages.parts.rules import grains, phrases
from pages.parts.speech import later, retold, say

FIRED, QUIET = later("firing"), later("not firing")


def draw(of: AlertView) -> None:
    rule, wrong = of.rule, ""
    try:
        known = alarms.trend(of.alert_id, alarms.pulse())
    except HoldfastError as unreadable:  # its metric or its dimension is not computed any more
        known, wrong = pl.DataFrame(), retold(str(unreadable))
    title = phrases.title_of(rule.metric)
    with cards.panel("alerts_trend", title, grains.shown(known.height, rule.grain)):
        if known.is_empty():
            cards.note(escape(wrong) or say("There is no trend: nothing of this figure is recorded yet."))
            return
        frame = worded(known, rule.metric)
        legend(frame)
        unit = phrases.unit_of(rule.metric)
        spec = charts.in_currency(pictures.trend(rule.grain, unit), numbers.settings().base_currency)
        charts.draw(frame, spec, "alerts_trend", grains.with_bounds(title, rule.grain))


def worded(known: pl.DataFrame, metric: str) -> pl.DataFrame:
    """The trend with what its tips say."""
    write = phrases.writer(metric)
    usual = [] if "usual" in known.columns else [pl.lit(None, pl.Float64).alias("usual")]
    rows = known.with_columns(*usual)
    bounds = [told(low, high, metric) for low, high in rows.select("low", "high").iter_rows()]
    return rows.with_columns(
        pl.Series("shown", [write(value) for value in rows["value"]]),
        pl.Series("bounds", bounds),
        pl.when("is_firing").then(pl.lit(FIRED)).otherwise(pl.lit(QUIET)).alias("state"),
    )


def told(low: float | None, high: float | None, metric: str) -> str:
    write = phrases.writer(metric)
    sides = {"low": low, "high": high}
    told = {side: write(bound) for side, bound in sides.items() if bound is not None}
    if len(told) == 2:
        return say("below {low} or above {high}", **told)
    if not told:
        return words.NONE
    return say("below {bound}" if low is not None else "above {bound}", bound=next(iter(told.values())))


def legend(frame: pl.DataFrame) -> None:
    named = [(say("Figure"), charts.TEAL), (say("Bound (dashed)"), charts.VERMILION)]
    if frame["usual"].is_not_null().any():
        named.append((say("Usual"), charts.GREY))
    if frame["is_firing"].any():
        named.append((say("Firing (diamonds)"), charts.VERMILION))
    charts.legend(*zip(*named, strict=True))
