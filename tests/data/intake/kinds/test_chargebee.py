"""Chargebee's events as facts, of both its catalogs."""

import pytest

from tests.data.intake.billing.payloads import (
    NOON,
    chargebee_event,
    chargebee_subscription,
    facts,
    item,
    row,
    rows,
)

ITEM = {"item_price_id": "PRO-USD-M", "item_type": "plan", "quantity": 2, "unit_price": 4900}


def state(**others):
    told = chargebee_event("subscription_changed", subscription=chargebee_subscription(**others))
    return row(facts("chargebee", told), "subscription_changes")


@pytest.mark.parametrize(
    ("subscription", "worth"),
    [
        ({"mrr": 9800}, "98"),
        ({"mrr": 9800, "currency_code": "JPY"}, "9800"),
        ({"subscription_items": [ITEM]}, "98"),
        ({"subscription_items": [{**ITEM, "amount": 9000}]}, "90"),
        ({"subscription_items": [ITEM], "billing_period": 3}, "32.6667"),
        ({"subscription_items": [ITEM], "billing_period_unit": "year"}, "8.1667"),
        ({"subscription_items": [ITEM], "billing_period_unit": "week"}, "424.6667"),
        ({"subscription_items": [ITEM, {"item_type": "addon", "unit_price": 500, "quantity": 3}]}, "113"),
        ({"subscription_items": [ITEM, {"item_type": "charge", "unit_price": 500, "quantity": 3}]}, "98"),
        ({"subscription_items": [{**ITEM, "unit_price_in_decimal": "0.5", "quantity": 10}]}, "5"),
        ({"plan_id": "pro", "plan_unit_price": 4900, "plan_quantity": 2}, "98"),
        (
            {
                "plan_id": "pro",
                "plan_unit_price": 4900,
                "addons": [{"id": "x", "unit_price": 100, "quantity": 5}],
            },
            "54",
        ),
        (
            {"subscription_items": [ITEM], "discounts": [{"duration_type": "forever", "percentage": 10}]},
            "88.2",
        ),
        ({"subscription_items": [ITEM], "discounts": [{"duration_type": "forever", "amount": 800}]}, "90"),
        (
            {"subscription_items": [ITEM], "discounts": [{"duration_type": "one_time", "percentage": 10}]},
            "98",
        ),
        ({"subscription_items": [ITEM], "discounts": [{"percentage": 10, "apply_till": NOON}]}, "98"),
    ],
)
def test_what_a_subscription_is_worth_a_month(subscription, worth):
    assert state(**subscription)["mrr"] == worth


def test_coupons_whose_amount_is_unknown_are_said_so():
    told = state(subscription_items=[ITEM], coupons=[{"coupon_id": "TENOFF"}])
    assert told["mrr_note"] == "what its coupons take off is not in the payload"
    assert "mrr_note" not in state(mrr=9800, coupons=[{"coupon_id": "TENOFF"}])


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("future", "paused"),
        ("in_trial", "trialing"),
        ("active", "active"),
        ("non_renewing", "active"),
        ("paused", "paused"),
        ("cancelled", "canceled"),
        ("transferred", "canceled"),
    ],
)
def test_statuses_become_ours(theirs, ours):
    told = state(status=theirs, mrr=9800)
    assert told["status"] == ours
    assert told["mrr"] == ("0" if ours == "canceled" else "98")


def test_what_does_not_renew_says_when_it_ends():
    told = state(status="non_renewing", mrr=9800, cancelled_at=NOON + 50)
    assert "renews_at" not in told
    assert told["ends_at"] == "2023-11-14T22:14:10Z"


def test_a_deleted_subscription_has_ended():
    assert state(deleted=True, mrr=9800)["status"] == "canceled"


def test_the_version_says_when_whichever_event_tells_it():
    told = [
        row(
            facts("chargebee", chargebee_event(name, NOON + 9, subscription=chargebee_subscription(mrr=1))),
            "subscription_changes",
        )
        for name in ("subscription_created", "payment_succeeded")
    ]
    assert told[0] == told[1]
    assert told[0]["effective_at"] == "2023-11-14T22:13:20.250000Z"


def test_without_a_version_the_event_says_when():
    told = state(resource_version=None, mrr=1)
    assert told["effective_at"].startswith("2023-11-14T22:13:20.05")


def test_a_customer_becomes_an_account_linked_to_ours():
    buyer = {
        "id": "cb_1",
        "first_name": "Ada",
        "last_name": "L",
        "company": "Acme",
        "email": "a@acme.io",
        "preferred_currency_code": "EUR",
        "created_at": NOON - 60,
        "resource_version": NOON * 1000,
        "cf_tier": "gold",
        "meta_data": {"account_id": "acme", "plan": "pro"},
        "billing_address": {"country": "DE"},
    }
    told = facts("chargebee", chargebee_event("customer_changed", customer=buyer))
    assert row(told, "account_updates") == {
        "account_id": "cb_1",
        "updated_at": "2023-11-14T22:13:20Z",
        "created_at": "2023-11-14T22:12:20Z",
        "name": "Acme",
        "email": "a@acme.io",
        "currency": "EUR",
        "country": "DE",
        "tier": "gold",
        "plan": "pro",
    }
    assert row(told, "identities")["into_id"] == "acme"


def invoice(**others):
    return {
        "id": "17",
        "customer_id": "cb_1",
        "subscription_id": "sub_cb",
        "status": "payment_due",
        "date": NOON,
        "due_date": NOON,
        "total": 11662,
        "currency_code": "USD",
        "resource_version": NOON * 1000,
        "line_items": [
            {"id": "li_1", "entity_type": "plan_item_price", "entity_id": "PRO-USD-M", "amount": 9800},
            {"id": "li_2", "entity_type": "adhoc", "amount": 1000, "description": "Setup"},
            {"id": "li_3", "entity_type": "plan_item_price", "amount": -500},
        ],
        "discounts": [{"entity_type": "document_level_coupon", "amount": 500, "description": "TENOFF"}],
        "taxes": [{"name": "VAT", "amount": 1862}],
        **others,
    }


def test_an_invoice_and_its_lines():
    told = facts("chargebee", chargebee_event("invoice_generated", invoice=invoice()))
    first = row(told, "invoices")
    assert (first["amount"], first["due_at"]) == ("116.62", "2023-11-15T22:13:20Z")
    lines = {line["line_id"]: (line["kind"], line["amount"]) for line in rows(told, "invoice_lines")}
    assert lines == {
        "17:li_1": ("recurring", "98"),
        "17:li_2": ("one_off", "10"),
        "17:li_3": ("credit", "-5"),
        "17:discount:0": ("discount", "-5"),
        "17:tax:0": ("tax", "18.62"),
    }


@pytest.mark.parametrize(
    ("others", "column", "value"),
    [
        ({"status": "paid", "paid_at": NOON + 60}, "paid_at", "2023-11-14T22:14:20Z"),
        ({"status": "voided", "voided_at": NOON + 60}, "voided_at", "2023-11-14T22:14:20Z"),
        (
            {
                "issued_credit_notes": [
                    {"cn_total": 500, "cn_status": "refunded"},
                    {"cn_total": 200, "cn_status": "refunded"},
                ]
            },
            "refunded_amount",
            "7",
        ),
        (
            {"issued_credit_notes": [{"cn_total": 1, "cn_reason_code": "chargeback", "cn_date": NOON}]},
            "disputed_at",
            "2023-11-14T22:13:20Z",
        ),
    ],
)
def test_what_becomes_of_an_invoice_is_an_update(others, column, value):
    told = facts("chargebee", chargebee_event("invoice_updated", invoice=invoice(**others)))
    assert row(told, "invoice_updates")[column] == value


def transaction(**others):
    return {
        "id": "txn_1",
        "customer_id": "cb_1",
        "type": "payment",
        "status": "success",
        "date": NOON,
        "amount": 9800,
        "currency_code": "USD",
        "linked_invoices": [{"invoice_id": "17", "applied_amount": 9800}],
        **others,
    }


def test_a_transaction_is_an_attempt_for_each_of_its_invoices():
    two = [{"invoice_id": "17", "applied_amount": 9000}, {"invoice_id": "18", "applied_amount": 800}]
    told = facts(
        "chargebee", chargebee_event("payment_succeeded", transaction=transaction(linked_invoices=two))
    )
    assert {(one["payment_id"], one["amount"]) for one in rows(told, "payments")} == {
        ("txn_1:17", "90"),
        ("txn_1:18", "8"),
    }


def test_a_failed_transaction_says_why_and_who():
    failed = transaction(
        status="failure", error_code="do_not_honor", initiator_type="merchant", linked_invoices=[]
    )
    told = facts("chargebee", chargebee_event("payment_failed", transaction=failed, invoice=invoice()))
    paid = row(told, "payments")
    assert (paid["payment_id"], paid["outcome"], paid["decline_code"]) == (
        "txn_1:17",
        "failed",
        "do_not_honor",
    )
    assert paid["initiated_by"] == "schedule"


def test_a_payment_sent_back_late_is_an_attempt_of_its_own():
    late = facts(
        "chargebee", chargebee_event("payment_failed", transaction=transaction(status="late_failure"))
    )
    assert row(late, "payments")["payment_id"] == "txn_1:17:late_failure"


def test_a_credit_note_alone_tells_a_refund():
    note = {"id": "cn_1", "reference_invoice_id": "17", "amount_refunded": 500, "currency_code": "USD"}
    told = facts("chargebee", chargebee_event("credit_note_updated", credit_note=note))
    assert row(told, "invoice_updates")["refunded_amount"] == "5"


@pytest.mark.parametrize(
    "payload",
    [
        chargebee_event("coupon_created", coupon={"id": "x"}),
        chargebee_event("customer_deleted", customer={"id": "cb_1"}),
        chargebee_event("pending_invoice_created", invoice=invoice(status="pending")),
        chargebee_event("refund_initiated", transaction=transaction(type="refund")),
    ],
)
def test_what_says_nothing_is_ignored_with_a_reason(payload):
    found = item("chargebee", payload)
    assert (found.outcome, found.item_id) == ("ignored", payload["id"])
    assert found.reason


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (b"null", "event_type"),
        ({"event_type": "x", "content": []}, "content"),
        (chargebee_event("x", at=10**12, subscription=chargebee_subscription()), "occurred_at"),
        (
            chargebee_event("x", subscription=chargebee_subscription(status="?")),
            "content.subscription.status",
        ),
        (
            chargebee_event("x", subscription=chargebee_subscription(resource_version=10**18)),
            "content.subscription.resource_version",
        ),
        (chargebee_event("x", subscription=chargebee_subscription(mrr="much")), "content.subscription.mrr"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_place(payload, field):
    found = item("chargebee", payload)
    assert (found.outcome, found.field) == ("quarantined", field)
