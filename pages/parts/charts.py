"""The charts: one Altair specification a kind, built once and without data, drawn with a frame."""

from collections.abc import Sequence
from html import escape
from itertools import count
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from pages.parts import annotations, captions
from pages.parts.once import once
from pages.parts.speech import later, say

# Okabe–Ito; teal is the accent, dark enough for white and light enough for black.
BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7"
TEAL, GREY = "#12908A", "#8A9694"
SERIES = (BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE)
PAIR = (TEAL, ORANGE)
MOVES = {
    "new": (later("New"), BLUE),
    "expansion": (later("Expansion"), GREEN),
    "reactivation": (later("Reactivation"), SKY),
    "contraction": (later("Contraction"), ORANGE),
    "churned": (later("Churned"), VERMILION),
}
DATES = {"day": "%-d %b", "week": "%-d %b", "month": "%b ’%y"}
# A bare nought, and B for billions.
PLAIN = later(
    "datum.value === 0 ? replace(datum.label, regexp('[a-zA-Z]+$'), '') : replace(datum.label, 'G', 'B')"
)
Spec = dict[str, Any]
_numbers = count()


def spec(chart: Any, height: int) -> Spec:
    """A specification without data, in Holdfast's dress."""
    dressed = chart.properties(height=height, padding={"left": 4, "right": 20, "top": 6, "bottom": 4})
    made: Spec = _without_data(
        dressed.configure_mark(aria=False).configure_view(stroke=None).to_dict(validate=True)
    )
    made["autosize"] = {"type": "fit", "contains": "padding"}
    made["background"] = "transparent"
    return made


def _without_data(part: Any) -> Any:
    """The frame comes when the chart is drawn."""
    if isinstance(part, dict):
        return {key: _without_data(value) for key, value in part.items() if key not in ("data", "datasets")}
    return [_without_data(value) for value in part] if isinstance(part, list) else part


def time(grain: str) -> alt.X:
    """A place for each period; the dates as they are, whatever zone the browser sits in."""
    axis = alt.Axis(
        format=DATES[grain],
        title=None,
        grid=False,
        ticks=False,
        labelAngle=0,
        labelOverlap="parity",
        labelSeparation=6,
        labelFlush=False,
    )
    return alt.X("period_start:O", timeUnit="utcyearmonthdate", axis=axis)


def when(grain: str) -> alt.Tooltip:
    shape = "%b %Y" if grain == "month" else "%a %-d %b %Y"
    title = {"day": later("Day"), "week": later("Week of"), "month": later("Month")}[grain]
    return alt.Tooltip("period_start:T", title=title, format=shape, timeUnit="utcyearmonthdate")


def amount(unit: str, field: str = "value", title: str | None = None, zero: bool = False) -> alt.Y:
    shape = {"rate": ".0%", "money": "$~s", "ratio": ".2~f"}.get(unit, "~s")
    whole = {"tickMinStep": 1} if unit == "count" else {}
    label = alt.Undefined if unit == "rate" else PLAIN
    axis = alt.Axis(
        format=shape, title=title, tickCount=5, domain=False, ticks=False, labelExpr=label, **whole
    )
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(zero=zero, nice=True))


def shape_of(unit: str) -> str:
    return {"rate": ".1%", "money": "$,.2f", "ratio": ".2f", "hours": ",.1f"}.get(unit, ",.0f")


def rate_line(grain: str, title: str) -> Spec:
    """A rate by cohort: its line, dashed where incomplete, its interval as a band, one colour a series."""
    colour = alt.Color("series:N", scale=alt.Scale(range=[TEAL, ORANGE]), legend=None, sort=None)
    tips = [
        when(grain),
        alt.Tooltip("series:N", title=later("Of")),
        alt.Tooltip("value:Q", title=title, format=".1%"),
        alt.Tooltip("lower:Q", title=later("95 % from"), format=".1%"),
        alt.Tooltip("upper:Q", title=later("to"), format=".1%"),
        alt.Tooltip("numerator:Q", title=later("Reached it"), format=",.0f"),
        alt.Tooltip("denominator:Q", title=later("Of accounts"), format=",.0f"),
        alt.Tooltip("state:N", title=later("Period")),
    ]
    start = alt.Chart().encode(x=time(grain), color=colour)
    y = amount("rate", title=title, zero=True)
    band = start.mark_area(opacity=0.16, line=False).encode(y=alt.Y("lower:Q"), y2="upper:Q")
    full = start.mark_line(strokeWidth=2).encode(y=y).transform_filter("datum.complete")
    rest = start.mark_line(strokeWidth=2, strokeDash=[3, 3]).encode(y=y).transform_filter("datum.tail")
    tipped = start.encode(y=y, tooltip=tips)
    dots = tipped.mark_point(size=38, filled=True, opacity=1).transform_filter("datum.complete")
    open_dots = tipped.mark_point(size=38, filled=False, opacity=1).transform_filter("!datum.complete")
    return spec(alt.layer(band, full, rest, dots, open_dots), 260)


def value_curve() -> Spec:
    """The share that reached value by the hour since sign-up, with its band."""
    colour = alt.Color("series:N", scale=alt.Scale(range=[TEAL, ORANGE]), legend=None, sort=None)
    days = alt.Axis(
        values=[0, 24, 72, 168, 336, 720],
        labelExpr=later("datum.value < 48 ? datum.value + ' h' : datum.value / 24 + ' d'"),
        title=later("Since sign-up"),
        grid=False,
    )
    x = alt.X("hours:Q", axis=days, scale=alt.Scale(type="sqrt", domain=[0, 720], nice=False))
    start = alt.Chart().encode(x=x, color=colour)
    y = alt.Y(
        "share:Q",
        axis=alt.Axis(
            format=".0%", title=later("Reached first value"), domain=False, ticks=False, tickCount=5
        ),
        scale=alt.Scale(domain=[0, 1]),
    )
    tips = [
        alt.Tooltip("hours:Q", title=later("Hours since sign-up"), format=",.0f"),
        alt.Tooltip("series:N", title=later("Of")),
        alt.Tooltip("share:Q", title=later("Reached value"), format=".1%"),
        alt.Tooltip("lower:Q", title=later("95 % from"), format=".1%"),
        alt.Tooltip("upper:Q", title=later("to"), format=".1%"),
        alt.Tooltip("reached:Q", title=later("Accounts that did"), format=",.0f"),
        alt.Tooltip("at_risk:Q", title=later("Still awaited"), format=",.0f"),
    ]
    band = start.mark_area(opacity=0.16, interpolate="step-after").encode(y="lower:Q", y2="upper:Q")
    line = start.mark_line(strokeWidth=2, interpolate="step-after").encode(y=y)
    hover = start.mark_point(size=60, opacity=0).encode(y=y, tooltip=tips)
    return spec(alt.layer(band, line, hover), 260)


def pace() -> Spec:
    """A count a day as bars, over the range that is usual for the weekday; today is hatched lighter."""
    start = alt.Chart().encode(x=time("day"))
    band = start.mark_bar(color=GREY, opacity=0.28, width={"band": 1}).encode(
        y=amount("count", "usual_low", "Activations a day", zero=True), y2="usual_high:Q"
    )
    bars = start.mark_bar(color=TEAL, width={"band": 0.72}).encode(
        y=amount("count", title=later("Activations a day"), zero=True),
        opacity=alt.condition("datum.complete", alt.value(0.95), alt.value(0.4)),
        tooltip=[
            when("day"),
            alt.Tooltip("value:Q", title=later("Activations"), format=",.0f"),
            alt.Tooltip("usual:Q", title=later("Usual for this weekday"), format=",.1f"),
            alt.Tooltip("usual_low:Q", title=later("Usual range from"), format=",.0f"),
            alt.Tooltip("usual_high:Q", title=later("to"), format=",.0f"),
            alt.Tooltip("state:N", title=later("Day")),
        ],
    )
    return spec(alt.layer(band, bars), 300)


def move_colour() -> alt.Color:
    scale = alt.Scale(
        domain=[title for title, _ in MOVES.values()], range=[colour for _, colour in MOVES.values()]
    )
    return alt.Color("movement:N", scale=scale, legend=None, sort=None)


def movements(grain: str, height: int) -> Spec:
    """MRR gained above the line and lost below it, each period, with the net as a tick."""
    start = alt.Chart().encode(x=time(grain))
    bars = start.mark_bar(width={"band": 0.66}).encode(
        y=alt.Y(
            "amount:Q",
            stack="zero",
            axis=alt.Axis(
                format="$~s",
                title=later("MRR gained and lost"),
                domain=False,
                ticks=False,
                tickCount=5,
                labelExpr=PLAIN,
            ),
        ),
        color=move_colour(),
        opacity=alt.condition("datum.complete", alt.value(1), alt.value(0.5)),
        order=alt.Order("place:Q"),
        tooltip=[
            when(grain),
            alt.Tooltip("movement:N", title=later("Movement")),
            alt.Tooltip("amount:Q", title=later("MRR"), format="$,.2f"),
            alt.Tooltip("state:N", title=later("Period")),
        ],
    )
    net = (
        start.mark_tick(thickness=2.5, width={"band": 0.86}, color=GREY, opacity=1)
        .transform_aggregate(net="sum(amount)", groupby=["period_start"])
        .encode(
            y="net:Q", tooltip=[when(grain), alt.Tooltip("net:Q", title=later("Net change"), format="+$,.2f")]
        )
    )
    return spec(alt.layer(bars, net), height)


def bridge() -> Spec:
    """What made the closing MRR of the opening one, step by step; the running sum is the browser's."""
    scale = alt.Scale(
        domain=[*(title for title, _ in MOVES.values()), later("Net")],
        range=[*(colour for _, colour in MOVES.values()), GREY],
    )
    labels = alt.Axis(title=None, ticks=False, domain=False, labelLimit=180)
    axis = alt.Axis(
        format="$~s",
        title=later("MRR since opening"),
        tickCount=4,
        domain=False,
        ticks=False,
        labelFlush=False,
        labelExpr=PLAIN,
    )
    bars = (
        alt.Chart()
        .transform_window(sum="sum(step)", sort=[{"field": "place"}])
        .transform_calculate(
            low="datum.total ? 0 : datum.sum - datum.step",
            high="datum.total ? datum.amount : datum.sum",
        )
        .mark_bar(height={"band": 0.62})
        .encode(
            x=alt.X("low:Q", axis=axis, scale=alt.Scale(zero=True)),
            x2="high:Q",
            y=alt.Y("label:N", sort=None, axis=labels),
            color=alt.Color("movement:N", scale=scale, legend=None),
            tooltip=[
                alt.Tooltip("movement:N", title=later("Movement")),
                alt.Tooltip("exact:N", title=later("MRR")),
            ],
        )
    )
    return spec(bars, 262)


def lines(grain: str, unit: str, title: str, height: int = 240, baseline: float | None = None) -> Spec:
    """A few series of one unit, named by a legend above; a dashed end is still running."""
    scale = alt.Scale(range=list(SERIES))
    start = alt.Chart().encode(
        x=time(grain), color=alt.Color("series:N", scale=scale, legend=None, sort=None)
    )
    y = amount(unit, title=title)
    full = start.mark_line(strokeWidth=2).encode(y=y).transform_filter("datum.complete")
    rest = start.mark_line(strokeWidth=2, strokeDash=[3, 3]).encode(y=y).transform_filter("datum.tail")
    dots = start.mark_point(size=30, filled=True, opacity=1).encode(
        y=y,
        tooltip=[
            when(grain),
            alt.Tooltip("series:N", title=later("Of")),
            alt.Tooltip("value:Q", title=title, format=shape_of(unit)),
            alt.Tooltip("state:N", title=later("Period")),
        ],
    )
    layers = [full, rest, dots]
    if baseline is not None:
        rule = alt.Chart().mark_rule(color=GREY, strokeDash=[2, 3]).encode(y=alt.datum(baseline))
        layers.insert(0, rule)
    return spec(alt.layer(*layers), height)


def arrivals() -> Spec:
    """New facts by ten minutes; the times as they are, whatever zone the browser sits in."""
    clock = alt.Axis(format="%H:%M", title=None, grid=False, ticks=False, labelOverlap="parity", tickCount=8)
    x = alt.X("minute:T", scale=alt.Scale(type="utc"), axis=clock)
    tips = [
        alt.Tooltip("minute:T", title=later("From"), format="%H:%M", timeUnit="utcyearmonthdatehoursminutes"),
        alt.Tooltip("facts:Q", title=later("New facts"), format=","),
    ]
    bars = alt.Chart().mark_bar(color=TEAL).encode(x=x, x2="until:T", y2=alt.Y2Datum(0), tooltip=tips)
    return spec(bars.encode(y=amount("count", "facts", zero=True)), 200)


def draw(
    frame: pl.DataFrame, drawn: Spec, key: str, alt_text: str, *, ours: Sequence[str] = captions.OURS
) -> None:
    """In the language of the run.

    Args:
        ours: the columns whose values are words of ours.
    """
    told, rows = annotations.layer(captions.spoken(drawn), frame), captions.worded(frame, ours)
    _draw(number_of(rows, told), key, alt_text, _rows=rows, _drawn=told)


@once
def number_of(rows: pl.DataFrame, drawn: Spec) -> int:  # noqa: ARG001
    """Tells the picture of these very rows from any other."""
    return next(_numbers)


@st.cache_resource(max_entries=400, show_spinner=False)
def _draw(
    number: int,  # noqa: ARG001 (what it is known again by)
    key: str,
    alt_text: str,
    *,
    _rows: pl.DataFrame,
    _drawn: Spec,
) -> None:
    """What the browser is sent is made once; Streamlit repeats it for whoever looks at the same picture."""
    st.vega_lite_chart(_rows, _drawn, key=key, alt=alt_text, width="stretch")


def in_currency(drawn: Spec, code: str) -> Spec:
    """The same specification; other currencies than the dollar lose its sign, their axis names them."""
    return drawn if code == "USD" else _without_dollar(drawn)


@once
def _without_dollar(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _without_dollar(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_without_dollar(value) for value in part]
    return part.replace("$", "") if isinstance(part, str) and part.lstrip("+").startswith("$") else part


RATE_LINES: dict[str, Spec] = {grain: rate_line(grain, later("Activation rate")) for grain in DATES}
MOVEMENTS: dict[str, Spec] = {grain: movements(grain, 300) for grain in DATES}
BRIDGE: Spec = bridge()
RETENTION: dict[str, Spec] = {
    grain: lines(grain, "rate", later("Revenue retention"), baseline=1.0) for grain in DATES
}
QUICK: dict[str, Spec] = {grain: lines(grain, "ratio", later("Quick ratio"), baseline=1.0) for grain in DATES}
VALUE_CURVE: Spec = value_curve()
PACE: Spec = pace()
ARRIVALS: Spec = arrivals()


def legend(names: Sequence[str], colours: Sequence[str]) -> None:
    """Names the colours of a chart; it wraps where a chart's own legend would be cut off."""
    marks = "".join(
        f'<span><i style="background:{colour}"></i>{escape(name)}</span>'
        for name, colour in zip(names, colours, strict=False)
    )
    st.html(f'<p class="hf-legend">{marks}</p>')


def movement_legend() -> None:
    legend([say(title) for title, _ in MOVES.values()], [colour for _, colour in MOVES.values()])
