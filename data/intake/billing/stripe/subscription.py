"""A Stripe subscription as it stands at an instant, as a change of the subscription.

| Stripe's status                        | ours       | counts as revenue |
|----------------------------------------|------------|-------------------|
| trialing                               | trialing   | no  |
| active                                 | active     | yes |
| past_due                               | past_due   | yes |
| unpaid (Stripe stopped collecting)     | paused     | no  |
| paused, or `pause_collection` is set   | paused     | no  |
| incomplete (first payment outstanding) | paused     | no  |
| canceled, incomplete_expired           | canceled   | no  |
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from data.intake.billing.money import decimal_text
from data.intake.billing.node import Node, Unreadable
from data.intake.billing.reading import fact, link, own_id, sighting
from data.intake.billing.stamp import iso, iso_of
from data.intake.billing.stripe.discounts import discounted
from data.intake.billing.stripe.prices import Line, currency_of, items, lines
from data.intake.delivery import Fact
from data.speech import english

STATUSES = {
    "trialing": "trialing",
    "active": "active",
    "past_due": "past_due",
    "unpaid": "paused",
    "paused": "paused",
    "incomplete": "paused",
    "canceled": "canceled",
    "incomplete_expired": "canceled",
}


def change(subscription: Node, at: datetime) -> list[Fact]:
    """The state of the subscription from `at` on, that its customer is an account, and which."""
    row = state(subscription, at)
    customer = customer_of(subscription)
    began = subscription.at("created").instant() or subscription.at("start_date").instant() or at
    own = own_id(subscription.at("metadata"))
    return [row, sighting(customer, began.isoformat() + "Z"), *link(customer, own, began.isoformat() + "Z")]


def state(subscription: Node, at: datetime) -> Fact:
    code = currency_of(subscription)
    full = lines(subscription, code)
    priced, unknown = discounted(subscription, full, code, at)
    status = status_of(subscription)
    return fact(
        "subscription_changes",
        subscription_id=subscription.at("id").needed(),
        account_id=customer_of(subscription),
        effective_at=iso(at),
        mrr=_mrr(priced, status),
        plan=_plan(subscription, full),
        status=status,
        currency=code,
        renews_at=_renewal(subscription, status),
        quantity=_quantity(full),
        mrr_note=_note([*_notes(full), *unknown, *_incomplete(subscription)]),
        stripe_status=None if subscription.at("status").value == status else subscription.at("status").text(),
        ends_at=_end(subscription),
    )


def customer_of(holder: Node) -> str:
    """Who pays: the customer, or the account that stands in for one."""
    return holder.at("customer").id() or holder.at("customer_account").id() or holder.at("customer").needed()


def status_of(subscription: Node) -> str:
    name = subscription.at("status").needed()
    if name not in STATUSES:
        raise Unreadable(
            subscription.at("status").path,
            name,
            english("is not one of {choices}", choices=", ".join(STATUSES)),
        )
    paused = subscription.at("pause_collection").is_object and STATUSES[name] != "canceled"
    return "paused" if paused else STATUSES[name]


def _mrr(priced: Sequence[Line], status: str) -> str:
    """What is paid a month; a subscription that has ended has none, a trial or a pause keeps its price."""
    if status == "canceled":
        return "0"
    return decimal_text(max(sum((line.monthly for line in priced), Fraction(0)), Fraction(0)), "mrr")


def _plan(subscription: Node, full: Sequence[Line]) -> str | None:
    """What the metadata says, else the dearest item's plan."""
    named = subscription.at("metadata", "plan").text()
    if named or not full:
        return named
    return max(full, key=lambda line: (line.monthly, line.item_id)).plan


def _quantity(full: Sequence[Line]) -> str | None:
    return decimal_text(sum((line.quantity for line in full), Fraction(0)), "quantity") if full else None


def _renewal(subscription: Node, status: str) -> str | None:
    """The end of the current period, unless the subscription ends with it."""
    end = _period_end(subscription)
    ending = subscription.at("cancel_at").instant()
    if status == "canceled" or subscription.at("cancel_at_period_end").is_true:
        return None
    return None if ending is not None and end is not None and ending <= end else iso(end)


def _period_end(subscription: Node) -> datetime | None:
    """At the top until 2025, on the items since; of several the next."""
    top = subscription.at("current_period_end").instant()
    ends = [item.at("current_period_end").instant() for item in subscription.at("items").each()]
    return top or min((end for end in ends if end), default=None)


def _end(subscription: Node) -> str | None:
    if subscription.at("ended_at"):
        return iso_of(subscription.at("ended_at"))
    if subscription.at("cancel_at"):
        return iso_of(subscription.at("cancel_at"))
    return iso(_period_end(subscription)) if subscription.at("cancel_at_period_end").is_true else None


def _notes(full: Sequence[Line]) -> Iterable[str]:
    return (line.note for line in full if line.note)


def _incomplete(subscription: Node) -> Iterable[str]:
    if not items(subscription):
        yield "the payload holds no items"
    elif subscription.at("items", "has_more").is_true:
        yield "the payload does not hold all items"


def _note(notes: Sequence[str]) -> str | None:
    return "; ".join(dict.fromkeys(notes)) or None
