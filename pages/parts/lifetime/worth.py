"""What customers are worth: by segment with intervals, beside the naive figure, and how forecasts fared."""

from html import escape
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import cards, charts, numbers, words
from pages.parts.lifetime import pictures, reads
from pages.parts.lifetime.reasons import reason as reason_of
from pages.parts.once import Html, once
from pages.parts.segment import Segment
from pages.parts.speech import later, say, several
from pages.parts.speech import whole as counted

HEADS = (
    later("12 months"),
    later("36 months"),
    later("Paying"),
    later("MRR each"),
    later("Left a month"),
    later("ARPA ÷ churn"),
)
CAME = (later("Forecast"), later("What came"), later("ARPA and constant churn"))
NAIVE = later(
    "ARPA ÷ churn is shown for comparison and is biased: it takes every account to leave alike and for ever, "
    "though those who have stayed long leave less, and it counts money of years from now as money of today."
)


def draw(edition: str, of: Segment, dimension: str, code: str) -> None:
    """Two panels side by side: the table by segment, and the back-test of the chosen one."""
    whole = reads.of_segment(edition, of)
    left, right = st.columns([3, 2])
    with left, cards.panel("lifetime", say("Lifetime value"), said(whole), "lifetime_value"):
        table(whole, reads.by_segment(edition, dimension), of, dimension, code)
    with (
        right,
        cards.panel(
            "lifetime_backtest",
            say("Was it right?"),
            say("Forecasts made in the past · {segment}", segment=escape(of.label)),
        ),
    ):
        backtest(edition, of, code)


def said(whole: pl.DataFrame) -> str:
    """Under which assumptions, in one line."""
    if whole.is_empty():
        return ""
    margin, rate = (whole[name][0] for name in ("gross_margin", "discount_rate"))
    return say(
        "What an account paying now will bring, at a gross margin of {margin}, "
        "discounted at {rate} a year; below each figure its 90 % interval",
        margin=words.percent(margin),
        rate=words.percent(rate),
    )


def table(whole: pl.DataFrame, split: pl.DataFrame, of: Segment, dimension: str, code: str) -> None:
    if whole.is_empty():
        cards.note(say("Nothing is known of these accounts yet."))
        return
    if reason := not_estimable(whole):
        cards.note(
            say(
                "It cannot be estimated for {segment}. {reason}",
                segment=escape(of.label),
                reason=escape(reason),
            )
        )
    st.html(Html(table_html(whole, split, of, dimension, code)))


@once
def table_html(whole: pl.DataFrame, split: pl.DataFrame, of: Segment, dimension: str, code: str) -> str:
    parts = split.partition_by("segment", as_dict=True, maintain_order=True)
    order = sorted(parts, key=lambda name: (-int(parts[name]["accounts"][0]), str(name[0])))
    named = [(of.label, whole)] + [(str(name[0]), parts[name]) for name in order]
    head = "".join(f"<th>{say(text)}</th>" for text in HEADS)
    body = "".join(line(name, rows, code) for name, rows in named)
    title = escape(words.name_of(dimension))
    return (
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table hf-worth"><thead><tr><th>{title}</th>{head}</tr></thead>'
        f'<tbody>{body}</tbody></table></div><p class="hf-sub">{say(NAIVE)}</p>'
    )


def not_estimable(rows: pl.DataFrame) -> str:
    """Why there is no figure for the longest horizon."""
    return reason_of(str(rows["reason"][-1] or "")) if rows["value"][-1] is None else ""


def line(name: str, rows: pl.DataFrame, code: str) -> str:
    by_months = {row["horizon_months"]: row for row in rows.to_dicts()}
    last = by_months[max(by_months)]
    worth = "".join(pair(by_months[months], code) for months in sorted(by_months))
    churn = words.value(last["monthly_churn"], "rate")
    rest = (
        f"<td>{counted(last['accounts'])}</td>"
        f"<td>{words.value(last['arpa'], 'money', code)}</td><td>{churn}</td>"
        f'<td class="hf-open-cell" title="{escape(say(NAIVE))}">{naive(last, code)}</td>'
    )
    return f"<tr><th>{escape(name)}</th>{worth}{rest}</tr>"


def pair(row: dict[str, Any], code: str) -> str:
    """The figure and its interval; a dash says why on hover."""
    if row["value"] is None:
        return f'<td title="{escape(reason_of(row["reason"] or ""))}">{words.NONE}</td>'
    exact = words.exact(row["value"], "money", code)
    between = words.interval(row["lower"], row["upper"], "money", code)
    return f'<td title="{exact}"><b>{words.money(row["value"], code)}</b><br><small>{between}</small></td>'


def naive(row: dict[str, Any], code: str) -> str:
    return f"{words.value(row['naive_value'], 'money', code)}<br><small>{say('biased')}</small>"


def backtest(edition: str, of: Segment, code: str) -> None:
    rows = reads.backtest(edition, of)
    if rows.is_empty():
        cards.note(
            say(
                "No forecast has come due yet: the first can be made once enough accounts have left, "
                "and is held against what came three months later."
            )
        )
        return
    months = pick_horizon(horizons(rows))
    chosen = due(rows, months)
    charts.legend([say(name) for name in CAME], (charts.TEAL, charts.ORANGE, charts.GREY))
    picture = charts.in_currency(pictures.BACKTEST, code)
    alt_text = say("Forecasts of lifetime value and what came")
    charts.draw(chosen, picture, f"lifetime_backtest_{months}", alt_text)
    st.html(f'<p class="hf-sub">{verdict(chosen, months)}</p>')


@once
def horizons(rows: pl.DataFrame) -> list[int]:
    return sorted(rows["horizon_months"].unique().to_list())


@once
def due(rows: pl.DataFrame, months: int) -> pl.DataFrame:
    return rows.filter(pl.col("horizon_months") == months)


def pick_horizon(known: list[int]) -> int:
    """The longest that has come due at first."""
    chosen = st.segmented_control(
        say("Months ahead"),
        known,
        default=known[-1],
        format_func=lambda months: several(months, "{count} month ahead", "{count} months ahead"),
        required=True,
        key="lifetime_ahead",
        label_visibility="collapsed",
    )
    return int(chosen or known[-1])


@once
def verdict(rows: pl.DataFrame, months: int) -> str:
    """How often the interval held, and by how much forecasts were off."""
    held, count = int(rows["is_covered"].sum()), len(rows)
    off = float(((rows["forecast"] / rows["actual"]).log().abs()).filter(rows["actual"] > 0).median() or 0.0)
    return say(
        "{held} of {count} intervals of 90 % held what came within {months} months; "
        "half of the forecasts were off by less than {off}. Neighbouring forecasts share "
        "most of their months, so few of them are independent.",
        held=held,
        count=count,
        months=months,
        off=words.percent(off),
    )


def figures(edition: str, of: Segment) -> list[numbers.Figure]:
    """What the "?" beside the title explains."""
    return list(numbers.figures(edition, ("lifetime_value",), "month", of).values())
