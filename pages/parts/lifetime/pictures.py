"""The charts of lifetime value and projections, built once and without data."""

import altair as alt

from pages.parts.charts import GREY, ORANGE, TEAL, Spec, amount, spec, time, when
from pages.parts.speech import later

BAND = later("90 % from")


def fan() -> Spec:
    """MRR of the months behind, then ahead with its band; if churn were another, beside it."""
    colour = alt.Color("series:N", scale=alt.Scale(range=[TEAL, ORANGE]), legend=None, sort=None)
    start = alt.Chart().encode(x=time("month"), color=colour)
    tips = [
        when("month"),
        alt.Tooltip("series:N", title=later("Of")),
        alt.Tooltip("value:Q", title=later("MRR"), format="$,.0f"),
        alt.Tooltip("lower:Q", title=BAND, format="$,.0f"),
        alt.Tooltip("upper:Q", title=later("to"), format="$,.0f"),
    ]
    y = amount("money", title=later("MRR at the end of the month"))
    band = start.mark_area(opacity=0.16).encode(y=alt.Y("lower:Q"), y2="upper:Q")
    behind = start.mark_line(strokeWidth=2).encode(y=y).transform_filter("!datum.is_ahead")
    ahead = start.mark_line(strokeWidth=2, strokeDash=[4, 3]).encode(y=y).transform_filter("datum.is_ahead")
    dots = start.mark_point(size=26, filled=True, opacity=1).encode(y=y, tooltip=tips)
    return spec(alt.layer(band, behind, ahead, dots), 280)


def backtest() -> Spec:
    """What was forecast with its interval, and what came, by the month of the forecast."""
    start = alt.Chart().encode(x=time("month"))
    tips = [
        when("month"),
        alt.Tooltip("forecast:Q", title=later("Forecast"), format="$,.2f"),
        alt.Tooltip("lower:Q", title=BAND, format="$,.2f"),
        alt.Tooltip("upper:Q", title=later("to"), format="$,.2f"),
        alt.Tooltip("actual:Q", title=later("What came"), format="$,.2f"),
        alt.Tooltip("naive:Q", title=later("ARPA and constant churn"), format="$,.2f"),
    ]
    y = amount("money", "forecast", later("A paying account, discounted"))
    band = start.mark_area(color=TEAL, opacity=0.16).encode(y=alt.Y("lower:Q"), y2="upper:Q")
    said = start.mark_line(color=TEAL, strokeWidth=2, strokeDash=[4, 3]).encode(y=y)
    naive = start.mark_line(color=GREY, strokeWidth=1.5).encode(y="naive:Q")
    came = start.mark_point(color=ORANGE, size=44, filled=True, opacity=1).encode(y="actual:Q", tooltip=tips)
    return spec(alt.layer(band, naive, said, came), 260)


def cohorts() -> Spec:
    """Cohorts by months since they began: seen, then projected with the band."""
    colour = alt.Color("cohort:N", scale=alt.Scale(range=[TEAL, ORANGE, GREY]), legend=None, sort=None)
    axis = alt.Axis(title=later("Months since the first payment"), grid=False, tickMinStep=1, format="d")
    start = alt.Chart().encode(x=alt.X("months:Q", axis=axis), color=colour)
    tips = [
        alt.Tooltip("cohort:N", title=later("Cohort")),
        alt.Tooltip("months:Q", title=later("Months since")),
        alt.Tooltip("share:Q", title=later("Still paying"), format=".1%"),
        alt.Tooltip("lower:Q", title=BAND, format=".1%"),
        alt.Tooltip("upper:Q", title=later("to"), format=".1%"),
        alt.Tooltip("state:N", title=later("Seen or projected")),
    ]
    y = amount("rate", "share", later("Still paying"), zero=True)
    band = start.mark_area(opacity=0.16).encode(y=alt.Y("lower:Q"), y2="upper:Q")
    seen = start.mark_line(strokeWidth=2).encode(y=y).transform_filter("!datum.is_projected")
    ahead = (
        start.mark_line(strokeWidth=2, strokeDash=[4, 3]).encode(y=y).transform_filter("datum.is_projected")
    )
    hover = start.mark_point(size=50, opacity=0).encode(y=y, tooltip=tips)
    return spec(alt.layer(band, seen, ahead, hover), 300)


FAN, BACKTEST, COHORTS = fan(), backtest(), cohorts()
