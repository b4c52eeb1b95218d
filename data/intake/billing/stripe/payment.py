"""Attempts to collect a Stripe invoice; each is told by one object only, whichever events there are.

Until 2025 a charge names its invoice: charges tell, payment intents are ignored. Since then (API 2025-03-31
on) a charge has no `invoice`, but its payment intent has `payment_details.order_reference`: payment intents
tell, each attempt under the id of its charge. An invoice has one payment intent, so where even that does not
name the invoice, the payment intent's own id stands for it and binds the attempts of one invoice together.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from data.intake.billing.money import currency, decimal_text, from_minor
from data.intake.billing.node import Node
from data.intake.billing.reading import Nothing, Reading, fact
from data.intake.billing.stamp import iso
from data.intake.delivery import Fact

_OF_INVOICE = re.compile(r"(in_[A-Za-z0-9]+)-")  # the key under which Stripe itself collects an invoice
_ENDS = ("", "charge.succeeded", "charge.failed")
_SUBSCRIBED = ("subscription creation", "subscription update", "payment for invoice")
_ONE_OFF = Nothing("a payment of no invoice")


@dataclass(frozen=True)
class Attempt:
    """One try to collect an invoice."""

    payment_id: str
    invoice_id: str
    at: datetime
    outcome: str
    decline_code: str | None


def charge(one: Node, at: datetime, request: Node, name: str) -> Reading:
    """A charge: an attempt if it names its invoice; what was refunded of it, and whether it is disputed.

    The attempt is told by the event of its end and by lists (`name` is empty), not by what happens later to
    the charge: that is somebody else's request.
    """
    attempt = _attempt_of_charge(one, request) if name in _ENDS else []
    told = [*attempt, *refund(one, at), *_dispute_of_charge(one, at)]
    if told:
        return told
    if name not in _ENDS:
        return Nothing(f"{name}: neither an attempt to collect nor a refund")
    if one.has("invoice"):
        return _ONE_OFF if not one.at("invoice") else Nothing(_undecided(one))
    return Nothing("a charge that does not name its invoice: its payment intent tells the attempt")


def _undecided(one: Node) -> str:
    return f"a charge that is {one.at('status').text() or 'neither paid nor failed'} yet, or of nobody"


def _attempt_of_charge(one: Node, request: Node) -> list[Fact]:
    outcome = _outcome(one)
    invoice = one.at("invoice").id() or _ordered(one.at("payment_intent"))
    if outcome is None or invoice is None or _payer(one) is None:
        return []
    decline = _decline(one) if outcome == "failed" else None
    attempt = Attempt(one.at("id").needed(), invoice, one.at("created").needed_instant(), outcome, decline)
    return [_payment(one, attempt, request)]


def _outcome(one: Node) -> str | None:
    """Old charges have no status, only `paid` and a failure's code."""
    status = one.at("status").text()
    if status in ("succeeded", "failed", "paid"):
        return "failed" if status == "failed" else "succeeded"
    if status is None:
        return "succeeded" if one.at("paid").is_true else "failed" if one.at("failure_code") else None
    return None


def _decline(one: Node) -> str | None:
    """The bank's reason where there is one; `card_declined` says little."""
    outcome = one.at("outcome")
    reason = outcome.at("reason").text()
    code = one.at("failure_code").text()
    return reason if code in (None, "card_declined") and reason else code


def intent(one: Node, at: datetime, request: Node, name: str) -> Reading:
    """A payment intent of the time since charges no longer name their invoice."""
    if one.has("invoice"):
        return Nothing("a payment intent: its charges tell the attempts")
    outcome = {"payment_intent.succeeded": "succeeded", "payment_intent.payment_failed": "failed"}.get(name)
    if outcome is None:
        return Nothing("a payment intent that is neither paid nor failed")
    invoice = invoice_of_intent(one, request)
    if invoice is None or _payer(one) is None:
        return _ONE_OFF
    error = one.at("last_payment_error")
    when = at.replace(microsecond=0)
    name = _charge_of(one, error, outcome) or f"{one.at('id').needed()}:{iso(when)}"
    decline = error.at("decline_code").text() or error.at("code").text() if outcome == "failed" else None
    return [_payment(one, Attempt(name, invoice, when, outcome, decline), request)]


def _charge_of(one: Node, error: Node, outcome: str) -> str | None:
    latest = one.at("latest_charge").id()
    return (error.at("charge").id() or latest) if outcome == "failed" else latest


def invoice_of_intent(one: Node, request: Node) -> str | None:
    """The invoice it names or was collected for; its own id where it speaks of a subscription."""
    collected = _OF_INVOICE.match(request.at("idempotency_key").text() or "")
    described = (one.at("description").text() or "").lower()
    if named := _ordered(one) or (collected and collected.group(1)):
        return named
    return one.at("id").text() if described.startswith(_SUBSCRIBED) else None


def _ordered(one: Node) -> str | None:
    order = one.at("payment_details", "order_reference").text()
    return order if order and order.startswith("in_") else one.at("invoice").id()


def _payer(one: Node) -> str | None:
    return one.at("customer").id() or one.at("customer_account").id()


def _payment(one: Node, attempt: Attempt, request: Node) -> Fact:
    amount, code = one.at("amount").number(), currency(one.at("currency"))
    return fact(
        "payments",
        payment_id=attempt.payment_id,
        invoice_id=attempt.invoice_id,
        account_id=_payer(one),
        attempted_at=iso(attempt.at),
        amount=decimal_text(from_minor(amount, code)) if amount is not None else "0",
        outcome=attempt.outcome,
        decline_code=attempt.decline_code,
        initiated_by=initiator(request),
        currency=code,
    )


def initiator(request: Node) -> str | None:
    """Stripe's schedule sends no request, or one under the invoice's name; all else is a person's."""
    if not request:
        return None
    key = request.at("idempotency_key").text() or ""
    if _OF_INVOICE.match(key):
        return "schedule"
    return "customer" if request.id() or key else "schedule"


def refund(one: Node, at: datetime) -> list[Fact]:
    """All that was given back of a charge so far."""
    amount, where = one.at("amount_refunded").number(), _billed(one)
    if not amount or where is None:
        return []
    given = decimal_text(from_minor(amount, currency(one.at("currency"))))
    return [fact("invoice_updates", invoice_id=where, updated_at=iso(at), refunded_amount=given)]


def _dispute_of_charge(one: Node, at: datetime) -> list[Fact]:
    opened = one.at("dispute", "created").instant()
    where = _billed(one)
    if opened is None or where is None:
        return []
    return [fact("invoice_updates", invoice_id=where, updated_at=iso(at), disputed_at=iso(opened))]


def _billed(one: Node) -> str | None:
    """The invoice of a charge; the charge itself where it does not say, for its payment bears the same id."""
    if one.has("invoice"):
        return one.at("invoice").id()
    return _ordered(one.at("payment_intent")) or one.at("id").text()


def dispute(one: Node, at: datetime) -> Reading:
    """A dispute names its charge; the payment of that id names the invoice."""
    whole = one.at("charge")
    where = _billed(whole) if whole.is_object else whole.text()
    if where is None:
        return Nothing("a dispute of a payment of no invoice")
    opened = one.at("created").needed_instant()
    return [fact("invoice_updates", invoice_id=where, updated_at=iso(at), disputed_at=iso(opened))]
