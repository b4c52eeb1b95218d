"""MRR in twelve months, and if churn were another."""

from html import escape

import polars as pl
import streamlit as st

from pages.parts import cards, charts, numbers, words
from pages.parts.heard import understand
from pages.parts.kept import kept
from pages.parts.lifetime import pictures, reads
from pages.parts.once import once
from pages.parts.segment import Segment
from pages.parts.speech import later, say, written

BEHIND = 12
AS_IT_IS = later("As churn is")


def draw(edition: str, of: Segment, code: str) -> None:
    rows = reads.mrr_projection(edition, of)
    if rows.is_empty():
        why = escape(reads.why_not(edition, of))
        cards.note(say("It cannot be projected yet. {reason}", reason=why))
        return
    change = pick(changes(rows))
    as_is = say(AS_IT_IS)
    charts.legend((as_is, named(change)) if change else (as_is,), charts.PAIR)
    picture = charts.in_currency(pictures.FAN, code)
    alt_text = say("MRR of the last twelve months and projected for the next")
    charts.draw(fan(rows, behind(edition, of), change), picture, "revenue_fan", alt_text)
    st.html(f'<p class="hf-sub">{said(rows, change, code)}</p>')


@once
def changes(rows: pl.DataFrame) -> list[int]:
    return sorted(rows["churn_change"].unique().to_list())


@once
def fan(rows: pl.DataFrame, before: pl.DataFrame, change: int) -> pl.DataFrame:
    """The months behind, then those ahead as churn is and as it might be."""
    as_is = say(AS_IT_IS)
    series = pl.when(pl.col("churn_change") == 0).then(pl.lit(as_is)).otherwise(pl.lit(named(change)))
    ahead = rows.filter(pl.col("churn_change").is_in([0, change])).select(
        "period_start",
        "lower",
        "upper",
        pl.col("mrr").alias("value"),
        series.alias("series"),
        pl.lit(value=True).alias("is_ahead"),
    )
    shown = pl.concat([before, ahead], how="diagonal_relaxed").sort("series", "period_start")
    return shown.sort(pl.col("series") != as_is, "period_start")


def pick(changes: list[int]) -> int:
    understand("revenue_if_churn", changes, shown)
    return int(
        st.select_slider(
            say("If churn were"),
            changes,
            value=-10 if -10 in changes else changes[0],
            format_func=shown,
            key="revenue_if_churn",
            bind="query-params",
        )
    )


def shown(change: int) -> str:
    return say("as it is") if change == 0 else by(change)


def by(change: int) -> str:
    """+10 %."""
    percent = written().percent.replace(words.THIN, " ")
    return f"{change:+d}".replace("-", words.MINUS) + percent


def named(change: int) -> str:
    return say("Churn {change}", change=by(change))


@kept(speaks=True)
def behind(edition: str, of: Segment) -> pl.DataFrame:
    """The last complete months as they were."""
    rows = numbers.series(edition, ("mrr",), "month", of.dimension, of.name).filter("complete").tail(BEHIND)
    return rows.select(
        "period_start",
        "value",
        pl.lit(say(AS_IT_IS)).alias("series"),
        pl.lit(value=False).alias("is_ahead"),
    )


@once
def said(rows: pl.DataFrame, change: int, code: str) -> str:
    """Where it would stand in twelve months, both ways."""
    ends = rows.filter(pl.col("months") == rows["months"].max()).to_dicts()
    last = {row["churn_change"]: row for row in ends}
    as_is, other = last[0], last[change]
    when = words.period(as_is["period_start"], "month")
    band = words.interval(as_is["lower"], as_is["upper"], "money", code)
    first = {"mrr": words.money(as_is["mrr"], code), "month": when, "band": band}
    if change == 0:
        return say(
            "As churn is, {mrr} at the end of {month} (90 %: {band}); "
            "{new} of it from accounts that are still to come.",
            new=words.money(as_is["of_new"], code),
            **first,
        )
    return say(
        "As churn is, {mrr} at the end of {month} (90 %: {band}); churn {change} would make it {other}, "
        "{apart}. New accounts are taken to come as in the last year.",
        change=by(change),
        other=words.money(other["mrr"], code),
        apart=words.money_change(other["mrr"] - as_is["mrr"], code),
        **first,
    )
