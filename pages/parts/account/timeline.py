"""The timeline of an account: a picture in lanes, and everything in words, the newest first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from itertools import groupby
from typing import Any

import streamlit as st

from pages.parts import cards, words
from pages.parts.account import moments, reads
from pages.parts.account.moments import LANES, Lane, Moment

SPANS = {30: "30 days", 90: "90 days", 365: "A year", 36_500: "All time"}
SHOWN = 120
HELD = (
    f"Usage is held by day and name for the last {reads.USAGE_DAYS} days, with the time of the newest event "
    f"of each; single events stay in the warehouse. Of everything else the newest {reads.MOST_FACTS:,} facts "
    "are shown."
)


def draw(found: Sequence[Moment], info: Any) -> None:
    with cards.panel("account_timeline", "What happened", escape(HELD)):
        with st.container(horizontal=True, vertical_alignment="center"):
            days = st.segmented_control(
                "Of", list(SPANS), default=90, key="account_span", format_func=SPANS.__getitem__,
                label_visibility="collapsed", required=True,
            )  # fmt: skip
            lanes = st.pills(
                "Lanes", list(LANES), selection_mode="multi", default=list(LANES), key="account_lanes",
                format_func=LANES.__getitem__, label_visibility="collapsed",
            )  # fmt: skip
        shown = [moment for moment in moments.since(found, info.as_of, days or 90) if moment.lane in lanes]
        if not shown:
            cards.note("Nothing of this kind in this time.")
            return
        begins = max(info.as_of - timedelta(days=days or 90), min(moment.at for moment in shown))
        st.html(picture(shown, [lane for lane in LANES if lane in lanes], begins, info))
        st.html(told(shown[:SHOWN], info))
        if len(shown) > SHOWN:
            more = f"The newest {SHOWN:,} of {len(shown):,}; choose fewer lanes or days for the others."
            st.html(f'<p class="hf-sub">{more}</p>')


def picture(shown: Sequence[Moment], lanes: Sequence[Lane], begins: datetime, info: Any) -> str:
    """A strip a lane, a mark a moment; the same is said in words below."""
    whole = max((info.as_of - begins).total_seconds(), 1.0)
    rows = []
    for lane in lanes:
        own = [moment for moment in shown if moment.lane == lane]
        marks = "".join(mark(moment, begins, whole, info) for moment in own)
        rows.append(f"<p><span>{LANES[lane]}</span><b>{marks}</b><em>{len(own):,}</em></p>")
    first, last = (words.day_of(words.local(at, info.timezone).date()) for at in (begins, info.as_of))
    label = f"Moments by lane from {first} to {last}; all of them are told below"
    ends = f"<p><span></span><b><small>{first}</small><small>{last}</small></b><em></em></p>"
    return f'<div class="hf-lanes" role="img" aria-label="{label}">{"".join(rows)}{ends}</div>'


def mark(moment: Moment, begins: datetime, whole: float, info: Any) -> str:
    place = min(100.0, max(0.0, (moment.at - begins).total_seconds() / whole * 100))
    hint = escape(f"{words.moment(moment.at, info.timezone)} · {moment.what}", quote=True)
    return f'<i class="hf-{moment.look}" style="left:{place:.2f}%" title="{hint}"></i>'


def told(shown: Sequence[Moment], info: Any) -> str:
    days = groupby(shown, key=lambda moment: words.local(moment.at, info.timezone).date())
    parts = [
        f"<h3>{words.day_of(day)}</h3><ol>{''.join(line(one, info) for one in of)}</ol>" for day, of in days
    ]
    return f'<div class="hf-happened">{"".join(parts)}</div>'


def line(moment: Moment, info: Any) -> str:
    code = moment.currency or info.base_currency
    amount = words.money_exact(moment.amount, code) if moment.amount is not None else ""
    more = f"<small>{escape(moment.more)}</small>" if moment.more else ""
    return (
        f"<li><time>{words.clock(moment.at, info.timezone)}</time><em>{LANES[moment.lane]}</em>"
        f'<span class="hf-{moment.look}">{escape(moment.what)}{more}</span><b>{amount}</b></li>'
    )
