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

EXPECTED = (
    "Gross margin × MRR × the chance to be there, discounted, summed over the next 12 months; the next month "
    "as its own risk says, the others as customers of its age leave. A mean: one account stays or leaves."
)
REASONS = ("reason_1", "reason_2", "reason_3")
BANDS = {"high": "bad", "medium": "open", "low": "good"}


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
            "MRR",
            f'<span title="{words.money_exact(row["mrr"], code)}">{words.cents(row["mrr"], code)}</span>',
        ),
        *expected(worth, code),
        ("Stage", stage(row, info)),
        *dimensions,
        ("Owner", escape(row["owner"] or words.NONE)),
        ("Since", when(row["created_at"], info)),
        ("Last active", words.day_of(row["last_active_day"]) if row["last_active_day"] else "Never"),
    ]
    return [f"<div><dt>{escape(name)}</dt><dd>{value}</dd></div>" for name, value in told]


def expected(worth: float | None, code: str) -> list[tuple[str, str]]:
    """What it may bring, where something can be said."""
    if worth is None:
        return []
    return [("Expected in 12 months", f'<span title="{EXPECTED}">{words.cents(Decimal(worth), code)}</span>')]


def when(at: datetime, info: Any) -> str:
    day = words.day_of(words.local(at, info.timezone).date())
    return f'<span title="{words.moment(at, info.timezone)}">{day}</span>'


def stage(row: dict[str, Any], info: Any) -> str:
    """Where it stands between signing up and leaving."""
    if row["mrr"] > 0:
        return "Paying"
    if row["last_movement"] == "churned":
        return "Churned"
    if row["activated_at"]:
        return "Activated, not paying"
    reached = f"{row['steps_reached']} of {len(info.steps)} steps"
    return f"Onboarding: {reached}"


def risk_html(risk: dict[str, Any]) -> str:
    reasons = [escape(str(risk[name])) for name in REASONS if risk.get(name)]
    why = "".join(f"<li>{reason}</li>" for reason in reasons)
    band = str(risk.get("band") or "")
    mark = (
        f'<span class="hf-state hf-state-{BANDS.get(band, "open")}"><i></i>{escape(band.capitalize())}</span>'
    )
    share = f": {words.percent(float(risk['risk']))}" if risk.get("risk") is not None else ""
    return (
        f'<div class="hf-risk"><p><b>Risk to leave within 30 days{share}</b> {mark}</p>'
        f"{f'<ul>{why}</ul>' if why else ''}</div>"
    )


def behind(row: dict[str, Any], facts: Sequence[Fact], info: Any) -> None:
    """The facts that the numbers of the header are made of."""
    with st.expander("The facts behind these numbers"):
        lines = [*mrr_lines(row, facts, info), *onboarding_lines(row, info)]
        body = "".join(
            f'<tr><th>{escape(name)}</th><td class="hf-left">{value}</td>'
            f'<td class="hf-left">{escape(made_of)}</td></tr>'
            for name, value, made_of in lines
        )
        st.html(
            '<div class="hf-scroll" tabindex="0">'
            '<table class="hf-table hf-wrapped"><thead><tr><th>Number</th>'
            '<th class="hf-left">Value</th><th class="hf-left">Made of</th></tr></thead>'
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
            "MRR",
            words.money_exact(row["mrr"], code),
            "The sum of the subscriptions below that are active or past due",
        )
    ]
    for name, fact in now.items():
        told, counts = fact.told, paid(fact)
        amount = words.money_exact(counts or Decimal(told.get("mrr", 0)), told.get("currency") or code)
        left_out = "" if told.get("status", "active") in COUNTED else ", so it counts nothing"
        lines.append(
            (
                f"Subscription {name}",
                amount,
                f"{told.get('status', 'active')} since {words.moment(fact.at, info.timezone)}{left_out}",
            )
        )
    return lines


def onboarding_lines(row: dict[str, Any], info: Any) -> list[tuple[str, str, str]]:
    steps = " → ".join(info.steps)
    told = [
        ("Signed up", row["created_at"], "When the account was created"),
        ("First value", row["first_value_at"], "The first event that is value, at or after sign-up"),
        (
            "Activated",
            row["activated_at"],
            f"The last of {steps}, within {words.plural(info.within_days, 'day')}",
        ),
    ]
    return [
        (name, words.moment(at, info.timezone) if at else "Not yet", made_of) for name, at, made_of in told
    ]
