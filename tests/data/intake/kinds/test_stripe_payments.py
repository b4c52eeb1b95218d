"""Attempts to collect, refunds and disputes in Stripe's events, of every generation of its API."""

import pytest

from tests.data.intake.billing.payloads import (
    NOON,
    SCHEDULED,
    charge,
    event,
    facts,
    intent,
    invoice,
    item,
    row,
    rows,
)

AT = "2023-11-14T22:13:20"


def test_a_charge_of_an_invoice_is_an_attempt():
    told = row(facts("stripe", event("charge.succeeded", charge(), NOON + 2, request=SCHEDULED)), "payments")
    assert told == {
        "payment_id": "ch_1",
        "invoice_id": "in_1",
        "account_id": "cus_1",
        "attempted_at": AT + "Z",
        "amount": "15",
        "outcome": "succeeded",
        "initiated_by": "schedule",
        "currency": "USD",
    }


def test_a_failed_charge_says_why():
    failed = charge(status="failed", failure_code="card_declined", outcome={"reason": "insufficient_funds"})
    told = row(facts("stripe", event("charge.failed", failed, request={"id": "req_1"})), "payments")
    assert (told["outcome"], told["decline_code"]) == ("failed", "insufficient_funds")
    assert told["initiated_by"] == "customer"


@pytest.mark.parametrize(
    ("request_", "who"),
    [
        ({"id": None, "idempotency_key": None}, "schedule"),
        ({"id": None, "idempotency_key": "in_1-retry-2"}, "schedule"),
        ({"id": None, "idempotency_key": "pi_1-src_2"}, "customer"),
        ({"id": "req_1", "idempotency_key": "3fa8"}, "customer"),
        ("req_1", "customer"),
        (None, None),
    ],
)
def test_who_began_an_attempt(request_, who):
    told = row(facts("stripe", event("charge.succeeded", charge(), request=request_)), "payments")
    assert told.get("initiated_by") == who


def test_only_the_end_of_an_attempt_tells_it():
    """What happens to the charge later is asked for by somebody else."""
    assert item("stripe", event("charge.updated", charge(), request={"id": "req_9"})).outcome == "ignored"
    refund = facts("stripe", event("charge.refunded", charge(amount_refunded=1), request={"id": "req_9"}))
    assert not rows(refund, "payments")


@pytest.mark.parametrize(
    "other", [{"invoice": None}, {"status": "pending"}, {"customer": None}, {"status": None, "paid": None}]
)
def test_a_charge_of_no_invoice_or_nobody_or_undecided_is_no_attempt(other):
    assert item("stripe", event("charge.succeeded", charge(**other))).outcome == "ignored"


def test_one_attempt_told_by_charge_intent_and_invoice_is_one_payment():
    of_2020 = [
        event("charge.succeeded", charge()),
        event("charge.updated", charge(), NOON + 60),
        event("payment_intent.succeeded", intent(invoice="in_1")),
        event("invoice.paid", invoice(status="paid")),
    ]
    of_2026 = [
        event("charge.succeeded", {k: v for k, v in charge().items() if k != "invoice"}),
        event("payment_intent.succeeded", intent()),
        event("invoice.paid", invoice(status="paid")),
        event("invoice_payment.paid", {"id": "inpay_1", "invoice": "in_1"}),
    ]
    for generation in (of_2020, of_2026):
        told = [fact for payload in generation for fact in item("stripe", payload).facts]
        assert {(one["payment_id"], one["invoice_id"]) for one in rows(told, "payments")} == {
            ("ch_1", "in_1")
        }


def test_a_failed_intent_of_2026_is_an_attempt_with_its_reason():
    error = {"charge": "ch_0", "code": "card_declined", "decline_code": "expired_card"}
    told = facts("stripe", event("payment_intent.payment_failed", intent(last_payment_error=error)))
    paid = row(told, "payments")
    assert (paid["payment_id"], paid["invoice_id"], paid["decline_code"]) == ("ch_0", "in_1", "expired_card")


@pytest.mark.parametrize(
    ("others", "request_", "invoice_id"),
    [
        ({"payment_details": None}, SCHEDULED, "in_1"),
        ({"payment_details": None, "description": "Subscription update"}, None, "pi_1"),
        ({"payment_details": {"order_reference": "order 7"}}, None, None),
    ],
)
def test_where_an_intent_finds_its_invoice(others, request_, invoice_id):
    found = item("stripe", event("payment_intent.succeeded", intent(**others), request=request_))
    assert [one["invoice_id"] for one in rows(found.facts, "payments")] == (
        [invoice_id] if invoice_id else []
    )


def test_a_refund_counts_what_was_given_back_in_all():
    told = facts("stripe", event("charge.refunded", charge(amount_refunded=700)))
    update = row(told, "invoice_updates")
    assert (update["invoice_id"], update["refunded_amount"]) == ("in_1", "7")


def test_a_refund_or_dispute_that_cannot_name_the_invoice_names_the_payment():
    newer = {k: v for k, v in charge(amount_refunded=700).items() if k != "invoice"}
    refund = row(facts("stripe", event("charge.refunded", newer)), "invoice_updates")
    assert refund["invoice_id"] == "ch_1"
    dispute = {"id": "dp_1", "charge": "ch_1", "created": NOON, "amount": 1500}
    told = row(facts("stripe", event("charge.dispute.created", dispute, NOON + 5)), "invoice_updates")
    assert (told["invoice_id"], told["disputed_at"]) == ("ch_1", AT + "Z")


def test_an_expanded_dispute_names_the_invoice():
    dispute = {"id": "dp_1", "charge": charge(), "created": NOON}
    told = facts("stripe", event("charge.dispute.created", dispute))
    assert row(told, "invoice_updates")["invoice_id"] == "in_1"


def test_credit_notes_tell_refunds_where_charges_cannot():
    newer = {k: v for k, v in invoice(post_payment_credit_notes_amount=500).items() if k != "charge"}
    update = row(facts("stripe", event("invoice.updated", newer)), "invoice_updates")
    assert update["refunded_amount"] == "5"
    older = facts("stripe", event("invoice.updated", invoice(post_payment_credit_notes_amount=500)))
    assert "refunded_amount" not in row(older, "invoice_updates")
