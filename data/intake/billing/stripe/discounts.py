"""What Stripe's coupons take off the monthly price of a subscription.

A coupon `forever` counts, one `repeating` counts while it lasts, one for `once` does not: it is no lower
price. An amount off is an amount a billing period.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from data.intake.billing.money import currency, from_minor
from data.intake.billing.node import Node
from data.intake.billing.stripe.prices import Line, items


@dataclass(frozen=True)
class Off:
    """A discount: a share (0.25) or an amount of a billing period, of some products or of all (empty)."""

    share: Fraction = Fraction(0)
    amount: Fraction = Fraction(0)
    products: frozenset[str] = frozenset()

    def concerns(self, line: Line) -> bool:
        return not self.products or line.product in self.products


def discounted(
    subscription: Node, lines: Sequence[Line], code: str | None, at: datetime
) -> tuple[list[Line], list[str]]:
    """The lines after the discounts of the items and then of the whole; and what was not known about them."""
    after, notes = [], []
    for item, line in zip(items(subscription), lines, strict=True):
        own = [] if item is subscription else list(_discounts(item))
        offs, unknown = _offs(own, code, at)
        after += _apply([line], offs)
        notes += unknown
    offs, unknown = _offs(_of_subscription(subscription), code, at)
    return _apply(after, offs), notes + unknown


def _of_subscription(subscription: Node) -> list[Node]:
    """Its own discounts, else those of its customer where the payload holds the customer."""
    return list(_discounts(subscription)) or list(_discounts(subscription.at("customer")))


def _discounts(holder: Node) -> Iterator[Node]:
    """`discounts` (objects or ids) and the older single `discount`, each once."""
    single = holder.at("discount")
    seen = set()
    if single:
        seen.add(single.id())
        yield single
    for one in holder.at("discounts").each():
        if one.id() not in seen:
            seen.add(one.id())
            yield one


def _offs(discounts: Sequence[Node], code: str | None, at: datetime) -> tuple[list[Off], list[str]]:
    offs, notes = [], []
    for discount in discounts:
        off = _off(discount, code, at)
        if isinstance(off, str):
            notes.append(off)
        elif off:
            offs.append(off)
    return offs, notes


def _off(discount: Node, code: str | None, at: datetime) -> Off | str | None:
    """What a discount takes off at an instant; a sentence where the payload does not say."""
    coupon = discount.at("coupon") if discount.at("coupon") else discount.at("source", "coupon")
    if not coupon.is_object:
        return f"what discount {discount.id()} takes off is not in the payload"
    ends = discount.at("end").instant()
    if coupon.at("duration").value == "once" or (ends is not None and ends <= at):
        return None
    products = frozenset(one.id() or "" for one in coupon.at("applies_to", "products").each())
    share = coupon.at("percent_off").number()
    if share is not None:
        return Off(share=min(max(share, Fraction(0)), Fraction(100)) / 100, products=products)
    amount = _amount_off(coupon, code)
    if amount is None:
        return f"coupon {coupon.id()} has no amount in {code}"
    return Off(amount=from_minor(max(amount, Fraction(0)), code), products=products)


def _amount_off(coupon: Node, code: str | None) -> Fraction | None:
    if currency(coupon.at("currency")) == code:
        return coupon.at("amount_off").number()
    return coupon.at("currency_options", (code or "").lower(), "amount_off").number()


def _apply(lines: Sequence[Line], offs: Sequence[Off]) -> list[Line]:
    """One discount after the other, as Stripe does; no line falls below 0."""
    for off in offs:
        lines = _apply_one(lines, off)
    return list(lines)


def _apply_one(lines: Sequence[Line], off: Off) -> list[Line]:
    concerned = [line for line in lines if off.concerns(line)]
    before = sum((line.monthly for line in concerned), Fraction(0))
    if before <= 0:
        return list(lines)
    period = min(line.months for line in concerned if line.monthly > 0)
    after = max(before * (1 - off.share) - off.amount / period, Fraction(0))
    return [
        replace(line, monthly=line.monthly * after / before) if off.concerns(line) else line for line in lines
    ]
