"""Shopify's payments, refunds and disputes: they name an order or contract; an identity tells whose it is."""

from datetime import datetime
from fractions import Fraction

from data.intake.billing.money import currency, decimal_text
from data.intake.billing.node import Node
from data.intake.billing.reading import Nothing, Reading, fact
from data.intake.billing.shopify.ids import contract_of, gid, order_of, own
from data.intake.billing.shopify.order import refunds
from data.intake.billing.stamp import iso

_FAILED = ("failure", "error")


def transaction(one: Node, _at: datetime) -> Reading:
    """A sale or a capture is an attempt to collect; an authorization only where it fails."""
    order, status, kind = order_of(one), one.at("status").value, one.at("kind").value
    outcome = "failed" if status in _FAILED else "succeeded" if status == "success" else None
    collects = kind in ("sale", "capture") or (kind == "authorization" and outcome == "failed")
    if order is None or outcome is None or not collects:
        return Nothing(f"a transaction ({one.at('kind').text()}) that collects nothing")
    when = one.at("processed_at").instant() or one.at("created_at").needed_instant()
    scheduled = (one.at("source_name").text() or "").startswith("subscription")
    told = fact(
        "payments",
        payment_id=own("OrderTransaction", one),
        invoice_id=order,
        account_id=order,
        attempted_at=iso(when),
        amount=decimal_text(one.at("amount").number() or Fraction(0)),
        outcome=outcome,
        decline_code=one.at("error_code").text() if outcome == "failed" else None,
        initiated_by="schedule" if scheduled else "customer",
        currency=currency(one.at("currency")),
    )
    return [told]


def billing_attempt(one: Node, at: datetime, topic: str) -> Reading:
    """An attempt to bill a contract. It has no amount, and no order while it fails.

    The attempts of one contract in one month are taken for those of one bill.
    """
    contract = contract_of(one)
    if contract is None or topic.endswith("/challenged"):
        return Nothing("a billing attempt that waits for the customer, or of no contract")
    is_failed = topic.endswith("/failure")
    named = gid("SubscriptionBillingAttempt", one.at("admin_graphql_api_id"), one.at("id"))
    told = fact(
        "payments",
        payment_id=named or one.at("idempotency_key").needed(),
        invoice_id=f"{contract}:{at:%Y-%m}",
        account_id=contract,
        attempted_at=iso(at),
        amount="0",
        outcome="failed" if is_failed else "succeeded",
        decline_code=one.at("error_code").text() if is_failed else None,
        initiated_by="schedule",
        amount_note="the payload names no amount",
        order=order_of(one),
    )
    return [told]


def refund(one: Node, at: datetime) -> Reading:
    """What this refund gave back; the order's next update tells the sum of all."""
    order, given = order_of(one), list(refunds(one))
    if order is None or not given:
        return Nothing("a refund that gave no money back")
    amount = decimal_text(sum(given, Fraction(0)), "transactions")
    return [fact("invoice_updates", invoice_id=order, updated_at=iso(at), refunded_amount=amount)]


def dispute(one: Node, at: datetime) -> Reading:
    order = order_of(one)
    if order is None:
        return Nothing("a dispute of no order")
    opened = one.at("initiated_at").instant() or at
    return [fact("invoice_updates", invoice_id=order, updated_at=iso(at), disputed_at=iso(opened))]
