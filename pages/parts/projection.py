"""Cohorts of those who pay, projected: who is still there of each, seen and then expected."""

from datetime import date
from html import escape

import polars as pl
import streamlit as st

from pages.parts import cards, charts, words
from pages.parts.lifetime import pictures, reads
from pages.parts.once import once
from pages.parts.segment import Segment
from pages.parts.speech import later, say, several, whole

MOST = 3


def draw(edition: str, of: Segment) -> None:
    """A panel of its own: needs an edition and whose accounts."""
    said = say(
        "Accounts by the month in which they began to pay: solid as seen, dashed as projected, band: 90 % · "
        "{segment}",
        segment=escape(of.label),
    )
    with cards.panel("projection", say("Who will still pay"), said, of="mrr"):
        rows = reads.projection(edition, of)
        if rows.is_empty():
            reason = reads.why_not(edition, of, say("Nobody pays yet."))
            cards.note(say("It cannot be projected yet. {reason}", reason=escape(reason)))
            return
        chosen = pick(starts(rows))
        shown = only(rows, tuple(chosen))
        names = [words.period(start, "month") for start in chosen]
        charts.legend(names, (charts.TEAL, charts.ORANGE, charts.GREY))
        charts.draw(
            lines(shown), pictures.COHORTS, "projection_chart", say("Share of each cohort still paying")
        )
        st.html(f'<p class="hf-sub">{sentence(shown, chosen[0])}</p>')


@once
def starts(rows: pl.DataFrame) -> list[date]:
    """The newest first."""
    return rows["cohort_start"].unique().sort(descending=True).to_list()


@once
def only(rows: pl.DataFrame, chosen: tuple[date, ...]) -> pl.DataFrame:
    return rows.filter(pl.col("cohort_start").is_in(chosen))


def pick(starts: list[date]) -> list[date]:
    """Up to three cohorts; at first an old one, one of a year ago and a new one."""
    first = list(dict.fromkeys(starts[min(place, len(starts) - 1)] for place in (2, 11, 23)))
    chosen = st.multiselect(
        say("Cohorts"),
        starts,
        default=first,
        format_func=lambda start: words.period(start, "month"),
        max_selections=MOST,
        key="projection_cohorts",
        label_visibility="collapsed",
    )
    return sorted(chosen or first, reverse=True)


@once
def lines(rows: pl.DataFrame) -> pl.DataFrame:
    """The last month seen begins the projected line too, so that it hangs on."""
    seen = rows.filter(~pl.col("is_projected"))
    joint = seen.group_by("cohort_start").agg(pl.all().sort_by("months").last())
    joint = joint.select(rows.columns).with_columns(
        is_projected=pl.lit(value=True), lower=pl.col("share"), upper=pl.col("share")
    )
    names = {start: words.period(start, "month") for start in rows["cohort_start"].unique()}
    cohort = pl.col("cohort_start").replace_strict(names, return_dtype=pl.String)
    state = pl.when("is_projected").then(pl.lit(later("projected"))).otherwise(pl.lit(later("seen")))
    together = pl.concat([rows, joint]).sort("cohort_start", "months", descending=[True, False])
    return together.with_columns(cohort.alias("cohort"), state.alias("state"))


@once
def sentence(rows: pl.DataFrame, chosen: date) -> str:
    """Where the newest of them will stand a year from its last month seen."""
    one = rows.filter(pl.col("cohort_start") == chosen)
    seen = one.filter(~pl.col("is_projected")).sort("months").row(-1, named=True)
    ahead = one.filter(pl.col("months") == seen["months"] + 12).row(0, named=True)
    band = words.interval(ahead["lower"], ahead["upper"], "rate")
    began, so_far = words.period(chosen, "month"), words.percent(seen["share"])
    return several(
        seen["months"],
        "Of the {size} accounts of {cohort}, {share} still pay after {count} month; "
        "in twelve months more {then} will (90 %: {band}).",
        "Of the {size} accounts of {cohort}, {share} still pay after {count} months; "
        "in twelve months more {then} will (90 %: {band}).",
        size=whole(seen["size"]),
        cohort=began,
        share=so_far,
        then=words.percent(ahead["share"]),
        band=band,
    )
