"""Small payloads of the three billing systems, and what their kinds make of them."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from data.intake.delivery import Delivery, Fact, Item
from data.intake.kinds import chargebee, shopify, stripe

NOON = 1_700_000_000  # 2023-11-14T22:13:20Z
RECEIVED = datetime.fromisoformat("2023-11-14T22:13:25")
_TRANSLATE = {"stripe": stripe.translate, "chargebee": chargebee.translate, "shopify": shopify.translate}


def item(kind: str, payload: Any, headers: Mapping[str, str] | None = None) -> Item:
    """The one item of a payload, an object or raw bytes."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    [one] = _TRANSLATE[kind](Delivery(1, kind, kind, RECEIVED, headers or {}, body))
    return one


def facts(kind: str, payload: Any, headers: Mapping[str, str] | None = None) -> tuple[Fact, ...]:
    found = item(kind, payload, headers)
    assert found.outcome == "accepted", found.reason
    return found.facts


def rows(told: Iterable[Fact], shape: str) -> list[dict[str, Any]]:
    return [dict(fact.values) for fact in told if fact.shape == shape]


def row(told: Iterable[Fact], shape: str) -> dict[str, Any]:
    [only] = rows(told, shape)
    return only


def event(name: str, one: Mapping[str, Any], at: int = NOON, **others: Any) -> dict[str, Any]:
    """A Stripe event."""
    data = {"object": one, "previous_attributes": others.pop("before", None)}
    return {"id": f"evt_{name}_{at}", "object": "event", "type": name, "created": at, "data": data, **others}


def price(amount: Any, every: str = "month", count: int = 1, **others: Any) -> dict[str, Any]:
    """A Stripe price in the smallest unit of its currency."""
    recurring = {"interval": every, "interval_count": count, "usage_type": others.pop("usage", "licensed")}
    named = {"id": "price_1", "object": "price", "product": "prod_1", "currency": "usd"}
    return {**named, "unit_amount": amount, "recurring": recurring, **others}


def bought(*items: tuple[Mapping[str, Any], int | None], **others: Any) -> dict[str, Any]:
    """A Stripe subscription of 2026 (its period is on the items) to prices in quantities."""
    listed = [
        {"id": f"si_{n}", "price": cost, "quantity": many, "current_period_end": NOON + 1000}
        for n, (cost, many) in enumerate(items)
    ]
    return {
        "id": "sub_1",
        "object": "subscription",
        "customer": "cus_1",
        "status": "active",
        "currency": "usd",
        "created": NOON - 100,
        "items": {"object": "list", "data": listed},
        **others,
    }


def state(subscription: Mapping[str, Any], name: str = "updated", at: int = NOON) -> dict[str, Any]:
    """The change that an event about a Stripe subscription tells."""
    told = facts("stripe", event(f"customer.subscription.{name}", subscription, at))
    return row(told, "subscription_changes")


def mrr(*items: tuple[Mapping[str, Any], int | None], **others: Any) -> str:
    return str(state(bought(*items, **others))["mrr"])


def coupon(duration: str = "forever", **others: Any) -> dict[str, Any]:
    """A Stripe discount as it stood until 2025, with its coupon in it."""
    end = others.pop("end", None)
    applied = {"id": "25OFF", "duration": duration, "percent_off": None, "amount_off": None, **others}
    return {"id": f"di_{len(json.dumps(others))}", "object": "discount", "end": end, "coupon": applied}


def invoice(**others: Any) -> dict[str, Any]:
    """A Stripe invoice of one line."""
    line = {
        "id": "il_1",
        "amount": 1500,
        "type": "subscription",
        "price": price(1500),
        "description": "1 × Pro",
        "period": {"start": NOON, "end": NOON + 1000},
    }
    return {
        "id": "in_1",
        "object": "invoice",
        "customer": "cus_1",
        "currency": "usd",
        "status": "open",
        "subscription": "sub_1",
        "created": NOON - 3600,
        "due_date": None,
        "amount_due": 1500,
        "total": 1500,
        "charge": None,
        "status_transitions": {"finalized_at": NOON, "paid_at": None, "voided_at": None},
        "lines": {"data": [line], "has_more": False},
        **others,
    }


SCHEDULED = {"id": None, "idempotency_key": "in_1-initial_attempt-abc"}


def charge(**others: Any) -> dict[str, Any]:
    """A Stripe charge, as it named its invoice until 2025."""
    return {
        "id": "ch_1",
        "object": "charge",
        "customer": "cus_1",
        "invoice": "in_1",
        "amount": 1500,
        "currency": "usd",
        "created": NOON,
        "status": "succeeded",
        "paid": True,
        "payment_intent": "pi_1",
        **others,
    }


def intent(**others: Any) -> dict[str, Any]:
    """A Stripe payment intent, as it names its invoice since 2025."""
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "customer": "cus_1",
        "amount": 1500,
        "currency": "usd",
        "latest_charge": "ch_1",
        "payment_details": {"order_reference": "in_1"},
        **others,
    }


def chargebee_event(name: str, at: int = NOON, **content: Any) -> dict[str, Any]:
    return {"id": f"ev_{name}", "event_type": name, "occurred_at": at, "content": content}


def chargebee_subscription(**others: Any) -> dict[str, Any]:
    return {
        "id": "sub_cb",
        "customer_id": "cb_1",
        "status": "active",
        "currency_code": "USD",
        "billing_period": 1,
        "billing_period_unit": "month",
        "resource_version": NOON * 1000 + 250,
        "current_term_end": NOON + 1000,
        **others,
    }


def topic(name: str, at: str = "2024-08-07T22:48:22.376601190Z") -> dict[str, str]:
    """The headers of a Shopify webhook."""
    return {"x-shopify-topic": name, "x-shopify-webhook-id": "w-1", "x-shopify-triggered-at": at}
