"""A Shopify order: a purchase (an event `order_placed`), and an invoice with its lines.

Only `orders/create` and `orders/paid` say when it was paid: what a later update says is when it was updated.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from data.intake.billing.money import currency, decimal_text
from data.intake.billing.node import Node
from data.intake.billing.reading import Nothing, Reading, fact, link, sighting
from data.intake.billing.shopify.ids import customer_of, own
from data.intake.billing.stamp import iso, iso_of
from data.intake.delivery import Fact

COLLECTED_WITHIN = timedelta(days=1)
_PAID = ("paid", "partially_refunded", "refunded")


def told(order: Node, at: datetime, topic: str) -> Reading:
    """Everything an order says at `at`."""
    buyer = customer_of(order)
    if buyer is None:
        return Nothing("an order of a guest")
    bill, placed = own("Order", order), _placed(order)
    seen = iso(placed) or ""
    first = [sighting(buyer, seen), *link(bill, buyer, seen), _event(order, buyer, bill)]
    return [*first, _invoice(order, buyer, bill), _update(order, bill, at, topic), *_lines(order, bill)]


def _placed(order: Node) -> datetime:
    return order.at("processed_at").instant() or order.at("created_at").needed_instant()


def _event(order: Node, buyer: str, bill: str) -> Fact:
    about = {"order": bill, "currency": order.at("currency").text(), "source": order.at("source_name").text()}
    return fact(
        "events",
        event_id=f"{bill}:placed",
        account_id=buyer,
        occurred_at=iso(_placed(order)),
        name="order_placed",
        value=_amount(order, "total_price"),
        properties=json.dumps({name: value for name, value in about.items() if value}),
    )


def _invoice(order: Node, buyer: str, bill: str) -> Fact:
    return fact(
        "invoices",
        invoice_id=bill,
        account_id=buyer,
        issued_at=iso(_placed(order)),
        due_at=iso(_due(order)),
        amount=_amount(order, "total_price"),
        currency=currency(order.at("currency")),
    )


def _due(order: Node) -> datetime:
    """The last payment of its terms; without terms a day after it was placed."""
    schedules = order.at("payment_terms", "payment_schedules").each()
    dues = [due for one in schedules if (due := one.at("due_at").instant())]
    return max(dues, default=_placed(order) + COLLECTED_WITHIN)


def _update(order: Node, bill: str, at: datetime, topic: str) -> Fact:
    return fact(
        "invoice_updates",
        invoice_id=bill,
        updated_at=iso(at),
        amount=_amount(order, "total_price"),
        paid_at=_paid(order, at, topic),
        voided_at=iso_of(order.at("cancelled_at")),
        refunded_amount=_refunded(order),
    )


def _paid(order: Node, at: datetime, topic: str) -> str | None:
    if topic == "orders/paid":
        return iso(at)
    is_paid = order.at("financial_status").value in _PAID
    return iso(_placed(order)) if topic == "orders/create" and is_paid else None


def _refunded(order: Node) -> str | None:
    given = [amount for refund in order.at("refunds").each() for amount in refunds(refund)]
    return decimal_text(sum(given, Fraction(0)), "refunds") if given else None


def refunds(refund: Node) -> Iterator[Fraction]:
    """What a refund gave back, payment by payment."""
    for one in refund.at("transactions").each():
        if one.at("kind").value == "refund" and one.at("status").value in (None, "success"):
            yield one.at("amount").number() or Fraction(0)


def _lines(order: Node, bill: str) -> Iterator[Fact]:
    """Goods, shipping and tips, less discounts, and taxes unless prices contain them: the order's total."""
    for number, line in enumerate(order.at("line_items").each()):
        yield _line(bill, line, f"item:{line.at('id').text() or number}")
    for number, line in enumerate(order.at("shipping_lines").each()):
        amount = line.at("price").number() or Fraction(0)
        yield _sum(bill, "one_off", f"shipping:{number}", amount, line.at("title").text())
    tip = order.at("total_tip_received").number() or Fraction(0)
    discount = order.at("total_discounts").number() or Fraction(0)
    tax = Fraction(0) if order.at("taxes_included").is_true else order.at("total_tax").number() or Fraction(0)
    for kind, name, amount in (
        ("one_off", "tip", tip),
        ("discount", "discount", -discount),
        ("tax", "tax", tax),
    ):
        if amount:
            yield _sum(bill, kind, name, amount, None)


def _line(bill: str, line: Node, name: str) -> Fact:
    price = line.at("price").number() or Fraction(0)
    quantity = line.at("quantity").number()
    kind = "recurring" if line.at("selling_plan_allocation").is_object else "one_off"
    amount = price * (Fraction(1) if quantity is None else quantity)
    return fact(
        "invoice_lines",
        line_id=f"{bill}:{name}",
        invoice_id=bill,
        kind=kind,
        amount=decimal_text(amount),
        category=line.at("sku").text() or line.at("product_id").text(),
        description=line.at("name").text() or line.at("title").text(),
    )


def _sum(bill: str, kind: str, name: str, amount: Fraction, about: str | None) -> Fact:
    line_id, told = f"{bill}:{name}", decimal_text(amount)
    return fact("invoice_lines", line_id=line_id, invoice_id=bill, kind=kind, amount=told, description=about)


def _amount(order: Node, name: str) -> str:
    return decimal_text(order.at(name).number() or Fraction(0), name)
