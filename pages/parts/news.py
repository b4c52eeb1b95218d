"""Sentences: what changed and why, and the newest notable facts."""

from collections.abc import Sequence
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from metrics.movers import Move, Share
from pages.parts import cards, explain, numbers, words
from pages.parts.segment import Grain

KINDS = {
    "signed_up": "Signed up",
    "became_customer": "New customer",
    "upgraded": "Upgraded",
    "downgraded": "Downgraded",
    "churned": "Churned",
    "reactivated": "Came back",
    "payment_failed": "Payment failed",
}

MADE_UP = (
    "<b>A made-up company.</b> All of this is simulated, and goes on living while Holdfast runs. "
    "For your own numbers give <code>HOLDFAST_HOME</code> a new folder and run "
    "<code>python -m engine import FOLDER</code>; README, “Bring your own data”, has the steps."
)


def made_up() -> None:
    """So that nobody takes simulated numbers for real ones."""
    if numbers.is_demo():
        st.html(f'<p class="hf-demo">{MADE_UP}</p>')


def changed_subtitle(grain: Grain) -> str:
    return f"The largest moves of the last complete {grain} against their usual size, all accounts"


def changed(moves: Sequence[Move], grain: Grain, code: str) -> None:
    if not moves:
        cards.note(f"Nothing to compare yet: two complete {grain}s are needed.")
        return
    st.html(f'<ol class="hf-moves">{"".join(move_item(move, grain, code) for move in moves)}</ol>')


def move_item(move: Move, grain: Grain, code: str) -> str:
    metric = numbers.metrics()[move.metric]
    word = words.verdict(move.now, move.before, metric.better)
    arrow = words.arrow(move.now, move.before)
    because = f"<p>{reasons(move, numbers.shown_unit(metric), code)}</p>" if move.because else ""
    sentence = f"<p>{headline(move, grain, code)}{explain.late(move.metric)}</p>"
    return f'<li><i class="hf-{word}" title="{word}">{arrow}</i><div>{sentence}{because}</div></li>'


def headline(move: Move, grain: Grain, code: str) -> str:
    metric = numbers.metrics()[move.metric]
    unit = numbers.shown_unit(metric)
    by = words.change(move.now, move.before, unit).lstrip("+" + words.MINUS)
    now, before = (words.value(value, unit, code) for value in (move.now, move.before))
    when = words.period(move.period_start, grain)
    said = (
        f"<b>{escape(metric.title)}</b> {verb(move)}{'' if move.before == 0 else f' by {by}'} to <b>{now}</b>"
    )
    return f"{said} ({when}; {before} before){unusual(move.size)}."


def verb(move: Move) -> str:
    if words.is_loss(move.now, move.before):
        return "shrank" if move.now > move.before else "grew"
    return "rose" if move.now > move.before else "fell"


def unusual(size: float) -> str:
    """How a move compares with the usual change, in words."""
    if size >= 1.5:
        return f", {words.three(size)} times its usual change"
    return ", about its usual change" if size >= 0.7 else ", less than its usual change"


def reasons(move: Move, unit: str, code: str) -> str:
    told = " and ".join(reason(share, unit, code) for share in move.because)
    return f"Mostly {told}."


def reason(share: Share, unit: str, code: str) -> str:
    name = escape(words.segment(share.dimension, share.segment))
    now, before = (words.value(value, unit, code) for value in (share.now, share.before))
    part = words.points(share.part) if unit == "rate" else words.value(share.part, unit, code)
    sign = "+" if share.part > 0 and unit != "rate" else ""
    return f"<b>{name}</b>, {sign}{part} of it ({before} → {now})"


def feed(rows: pl.DataFrame, info: Any) -> None:
    if rows.is_empty():
        cards.note("Nothing notable yet.")
        return
    items = "".join(fact(row, info) for row in rows.iter_rows(named=True))
    st.html(f'<ol class="hf-feed">{items}</ol>')


def fact(row: dict[str, Any], info: Any) -> str:
    """One line: when, what, who, how much."""
    amount = sum_of(row["amount"], info.base_currency) if row["amount"] is not None else ""
    who = escape(row["name"] or row["account_id"])
    detail = f" <em>{escape(row['detail'])}</em>" if row["detail"] else ""
    moment = words.moment(row["at"], info.timezone)
    kind = KINDS.get(row["kind"], escape(row["kind"]))
    return (
        f'<li><time title="{moment}">{since(row["at"], info)}</time><b>{kind}</b>'
        f'<span title="{who}">{who}{detail}</span>{amount}</li>'
    )


def sum_of(amount: Any, code: str) -> str:
    """To the cent, exact on hover."""
    return f'<em title="{words.money_exact(amount, code)}">{words.cents(amount, code)}</em>'


def since(at: Any, info: Any) -> str:
    """The clock for today's facts, the day for older ones."""
    when, now = words.local(at, info.timezone), words.local(info.as_of, info.timezone)
    return f"{when:%H:%M:%S}" if when.date() == now.date() else words.day(when.date())
