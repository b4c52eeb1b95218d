"""The charts of the page: risk over time, how it is spread, calibration, and what moved it."""

from html import escape

import altair as alt
import polars as pl

from pages.parts import charts, words
from pages.parts.speech import later, say, written

GROUP = {
    "recency": later("Recency of use"),
    "usage": later("Amount of use"),
    "trend": later("Trend of use"),
    "tenure": later("Time as a customer"),
    "price": later("Price and its changes"),
    "plan": later("Plan"),
    "seats": later("Seats and people"),
    "renewal": later("Renewal"),
    "onboarding": later("Onboarding"),
    "payments": later("Payments"),
    "support": later("Support tickets"),
    "sentiment": later("Sentiment"),
    "messages": later("Messages"),
    "segment": later("Segment"),
}


def calibration(card: pl.DataFrame) -> pl.DataFrame:
    """By tenth of risk: what was told, and what was observed with its interval."""
    rows = {row["measure"]: row for row in card.iter_rows(named=True)}
    found = [
        {"told": rows[f"calibration_expected.{n}"]["value"], "observed": seen["value"],
         "lower": max(seen["lower"] or 0.0, 0.0), "upper": seen["upper"] or seen["value"], "n": seen["n"]}
        for n in range(1, 11)
        if (seen := rows.get(f"calibration_observed.{n}")) is not None
    ]  # fmt: skip
    shape = dict.fromkeys(("told", "observed", "lower", "upper"), pl.Float64) | {"n": pl.Int64}
    return pl.DataFrame(found, schema=shape)


def calibration_chart() -> charts.Spec:
    axis = alt.Axis(format=".0%", domain=False, ticks=False, tickCount=5)
    x = alt.X("told:Q", axis=axis, title=later("Told"), scale=alt.Scale(zero=True))
    start = alt.Chart().encode(x=x)
    y = alt.Y("observed:Q", axis=axis, title=later("Observed"), scale=alt.Scale(zero=True))
    tips = [
        alt.Tooltip("told:Q", title=later("Told"), format=".2%"),
        alt.Tooltip("observed:Q", title=later("Observed"), format=".2%"),
        alt.Tooltip("lower:Q", title=later("95 % from"), format=".2%"),
        alt.Tooltip("upper:Q", title=later("to"), format=".2%"),
        alt.Tooltip("n:Q", title=later("Snapshots"), format=",.0f"),
    ]
    ideal = start.mark_line(color=charts.GREY, strokeDash=[2, 3]).encode(y=alt.Y("told:Q"))
    band = start.mark_rule(color=charts.TEAL, strokeWidth=1.5).encode(y=alt.Y("lower:Q"), y2="upper:Q")
    dots = start.mark_point(color=charts.TEAL, filled=True, size=44, opacity=1).encode(y=y, tooltip=tips)
    return charts.spec(alt.layer(ideal, band, dots), 240)


def spread_chart() -> charts.Spec:
    x = alt.X("risk:N", sort=None, axis=alt.Axis(title=later("Risk, per cent"), labelAngle=0, ticks=False))
    y = alt.Y("accounts:Q", axis=alt.Axis(title=later("Accounts"), domain=False, ticks=False, tickMinStep=1))
    colour = alt.Color(
        "told:N",
        scale=alt.Scale(domain=[later("now"), later("four weeks before")], range=[charts.TEAL, charts.GREY]),
        legend=None,
    )
    tips = [
        alt.Tooltip("told:N", title=later("As told")),
        alt.Tooltip("risk:N", title=later("Risk, per cent")),
        alt.Tooltip("accounts:Q", title=later("Accounts"), format=","),
    ]
    bars = (
        alt.Chart()
        .mark_bar()
        .encode(x=x, y=y, color=colour, xOffset=alt.XOffset("told:N", sort=None), tooltip=tips)
    )
    return charts.spec(bars, 220)


def spread(rows: pl.DataFrame) -> pl.DataFrame:
    """With the bins in words, from the lowest up."""
    width = pl.when(pl.col("low") < 20).then(2).otherwise(10)
    return rows.sort("low", "told").with_columns(
        risk=pl.concat_str(
            pl.col("low").cast(pl.String), pl.lit("–"), (pl.col("low") + width).cast(pl.String)
        )
    )


def group_of(key: str) -> str:
    return say(GROUP[key]) if key in GROUP else words.name_of(key)


def moved(rows: pl.DataFrame) -> str:
    """What moved the risk of the average account this week, the largest first, as a table."""
    told = rows.with_columns(change=pl.col("now") - pl.col("before")).filter(pl.col("change").abs() >= 0.005)
    if not told.height:
        said = say("Nothing of note: the average account is as it was a week before.")
        return f'<p class="hf-sub">{said}</p>'
    top = told.sort(pl.col("change").abs(), descending=True).head(6)
    percent = written().percent.replace(words.THIN, " ")
    body = "".join(
        f'<tr><th class="hf-left">{escape(group_of(group))}</th>'
        f'<td class="hf-left">{say("raised the odds" if change > 0 else "lowered the odds")}</td>'
        f"<td>{words.plus((2.718281828459045**change - 1) * 100, 1)}{percent}</td></tr>"
        for group, change in top.select("feature_group", "change").iter_rows()
    )
    table = f'<table class="hf-table hf-wrapped"><tbody>{body}</tbody></table>'
    return f'<div class="hf-scroll" tabindex="0">{table}</div>'


CALIBRATION = calibration_chart()
SPREAD = spread_chart()
MRR_AT_RISK = charts.lines("day", "money", later("MRR at risk"), 220)
