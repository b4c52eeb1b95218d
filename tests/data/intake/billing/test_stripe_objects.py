"""Stripe's objects as its API lists them, for the backfill."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.intake.billing.node import Unreadable
from data.intake.billing.stripe.objects import LISTED, facts_of_object
from tests.data.intake.billing.payloads import (
    NOON,
    bought,
    charge,
    event,
    facts,
    intent,
    invoice,
    price,
    row,
    rows,
)

LISTED_AT = datetime.fromisoformat("2023-12-01T00:00:00.5")
STARTED = {"start_date": NOON, "created": NOON}


def changes(**others):
    told = facts_of_object(bought((price(1500), 2), **STARTED, **others), LISTED_AT)
    return [(one["effective_at"], one["status"], one["mrr"]) for one in rows(told, "subscription_changes")]


def test_a_running_subscription_has_been_so_since_its_start():
    assert changes() == [
        ("2023-11-14T22:13:20Z", "active", "30"),
        ("2023-12-01T00:00:00Z", "active", "30"),
    ]


def test_a_subscription_that_ended_has_a_start_and_an_end():
    assert changes(status="canceled", ended_at=NOON + 60, canceled_at=NOON + 10) == [
        ("2023-11-14T22:13:20Z", "active", "30"),
        ("2023-11-14T22:14:20Z", "canceled", "0"),
    ]


def test_a_trial_comes_before_the_paid_part():
    assert changes(trial_start=NOON, trial_end=NOON + 60) == [
        ("2023-11-14T22:13:20Z", "trialing", "30"),
        ("2023-11-14T22:14:20Z", "active", "30"),
        ("2023-12-01T00:00:00Z", "active", "30"),
    ]


def test_a_trial_that_lasts_or_was_broken_off_never_was_paid():
    lasting = changes(status="trialing", trial_start=NOON, trial_end=NOON + 10**8)
    assert [status for _, status, _ in lasting] == ["trialing", "trialing"]
    broken = changes(status="canceled", trial_start=NOON, trial_end=NOON + 10**6, ended_at=NOON + 60)
    assert [status for _, status, _ in broken] == ["trialing", "canceled"]


@pytest.mark.parametrize(("status", "last"), [("past_due", "past_due"), ("unpaid", "paused")])
def test_how_it_stands_is_true_when_it_was_listed(status, last):
    assert [told[1] for told in changes(status=status)] == ["active", last]


def test_what_was_never_paid_has_no_active_part():
    assert [told[1] for told in changes(status="incomplete_expired", ended_at=NOON + 60)] == ["canceled"]


def test_a_webhook_of_the_same_second_wins_over_the_list():
    subscription = bought((price(1500), 2), **STARTED)
    listed = rows(facts_of_object(subscription, LISTED_AT), "subscription_changes")
    told = row(facts("stripe", event("customer.subscription.created", subscription)), "subscription_changes")
    first, webhook, last = (
        datetime.fromisoformat(one["effective_at"]) for one in (listed[0], told, listed[1])
    )
    assert first < webhook < last


def test_a_listed_invoice_says_what_the_webhook_says():
    listed = facts_of_object(invoice(), LISTED_AT)
    told = facts("stripe", event("invoice.finalized", invoice()))
    for shape in ("invoices", "invoice_lines"):
        assert rows(listed, shape) == rows(told, shape)


def test_a_listed_charge_bears_the_id_of_the_webhooks_attempt():
    newer = {k: v for k, v in charge(payment_intent=intent()).items() if k != "invoice"}
    listed = row(facts_of_object(newer, LISTED_AT), "payments")
    assert (listed["payment_id"], listed["invoice_id"]) == ("ch_1", "in_1")


def test_a_listed_customer_is_an_account():
    told = facts_of_object({"object": "customer", "id": "cus_1", "created": NOON}, LISTED_AT)
    assert row(told, "account_updates")["created_at"] == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize(
    "one", [{}, {"object": "product"}, {"object": "customer", "id": "cus_1", "deleted": True}]
)
def test_other_objects_say_nothing(one):
    assert facts_of_object(one, LISTED_AT) == []


def test_an_object_that_cannot_be_read_says_where():
    with pytest.raises(Unreadable) as wrong:
        facts_of_object({"object": "customer", "id": None}, LISTED_AT)
    assert wrong.value.field == "id"


@given(
    kind=st.sampled_from(LISTED),
    others=st.dictionaries(st.sampled_from(sorted(bought())), st.integers() | st.text()),
)
def test_any_object_is_read_or_refused(kind, others):
    one = {**bought((price(1), 1)), **STARTED, **others, "object": kind}
    with suppress(Unreadable):
        assert isinstance(facts_of_object(one, LISTED_AT), list)
