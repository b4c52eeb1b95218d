"""Amounts by hand: smallest units, rounding, billing periods."""

from fractions import Fraction

import pytest

from data.intake.billing.money import ISO_WHOLE, currency, decimal_text, from_minor
from data.intake.billing.monthly import months
from data.intake.billing.node import Node, Unreadable


@pytest.mark.parametrize(
    ("minor", "code", "text"),
    [
        (1999, "USD", "19.99"),
        (500, "JPY", "500"),
        (5120, "KWD", "5.12"),
        (500, "UGX", "5"),
        (500, "ISK", "5"),
        (500, None, "5"),
        (-1, "EUR", "-0.01"),
        (0, "EUR", "0"),
    ],
)
def test_the_smallest_unit_is_the_currencys(minor, code, text):
    assert decimal_text(from_minor(Fraction(minor), code)) == text


def test_krona_and_shilling_have_no_hundredths_outside_stripe():
    assert from_minor(Fraction(500), "ISK", whole=ISO_WHOLE) == 500


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Fraction(100, 12), "8.3333"),
        (Fraction(1, 20000), "0"),  # 0.00005: half to even
        (Fraction(3, 20000), "0.0002"),
        (Fraction(-1, 100000), "0"),
        (Fraction(10**13), "10000000000000"),
    ],
)
def test_amounts_are_rounded_once_to_four_places(amount, text):
    assert decimal_text(amount) == text


def test_an_amount_that_no_warehouse_holds_is_refused():
    with pytest.raises(Unreadable, match="larger than an amount can be"):
        decimal_text(Fraction(10**14), "mrr")


@pytest.mark.parametrize("code", ["dollars", "$", "US", "ÄÖÜ"])
def test_a_currency_is_three_letters(code):
    with pytest.raises(Unreadable, match="is not a currency code"):
        currency(Node(code, "currency"))


@pytest.mark.parametrize(
    ("unit", "count", "lasts"),
    [
        ("month", 3, Fraction(3)),
        ("year", None, Fraction(12)),
        ("week", 1, Fraction(3, 13)),
        ("WEEK", 2, Fraction(6, 13)),
        ("day", 365, Fraction(12)),
    ],
)
def test_a_billing_period_in_months(unit, count, lasts):
    assert months(Node(unit), Node(count)) == lasts


@pytest.mark.parametrize(
    ("unit", "count"), [("decade", 1), (None, 1), ("month", 0), ("month", -1), ("day", 10**9)]
)
def test_a_billing_period_that_is_none_is_refused(unit, count):
    with pytest.raises(Unreadable, match="is not"):
        months(Node(unit, "interval") if unit else Node("", "interval"), Node(count, "interval_count"))
