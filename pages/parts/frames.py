"""Puts frames into the shape that a chart draws; adds names and words, never new figures."""

from datetime import date

import polars as pl

from pages.parts import charts, numbers, words
from pages.parts.kept import kept
from pages.parts.once import once
from pages.parts.segment import Grain, Segment
from pages.parts.speech import later, say

# Said when the chart is drawn.
COMPLETE, SO_FAR = later("complete"), later("so far")
STEPS = ("new", "expansion", "reactivation", "contraction", "churned")
BARS = {
    "period_start": pl.Date,
    "complete": pl.Boolean,
    "step": pl.String,
    "amount": pl.Float64,
    "movement": pl.String,
    "state": pl.String,
    "place": pl.Int64,
}


def over_time(frame: pl.DataFrame, series: str) -> pl.DataFrame:
    """Names the series, says which periods still run and marks the dashed tail."""
    last = frame.filter(pl.col("complete"))["period_start"].max()
    tail = pl.lit(True) if last is None else pl.col("period_start") >= last
    return frame.with_columns(
        series=pl.lit(series),
        state=pl.when("complete").then(pl.lit(COMPLETE)).otherwise(pl.lit(SO_FAR)),
        tail=tail,
    ).select(
        "period_start",
        "value",
        "numerator",
        "denominator",
        "lower",
        "upper",
        "complete",
        "series",
        "state",
        "tail",
    )


@kept(speaks=True)
def rates(name: str, metric: str, grain: Grain, of: tuple[Segment, ...], periods: int) -> pl.DataFrame:
    """One metric of one or two segments."""
    return pl.concat(
        over_time(
            numbers.newest_periods(name, (metric,), grain, segment, periods),
            segment.label,
        )
        for segment in of
    )


@kept()
def several(name: str, wanted: tuple[str, ...], grain: Grain, segment: Segment, periods: int) -> pl.DataFrame:
    """Several metrics of one segment, named by their titles."""
    rows = numbers.newest_periods(name, wanted, grain, segment, periods)
    titles = numbers.metrics()
    return pl.concat(
        over_time(rows.filter(pl.col("metric") == metric), titles[metric].title) for metric in wanted
    )


@kept(speaks=True)
def curves(name: str, period_start: date, of: tuple[Segment, ...]) -> pl.DataFrame:
    """The value curves of one or two segments."""
    return pl.concat(
        numbers.value_curve(name, period_start, segment)
        .select("hours", "share", "lower", "upper", "reached", "at_risk")
        .with_columns(series=pl.lit(segment.label))
        for segment in of
    )


@kept()
def movement_bars(
    name: str, grain: Grain, segment: Segment, periods: int, until: date | None = None
) -> pl.DataFrame:
    """One row a period and movement, in the order in which they are stacked."""
    rows = numbers.movements(name, grain, segment, periods, until)
    starts, complete = rows["period_start"].to_list(), rows["complete"].to_list()
    count = len(starts)
    return pl.DataFrame(
        {
            "period_start": starts * len(STEPS),
            "complete": complete * len(STEPS),
            "step": [step for step in STEPS for _ in range(count)],
            "amount": [amount for step in STEPS for amount in rows[step].cast(pl.Float64).to_list()],
            "movement": [charts.MOVES[step][0] for step in STEPS for _ in range(count)],
            "state": [COMPLETE if is_over else SO_FAR for is_over in complete] * len(STEPS),
            "place": [place for place in range(len(STEPS)) for _ in range(count)],
        },
        schema=BARS,
    )


@once
def bridge(row: dict[str, object], code: str) -> pl.DataFrame:
    """One period's movements and their net, in the order in which they are laid end to end."""
    amounts = [float(str(row[step])) for step in (*STEPS, "net")]
    titles = [*(charts.MOVES[step][0] for step in STEPS), "Net"]
    return pl.DataFrame(
        {
            "movement": titles,
            "place": range(len(titles)),
            "amount": amounts,
            "step": [*amounts[:-1], 0.0],
            "total": [title == "Net" for title in titles],
            "label": [
                f"{say(title)}  {words.money_change(amount, code)}"
                for title, amount in zip(titles, amounts, strict=True)
            ],
            "exact": [words.money_exact(row[step], code) for step in (*STEPS, "net")],
        }
    )


@kept()
def daily_pace(name: str, segment: Segment, days: int) -> pl.DataFrame:
    rows = numbers.pace(name, "activations", segment, days)
    state = pl.when("complete").then(pl.lit(COMPLETE)).otherwise(pl.lit(SO_FAR))
    columns = ("period_start", "value", "complete", "usual_low", "usual", "usual_high")
    return rows.select(*columns).with_columns(state=state)
