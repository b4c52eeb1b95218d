"""Who is about to leave, what would that cost, and why?"""

import streamlit as st

from pages.parts import cards, charts, explain, filters, frames, lacking, numbers, person, top
from pages.parts.churn import choice, listing, pictures, reads, scored, seen, states
from pages.parts.speech import later, say

CARDS = ("mrr_at_risk", "churn_risk_mean", "high_risk_accounts")


@st.fragment(key="churn")
@lacking.told
def churn() -> None:
    person.require("viewer")
    with top.line(later("Churn risk")) as edition:
        span = filters.span("churn", "day", 90)
        segment = filters.segment(edition, "churn")
    info, state = numbers.edition(edition), reads.state(edition)
    if state is None:
        cards.note(say("This edition tells nothing of risk: an earlier Holdfast made it. The next one will."))
        return
    if not sum(reads.counts(edition, segment, None, None, "").values()):
        cards.note(say("No account pays yet: risk is told of accounts that have MRR to lose."))
        return
    figures = numbers.figures(edition, CARDS, "day", segment)
    states.note(state)
    if figures["high_risk_accounts"].rows:
        cards.row([figures[metric] for metric in CARDS], info.base_currency)
    if state.is_open:
        over_time(edition, segment, span, info.base_currency)
    said = say("Paying accounts, 30 days ahead · {segment}", segment=segment.marked)
    with cards.panel("risks", say("Accounts by risk"), said, of="churn_risk_mean"):
        chosen = choice.ask(edition, segment)
        listing.draw(edition, chosen)
        seen.form(edition, chosen)
    if person.scope() is None:
        scored.draw(edition, state)
        states.train_button()
    explain.pop_ups(figures.values(), info)


def over_time(edition: str, segment: filters.Segment, span: int, code: str) -> None:
    left, middle, right = st.columns([4, 3, 3])
    by_day = say("By day, {code} · {segment}", code=code, segment=segment.marked)
    with left, cards.panel("at_risk", say("MRR at risk"), by_day, "mrr_at_risk"):
        rows = frames.several(edition, ("mrr_at_risk",), "day", segment, span)
        drawn = charts.in_currency(pictures.MRR_AT_RISK, code)
        charts.draw(rows, drawn, "churn_at_risk", say("MRR at risk by day"), ours=("state", "series"))
    with (
        middle,
        cards.panel(
            "spread",
            say("How risk is spread"),
            say(
                "Accounts by risk, now and grey: four weeks before · {segment}",
                segment=segment.marked,
            ),
        ),
    ):
        charts.draw(
            pictures.spread(reads.spread(edition, segment)),
            pictures.SPREAD,
            "churn_spread",
            say("Accounts by risk"),
            ours=("told",),
        )
    about = say("Of the average account, all accounts")
    with right, cards.panel("moved", say("What moved risk this week"), about):
        if person.scope() is None:
            st.html(pictures.moved(reads.moved(edition)))
        else:
            cards.note(say("Told of all accounts only."))


churn()
