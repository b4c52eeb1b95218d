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
from pages.parts.speech import later, say, say_as, whole

SPANS = {30: later("30 days"), 90: later("90 days"), 365: later("A year"), 36_500: later("All time")}
SHOWN = 120
HELD = later(
    "Usage is held by day and name for the last {days} days, with the time of the newest event "
    "of each; single events stay in the warehouse. Of everything else the newest {facts} facts "
    "are shown."
)


def draw(found: Sequence[Moment], info: Any) -> None:
    held = say(HELD, days=reads.USAGE_DAYS, facts=whole(reads.MOST_FACTS))
    with cards.panel("account_timeline", say("What happened"), escape(held)):
        with st.container(horizontal=True, vertical_alignment="center"):
            days = st.segmented_control(
                say_as("span of time", "Of"),
                list(SPANS),
                default=90,
                key="account_span",
                format_func=lambda days: say(SPANS[days]),
                label_visibility="collapsed",
                required=True,
            )
            lanes = st.pills(
                say("Lanes"),
                list(LANES),
                selection_mode="multi",
                default=list(LANES),
                key="account_lanes",
                format_func=lambda lane: say(LANES[lane]),
                label_visibility="collapsed",
            )
        shown = [moment for moment in moments.since(found, info.as_of, days or 90) if moment.lane in lanes]
        if not shown:
            cards.note(say("Nothing of this kind in this time."))
            return
        begins = max(info.as_of - timedelta(days=days or 90), min(moment.at for moment in shown))
        st.html(picture(shown, [lane for lane in LANES if lane in lanes], begins, info))
        st.html(told(shown[:SHOWN], info))
        if len(shown) > SHOWN:
            more = say(
                "The newest {shown} of {every}; choose fewer lanes or days for the others.",
                shown=whole(SHOWN),
                every=whole(len(shown)),
            )
            st.html(f'<p class="hf-sub">{more}</p>')


def picture(shown: Sequence[Moment], lanes: Sequence[Lane], begins: datetime, info: Any) -> str:
    """A strip a lane, a mark a moment; the same is said in words below."""
    length = max((info.as_of - begins).total_seconds(), 1.0)
    rows = []
    for lane in lanes:
        own = [moment for moment in shown if moment.lane == lane]
        marks = "".join(mark(moment, begins, length, info) for moment in own)
        rows.append(f"<p><span>{say(LANES[lane])}</span><b>{marks}</b><em>{whole(len(own))}</em></p>")
    first, last = (words.day_of(words.local(at, info.timezone).date()) for at in (begins, info.as_of))
    label = say("Moments by lane from {first} to {last}; all of them are told below", first=first, last=last)
    ends = f"<p><span></span><b><small>{first}</small><small>{last}</small></b><em></em></p>"
    return f'<div class="hf-lanes" role="img" aria-label="{label}">{"".join(rows)}{ends}</div>'


def mark(moment: Moment, begins: datetime, length: float, info: Any) -> str:
    place = min(100.0, max(0.0, (moment.at - begins).total_seconds() / length * 100))
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
        f"<li><time>{words.clock(moment.at, info.timezone)}</time><em>{say(LANES[moment.lane])}</em>"
        f'<span class="hf-{moment.look}">{escape(moment.what)}{more}</span><b>{amount}</b></li>'
    )
