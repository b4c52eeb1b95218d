"""A Stripe invoice: first what it asks for, then what became of it, and its lines.

What is asked for is `amount_due` (the total less what a balance covers). An invoice that Stripe collects by
itself has no due date: it is due a day after it was issued, so that only a first attempt is on time.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from data.intake.billing.money import currency, decimal_text, from_minor
from data.intake.billing.node import Node
from data.intake.billing.reading import Nothing, Reading, fact, sighting
from data.intake.billing.stamp import iso, iso_of
from data.intake.billing.stripe.invoice_lines import lines
from data.intake.billing.stripe.subscription import customer_of
from data.intake.delivery import Fact

COLLECTED_WITHIN = timedelta(days=1)


def told(invoice: Node, at: datetime) -> Reading:
    """Everything an invoice says at `at`. A draft is no invoice yet."""
    if not invoice.at("id"):
        return Nothing("a preview of an invoice to come")
    if _is_draft(invoice):
        return Nothing("a draft of an invoice: its finalization will be told")
    return [_first(invoice), _update(invoice, at), *lines(invoice), _sighting(invoice)]


def _is_draft(invoice: Node) -> bool:
    """By its status; before statuses (2018) by not having been closed, attempted or paid."""
    status = invoice.at("status").text()
    if status:
        return status in ("draft", "deleted")
    return not any(invoice.at(name).is_true for name in ("closed", "attempted", "paid", "forgiven"))


def _first(invoice: Node) -> Fact:
    return fact(
        "invoices",
        invoice_id=invoice.at("id").needed(),
        account_id=customer_of(invoice),
        issued_at=iso(_issued(invoice)),
        due_at=iso(_due(invoice)),
        amount=_amount(invoice, "amount_due") or "0",
        currency=currency(invoice.at("currency")),
        subscription_id=subscription_of(invoice),
        number=invoice.at("number").text(),
        total=_amount(invoice, "total"),
        billing_reason=invoice.at("billing_reason").text(),
        lines_note="the payload does not hold all lines" if invoice.at("lines", "has_more").is_true else None,
    )


def _update(invoice: Node, at: datetime) -> Fact:
    transitions = invoice.at("status_transitions")
    return fact(
        "invoice_updates",
        invoice_id=invoice.at("id").needed(),
        updated_at=iso(at),
        due_at=iso(_due(invoice)),
        amount=_amount(invoice, "amount_due"),
        paid_at=_paid(invoice, at),
        voided_at=iso_of(transitions.at("voided_at")),
        refunded_amount=_credited(invoice),
        uncollectible_at=iso_of(transitions.at("marked_uncollectible_at")),
    )


def _sighting(invoice: Node) -> Fact:
    return sighting(customer_of(invoice), _issued(invoice).isoformat() + "Z")


def _issued(invoice: Node) -> datetime:
    """When it was finalized; `created` is when its draft was."""
    finalized = (
        invoice.at("status_transitions", "finalized_at").instant() or invoice.at("finalized_at").instant()
    )
    made = invoice.at("created") if invoice.at("created") else invoice.at("date")
    return finalized or made.needed_instant()


def _due(invoice: Node) -> datetime:
    return invoice.at("due_date").instant() or _issued(invoice) + COLLECTED_WITHIN


def _paid(invoice: Node, at: datetime) -> str | None:
    """When it was paid; old payloads only say that it was."""
    paid = iso_of(invoice.at("status_transitions", "paid_at"))
    is_paid = invoice.at("status").value == "paid" or invoice.at("paid").is_true
    return paid or (iso(at.replace(microsecond=0)) if is_paid else None)


def subscription_of(invoice: Node) -> str | None:
    """At the top until 2025, under `parent` since; on the lines in either."""
    parent = invoice.at("parent", "subscription_details", "subscription")
    return invoice.at("subscription").id() or parent.id() or next(_line_subscriptions(invoice), None)


def _line_subscriptions(invoice: Node) -> Iterator[str]:
    for line in invoice.at("lines").each():
        parent = line.at("parent", "subscription_item_details", "subscription")
        if found := line.at("subscription").id() or parent.id():
            yield found


def _credited(invoice: Node) -> str | None:
    """What was given back by credit notes, where charges no longer name the invoice (since 2025)."""
    if invoice.has("charge") or not invoice.at("post_payment_credit_notes_amount").number():
        return None
    return _amount(invoice, "post_payment_credit_notes_amount")


def _amount(invoice: Node, name: str) -> str | None:
    amount = invoice.at(name).number()
    code = currency(invoice.at("currency"))
    return None if amount is None else decimal_text(from_minor(Fraction(amount), code), name)
