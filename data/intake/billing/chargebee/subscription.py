"""A Chargebee subscription as it stands at an instant, as a change of the subscription.

`mrr`, where Chargebee gives it, is taken as it is (it knows coupons and tiers); else it is worked out from
the items or from the plan and its addons.

| Chargebee's status    | ours     | counts as revenue |
|-----------------------|----------|-------------------|
| in_trial              | trialing | no  |
| active, non_renewing  | active   | yes |
| paused, future        | paused   | no  |
| cancelled, transferred| canceled | no  |
"""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from data.intake.billing.chargebee.amounts import amount_of, in_unit
from data.intake.billing.money import currency, decimal_text
from data.intake.billing.monthly import months
from data.intake.billing.node import Node, Unreadable
from data.intake.billing.reading import fact
from data.intake.billing.stamp import iso, iso_of
from data.intake.delivery import Fact
from data.speech import english

STATUSES = {
    "in_trial": "trialing",
    "active": "active",
    "non_renewing": "active",
    "paused": "paused",
    "future": "paused",
    "cancelled": "canceled",
    "transferred": "canceled",
}


def change(subscription: Node, customer: Node, at: datetime) -> Fact:
    code = currency(subscription.at("currency_code")) or currency(customer.at("preferred_currency_code"))
    status = status_of(subscription)
    amount, note = (Fraction(0), None) if status == "canceled" else _monthly(subscription, code, at)
    return fact(
        "subscription_changes",
        subscription_id=subscription.at("id").needed(),
        account_id=subscription.at("customer_id").text() or customer.at("id").needed(),
        effective_at=iso(at),
        mrr=decimal_text(max(amount, Fraction(0)), "mrr"),
        plan=_plan(subscription),
        status=status,
        currency=code,
        renews_at=_renewal(subscription),
        quantity=_quantity(subscription),
        mrr_note=note,
        ends_at=_end(subscription),
    )


def status_of(subscription: Node) -> str:
    if subscription.at("deleted").is_true:
        return "canceled"
    name = subscription.at("status").needed()
    if name not in STATUSES:
        raise Unreadable(
            subscription.at("status").path,
            name,
            english("is not one of {choices}", choices=", ".join(STATUSES)),
        )
    return STATUSES[name]


def _monthly(subscription: Node, code: str | None, at: datetime) -> tuple[Fraction, str | None]:
    """MRR in the currency's unit, and what is unknown about it."""
    given = subscription.at("mrr").number()
    if given is not None:
        return in_unit(given, code), None
    unit = subscription.at("billing_period_unit")
    if not unit:
        return Fraction(0), "the payload names no billing period"
    lasts = months(unit, subscription.at("billing_period"))
    price = sum(_prices(subscription, code), Fraction(0))
    reduced = _discounted(price, subscription, code, at)
    unknown = any(subscription.at("coupons").each()) or subscription.at("coupon").text()
    return reduced / lasts, "what its coupons take off is not in the payload" if unknown else None


def _prices(subscription: Node, code: str | None) -> Iterator[Fraction]:
    """What each part costs in a billing period; charges come once and are no part of it."""
    for item in subscription.at("subscription_items").each():
        if item.at("item_type").value != "charge":
            yield amount_of(item, "amount", "unit_price", "quantity", code)
    if not subscription.at("subscription_items"):
        yield amount_of(subscription, "plan_amount", "plan_unit_price", "plan_quantity", code)
        for addon in subscription.at("addons").each():
            yield amount_of(addon, "amount", "unit_price", "quantity", code)


def _discounted(price: Fraction, subscription: Node, code: str | None, at: datetime) -> Fraction:
    """Less the discounts given by hand that last: percentages and amounts of a billing period."""
    for discount in subscription.at("discounts").each():
        ends = discount.at("apply_till").instant()
        if discount.at("duration_type").value == "one_time" or (ends is not None and ends <= at):
            continue
        share = discount.at("percentage").number()
        taken = price * share / 100 if share is not None else in_unit(discount.at("amount").number(), code)
        price = max(price - taken, Fraction(0))
    return price


def _plan(subscription: Node) -> str | None:
    """The item price of the plan, or the plan."""
    items = list(subscription.at("subscription_items").each())
    plans = [item for item in items if item.at("item_type").value == "plan"] or items
    named = plans[0].at("item_price_id").text() if plans else None
    return named or subscription.at("plan_id").text()


def _quantity(subscription: Node) -> str | None:
    items = subscription.at("subscription_items")
    counts = [
        item.at("quantity").number() or item.at("quantity_in_decimal").number() or Fraction(1)
        for item in items.each()
        if item.at("item_type").value == "plan"
    ]
    total = sum(counts, Fraction(0)) if counts else subscription.at("plan_quantity").number()
    return None if total is None else decimal_text(total, "quantity")


def _renewal(subscription: Node) -> str | None:
    if subscription.at("status").value not in ("active", "in_trial", "paused"):
        return None
    given = subscription.at("next_billing_at")
    return iso_of(given if given else subscription.at("current_term_end"))


def _end(subscription: Node) -> str | None:
    given = iso_of(subscription.at("cancelled_at"))
    if subscription.at("status").value == "non_renewing":
        return given or iso_of(subscription.at("current_term_end"))
    return given
