"""What a Stripe subscription is worth a month, worked out by hand."""

import pytest

from tests.data.intake.billing.payloads import NOON, bought, coupon, mrr, price, state


@pytest.mark.parametrize(
    ("items", "worth"),
    [
        ([(price(1500), 1)], "15"),
        ([(price(10000, "year"), 1)], "8.3333"),  # 100 / 12
        ([(price(12000, "year"), 3)], "30"),  # 120 × 3 / 12
        ([(price(24000, "year", 2), 1)], "10"),  # 240 / 24
        ([(price(3000, "month", 3), 1)], "10"),
        ([(price(300, "week"), 1)], "13"),  # 3 × 52 / 12
        ([(price(600, "week", 2), 1)], "13"),
        ([(price(100, "day"), 1)], "30.4167"),  # 365 / 12
        ([(price(1500), 7)], "105"),
        ([(price(1500), 0)], "0"),
        ([(price(1500), None)], "15"),
        ([(price(1500), 2), (price(12000, "year"), 1)], "40"),
        ([(price(10000, "year"), 1), (price(10000, "year"), 1)], "16.6667"),  # rounded once, after the sum
        ([(price(1500), 1), (price(5, usage="metered"), None)], "15"),
        ([(price(None, unit_amount_decimal="0.5"), 1000)], "5"),
        ([(price(1500, recurring=None), 1)], "0"),
    ],
)
def test_the_sum_of_the_items_over_their_periods(items, worth):
    assert mrr(*items) == worth


def test_currencies_have_their_own_smallest_unit():
    assert mrr((price(1500, currency="jpy"), 1), currency="jpy") == "1500"
    assert mrr((price(1500, currency="kwd"), 1), currency="kwd") == "1.5"
    assert state(bought((price(1500, currency="eur"), 1), currency="eur"))["currency"] == "EUR"


def test_a_price_with_options_counts_in_the_subscriptions_currency():
    cost = price(1500, currency_options={"eur": {"unit_amount": 1400}})
    told = state(bought((cost, 2), currency="eur"))
    assert (told["mrr"], told["currency"]) == ("28", "EUR")


def test_a_price_known_only_in_another_currency_counts_in_that_one():
    told = state(bought((price(1500), 2), currency="eur"))
    assert (told["mrr"], told["currency"]) == ("30", "USD")


def test_an_item_in_a_second_currency_is_left_out_and_said_so():
    told = state(bought((price(1500), 1), (price(1000, currency="eur"), 1)))
    assert (told["mrr"], told["currency"]) == ("15", "USD")
    assert told["mrr_note"] == "item si_1 is priced in another currency: left out"


TIERS = [
    {"up_to": 10, "unit_amount": 1000, "flat_amount": 500},
    {"up_to": None, "unit_amount": 800, "flat_amount": None},
]


@pytest.mark.parametrize(
    ("mode", "quantity", "worth"),
    [
        ("graduated", 5, "55"),  # 5 × 10 + 5
        ("graduated", 12, "121"),  # 10 × 10 + 5 + 2 × 8
        ("volume", 10, "105"),
        ("volume", 12, "96"),
    ],
)
def test_tiers_that_are_in_the_payload_count(mode, quantity, worth):
    assert mrr((price(None, billing_scheme="tiered", tiers_mode=mode, tiers=TIERS), quantity)) == worth


def test_tiers_that_are_not_are_said_so():
    told = state(bought((price(None, billing_scheme="tiered", tiers_mode="volume"), 5), (price(1500), 1)))
    assert told["mrr"] == "15"
    assert told["mrr_note"] == "the tiers of item si_0 are not in the payload"


@pytest.mark.parametrize(("way", "worth"), [("up", "30"), ("down", "20")])
def test_a_price_for_several_counts_packages(way, worth):
    assert mrr((price(1000, transform_quantity={"divide_by": 10, "round": way}), 25)) == worth


@pytest.mark.parametrize(
    ("discount", "worth"),
    [
        (coupon(percent_off=25), "75"),
        (coupon(percent_off="25.5"), "74.5"),
        (coupon(amount_off=1000, currency="usd"), "90"),
        (coupon(amount_off=20000, currency="usd"), "0"),
        (coupon("once", percent_off=50), "100"),
        (coupon("repeating", percent_off=50, end=NOON + 1), "50"),
        (coupon("repeating", percent_off=50, end=NOON), "100"),
        (coupon(amount_off=1000, currency="eur"), "100"),
        (coupon(amount_off=1, currency="eur", currency_options={"usd": {"amount_off": 1000}}), "90"),
        (coupon(percent_off=25, applies_to={"products": ["prod_1"]}), "75"),
        (coupon(percent_off=25, applies_to={"products": ["prod_2"]}), "100"),
        (coupon(percent_off=150), "0"),
    ],
)
def test_a_coupon_that_lasts_lowers_the_price(discount, worth):
    assert mrr((price(10000), 1), discount=discount) == worth
    assert mrr((price(10000), 1), discounts=[discount]) == worth
    assert mrr((price(10000), 1), discount=discount, discounts=[discount["id"]]) == worth


def test_an_amount_off_is_spread_over_the_billing_period():
    off = coupon(amount_off=12000, currency="usd")
    assert mrr((price(120000, "year"), 1), discount=off) == "90"  # (1200 - 120) / 12


def test_discounts_come_one_after_the_other():
    half, ten = coupon(percent_off=50), coupon(amount_off=1000, currency="usd")
    assert mrr((price(10000), 1), discounts=[half, ten]) == "40"
    assert mrr((price(10000), 1), discounts=[ten, half]) == "45"


def test_a_discount_of_an_item_is_that_items_only():
    dear, cheap = price(10000), price(2000)
    subscription = bought((dear, 1), (cheap, 1), discounts=[coupon(amount_off=1000, currency="usd")])
    subscription["items"]["data"][0]["discounts"] = [coupon(percent_off=50)]
    assert state(subscription)["mrr"] == "60"  # 50 + 20 - 10


def test_a_coupon_of_2026_lies_under_its_source():
    newer = {"id": "di_1", "source": {"type": "coupon", "coupon": coupon(percent_off=25)["coupon"]}}
    assert mrr((price(10000), 1), discounts=[newer]) == "75"


@pytest.mark.parametrize("unknown", ["di_1", {"id": "di_1", "source": {"type": "coupon", "coupon": "25OFF"}}])
def test_a_discount_that_is_only_named_is_said_so(unknown):
    told = state(bought((price(10000), 1), discounts=[unknown]))
    assert told["mrr"] == "100"
    assert told["mrr_note"] == "what discount di_1 takes off is not in the payload"


def test_the_discount_of_an_expanded_customer_counts():
    customer = {"id": "cus_1", "discount": coupon(percent_off=25)}
    assert mrr((price(10000), 1), customer=customer) == "75"
    assert mrr((price(10000), 1), customer=customer, discount=coupon(percent_off=10)) == "90"


def test_more_items_than_the_payload_holds_are_said_so():
    subscription = bought((price(1500), 1))
    subscription["items"]["has_more"] = True
    assert state(subscription)["mrr_note"] == "the payload does not hold all items"
