"""Shopify's webhooks: customers, orders, payments and subscription contracts."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from data.intake.billing.node import Node, Unreadable
from data.intake.billing.reading import Reading, name_in, one_item
from data.intake.billing.shopify.topics import facts_of_topic
from data.intake.billing.signatures import shopify_fault, shopify_signature
from data.intake.delivery import Delivery, Item
from data.intake.trial import WHO, Trial
from data.speech import english

TITLE = "Shopify"
ABOUT = (
    "Customers, orders, payments, refunds, disputes and subscription contracts as they happen. Let the shop "
    "or the app send its webhooks as JSON to the address below, and store the secret it signs them with here."
)
AUTH = "secret"
PATHS = ("/webhooks/shopify", "/webhooks/shopify/{source}")
HEADERS = (
    "x-shopify-topic",
    "x-shopify-webhook-id",
    "x-shopify-triggered-at",
    "x-shopify-shop-domain",
    "x-shopify-api-version",
)
SNIPPET = """[[webhooks.subscriptions]]
topics = [
  "customers/create", "customers/update", "orders/create", "orders/updated", "orders/paid",
  "orders/cancelled", "order_transactions/create", "refunds/create", "disputes/create",
  "subscription_contracts/create", "subscription_contracts/update",
  "subscription_billing_attempts/success", "subscription_billing_attempts/failure",
]
uri = "{host}/webhooks/shopify/{source}"
"""


def is_authentic(body: bytes, headers: Mapping[str, str], secret: str, now: datetime) -> str | None:  # noqa: ARG001
    """None if Shopify signed this body, else why not. It signs no time: a replay is harmless, not refused."""
    return shopify_fault(body, headers.get("x-shopify-hmac-sha256"), secret)


def translate(delivery: Delivery) -> list[Item]:
    """One webhook, one item."""
    return [one_item(delivery.body, partial(_read, delivery), partial(_name, delivery))]


def _read(delivery: Delivery, root: Node) -> Reading:
    headers = Node(delivery.headers)
    topic = headers.at("x-shopify-topic").needed()
    if not root.is_object:
        raise Unreadable("body", root.value, english("is not an object"))
    return facts_of_topic(topic.lower(), root, _at(delivery, headers, root))


def _at(delivery: Delivery, headers: Node, root: Node) -> datetime:
    """When it was triggered, which is finer than when the thing was updated; else when it came in."""
    triggered = headers.at("x-shopify-triggered-at").instant()
    return triggered or root.at("updated_at").instant() or delivery.received_at


def _name(delivery: Delivery, _root: Node) -> str | None:
    return name_in(Node(delivery.headers), "x-shopify-webhook-id")


def trial(secret: str, now: datetime) -> Trial:
    """A harmless request: a signed webhook of a topic that says nothing."""
    body = json.dumps({"id": WHO, "updated_at": now.isoformat() + "Z"}).encode()
    headers = {
        "x-shopify-topic": f"{WHO}/sent",
        "x-shopify-webhook-id": f"{WHO}-{now.isoformat()}",
        "x-shopify-hmac-sha256": shopify_signature(body, secret),
    }
    return Trial("/webhooks/shopify/{source}", headers, body)
