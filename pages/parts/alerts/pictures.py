"""The charts of alerts: the trend of one with its bounds, and the timeline of all."""

from copy import deepcopy
from datetime import UTC, datetime
from functools import cache

import altair as alt

from pages.parts import charts
from pages.parts.charts import GREY, ORANGE, TEAL, VERMILION, Spec
from pages.parts.speech import later

FIRING, PENDING = later("firing"), later("pending")
COLOURS = {FIRING: VERMILION, PENDING: ORANGE}
THICK = {FIRING: 13, PENDING: 5}
ROW, AXIS = 44, 34  # pixels: an alert's line in the timeline, and the dates under them
HEIGHT = 280


@cache
def trend(grain: str, unit: str) -> Spec:
    """A figure by period, the bounds that were in force, and the periods at whose end the alert fired."""
    start = alt.Chart().encode(x=charts.time(grain))
    y = charts.amount(unit, title=later("Hours") if unit == "hours" else None)
    fires = start.mark_rect(color=VERMILION, opacity=0.13)
    line = start.mark_line(color=TEAL, strokeWidth=2).encode(y=y)
    bound = {"strokeWidth": 1.5, "strokeDash": [5, 3], "interpolate": "step", "color": VERMILION}
    low = start.mark_line(**bound).encode(y="low:Q")
    high = start.mark_line(**bound).encode(y="high:Q")
    usual = start.mark_line(color=GREY, strokeWidth=1.2, strokeDash=[2, 3]).encode(y="usual:Q")
    shape = charts.shape_of(unit)
    tips = [
        charts.when(grain),
        alt.Tooltip("shown:N", title=later("Figure")),
        alt.Tooltip("bounds:N", title=later("Bound")),
        alt.Tooltip("usual:Q", title=later("Usual"), format=shape),
        alt.Tooltip("state:N", title=later("Alert")),
    ]
    tipped = start.encode(y=y, tooltip=tips)
    dots = tipped.mark_point(size=30, filled=True, opacity=1, color=TEAL).transform_filter("!datum.is_firing")
    marks = tipped.mark_point(
        size=75, filled=True, opacity=1, color=VERMILION, shape="diamond"
    ).transform_filter("datum.is_firing")
    return charts.spec(
        alt.layer(
            fires.transform_filter("datum.is_firing"),
            usual.transform_filter("isValid(datum.usual)"),
            low.transform_filter("isValid(datum.low)"),
            high.transform_filter("isValid(datum.high)"),
            line,
            dots,
            marks,
        ),
        HEIGHT,
    )


def timeline() -> Spec:
    """When each alert pended and fired; firing is thick, pending thin."""
    colour = alt.Color(
        "status:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None
    )
    days = alt.Axis(format="%-d %b", title=None, ticks=False, labelOverlap="parity", tickCount=8)
    x = alt.X("entered_at:T", scale=alt.Scale(type="utc"), axis=days)
    # The names stand over their bars: beside them they would take half of a phone's width.
    names = alt.Axis(
        title=None,
        ticks=False,
        domain=False,
        labelAlign="left",
        labelPadding=-2,
        labelOffset=-17,
        labelLimit=900,
        labelFontSize=12,
    )
    y = alt.Y("place:N", sort=None, axis=names, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    tips = [
        alt.Tooltip("rule:N", title=later("Rule")),
        alt.Tooltip("segment:N", title=later("Of")),
        alt.Tooltip("status:N", title=later("State")),
        alt.Tooltip("since:N", title=later("From")),
        alt.Tooltip("until:N", title=later("Until")),
        alt.Tooltip("lasted:N", title=later("For")),
        alt.Tooltip("value:N", title=later("Figure")),
    ]
    thick = alt.Size(
        "status:N", scale=alt.Scale(domain=list(COLOURS), range=list(THICK.values())), legend=None
    )
    bars = alt.Chart().mark_bar(cornerRadius=2, yOffset=4)
    return charts.spec(bars.encode(x=x, x2="left_at:T", y=y, color=colour, size=thick, tooltip=tips), ROW)


def within(drawn: Spec, start: datetime, end: datetime, rows: int) -> Spec:
    """The timeline of some alerts between two instants, whichever of it they fill."""
    made = deepcopy(drawn) | {"height": rows * ROW + AXIS}
    domain = [instant.replace(tzinfo=UTC).timestamp() * 1000 for instant in (start, end)]
    made["encoding"]["x"]["scale"]["domain"] = domain
    return made


TIMELINE: Spec = timeline()
