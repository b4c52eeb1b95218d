"""What the items of a Stripe subscription cost a month, before discounts."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from data.intake.billing.money import currency, from_minor
from data.intake.billing.monthly import months
from data.intake.billing.node import Node, Unreadable
from data.speech import english


@dataclass(frozen=True)
class Line:
    """An item of a subscription: what it costs a month, in the currency's unit, and what is unknown of it."""

    item_id: str
    monthly: Fraction
    months: Fraction  # how long its billing period is
    quantity: Fraction
    plan: str | None
    product: str | None
    note: str | None = None


def items(subscription: Node) -> list[Node]:
    """The items; of subscriptions from before items, the one that their top level describes."""
    found = list(subscription.at("items").each())
    return found or ([subscription] if subscription.at("plan").is_object else [])


def price_of(item: Node) -> Node:
    """The price; the older `plan` where there is none."""
    price = item.at("price")
    return price if price.is_object else item.at("plan")


def currency_of(subscription: Node) -> str | None:
    """The currency that the amounts are in: the subscription's own if its prices have an amount in it."""
    own = currency(subscription.at("currency"))
    prices = [price_of(item) for item in items(subscription)]
    codes = [currency(price.at("currency")) for price in prices]
    if own in codes or any(_option(price, own) for price in prices):
        return own
    return next((code for code in codes if code), own)


def lines(subscription: Node, code: str | None) -> list[Line]:
    return [_line(item, code) for item in items(subscription)]


def _line(item: Node, code: str | None) -> Line:
    price = price_of(item)
    recurring = price.at("recurring") if price.at("recurring").is_object else price
    item_id = item.id() or ""
    if not recurring.at("interval"):
        return _free(item, price, f"item {item_id} does not recur")
    lasts = months(recurring.at("interval"), recurring.at("interval_count"))
    if recurring.at("usage_type").value == "metered":
        return _free(item, price, None, lasts)
    amount, note = _amount(item, price, code)
    monthly = from_minor(amount, code) / lasts
    return Line(item_id, monthly, lasts, _quantity(item), plan_name(price), _product(price), note)


def _free(item: Node, price: Node, note: str | None, lasts: Fraction = Fraction(1)) -> Line:
    """Metered usage is no promise, and what does not recur no monthly revenue."""
    quantity = item.at("quantity").number() or Fraction(0)
    return Line(item.id() or "", Fraction(0), lasts, quantity, plan_name(price), _product(price), note)


def _quantity(item: Node) -> Fraction:
    quantity = item.at("quantity").number()
    if quantity is not None and quantity < 0:
        raise Unreadable(item.at("quantity").path, item.at("quantity").value, english("is below 0"))
    return Fraction(1) if quantity is None else quantity


def _amount(item: Node, price: Node, code: str | None) -> tuple[Fraction, str | None]:
    """The amount of one billing period, in the smallest unit, and what is unknown about it."""
    priced = price if currency(price.at("currency")) == code else _option(price, code)
    quantity = _packages(_quantity(item), price)
    if not priced:
        return Fraction(0), f"item {item.id()} is priced in another currency: left out"
    if price.at("billing_scheme").value == "tiered":
        return _tiered(quantity, price, priced, item)
    unit = unit_amount(priced)
    if unit is None:
        return Fraction(0), f"the price of item {item.id()} is not in the payload"
    return unit * quantity, None


def unit_amount(price: Node) -> Fraction | None:
    """The price of one, in the smallest unit and its fractions."""
    for name in ("unit_amount_decimal", "unit_amount", "amount_decimal", "amount"):
        amount = price.at(name).number()
        if amount is not None:
            return amount
    return None


def _option(price: Node, code: str | None) -> Node:
    return price.at("currency_options", (code or "").lower())


def _packages(quantity: Fraction, price: Node) -> Fraction:
    """The number of packages where a price is for several."""
    packing = price.at("transform_quantity")
    packing = packing if packing.is_object else price.at("transform_usage")
    size = packing.at("divide_by").number()
    if not size or size < 0:
        return quantity
    whole = quantity // size
    return Fraction(whole + (1 if packing.at("round").value == "up" and quantity % size else 0))


def _tiered(quantity: Fraction, price: Node, priced: Node, item: Node) -> tuple[Fraction, str | None]:
    tiers = list(priced.at("tiers").each())
    if not tiers:
        known = unit_amount(priced)
        return (known or Fraction(0)) * quantity, f"the tiers of item {item.id()} are not in the payload"
    if price.at("tiers_mode").value == "volume":
        return sum(_volume(quantity, tiers), Fraction(0)), None
    return sum(_graduated(quantity, tiers), Fraction(0)), None


def _volume(quantity: Fraction, tiers: list[Node]) -> Iterator[Fraction]:
    """All of the quantity at the price of the tier it falls into."""
    fitting = (tier for tier in tiers if not _end(tier) or quantity <= (_end(tier) or 0))
    yield from (_tier_price(tier, quantity) for tier in [next(fitting, tiers[-1])])


def _graduated(quantity: Fraction, tiers: list[Node]) -> Iterator[Fraction]:
    """Each part of the quantity at the price of its own tier."""
    start = Fraction(0)
    for number, tier in enumerate(tiers):
        if quantity <= start and number:
            return
        end = _end(tier)
        yield _tier_price(tier, (quantity if end is None else min(quantity, end)) - start)
        if end is None:
            return
        start = end


def _end(tier: Node) -> Fraction | None:
    return None if tier.at("up_to").value == "inf" else tier.at("up_to").number()


def _tier_price(tier: Node, quantity: Fraction) -> Fraction:
    flat = tier.at("flat_amount_decimal").number()
    flat = tier.at("flat_amount").number() if flat is None else flat
    return (unit_amount(tier) or Fraction(0)) * max(quantity, Fraction(0)) + (flat or Fraction(0))


def plan_name(price: Node) -> str | None:
    """What people call the price: its nickname, its key, its product's name, else the product's or its id."""
    product = price.at("product")
    named = (
        price.at("metadata", "plan"), price.at("nickname"), price.at("lookup_key"),
        product.at("metadata", "plan"), product.at("name"),
    )  # fmt: skip
    return next((name for node in named if (name := node.text())), None) or product.id() or price.id()


def _product(price: Node) -> str | None:
    return price.at("product").id()
