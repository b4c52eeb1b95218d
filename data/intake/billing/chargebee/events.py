"""What a Chargebee event holds: each resource in its content is read, whatever the event is called."""

from collections.abc import Iterator

from data.intake.billing.chargebee import customer, invoice, payment, subscription
from data.intake.billing.chargebee.version import written
from data.intake.billing.node import Node, Unreadable
from data.intake.billing.reading import Nothing, Reading, sighting
from data.intake.billing.stamp import iso
from data.intake.delivery import Fact
from data.speech import english


def facts_of_event(event: Node) -> Reading:
    name = event.at("event_type").needed()
    content = event.at("content")
    if not content.is_object:
        raise Unreadable("content", content.value, english("is not an object"))
    if name == "customer_deleted":
        return Nothing("a deleted customer: its subscriptions end with events of their own")
    event.at("occurred_at").needed_instant()
    return list(_facts(event, content)) or Nothing(f"{name} says nothing about retention")


def _facts(event: Node, content: Node) -> Iterator[Fact]:
    bought, who = content.at("subscription"), content.at("customer")
    if who.is_object:
        yield from customer.update(who, written(who, event))
    if bought.is_object:
        change = subscription.change(bought, who, written(bought, event))
        yield change
        if not who.is_object:
            began = bought.at("created_at").instant() or written(bought, event)
            yield sighting(change.values["account_id"], iso(began) or "")
    yield from _billed(event, content)


def _billed(event: Node, content: Node) -> Iterator[Fact]:
    bill, transaction, note = content.at("invoice"), content.at("transaction"), content.at("credit_note")
    if bill.is_object:
        yield from invoice.told(bill, written(bill, event))
    elif note.is_object:
        yield from payment.given_back(note, written(note, event))
    if transaction.is_object:
        yield from payment.attempts(transaction, bill)
