"""Which of Stripe's events says what: each is read by the object in it and stamped with its own time."""

from collections.abc import Callable
from datetime import datetime

from data.intake.billing.node import Node, Unreadable
from data.intake.billing.reading import Nothing, Reading
from data.intake.billing.stamp import ranked
from data.intake.billing.stripe import customer, invoice, payment, subscription
from data.speech import english

FIRST_RANK, LAST_RANK = 0, 9
# Among the updates of one second, a subscription goes this way far more often than back.
_PROGRESS = {"incomplete": 1, "trialing": 2, "active": 3, "past_due": 5, "unpaid": 6, "paused": 6}
_RECOVERED = 7
_ENDED = 8
_OF_INVOICES = {
    "created": 0,
    "updated": 2,
    "finalized": 1,
    "payment_failed": 3,
    "payment_succeeded": 5,
    "paid": 5,
}


def facts_of_event(event: Node) -> Reading:
    """What one event says, or why it says nothing."""
    name = event.at("type").needed()
    if event.at("object").value == "v2.core.event" or name.startswith("v2."):
        return Nothing("a thin event, which holds no object: let Stripe send snapshots")
    one = event.at("data", "object")
    if not one.is_object:
        raise Unreadable("data.object", one.value, english("is not an object"))
    reader = next((reader for start, reader in _READERS.items() if name.startswith(start)), None)
    if reader is None:
        return Nothing(f"{name} says nothing about retention")
    return reader(event, one, name)


def _at(event: Node, rank: int) -> datetime:
    at = event.at("created").needed_instant()
    return ranked(at, rank, event.at("id").needed())


def _subscription(event: Node, one: Node, name: str) -> Reading:
    return subscription.change(one, _at(event, _rank(event, one, name)))


def _rank(event: Node, one: Node, name: str) -> int:
    """Where within its second an event of a subscription belongs."""
    if name.endswith(".created"):
        return FIRST_RANK
    if name.endswith(".deleted"):
        return LAST_RANK
    status = one.at("status").text() or ""
    before = event.at("data", "previous_attributes", "status").text()
    if status == "active" and before in ("past_due", "unpaid", "paused"):
        return _RECOVERED
    return _PROGRESS.get(status, _ENDED)


def _customer(event: Node, one: Node, name: str) -> Reading:
    if name == "customer.deleted":
        return Nothing("a deleted customer: its subscriptions end with events of their own")
    return customer.update(one, _at(event, FIRST_RANK if name.endswith("created") else 1))


def _about_customer(_event: Node, _one: Node, name: str) -> Reading:
    if name.startswith("customer.discount."):
        return Nothing("a customer's discount: the next update of the subscription has it in its price")
    return Nothing(f"{name} says nothing about retention")


def _invoice(event: Node, one: Node, name: str) -> Reading:
    if name in ("invoice.deleted", "invoice.upcoming"):
        return Nothing(f"{name}: no invoice was issued")
    return invoice.told(one, _at(event, _OF_INVOICES.get(name.removeprefix("invoice."), 4)))


def _charge(event: Node, one: Node, name: str) -> Reading:
    return payment.charge(one, _at(event, 6), event.at("request"), name)


def _intent(event: Node, one: Node, name: str) -> Reading:
    return payment.intent(one, _at(event, 6), event.at("request"), name)


def _dispute(event: Node, one: Node, _name: str) -> Reading:
    return payment.dispute(one, _at(event, 7))


def _refund(_event: Node, _one: Node, _name: str) -> Reading:
    return Nothing("a refund: its charge tells how much was given back in all")


def _checkout(event: Node, one: Node, _name: str) -> Reading:
    return customer.checkout(one, _at(event, 2))


# The first start that fits decides: what is longer stands first.
_READERS: dict[str, Callable[[Node, Node, str], Reading]] = {
    "customer.subscription.": _subscription,
    "customer.created": _customer,
    "customer.updated": _customer,
    "customer.deleted": _customer,
    "customer.": _about_customer,
    "invoice.": _invoice,
    "charge.dispute.": _dispute,
    "charge.refund.": _refund,
    "refund.": _refund,
    "charge.": _charge,
    "payment_intent.": _intent,
    "checkout.session.completed": _checkout,
    "checkout.session.async_payment_succeeded": _checkout,
}
