"""Which of Shopify's topics says what."""

from collections.abc import Callable, Mapping
from datetime import datetime

from data.intake.billing.node import Node
from data.intake.billing.reading import Nothing, Reading
from data.intake.billing.shopify import customer, order, payment, subscription

_CUSTOMERS = ("customers/create", "customers/update", "customers/enable", "customers/disable")
_ORDERS = (
    "orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled",
    "orders/partially_fulfilled",
)  # fmt: skip


def facts_of_topic(topic: str, body: Node, at: datetime) -> Reading:
    """What one webhook says, or why it says nothing."""
    if topic in _CUSTOMERS:
        return customer.update(body, at)
    if topic in _ORDERS:
        return order.told(body, at, topic)
    if topic.startswith("subscription_contracts/"):
        return subscription.contract(body, at)
    if topic.startswith("subscription_billing_attempts/"):
        return payment.billing_attempt(body, at, topic)
    reader = _READERS.get(topic)
    return reader(body, at) if reader else Nothing(f"{topic} says nothing about retention")


_READERS: Mapping[str, Callable[[Node, datetime], Reading]] = {
    "customers/merge": customer.merge,
    "order_transactions/create": payment.transaction,
    "refunds/create": payment.refund,
    "disputes/create": payment.dispute,
    "disputes/update": payment.dispute,
    "app_subscriptions/update": subscription.app,
    "subscription_billing_cycles/skip": subscription.skip,
}
