"""What an edition says of risk in English is said in the language of the run, with true plurals."""

import re

import polars as pl
import pytest

from metrics.risk import gate
from metrics.risk.reasons import GROUPS, SAYINGS, Said
from pages.parts import speech
from pages.parts.churn import reasons

ACCOUNTS = {
    "days_since_active": [1, 400], "active_28": [1, 5], "events_28": [1, 1204], "days_trend": [-0.5, 0.2],
    "tenure_days": [1, 22], "price": [49.0, 1152.5], "users_28": [1, 2], "seats": [1, 5],
    "days_to_renewal": [1, None], "has_value": [1, 0], "hours_to_value": [1.0, 5.0], "failed_90": [1, 2],
    "overdue": [0, 1], "tickets_90": [1, 5], "tickets_open": [1, 2], "last_score": [3.0, None],
    "sentiment": [0.1, -0.25], "messages_90": [1, 12], "opened_share": [0.25, 0.5], "plan": ["Pro", "a, b"],
}  # fmt: skip
USUAL = {name: 12.0 for name, values in ACCOUNTS.items() if isinstance(values[0], int | float)}
OF_THE_COMPANY = ("plan", "segment")  # the names in them are the company's own


@pytest.mark.parametrize("usual", [USUAL, {}], ids=["usual", "none"])
def test_every_reason_that_an_edition_gives_is_known(usual: dict[str, float]) -> None:
    for group in (group for group in GROUPS if group not in OF_THE_COMPANY):
        for text in SAYINGS[group](pl.DataFrame(ACCOUNTS), Said(usual, ())):
            with speech.speaking("pl"):
                said = reasons.reason(text)
            assert said != text.removeprefix(reasons.WORD), text


def test_an_edition_counts_in_good_english() -> None:
    one = pl.DataFrame(ACCOUNTS).head(1).with_columns(days_since_active=pl.lit(1), overdue=pl.lit(1))
    for group in (
        "recency",
        "usage",
        "tenure",
        "seats",
        "renewal",
        "onboarding",
        "payments",
        "support",
        "messages",
    ):
        (text,) = SAYINGS[group](one, Said({}, ()))
        assert re.findall(r"\b1(?:\.0)? (?:failed )?[a-z]+s\b", text) == [], text
    (said,) = SAYINGS["payments"](one, Said({"failed_90": 0.0}, ()))
    assert said == "associated with: 1 failed payment in 90 days (usual 0), 1 invoice overdue"


@pytest.mark.parametrize(
    ("text", "english", "polish"),
    [
        (
            "1 failed payments in 90 days (usual 0), 2 invoices overdue (usual 1,204)",
            "1 failed payment in 90 days (usual 0), 2 invoices overdue (usual 1,204)",
            "1 nieudana płatność w 90 dni (zwykle 0), 2 zaległe faktury (zwykle 1 204)",
        ),
        ("last active 1 days ago", "last active 1 day ago", "ostatnia aktywność 1 dzień temu"),
        ("pays 49.5 a month", "pays 49.5 a month", "płaci 49,5 miesięcznie"),
        ("5 tickets in 90 days, 2 open", "5 tickets in 90 days, 2 open", "5 zgłoszeń w 90 dni, 2 otwarte"),
        ("plan last active 1 days ago", "plan last active 1 days ago", "plan last active 1 days ago"),
        ("region <b>, size 5", "region <b>, size 5", "region <b>, size 5"),
    ],
    ids=["payments", "recency", "price", "support", "plan", "segment"],
)
def test_reasons_are_told_with_true_plurals(text: str, english: str, polish: str) -> None:
    assert reasons.reason(reasons.WORD + text) == english
    with speech.speaking("pl"):
        assert reasons.reason(text).replace("\u00a0", " ") == polish


@pytest.mark.parametrize("decision", [(None, None, 1), (0.51, 2.0, 20), (0.7, 1.2, 20)], ids=str)
def test_why_the_gate_is_closed_is_known(decision: tuple[float | None, float | None, int]) -> None:
    text = gate.decide(*decision).reason
    assert reasons.gate(text) == text.replace("1 accounts", "1 account")
    with speech.speaking("pl"):
        assert reasons.gate(text) != text
