"""Amounts in exact fractions: from a currency's smallest unit, and to the decimal text of a fact."""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from data.intake.billing.node import Node, Unreadable
from data.speech import english

_CODE = re.compile(r"[A-Za-z]{3}", re.ASCII)
_FOUR_PLACES = Decimal("0.0001")
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
LARGEST = 10**14  # what the warehouse's decimals hold

# Currencies whose smallest unit is the unit itself, or a thousandth of it; all others have hundredths.
_WHOLE = frozenset(
    (
        "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF",
        "VND", "VUV", "XAF", "XOF", "XPF",
    )
)  # fmt: skip
_THOUSANDTHS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
# Stripe keeps writing these with two places, which the world has stopped to use.
STRIPE_HUNDREDTHS = frozenset(("ISK", "UGX"))
ISO_WHOLE = _WHOLE | STRIPE_HUNDREDTHS


def currency(node: Node) -> str | None:
    """A currency code in capitals; None where there is none."""
    code = node.text()
    if code is None:
        return None
    if not _CODE.fullmatch(code):
        raise Unreadable(node.path, code, english("is not a currency code such as EUR"))
    return code.upper()


def from_minor(amount: Fraction, code: str | None, *, whole: frozenset[str] = _WHOLE) -> Fraction:
    """An amount given in the smallest unit of its currency, in the unit itself."""
    if code in whole:
        return amount
    return amount / (1000 if code in _THOUSANDTHS else 100)


def decimal_text(amount: Fraction, field: str = "amount") -> str:
    """The amount with at most four places, rounded half to even; the only rounding there is.

    Raises:
        Unreadable: the warehouse cannot hold so large an amount.
    """
    if abs(amount) >= LARGEST:
        raise Unreadable(field, f"{float(amount):.6g}", english("is larger than an amount can be"))
    exact = _EXACT.divide(Decimal(amount.numerator), Decimal(amount.denominator))
    text = format(exact.quantize(_FOUR_PLACES, context=_EXACT), "f").rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
