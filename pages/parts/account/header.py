"""Who an account is and where it stands, and the facts that each of these numbers is made of."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any

import streamlit as st

from pages.parts import cards, words
from pages.parts.account import reads
from pages.parts.account.moments import COUNTED, paid
from pages.parts.account.reads import Fact
from pages.parts.churn.reasons import in_full
from pages.parts.speech import later, say, say_as, several

EXPECTED = later(
    "Gross margin × MRR × the chance to be there, discounted, summed over the next 12 months; the next month "
    "as its own risk says, the others as customers of its age leave. A mean: one account stays or leaves."
)
REASONS = ("reason_1", "reason_2", "reason_3")
BANDS = {"high": "bad", "medium": "open", "low": "good"}
RISKS = {"high": later("High"), "medium": later("Medium"), "low": later("Low")}
HEADS = (("", later("Number")), (' class="hf-left"', later("Value")), (' class="hf-left"', later("Made of")))


def draw(edition: str, row: dict[str, Any], info: Any) -> None:
    risk, worth = reads.risk(edition, row["account_id"]), reads.worth(edition, row)
    with cards.panel("account", row["name"] or row["account_id"], who(row)):
        st.html(f'<dl class="hf-stand">{"".join(stands(row, info, worth))}</dl>')
        if risk:
            st.html(risk_html(risk))


def who(row: dict[str, Any]) -> str:
    known = [row["account_id"], row["email"]]
    return " · ".join(escape(text) for text in known if text)


def stands(row: dict[str, Any], info: Any, worth: float | None = None) -> list[str]:
    code = info.base_currency
    dimensions = [(words.name_of(name), escape(row.get(name) or words.NONE)) for name in info.segments]
    told = [
        (
            say("MRR"),
            f'<span title="{words.money_exact(row["mrr"], code)}">{words.cents(row["mrr"], code)}</span>',
        ),
        *expected(worth, code),
        (say("Stage"), stage(row, info)),
        *dimensions,
        (say("Owner"), escape(row["owner"] or words.NONE)),
        (say("Since"), when(row["created_at"], info)),
        (
            say("Last active"),
            words.day_of(row["last_active_day"]) if row["last_active_day"] else say("Never"),
        ),
    ]
    return [f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in told]


def expected(worth: float | None, code: str) -> list[tuple[str, str]]:
    """What it may bring, where something can be said."""
    if worth is None:
        return []
    amount = words.cents(Decimal(worth), code)
    return [(say("Expected in 12 months"), f'<span title="{say(EXPECTED)}">{amount}</span>')]


def when(at: datetime, info: Any) -> str:
    day = words.day_of(words.local(at, info.timezone).date())
    return f'<span title="{words.moment(at, info.timezone)}">{day}</span>'


def stage(row: dict[str, Any], info: Any) -> str:
    """Where it stands between signing up and leaving."""
    if row["mrr"] > 0:
        return say("Paying")
    if row["last_movement"] == "churned":
        return say("Churned")
    if row["activated_at"]:
        return say("Activated, not paying")
    return several(
        len(info.steps),
        "Onboarding: {reached} of {count} step",
        "Onboarding: {reached} of {count} steps",
        reached=row["steps_reached"],
    )


def risk_html(risk: dict[str, Any]) -> str:
    reasons = [escape(in_full(str(risk[name]))) for name in REASONS if risk.get(name)]
    why = "".join(f"<li>{reason}</li>" for reason in reasons)
    band = str(risk.get("band") or "")
    name = escape(say(RISKS[band]) if band in RISKS else band)
    mark = f'<span class="hf-state hf-state-{BANDS.get(band, "open")}"><i></i>{name}</span>'
    said = say("Risk to leave within 30 days")
    if risk.get("risk") is not None:
        said = say("Risk to leave within 30 days: {share}", share=words.percent(float(risk["risk"])))
    return f'<div class="hf-risk"><p><b>{said}</b> {mark}</p>{f"<ul>{why}</ul>" if why else ""}</div>'


def behind(row: dict[str, Any], facts: Sequence[Fact], info: Any) -> None:
    """The facts that the numbers of the header are made of."""
    with st.expander(say("The facts behind these numbers")):
        lines = [*mrr_lines(row, facts, info), *onboarding_lines(row, info)]
        body = "".join(
            f'<tr><th>{escape(name)}</th><td class="hf-left">{value}</td>'
            f'<td class="hf-left">{escape(made_of)}</td></tr>'
            for name, value, made_of in lines
        )
        head = "".join(f"<th{look}>{say(text)}</th>" for look, text in HEADS)
        st.html(
            '<div class="hf-scroll" tabindex="0">'
            f'<table class="hf-table hf-wrapped"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )


def mrr_lines(row: dict[str, Any], facts: Sequence[Fact], info: Any) -> list[tuple[str, str, str]]:
    """MRR, and the state that each subscription is in."""
    code = info.base_currency
    now: dict[str, Fact] = {}
    for fact in facts:
        if fact.shape == "subscription_changes":
            now.setdefault(fact.id, fact)
    lines = [
        (
            say("MRR"),
            words.money_exact(row["mrr"], code),
            say("The sum of the subscriptions below that are active or past due"),
        )
    ]
    for name, fact in now.items():
        told, counts = fact.told, paid(fact)
        amount = words.money_exact(counts or Decimal(told.get("mrr", 0)), told.get("currency") or code)
        lines.append((say("Subscription {name}", name=name), amount, standing(fact, info)))
    return lines


def standing(fact: Fact, info: Any) -> str:
    """The state of a subscription, since when, and whether it counts."""
    status = str(fact.told.get("status", "active"))
    state, moment = named(status), words.moment(fact.at, info.timezone)
    if status in COUNTED:
        return say("{state} since {moment}", state=state, moment=moment)
    return say("{state} since {moment}, so it counts nothing", state=state, moment=moment)


def named(status: str) -> str:
    known = {
        "trialing": say_as("subscription", "trialing"),
        "active": say_as("subscription", "active"),
        "past_due": say_as("subscription", "past_due"),
        "paused": say_as("subscription", "paused"),
        "canceled": say_as("subscription", "canceled"),
    }
    return known.get(status, status)


def onboarding_lines(row: dict[str, Any], info: Any) -> list[tuple[str, str, str]]:
    steps = " → ".join(info.steps)
    told = [
        (say("Signed up"), row["created_at"], say("When the account was created")),
        (
            say("First value"),
            row["first_value_at"],
            say("The first event that is value, at or after sign-up"),
        ),
        (
            say("Activated"),
            row["activated_at"],
            several(
                info.within_days,
                "The last of {steps}, within {count} day",
                "The last of {steps}, within {count} days",
                steps=steps,
            ),
        ),
    ]
    return [
        (name, words.moment(at, info.timezone) if at else say("Not yet"), made_of)
        for name, at, made_of in told
    ]
