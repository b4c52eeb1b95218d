"""Chargebee's amounts: in the smallest unit of the currency, or exact in `…_in_decimal`."""

from fractions import Fraction

from data.intake.billing.money import ISO_WHOLE, from_minor
from data.intake.billing.node import Node


def in_unit(amount: Fraction | None, code: str | None) -> Fraction:
    return Fraction(0) if amount is None else from_minor(amount, code, whole=ISO_WHOLE)


def amount_of(holder: Node, amount: str, price: str, quantity: str, code: str | None) -> Fraction:
    """An amount in the currency's unit: as given, else the price times the quantity (one where absent)."""
    exact = holder.at(f"{amount}_in_decimal").number()
    if exact is not None:
        return exact
    given = holder.at(amount).number()
    if given is not None:
        return in_unit(given, code)
    one = holder.at(f"{price}_in_decimal").number()
    one = in_unit(holder.at(price).number(), code) if one is None else one
    count = holder.at(f"{quantity}_in_decimal").number()
    count = holder.at(quantity).number() if count is None else count
    return one * (Fraction(1) if count is None else count)
