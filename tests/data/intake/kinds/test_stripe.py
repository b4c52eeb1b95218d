"""Stripe's events as facts, of every generation of its API."""

import pytest

from tests.data.intake.billing.payloads import (
    NOON,
    bought,
    event,
    facts,
    invoice,
    item,
    price,
    row,
    rows,
    state,
)

AT = "2023-11-14T22:13:20"
ONE = price(1500)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("trialing", "trialing"),
        ("active", "active"),
        ("past_due", "past_due"),
        ("unpaid", "paused"),
        ("paused", "paused"),
        ("incomplete", "paused"),
        ("incomplete_expired", "canceled"),
        ("canceled", "canceled"),
    ],
)
def test_statuses_become_ours(theirs, ours):
    told = state(bought((ONE, 1), status=theirs))
    assert told["status"] == ours
    assert told["mrr"] == ("0" if ours == "canceled" else "15")
    assert told.get("stripe_status") == (None if theirs == ours else theirs)


def test_a_pause_of_collection_is_a_pause():
    assert state(bought((ONE, 1), pause_collection={"behavior": "void"}))["status"] == "paused"
    ended = bought((ONE, 1), status="canceled", pause_collection={"behavior": "void"})
    assert state(ended, "deleted")["status"] == "canceled"


def test_a_change_has_all_columns():
    told = state(bought((price(1500, nickname="Pro"), 3)), "created")
    assert told["effective_at"].startswith(AT)
    del told["effective_at"]
    assert told == {
        "subscription_id": "sub_1",
        "account_id": "cus_1",
        "mrr": "45",
        "plan": "Pro",
        "status": "active",
        "currency": "USD",
        "renews_at": "2023-11-14T22:30:00Z",
        "quantity": "3",
    }


def test_the_period_was_at_the_top_until_2025():
    old = bought((ONE, 1), current_period_end=NOON + 500)
    assert state(old)["renews_at"] == "2023-11-14T22:21:40Z"


@pytest.mark.parametrize("ending", [{"cancel_at_period_end": True}, {"cancel_at": NOON + 1000}])
def test_what_ends_with_its_period_does_not_renew(ending):
    told = state(bought((ONE, 1), **ending))
    assert "renews_at" not in told
    assert told["ends_at"] == "2023-11-14T22:30:00Z"
    assert told["status"] == "active"


@pytest.mark.parametrize(
    ("names", "plan"),
    [
        ({"metadata": {"plan": "gold"}, "nickname": "Gold monthly"}, "gold"),
        ({"nickname": "Gold monthly", "lookup_key": "gold_m"}, "Gold monthly"),
        ({"lookup_key": "gold_m", "product": {"id": "prod_1", "name": "Gold"}}, "gold_m"),
        ({"product": {"id": "prod_1", "name": "Gold"}}, "Gold"),
        ({}, "prod_1"),
        ({"product": None}, "price_1"),
    ],
)
def test_a_plan_is_called_by_the_first_name_there_is(names, plan):
    assert state(bought((price(1500, **names), 1)))["plan"] == plan


def test_the_plan_is_the_dearest_items_unless_the_subscription_says():
    both = bought((price(900, nickname="Seats"), 1), (price(1500, nickname="Pro"), 1))
    assert state(both)["plan"] == "Pro"
    assert state({**both, "metadata": {"plan": "deal"}})["plan"] == "deal"


def test_a_subscription_of_before_items_and_prices_is_read():
    plan = {"id": "gold", "amount": 2400, "currency": "eur", "interval": "year", "interval_count": 1}
    old = {"id": "sub_0", "customer": "cus_1", "status": "active", "plan": plan, "quantity": 2}
    told = state(old)
    assert (told["mrr"], told["plan"], told["currency"], told["quantity"]) == ("4", "gold", "EUR", "2")


def test_a_subscription_makes_its_customer_an_account():
    told = facts("stripe", event("customer.subscription.updated", bought((ONE, 1))))
    assert row(told, "account_updates") == {"account_id": "cus_1", "updated_at": "2023-11-14T22:11:40Z"}


@pytest.mark.parametrize("name", ["account_id", "groupId", "user_id"])
def test_metadata_that_names_an_own_id_links_it(name):
    buyer = {"id": "cus_1", "object": "customer", "created": NOON - 100, "metadata": {name: "acme"}}
    told = row(facts("stripe", event("customer.created", buyer)), "identities")
    assert (told["account_id"], told["into_id"], told["kind"]) == ("cus_1", "acme", "billing")
    sold = facts("stripe", event("customer.subscription.created", bought((ONE, 1), metadata={name: "acme"})))
    assert row(sold, "identities")["into_id"] == "acme"


@pytest.mark.parametrize("own", ["", "null", "undefined", "cus_1", None, ["x"]])
def test_metadata_that_names_nobody_links_nothing(own):
    buyer = {"id": "cus_1", "metadata": {"account_id": own}}
    assert not rows(facts("stripe", event("customer.created", buyer)), "identities")


def test_a_customer_becomes_an_account_with_its_metadata():
    metadata = {"plan": "pro", "channel": "ads", "seats": "5", "name": "Acme (old)", "user_id": "7"}
    buyer = {
        "id": "cus_1",
        "name": "Acme",
        "email": "a@acme.io",
        "currency": "eur",
        "created": NOON - 100,
        "address": {"country": "DE"},
        "metadata": metadata,
    }
    told = row(facts("stripe", event("customer.updated", buyer)), "account_updates")
    assert told.pop("updated_at").startswith(AT)
    assert told == {
        "account_id": "cus_1",
        "created_at": "2023-11-14T22:11:40Z",
        "name": "Acme",
        "email": "a@acme.io",
        "currency": "EUR",
        "country": "DE",
        "plan": "pro",
        "channel": "ads",
        "seats": "5",
        "metadata_name": "Acme (old)",
    }


def test_a_checkout_links_its_customer_to_the_reference():
    session = {
        "id": "cs_1",
        "object": "checkout.session",
        "customer": "cus_1",
        "client_reference_id": "user-7",
    }
    [told] = facts("stripe", event("checkout.session.completed", session))
    assert told.shape == "identities"
    assert (told.values["account_id"], told.values["into_id"]) == ("cus_1", "user-7")


def test_an_invoice_is_issued_when_it_is_finalized_and_due_a_day_later():
    told = facts("stripe", event("invoice.finalized", invoice()))
    first = row(told, "invoices")
    assert (first["issued_at"], first["due_at"], first["amount"]) == (AT + "Z", "2023-11-15T22:13:20Z", "15")
    assert (first["account_id"], first["subscription_id"]) == ("cus_1", "sub_1")
    assert "paid_at" not in row(told, "invoice_updates")
    assert row(told, "invoice_lines") == {
        "line_id": "il_1",
        "invoice_id": "in_1",
        "kind": "recurring",
        "amount": "15",
        "category": "prod_1",
        "description": "1 × Pro",
        "period_start": AT + "Z",
        "period_end": "2023-11-14T22:30:00Z",
    }


def test_an_invoice_that_is_sent_is_due_when_it_says():
    told = facts("stripe", event("invoice.finalized", invoice(due_date=NOON + 86400 * 30)))
    assert row(told, "invoices")["due_at"] == "2023-12-14T22:13:20Z"


@pytest.mark.parametrize(
    ("name", "status", "moment", "column"),
    [
        ("invoice.paid", "paid", "paid_at", "paid_at"),
        ("invoice.payment_succeeded", "paid", "paid_at", "paid_at"),
        ("invoice.voided", "void", "voided_at", "voided_at"),
        ("invoice.marked_uncollectible", "uncollectible", "marked_uncollectible_at", "uncollectible_at"),
    ],
)
def test_what_becomes_of_an_invoice_is_an_update(name, status, moment, column):
    became = {"finalized_at": NOON, moment: NOON + 60}
    told = facts("stripe", event(name, invoice(status=status, status_transitions=became), NOON + 60))
    assert row(told, "invoice_updates")[column] == "2023-11-14T22:14:20Z"
    assert not {column} & row(told, "invoices").keys()


@pytest.mark.parametrize(
    "payload",
    [
        event("invoice.created", invoice(status="draft")),
        event("invoice.updated", invoice(status="draft")),
        event("invoice.deleted", invoice(status="draft")),
        event("invoice.upcoming", invoice(id=None)),
        event("customer.deleted", {"id": "cus_1"}),
        event("customer.discount.created", {"id": "di_1"}),
        event("customer.source.created", {"id": "card_1"}),
        event("refund.created", {"id": "re_1", "amount": 5}),
        event("product.updated", {"id": "prod_1"}),
        {"id": "evt_1", "object": "v2.core.event", "type": "v1.billing.meter.error_report_triggered"},
    ],
)
def test_what_says_nothing_is_ignored_with_a_reason(payload):
    found = item("stripe", payload)
    assert (found.outcome, found.item_id) == ("ignored", payload["id"])
    assert found.reason


def test_an_invoice_of_2026_names_its_subscription_under_its_parent():
    newer = invoice(subscription=None, parent={"subscription_details": {"subscription": "sub_1"}})
    newer["lines"]["data"] = [
        {
            "id": "il_2",
            "amount": 300,
            "parent": {
                "type": "subscription_item_details",
                "subscription_item_details": {"proration": True},
            },
            "pricing": {"price_details": {"product": "prod_2", "price": "price_2"}},
        }
    ]
    told = facts("stripe", event("invoice.finalized", newer))
    assert row(told, "invoices")["subscription_id"] == "sub_1"
    line = row(told, "invoice_lines")
    assert (line["kind"], line["category"]) == ("proration", "prod_2")


def test_the_lines_add_up_to_what_is_due():
    lines = [
        {"id": "il_1", "amount": 2000, "type": "subscription"},
        {"id": "il_2", "amount": -500, "type": "invoiceitem", "proration": True},
        {"id": "il_3", "amount": 700, "type": "invoiceitem"},
        {"id": "il_4", "amount": -100, "type": "invoiceitem"},
        {"id": "sub_1", "amount": 0, "type": "subscription"},
    ]
    whole = invoice(
        lines={"data": lines},
        total=2289,
        amount_due=2000,
        total_discount_amounts=[{"discount": "di_1", "amount": 200}],
        total_tax_amounts=[
            {"amount": 389, "inclusive": False, "tax_rate": "txr_1"},
            {"amount": 99, "inclusive": True},
        ],
    )
    told = rows(facts("stripe", event("invoice.finalized", whole)), "invoice_lines")
    kinds = {line["line_id"]: (line["kind"], line["amount"]) for line in told}
    assert kinds == {
        "il_1": ("recurring", "20"),
        "il_2": ("proration", "-5"),
        "il_3": ("one_off", "7"),
        "il_4": ("credit", "-1"),
        "in_1:sub_1": ("recurring", "0"),
        "in_1:discount:di_1": ("discount", "-2"),
        "in_1:tax:txr_1.0": ("tax", "3.89"),
        "in_1:credit:balance": ("credit", "-2.89"),
    }
    assert sum(float(amount) for _, amount in kinds.values()) == pytest.approx(20)


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (b"\xff\xfe", "body"),
        (b"[]", "type"),
        (b'{"type": 5, "data": {"object": []}}', "data.object"),
        (event("customer.updated", {"id": "cus_1"}, 10**15), "created"),
        (event("customer.updated", {"id": "cus_1"}, -5), "created"),
        (event("customer.updated", {"id": "cus_1", "name": "\ud83d"}), "data.object.name"),
        (event("customer.updated", {"id": {"a": []}}), "data.object.id"),
        (event("customer.subscription.updated", bought((ONE, 1), status="sleeping")), "data.object.status"),
        (event("customer.subscription.updated", bought((ONE, 1), customer=None)), "data.object.customer"),
        (event("customer.subscription.updated", bought((ONE, -1))), "data.object.items[0].quantity"),
        (
            event("customer.subscription.updated", bought((price("x"), 1))),
            "data.object.items[0].price.unit_amount",
        ),
        (
            event("customer.subscription.updated", bought((price(1, "eon"), 1))),
            "data.object.items[0].price.recurring.interval",
        ),
        (event("customer.subscription.updated", bought((price(10**17), 10**6))), "mrr"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_place(payload, field):
    found = item("stripe", payload)
    assert found.outcome == "quarantined"
    assert found.field == field
    assert found.reason.startswith(field)
    assert found.raw
