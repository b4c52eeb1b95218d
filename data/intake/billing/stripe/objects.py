"""Stripe's objects as its API lists them, as facts: for the backfill of what happened before the webhooks.

`facts_of_object(object, at)` takes a subscription, invoice, charge or customer as a dict (the library's
`to_dict()`) and the instant *before* it was asked for, and returns its facts. Worth expanding when listing:
subscriptions `data.discounts.source.coupon`, `data.items.data.discounts` (what coupons take off); charges
`data.payment_intent` (names the invoice since 2025); list subscriptions with `status=all`. A webhook's fact
of the same second wins over a listed one; a listed state is taken as true from the start of the subscription,
for want of better, and at `at`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from data.intake.billing.node import Node
from data.intake.billing.reading import Nothing, Reading
from data.intake.billing.stripe import customer, invoice, payment, subscription
from data.intake.delivery import Fact

LISTED = ("subscription", "invoice", "charge", "customer")


def facts_of_object(given: Mapping[str, Any], at: datetime) -> list[Fact]:
    """The facts of a listed object; none where it says nothing about retention.

    Raises:
        Unreadable: it holds something that cannot be read (`field`, `value`, and the reason as its text).
    """
    reading = reading_of(Node(given), at)
    return [] if isinstance(reading, Nothing) else reading


def reading_of(one: Node, at: datetime) -> Reading:
    kind, at = one.at("object").text(), at.replace(microsecond=0)
    if one.at("deleted").is_true:
        return Nothing("an object that was deleted")
    if kind == "subscription":
        return _life(one, at)
    if kind == "invoice":
        return invoice.told(one, at)
    if kind == "charge":
        return payment.charge(one, at, Node(None), "")
    return customer.update(one, at) if kind == "customer" else Nothing(f"a listed {kind}")


def _life(one: Node, at: datetime) -> list[Fact]:
    """What a subscription tells of its past: its start, its trial, its end, and how it stands now."""
    began = one.at("start_date").instant() or one.at("created").needed_instant()
    ended = one.at("ended_at").instant()
    trial = one.at("trial_end").instant()
    facts = []
    if trial is not None and one.at("trial_start"):
        facts += _as("trialing", one, one.at("trial_start").needed_instant())
        began = trial
    last = at if ended is None else ended
    if began < last and one.at("status").value not in ("incomplete", "incomplete_expired"):
        facts += _as("active", one, began)
    return facts + subscription.change(one, last)


def _as(status: str, one: Node, at: datetime) -> list[Fact]:
    was = {**one.value, "status": status, "pause_collection": None, "ended_at": None}
    return [subscription.state(Node(was, one.path), at)]
