"""A Chargebee invoice: what it asks for, what became of it, and its lines.

One that is due on its own date is collected by itself: it is due a day later, so that a first attempt is
on time.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from data.intake.billing.chargebee.amounts import in_unit
from data.intake.billing.money import currency, decimal_text
from data.intake.billing.node import Node
from data.intake.billing.reading import fact
from data.intake.billing.stamp import iso, iso_of
from data.intake.delivery import Fact

COLLECTED_WITHIN = timedelta(days=1)
_RECURRING = ("plan", "addon", "plan_item_price", "addon_item_price")
_CREDITS = ("promotional_credits", "prorated_credits")


def told(invoice: Node, at: datetime) -> Iterator[Fact]:
    """Everything an invoice says; one that is pending is none yet."""
    if invoice.at("status").value == "pending" or invoice.at("deleted").is_true:
        return
    yield _first(invoice)
    yield _update(invoice, at)
    yield from _lines(invoice)


def _first(invoice: Node) -> Fact:
    return fact(
        "invoices",
        invoice_id=invoice.at("id").needed(),
        account_id=invoice.at("customer_id").needed(),
        issued_at=iso(invoice.at("date").needed_instant()),
        due_at=iso(_due(invoice)),
        amount=_text(invoice, invoice.at("total").number()),
        currency=_code(invoice),
        subscription_id=invoice.at("subscription_id").text(),
    )


def _due(invoice: Node) -> datetime:
    issued = invoice.at("date").needed_instant()
    due = invoice.at("due_date").instant()
    return due if due is not None and due > issued else issued + COLLECTED_WITHIN


def _update(invoice: Node, at: datetime) -> Fact:
    is_paid = invoice.at("status").value == "paid"
    return fact(
        "invoice_updates",
        invoice_id=invoice.at("id").needed(),
        updated_at=iso(at),
        due_at=iso(_due(invoice)),
        amount=_text(invoice, invoice.at("total").number()),
        paid_at=(iso_of(invoice.at("paid_at")) or iso(at)) if is_paid else None,
        voided_at=(iso_of(invoice.at("voided_at")) or iso(at)) if _is_void(invoice) else None,
        disputed_at=next(_disputes(invoice), None),
        refunded_amount=_refunded(invoice),
    )


def _is_void(invoice: Node) -> bool:
    return bool(invoice.at("status").value == "voided")


def _disputes(invoice: Node) -> Iterator[str | None]:
    for note in invoice.at("issued_credit_notes").each():
        if "chargeback" in (note.at("cn_reason_code").value, note.at("cn_create_reason_code").value):
            yield iso_of(note.at("cn_date"))


def _refunded(invoice: Node) -> str | None:
    notes = list(invoice.at("issued_credit_notes").each())
    given = [note.at("cn_total").number() or Fraction(0) for note in notes if _is_refunded(note)]
    return _text(invoice, sum(given, Fraction(0))) if given else None


def _is_refunded(note: Node) -> bool:
    return bool(note.at("cn_status").value == "refunded")


def _lines(invoice: Node) -> Iterator[Fact]:
    for number, line in enumerate(invoice.at("line_items").each()):
        yield _line(invoice, line, number)
    for number, discount in enumerate(invoice.at("discounts").each()):
        kind = "credit" if discount.at("entity_type").value in _CREDITS else "discount"
        yield _sum(invoice, kind, number, -(discount.at("amount").number() or Fraction(0)), discount)
    if invoice.at("price_type").value != "tax_inclusive":
        for number, tax in enumerate(invoice.at("taxes").each()):
            yield _sum(invoice, "tax", number, tax.at("amount").number() or Fraction(0), tax)


def _line(invoice: Node, line: Node, number: int) -> Fact:
    amount = line.at("amount").number() or Fraction(0)
    recurs = line.at("entity_type").value in _RECURRING
    bill = invoice.at("id").needed()
    return fact(
        "invoice_lines",
        line_id=f"{bill}:{line.at('id').text() or number}",
        invoice_id=bill,
        kind="credit" if amount < 0 else "recurring" if recurs else "one_off",
        amount=_text(invoice, amount),
        category=line.at("entity_id").text(),
        description=line.at("description").text(),
        period_start=iso_of(line.at("date_from")),
        period_end=iso_of(line.at("date_to")),
    )


def _sum(invoice: Node, kind: str, number: int, amount: Fraction, part: Node) -> Fact:
    bill = invoice.at("id").needed()
    about = part.at("description").text() or part.at("name").text()
    told = _text(invoice, amount)
    line_id = f"{bill}:{kind}:{number}"
    return fact("invoice_lines", line_id=line_id, invoice_id=bill, kind=kind, amount=told, description=about)


def _code(invoice: Node) -> str | None:
    return currency(invoice.at("currency_code"))


def _text(invoice: Node, amount: Fraction | None) -> str:
    return decimal_text(in_unit(amount, _code(invoice)))
