"""The newest notable facts, and whether the company is made up."""

from html import escape
from typing import Any

import polars as pl
import streamlit as st

from pages.parts import cards, numbers, words
from pages.parts.account.link import link
from pages.parts.once import Html, once
from pages.parts.speech import later, say

KINDS = {
    "signed_up": later("Signed up"),
    "became_customer": later("New customer"),
    "upgraded": later("Upgraded"),
    "downgraded": later("Downgraded"),
    "churned": later("Churned"),
    "reactivated": later("Came back"),
    "payment_failed": later("Payment failed"),
}

MADE_UP = later(
    "<b>A made-up company.</b> All of this is simulated, and goes on living while Holdfast runs. "
    "For your own numbers give <code>HOLDFAST_HOME</code> a new folder and run "
    "<code>python -m engine import FOLDER</code>; README, “Bring your own data”, has the steps."
)


def made_up() -> None:
    """So that nobody takes simulated numbers for real ones."""
    if numbers.is_demo():
        st.html(f'<p class="hf-demo">{say(MADE_UP)}</p>')


def feed(rows: pl.DataFrame, info: Any) -> None:
    if rows.is_empty():
        cards.note(say("Nothing notable yet."))
        return
    st.html(Html(feed_html(rows, info)))


@once
def feed_html(rows: pl.DataFrame, info: Any) -> str:
    items = "".join(fact(row, info) for row in rows.iter_rows(named=True))
    return f'<ol class="hf-feed">{items}</ol>'


def fact(row: dict[str, Any], info: Any) -> str:
    """One line: when, what, who, how much."""
    amount = sum_of(row["amount"], info.base_currency) if row["amount"] is not None else ""
    who, named = escape(row["name"] or row["account_id"]), link(row["account_id"], row["name"])
    detail = f" <em>{escape(row['detail'])}</em>" if row["detail"] else ""
    moment = words.moment(row["at"], info.timezone)
    kind = say(KINDS[row["kind"]]) if row["kind"] in KINDS else escape(row["kind"])
    return (
        f'<li><time title="{moment}">{since(row["at"], info)}</time><b>{kind}</b>'
        f'<span title="{who}">{named}{detail}</span>{amount}</li>'
    )


def sum_of(amount: Any, code: str) -> str:
    """To the cent, exact on hover."""
    return f'<em title="{words.money_exact(amount, code)}">{words.cents(amount, code)}</em>'


def since(at: Any, info: Any) -> str:
    """The clock for today's facts, the day for older ones."""
    when, now = words.local(at, info.timezone), words.local(info.as_of, info.timezone)
    return f"{when:%H:%M:%S}" if when.date() == now.date() else words.day(when.date())
