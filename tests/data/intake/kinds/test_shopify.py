"""Shopify's webhooks as facts."""

import json

import pytest

from tests.data.intake.billing.payloads import facts, item, row, rows, topic

TRIGGERED = "2024-08-07T22:48:22.376601Z"
BUYER = "gid://shopify/Customer/9007199254740993"
ORDER = "gid://shopify/Order/77"


@pytest.mark.parametrize(
    "ids",
    [
        {"id": 9007199254740993},
        {"id": "9007199254740993"},
        {"admin_graphql_api_id": BUYER, "id": 9007199254740992},
        {"admin_graphql_api_id": f"{BUYER}?key=x"},
    ],
)
def test_an_id_has_one_form(ids):
    body = {
        **ids,
        "email": "a@b.c",
        "first_name": "Ada",
        "last_name": "L",
        "created_at": "2022-01-01T00:00:00-05:00",
    }
    told = row(facts("shopify", body, topic("customers/update")), "account_updates")
    assert told == {
        "account_id": BUYER,
        "updated_at": TRIGGERED,
        "created_at": "2022-01-01T05:00:00Z",
        "name": "Ada L",
        "email": "a@b.c",
    }


def test_the_id_of_a_shops_own_sign_in_is_ours():
    told = facts("shopify", {"id": 1, "multipass_identifier": "user-7"}, topic("customers/create"))
    assert row(told, "identities")["into_id"] == "user-7"


def test_merged_customers_are_one():
    body = {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/1",
        "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/2",
        "status": "completed",
    }
    told = row(facts("shopify", body, topic("customers/merge")), "identities")
    assert (told["account_id"], told["into_id"], told["kind"]) == (
        "gid://shopify/Customer/2",
        "gid://shopify/Customer/1",
        "person",
    )
    assert item("shopify", {**body, "status": "failed"}, topic("customers/merge")).outcome == "ignored"


def order(**others):
    return {
        "id": 77,
        "customer": {"id": 9007199254740993},
        "processed_at": "2024-08-01T10:00:00Z",
        "currency": "EUR",
        "total_price": "109.20",
        "total_discounts": "9.80",
        "total_tax": "9.00",
        "taxes_included": False,
        "financial_status": "pending",
        "updated_at": "2024-08-07T22:48:22Z",
        "line_items": [
            {
                "id": 1,
                "price": "50.00",
                "quantity": 2,
                "sku": "BOX",
                "selling_plan_allocation": {"selling_plan": {}},
            },
            {"id": 2, "price": "0.00", "quantity": 1, "name": "Gift"},
        ],
        "shipping_lines": [{"price": "10.00", "title": "Post"}],
        **others,
    }


def test_an_order_is_an_event_and_an_invoice_whose_lines_add_up():
    told = facts("shopify", order(), topic("orders/create"))
    placed = row(told, "events")
    assert (placed["event_id"], placed["account_id"], placed["value"]) == (f"{ORDER}:placed", BUYER, "109.2")
    assert json.loads(placed["properties"]) == {"order": ORDER, "currency": "EUR"}
    first = row(told, "invoices")
    assert (first["amount"], first["due_at"]) == ("109.2", "2024-08-02T10:00:00Z")
    lines = {
        line["line_id"].removeprefix(ORDER): (line["kind"], line["amount"])
        for line in rows(told, "invoice_lines")
    }
    assert lines == {
        ":item:1": ("recurring", "100"),
        ":item:2": ("one_off", "0"),
        ":shipping:0": ("one_off", "10"),
        ":discount": ("discount", "-9.8"),
        ":tax": ("tax", "9"),
    }
    assert row(told, "identities")["into_id"] == BUYER


@pytest.mark.parametrize(
    ("name", "paid_at"),
    [("orders/create", "2024-08-01T10:00:00Z"), ("orders/paid", TRIGGERED), ("orders/updated", None)],
)
def test_only_some_topics_say_when_an_order_was_paid(name, paid_at):
    told = facts("shopify", order(financial_status="paid"), topic(name))
    assert row(told, "invoice_updates").get("paid_at") == paid_at


def test_an_order_knows_all_its_refunds_and_its_end():
    refunds = [
        {"transactions": [{"kind": "refund", "status": "success", "amount": "5.00"}]},
        {
            "transactions": [
                {"kind": "refund", "status": "failure", "amount": "9.00"},
                {"kind": "refund", "status": "success", "amount": "2.50"},
            ]
        },
    ]
    gone = order(refunds=refunds, cancelled_at="2024-08-05T00:00:00Z")
    update = row(facts("shopify", gone, topic("orders/updated")), "invoice_updates")
    assert (update["refunded_amount"], update["voided_at"]) == ("7.5", "2024-08-05T00:00:00Z")


def test_a_refund_alone_counts_itself():
    body = {"order_id": 77, "transactions": [{"kind": "refund", "status": "success", "amount": "5.00"}]}
    told = row(facts("shopify", body, topic("refunds/create")), "invoice_updates")
    assert (told["invoice_id"], told["refunded_amount"]) == (ORDER, "5")


def test_a_dispute_dates_the_order():
    body = {"order_id": 77, "initiated_at": "2024-08-06T00:00:00Z"}
    told = row(facts("shopify", body, topic("disputes/create")), "invoice_updates")
    assert (told["invoice_id"], told["disputed_at"]) == (ORDER, "2024-08-06T00:00:00Z")


SALE = {
    "id": 5,
    "order_id": 77,
    "kind": "sale",
    "status": "success",
    "amount": "109.20",
    "currency": "EUR",
    "created_at": "2024-08-01T10:00:00Z",
    "error_code": "card_declined",
    "source_name": "subscription_contract",
}


@pytest.mark.parametrize(
    ("kind", "status", "outcome"),
    [
        ("sale", "success", "succeeded"),
        ("capture", "success", "succeeded"),
        ("sale", "failure", "failed"),
        ("authorization", "error", "failed"),
        ("authorization", "success", None),
        ("refund", "success", None),
        ("sale", "pending", None),
    ],
)
def test_which_transactions_collect(kind, status, outcome):
    found = item("shopify", {**SALE, "kind": kind, "status": status}, topic("order_transactions/create"))
    assert [one["outcome"] for one in rows(found.facts, "payments")] == ([outcome] if outcome else [])
    for paid in rows(found.facts, "payments"):
        assert (paid["account_id"], paid["invoice_id"], paid["initiated_by"]) == (ORDER, ORDER, "schedule")


CONTRACT = {
    "id": 3,
    "admin_graphql_api_id": "gid://shopify/SubscriptionContract/3",
    "customer_id": 9007199254740993,
    "currency_code": "EUR",
    "billing_policy": {"interval": "week", "interval_count": 4},
}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("active", "active"),
        ("ACTIVE", "active"),
        ("paused", "paused"),
        ("cancelled", "canceled"),
        ("expired", "canceled"),
        ("failed", "canceled"),
    ],
)
def test_a_contract_is_a_subscription_without_a_price(theirs, ours):
    told = facts("shopify", {**CONTRACT, "status": theirs}, topic("subscription_contracts/update"))
    state = row(told, "subscription_changes")
    assert (state["status"], state["account_id"], state["effective_at"]) == (ours, BUYER, TRIGGERED)
    assert (state["mrr"], state["mrr_note"]) == ("0", "Shopify's webhook names no price")
    assert row(told, "identities")["account_id"] == "gid://shopify/SubscriptionContract/3"


@pytest.mark.parametrize(("name", "outcome"), [("success", "succeeded"), ("failure", "failed")])
def test_attempts_to_bill_a_contract_in_one_month_are_for_one_bill(name, outcome):
    body = {"id": 8, "subscription_contract_id": 3, "error_code": "expired_payment_method", "order_id": 77}
    told = row(facts("shopify", body, topic(f"subscription_billing_attempts/{name}")), "payments")
    assert (told["outcome"], told["initiated_by"]) == (outcome, "schedule")
    assert told["invoice_id"] == "gid://shopify/SubscriptionContract/3:2024-08"


@pytest.mark.parametrize(
    ("others", "worth"),
    [
        ({"status": "ACTIVE", "price": "20.00", "interval": "every_30_days"}, "20"),
        ({"status": "ACTIVE", "price": "240.00", "interval": "ANNUAL"}, "20"),
        ({"status": "CANCELLED", "price": "20.00", "interval": "EVERY_30_DAYS"}, "0"),
        ({"status": "ACTIVE"}, "0"),
    ],
)
def test_an_app_subscription_is_the_shops(others, worth):
    body = {
        "app_subscription": {
            "admin_graphql_api_id": "gid://shopify/AppSubscription/4",
            "name": "Pro",
            "currency": "USD",
            "admin_graphql_api_shop_id": "gid://shopify/Shop/5",
            **others,
        }
    }
    told = row(facts("shopify", body, topic("app_subscriptions/update")), "subscription_changes")
    assert (told["account_id"], told["mrr"], told["plan"]) == ("gid://shopify/Shop/5", worth, "Pro")


def test_a_skipped_cycle_is_an_event_of_the_contract():
    body = {"subscription_contract_id": 3, "cycle_index": 2}
    told = row(facts("shopify", body, topic("subscription_billing_cycles/skip")), "events")
    assert (told["name"], told["account_id"]) == (
        "subscription_cycle_skipped",
        "gid://shopify/SubscriptionContract/3",
    )


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("products/update", {"id": 1}),
        ("customers/delete", {"id": 1}),
        ("customers/redact", {"shop_id": 1}),
        ("orders/create", {"id": 77, "customer": None}),
        ("orders/edited", {"order_edit": {}}),
        ("subscription_billing_attempts/challenged", {"subscription_contract_id": 3}),
        ("refunds/create", {"order_id": 77, "transactions": []}),
        ("disputes/create", {"id": 1}),
        ("app_subscriptions/update", {}),
    ],
)
def test_what_says_nothing_is_ignored_with_a_reason(name, body):
    found = item("shopify", body, topic(name))
    assert (found.outcome, found.item_id) == ("ignored", "w-1")
    assert found.reason


@pytest.mark.parametrize(
    ("headers", "body", "field"),
    [
        ({}, {}, "x-shopify-topic"),
        (topic("customers/update"), [], "body"),
        (topic("customers/update"), {"id": "../etc"}, "id"),
        (topic("customers/update", at="yesterday"), {"id": 1}, "x-shopify-triggered-at"),
        (topic("orders/create"), order(total_price="1,50"), "total_price"),
        (topic("orders/create"), order(processed_at="9999-12-31T23:59:59Z"), "processed_at"),
        (topic("subscription_contracts/update"), {**CONTRACT, "status": "asleep"}, "status"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_place(headers, body, field):
    found = item("shopify", body, headers)
    assert (found.outcome, found.field) == ("quarantined", field)


def test_without_a_trigger_the_update_or_the_arrival_says_when():
    bare = {"x-shopify-topic": "subscription_contracts/update"}
    told = facts("shopify", {**CONTRACT, "status": "active"}, bare)
    assert row(told, "subscription_changes")["effective_at"] == "2023-11-14T22:13:25Z"
    dated = facts("shopify", {**CONTRACT, "status": "active", "updated_at": "2023-01-01T00:00:00Z"}, bare)
    assert row(dated, "subscription_changes")["effective_at"] == "2023-01-01T00:00:00Z"
