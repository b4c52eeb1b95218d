"""Shopify's subscription contracts (of a shop's customers) and app subscriptions (of shops).

A contract's webhook names no price: its MRR is 0, and says so. An app subscription that names its price
counts.

| Shopify's status                            | ours     |
|---------------------------------------------|----------|
| active                                      | active   |
| paused, frozen, pending, accepted           | paused   |
| cancelled, expired, failed, declined, stale | canceled |
"""

import json
from datetime import datetime
from fractions import Fraction

from data.intake.billing.money import currency, decimal_text
from data.intake.billing.node import Node, Unreadable
from data.intake.billing.reading import Nothing, Reading, fact, link, sighting
from data.intake.billing.shopify.ids import contract_of, customer_of, gid, own
from data.intake.billing.stamp import iso
from data.speech import english

STATUSES = {
    "active": "active",
    "paused": "paused",
    "frozen": "paused",
    "pending": "paused",
    "accepted": "paused",
    "cancelled": "canceled",
    "expired": "canceled",
    "failed": "canceled",
    "declined": "canceled",
    "stale": "canceled",
}
_MONTHS = {"EVERY_30_DAYS": Fraction(1), "ANNUAL": Fraction(12)}


def contract(one: Node, at: datetime) -> Reading:
    """The state of a contract, whose it is, and that its id leads to the customer."""
    buyer = customer_of(one)
    if buyer is None:
        return Nothing("a contract of no customer")
    name = own("SubscriptionContract", one)
    when = iso(at) or ""
    state = fact(
        "subscription_changes",
        subscription_id=name,
        account_id=buyer,
        effective_at=when,
        mrr="0",
        status=_status(one),
        currency=currency(one.at("currency_code")),
        mrr_note="Shopify's webhook names no price",
        billed_every=_period(one.at("billing_policy")),
    )
    return [state, sighting(buyer, when), *link(name, buyer, when)]


def _period(policy: Node) -> str | None:
    unit, count = policy.at("interval").text(), policy.at("interval_count").text()
    return f"{count or 1} {unit}" if unit else None


def _status(one: Node) -> str:
    name = one.at("status").needed().lower()
    if name not in STATUSES:
        raise Unreadable(
            one.at("status").path, name, english("is not one of {choices}", choices=", ".join(STATUSES))
        )
    return STATUSES[name]


def app(body: Node, at: datetime) -> Reading:
    """What a shop pays for an app, without its metered usage."""
    one = body.at("app_subscription")
    shop = gid("Shop", one.at("admin_graphql_api_shop_id"))
    if shop is None:
        return Nothing("an app subscription of no shop")
    status = _status(one)
    price, lasts = one.at("price").number(), _MONTHS.get(str(one.at("interval").value).upper())
    is_known = price is not None and lasts is not None
    monthly = (price or Fraction(0)) / (lasts or 1) if is_known and status != "canceled" else Fraction(0)
    state = fact(
        "subscription_changes",
        subscription_id=own("AppSubscription", one),
        account_id=shop,
        effective_at=iso(at),
        mrr=decimal_text(monthly, "mrr"),
        plan=one.at("name").text(),
        status=status,
        currency=currency(one.at("currency")),
        mrr_note=None if is_known else "the payload names no price",
    )
    return [state, sighting(shop, iso(one.at("created_at").instant() or at) or "")]


def skip(one: Node, at: datetime) -> Reading:
    """A customer who lets a delivery go by."""
    name = contract_of(one)
    if name is None:
        return Nothing("a skipped cycle of no contract")
    cycle = one.at("cycle_index").text()
    about = {"contract": name, "cycle": cycle}
    told = fact(
        "events",
        event_id=f"{name}:skip:{cycle}:{iso(at)}",
        account_id=name,
        occurred_at=iso(at),
        name="subscription_cycle_skipped",
        properties=json.dumps(about),
    )
    return [told]
