"""Curves of the chosen cohorts or groups, with their intervals as bands."""

from collections.abc import Sequence

import altair as alt
import polars as pl

from metrics.explore.answer import Answer
from pages.parts import cards, charts
from pages.parts.charts import Spec, amount, spec
from pages.parts.cohorts import address, grid, wording
from pages.parts.cohorts.asking import Asked, group_key
from pages.parts.cohorts.grid import Look
from pages.parts.once import once
from pages.parts.speech import later, say

MEAN = later("Weighted mean")
MOST_CURVES = 6
SCHEMA = {
    "curve": pl.String,
    "period_index": pl.Int64,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "counts": pl.String,
}


def chart(unit: str) -> Spec:
    """A line a cohort or group, by periods since its start."""
    shape = ".1%" if unit == "rate" else ".2f"
    axis = alt.Axis(title=later("Periods since the start"), grid=False, tickMinStep=1, format="d")
    start = alt.Chart().encode(
        x=alt.X("period_index:Q", axis=axis),
        color=alt.Color("curve:N", scale=alt.Scale(range=list(charts.SERIES)), legend=None, sort=None),
    )
    tips = [
        alt.Tooltip("curve:N", title=later("Curve")),
        alt.Tooltip("period_index:Q", title=later("Period")),
        alt.Tooltip("value:Q", title=later("Value"), format=shape),
        alt.Tooltip("lower:Q", title=later("95 % from"), format=shape),
        alt.Tooltip("upper:Q", title=later("95 % to"), format=shape),
        alt.Tooltip("counts:N", title=later("Counts")),
    ]
    band = start.mark_area(opacity=0.14).encode(y=amount(unit, "lower", zero=True), y2="upper:Q")
    line = start.mark_line(strokeWidth=2).encode(y=amount(unit, "value", zero=True))
    dots = start.mark_point(size=26, filled=True, opacity=1).encode(
        y=amount(unit, "value", zero=True), tooltip=tips
    )
    return spec(alt.layer(band, line, dots), 300)


CHARTS = {"rate": chart("rate"), "ratio": chart("ratio")}


def draw(answer: Answer, cells: pl.DataFrame, asked: Asked, look: Look) -> None:
    """The picker and the chart."""
    parts = curves(answer, cells, asked)
    if not parts:
        cards.note(say("No cohort has completed a period yet."))
        return
    chosen = address.several(
        say("Curves"),
        "chosen",
        list(parts),
        first(answer, list(parts)),
        lambda key: parts[key][0],
        max_selections=MOST_CURVES,
        label_visibility="collapsed",
        placeholder=say("Choose cohorts or groups"),
    )
    rows = together(tuple(points(*parts[key], look) for key in chosen))
    charts.legend([parts[key][0] for key in chosen], charts.SERIES)
    unit = "ratio" if asked.question.measure == "events" else "rate"
    charts.draw(rows, CHARTS[unit], "cohorts_curves", wording.since_start(asked.question))


@once
def cells_of(answer: Answer, number: int | None) -> pl.DataFrame:
    """Of one of the answer's groups; of all of them together, where none is chosen."""
    return answer.total() if number is None else answer.of(answer.segments[number])


@once
def groups_of(answer: Answer) -> tuple[tuple[str, pl.DataFrame], ...]:
    return tuple((wording.group(answer.question, segment), answer.of(segment)) for segment in answer.segments)


@once
def curves(answer: Answer, cells: pl.DataFrame, asked: Asked) -> dict[str, tuple[str, pl.DataFrame]]:
    """The mean, the groups and the cohorts: name and cells, by the keys that they are chosen by."""
    question = asked.question
    old_enough = cells.filter(
        pl.col("complete") & (pl.col("period_index") > 0) & (pl.col("size") >= asked.smallest)
    )
    if old_enough.is_empty():
        return {}
    found = {"mean": (say(MEAN), cells)}
    for segment in answer.segments if question.by != "all" else ():
        found[group_key(segment)] = (wording.group(question, segment), answer.of(segment))
    for start in old_enough["cohort_start"].unique().sort(descending=True):
        found[str(start)] = (wording.start(start, question), cells.filter(pl.col("cohort_start") == start))
    return found


def first(answer: Answer, keys: Sequence[str]) -> list[str]:
    """What is drawn until somebody chooses: the largest groups, or the mean and some cohorts."""
    if answer.question.by != "all":
        return list(keys[1 : 1 + min(4, len(answer.segments))])
    return [keys[0], *keys[2:8:2]]


@once
def together(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts)


@once
def points(name: str, cells: pl.DataFrame, look: Look) -> pl.DataFrame:
    found = [
        (
            name,
            one.index,
            one.share,
            one.lower,
            one.upper,
            say("{part} of {whole}", part=look.amount(one.part), whole=look.amount(one.whole)),
        )
        for one in grid.means_of(cells, look)
        if one.share is not None
    ]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")
