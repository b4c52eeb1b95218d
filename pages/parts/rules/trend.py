"""The chart of a rehearsal: the figures, the bounds that were in force, and when it would have fired."""

from functools import cache
from typing import Any

import altair as alt

from pages.parts.charts import GREY, PLAIN, SKY, TEAL, VERMILION, Spec, shape_of, spec
from pages.parts.speech import later

HEIGHT = 270
LANE = 7  # pixels of the upper edge, for the firings of the saved rule
SHAPES = {"rate": ".0%", "money": "$~s", "ratio": ".2~f"}
MONTHS = later(
    "utcmonth(datum.value) ? utcFormat(datum.value, '%-d %b') : utcFormat(datum.value, '%-d %b ’%y')"
)
BOUNDS: dict[str, dict[str, Any]] = {
    "day": {"strokeWidth": 1, "opacity": 0.75},  # a year of dashes is noise
    "": {"strokeWidth": 1.6, "strokeDash": [5, 3]},
}
OURS = ("judged", "state", "saved")
NOT_JUDGED, BREACH = later("not judged"), later("beyond")  # verdicts that have a form of their own
WASH = "color-mix(in srgb, #D55E00 30%, transparent)"
PARTS = (
    (later("Figure"), TEAL),
    (later("Bound"), VERMILION),
    (later("Would have fired"), WASH),
    (later("As saved"), GREY),
    (later("Usual"), SKY),
)


def at(field: str) -> alt.X:
    """Dates as they are, whatever zone the browser sits in."""
    axis = alt.Axis(
        labelExpr=MONTHS,
        title=None,
        grid=False,
        ticks=False,
        labelOverlap="parity",
        labelSeparation=10,
        tickCount=9,
    )
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc", nice=False), axis=axis)


def height(field: str, unit: str) -> alt.Y:
    axis = alt.Axis(
        format=SHAPES.get(unit, "~s"),
        title=None,
        tickCount=5,
        domain=False,
        ticks=False,
        labelExpr=alt.Undefined if unit == "rate" else PLAIN,
        tickMinStep=1 if unit == "count" else alt.Undefined,
    )
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(zero=False, nice=True, padding=8))


def tips(grain: str, unit: str) -> list[alt.Tooltip]:
    shape = "%b %Y" if grain == "month" else "%a %-d %b %Y"
    when = {"day": later("Day"), "week": later("Week of"), "month": later("Month")}[grain]
    figures = (
        ("value", later("Figure")),
        ("low", later("Fires below")),
        ("high", later("Fires above")),
        ("usual", later("Usual")),
    )
    return [
        alt.Tooltip("period_start:T", title=when, format=shape, timeUnit="utcyearmonthdate"),
        *(alt.Tooltip(f"{name}:Q", title=title, format=shape_of(unit)) for name, title in figures),
        alt.Tooltip("judged:N", title=later("Verdict")),
        alt.Tooltip("state:N", title=later("As edited")),
        alt.Tooltip("saved:N", title=later("As saved")),
    ]


@cache  # built when it is first drawn: of all that there could be, few are
def trend(grain: str, unit: str) -> Spec:
    """Figures and bounds by period; firings as a wash behind them, those of the saved rule along the top."""
    start = alt.Chart().encode(x=at("period_start"))
    wash = start.mark_rect(color=VERMILION, opacity=0.16).encode(
        x2="until:T", y=alt.value(0), y2=alt.value("height")
    )
    lane = start.mark_rect(color=GREY, stroke=GREY).encode(x2="until:T", y=alt.value(0), y2=alt.value(LANE))
    usual = start.mark_line(color=SKY, strokeWidth=1.6).encode(y=height("usual", unit))
    bound = start.mark_line(
        color=VERMILION, interpolate="step-after", **BOUNDS["day" if grain == "day" else ""]
    )
    line = start.mark_line(color=TEAL, strokeWidth=1.2 if grain == "day" else 2).encode(
        y=height("value", unit)
    )
    dots = start.encode(y=height("value", unit), tooltip=tips(grain, unit))
    within = dots.mark_point(size=9 if grain == "day" else 24, filled=True, opacity=1, color=TEAL)
    beyond = dots.mark_point(
        size=30 if grain == "day" else 52, filled=True, opacity=1, color=VERMILION, shape="diamond"
    )
    unknown = dots.mark_point(size=14 if grain == "day" else 32, filled=False, opacity=1, color=GREY)
    layers = [
        wash.transform_filter("datum.is_firing"),
        lane.transform_filter("datum.was_firing"),
        usual,
        bound.encode(y=height("low", unit)),
        bound.encode(y=height("high", unit)),
        line,
        within.transform_filter(f"datum.verdict != '{NOT_JUDGED}' && datum.verdict != '{BREACH}'"),
        beyond.transform_filter(f"datum.verdict == '{BREACH}'"),
        unknown.transform_filter(f"datum.verdict == '{NOT_JUDGED}'"),
    ]
    return spec(alt.layer(*layers), HEIGHT)
