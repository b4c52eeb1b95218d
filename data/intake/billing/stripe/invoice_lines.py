"""The lines of a Stripe invoice: with its discounts, taxes and balance they add up to what it asks for."""

from collections.abc import Iterator
from fractions import Fraction

from data.intake.billing.money import currency, decimal_text, from_minor
from data.intake.billing.node import Node
from data.intake.billing.reading import fact
from data.intake.billing.stamp import iso_of
from data.intake.billing.stripe.prices import plan_name, price_of
from data.intake.delivery import Fact


def lines(invoice: Node) -> Iterator[Fact]:
    for number, line in enumerate(invoice.at("lines").each()):
        yield _line(invoice, line, number)
    yield from _sums(invoice, "discount", _discounts(invoice), sign=-1)
    yield from _sums(invoice, "tax", _taxes(invoice), sign=1)
    yield from _balance(invoice)


def _line(invoice: Node, line: Node, number: int) -> Fact:
    amount = line.at("amount").number() or Fraction(0)
    return fact(
        "invoice_lines",
        line_id=_line_id(invoice, line, number),
        invoice_id=invoice.at("id").needed(),
        kind=_kind(line, amount),
        amount=_text(invoice, amount),
        category=_category(line),
        description=line.at("description").text(),
        period_start=iso_of(line.at("period", "start")),
        period_end=iso_of(line.at("period", "end")),
    )


def _line_id(invoice: Node, line: Node, number: int) -> str:
    """Its own id; old lines bear their subscription's, which every invoice has again."""
    own = line.at("id").text() or str(number)
    return own if own.startswith("il_") else f"{invoice.at('id').needed()}:{own}"


def _kind(line: Node, amount: Fraction) -> str:
    parent = line.at("parent")
    details = ("subscription_item_details", "invoice_item_details")
    prorated = any(
        parent.at(name, "proration").is_true for name in details if parent.at("type").value == name
    )
    if line.at("proration").is_true or prorated:
        return "proration"
    if amount < 0:
        return "credit"
    recurs = line.at("type").value == "subscription" or parent.at("type").value == "subscription_item_details"
    return "recurring" if recurs else "one_off"


def _category(line: Node) -> str | None:
    """The plan, as subscriptions name it; since 2025 lines know their product's and price's id only."""
    price = price_of(line)
    details = line.at("pricing", "price_details")
    return plan_name(price) if price.is_object else details.at("product").id() or details.at("price").id()


def _discounts(invoice: Node) -> Iterator[tuple[str, Fraction]]:
    for number, one in enumerate(invoice.at("total_discount_amounts").each()):
        yield one.at("discount").id() or str(number), one.at("amount").number() or Fraction(0)


def _taxes(invoice: Node) -> Iterator[tuple[str, Fraction]]:
    """Taxes on top of the prices; those that the prices contain are in the lines already."""
    listed = invoice.at("total_taxes") if invoice.has("total_taxes") else invoice.at("total_tax_amounts")
    for number, one in enumerate(listed.each()):
        if not one.at("inclusive").is_true and one.at("tax_behavior").value != "inclusive":
            rate = one.at("tax_rate").id() or one.at("tax_rate_details", "tax_rate").id()
            yield f"{rate or ''}.{number}", one.at("amount").number() or Fraction(0)
    if not listed and invoice.at("tax").number():
        yield "all", invoice.at("tax").number() or Fraction(0)


def _sums(invoice: Node, kind: str, parts: Iterator[tuple[str, Fraction]], sign: int) -> Iterator[Fact]:
    bill = invoice.at("id").needed()
    for name, amount in parts:
        if amount:
            line_id = f"{bill}:{kind}:{name}"
            told = _text(invoice, sign * amount)
            yield fact("invoice_lines", line_id=line_id, invoice_id=bill, kind=kind, amount=told)


def _balance(invoice: Node) -> Iterator[Fact]:
    """What the customer's balance pays, or what is moved to it because it is too small to collect."""
    total, due = invoice.at("total").number(), invoice.at("amount_due").number()
    if total is not None and due is not None and total != due:
        yield from _sums(invoice, "credit", iter([("balance", due - total)]), sign=1)


def _text(invoice: Node, amount: Fraction) -> str:
    return decimal_text(from_minor(amount, currency(invoice.at("currency"))))
