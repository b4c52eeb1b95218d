"""MRR in twelve months, and if churn were another."""

from html import escape

import polars as pl
import streamlit as st

from pages.parts import cards, charts, numbers, words
from pages.parts.lifetime import pictures, reads
from pages.parts.segment import Segment

BEHIND = 12
AS_IT_IS = "As churn is"


def draw(edition: str, of: Segment, code: str) -> None:
    rows = reads.mrr_projection(edition, of)
    if rows.is_empty():
        cards.note(f"It cannot be projected yet. {escape(reads.why_not(edition, of))}")
        return
    change = pick(sorted(rows["churn_change"].unique().to_list()))
    wanted = rows.filter(pl.col("churn_change").is_in([0, change]))
    series = pl.when(pl.col("churn_change") == 0).then(pl.lit(AS_IT_IS)).otherwise(pl.lit(named(change)))
    ahead = wanted.select(
        "period_start",
        "lower",
        "upper",
        pl.col("mrr").alias("value"),
        series.alias("series"),
        pl.lit(value=True).alias("is_ahead"),
    )
    names = (AS_IT_IS, named(change)) if change else (AS_IT_IS,)
    charts.legend(names, charts.PAIR)
    picture = charts.in_currency(pictures.FAN, code)
    shown = pl.concat([behind(edition, of), ahead], how="diagonal_relaxed").sort("series", "period_start")
    in_order = shown.sort(pl.col("series") != AS_IT_IS, "period_start")
    charts.draw(in_order, picture, "revenue_fan", "MRR of the last twelve months and projected for the next")
    st.html(f'<p class="hf-sub">{said(rows, change, code)}</p>')


def pick(changes: list[int]) -> int:
    return int(
        st.select_slider(
            "If churn were",
            changes,
            value=-10 if -10 in changes else changes[0],
            format_func=lambda change: (
                "as it is" if change == 0 else f"{change:+d} %".replace("-", words.MINUS)
            ),
            key="revenue_if_churn",
            bind="query-params",
        )
    )


def named(change: int) -> str:
    return f"Churn {change:+d} %".replace("-", words.MINUS)


def behind(edition: str, of: Segment) -> pl.DataFrame:
    """The last complete months as they were."""
    rows = numbers.series(edition, ("mrr",), "month", of.dimension, of.name).filter("complete").tail(BEHIND)
    return rows.select(
        "period_start",
        "value",
        pl.lit(AS_IT_IS).alias("series"),
        pl.lit(value=False).alias("is_ahead"),
    )


def said(rows: pl.DataFrame, change: int, code: str) -> str:
    """Where it would stand in twelve months, both ways."""
    last = {
        row["churn_change"]: row for row in rows.filter(pl.col("months") == rows["months"].max()).to_dicts()
    }
    as_is, other = last[0], last[change]
    when = words.period(as_is["period_start"], "month")
    band = words.interval(as_is["lower"], as_is["upper"], "money", code)
    first = f"As churn is, {words.money(as_is['mrr'], code)} at the end of {when} (90 %: {band})"
    if change == 0:
        return f"{first}; {words.money(as_is['of_new'], code)} of it from accounts that are still to come."
    apart = words.money_change(other["mrr"] - as_is["mrr"], code)
    return (
        f"{first}; {named(change).lower()} would make it {words.money(other['mrr'], code)}, {apart}. "
        f"New accounts are taken to come as in the last year."
    )
