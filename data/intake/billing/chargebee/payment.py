"""A Chargebee transaction as an attempt to collect, and a credit note as what was given back."""

from collections.abc import Iterator
from datetime import datetime

from data.intake.billing.chargebee.amounts import in_unit
from data.intake.billing.money import currency, decimal_text
from data.intake.billing.node import Node
from data.intake.billing.reading import fact
from data.intake.billing.stamp import iso, iso_of
from data.intake.delivery import Fact

_OUTCOMES = {"success": "succeeded", "failure": "failed", "timeout": "failed", "late_failure": "failed"}
_INITIATORS = {"customer": "customer", "merchant": "schedule"}


def attempts(transaction: Node, invoice: Node) -> Iterator[Fact]:
    """One attempt for each invoice that the transaction was to pay."""
    outcome = _OUTCOMES.get(str(transaction.at("status").value))
    payer = transaction.at("customer_id").text() or invoice.at("customer_id").text()
    if transaction.at("type").value != "payment" or outcome is None or payer is None:
        return
    linked = list(transaction.at("linked_invoices").each())
    for link in linked or ([invoice] if invoice else []):
        paid = link.at("invoice_id").text() or link.id()
        if paid is not None:
            yield _payment(transaction, link, paid, payer, outcome)


def _payment(transaction: Node, link: Node, invoice: str, payer: str, outcome: str) -> Fact:
    """A payment that failed long after it had succeeded (a debit sent back) is an attempt of its own."""
    late = ":late_failure" if transaction.at("status").value == "late_failure" else ""
    code = currency(transaction.at("currency_code"))
    part = link.at("applied_amount").number() or transaction.at("amount").number()
    return fact(
        "payments",
        payment_id=f"{transaction.at('id').needed()}:{invoice}{late}",
        invoice_id=invoice,
        account_id=payer,
        attempted_at=iso(transaction.at("date").needed_instant()),
        amount=decimal_text(in_unit(part, code)),
        outcome=outcome,
        decline_code=transaction.at("error_code").text() if outcome == "failed" else None,
        initiated_by=_INITIATORS.get(str(transaction.at("initiator_type").value)),
        currency=code,
    )


def given_back(note: Node, at: datetime) -> Iterator[Fact]:
    """What a credit note alone says of its invoice; an invoice in the payload knows all its notes."""
    invoice = note.at("reference_invoice_id").text()
    refunded = note.at("amount_refunded").number()
    is_dispute = "chargeback" in (note.at("reason_code").value, note.at("create_reason_code").value)
    if invoice is None or not (refunded or is_dispute):
        return
    code = currency(note.at("currency_code"))
    yield fact(
        "invoice_updates",
        invoice_id=invoice,
        updated_at=iso(at),
        refunded_amount=decimal_text(in_unit(refunded, code)) if refunded else None,
        disputed_at=iso_of(note.at("date")) if is_dispute else None,
    )
