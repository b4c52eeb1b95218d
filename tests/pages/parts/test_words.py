from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from pages.parts import words

NB = words.THIN
MINUS = words.MINUS


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.421, "rate", f"42.1{NB}%"),
        (0.0421, "rate", f"4.21{NB}%"),
        (1.0, "rate", f"100{NB}%"),
        (0.9996, "rate", f"100{NB}%"),
        (9.996, "ratio", "10.0"),
        (1.034, "rate", f"103{NB}%"),
        (0.0, "rate", f"0{NB}%"),
        (-0.021, "rate", f"{MINUS}2.10{NB}%"),
        (1_240_512.3, "money", "$1.24M"),
        (842.0, "money", "$842"),
        (84.25, "money", "$84.2"),
        (1_000.0, "money", "$1.00k"),
        (999.6, "money", "$1.00k"),
        (999_999.0, "money", "$1.00M"),
        (-1_330.5, "money", f"{MINUS}$1.33k"),
        (0.0, "money", "$0"),
        (1204.0, "count", "1,204"),
        (9_999.0, "count", "9,999"),
        (12_345.0, "count", "12.3k"),
        (3.2, "hours", f"3.2{NB}h"),
        (0.5, "hours", f"30{NB}min"),
        (60.0, "hours", f"2.5{NB}d"),
        (2.414, "ratio", "2.41"),
        (None, "rate", "—"),
        (float("nan"), "count", "—"),
    ],
)
def test_a_figure_on_a_card_has_three_significant_digits(value: float | None, unit: str, shown: str) -> None:
    assert words.value(value, unit) == shown


@pytest.mark.parametrize(
    ("code", "shown"), [("EUR", "€1.24M"), ("PLN", f"1.24M{NB}zł"), ("CHF", f"1.24M{NB}CHF")]
)
def test_other_currencies_stand_where_their_readers_put_them(code: str, shown: str) -> None:
    assert words.money(1_240_000, code) == shown


@pytest.mark.parametrize(
    ("amount", "code", "shown"),
    [
        (0.0, "USD", "$0"),
        (2_500.0, "USD", "$2.5k"),
        (-10_000.0, "EUR", "−€10k"),
        (2e6, "CHF", "2M"),
    ],
)
def test_a_level_beside_an_axis_is_as_short_as_it_can_be(amount: float, code: str, shown: str) -> None:
    assert words.level(amount, code) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("1240512.3000"), "$1,240,512.30"),
        (Decimal("-0.0001"), f"{MINUS}$0.0001"),
        (Decimal("0.0000"), "$0.00"),
    ],
)
def test_tables_show_money_exactly(amount: Decimal, shown: str) -> None:
    assert words.money_exact(amount, "USD") == shown


@pytest.mark.parametrize(
    ("now", "before", "unit", "shown"),
    [
        (0.421, 0.4, "rate", f"+2.1{NB}pp"),
        (0.38, 0.442, "rate", f"{MINUS}6.2{NB}pp"),
        (0.4004, 0.4, "rate", f"+0.04{NB}pp"),
        (104.0, 100.0, "money", f"+4{NB}%"),
        (104.2, 100.0, "money", f"+4.2{NB}%"),
        (150.0, 100.0, "count", f"+50{NB}%"),
        (-120.0, -100.0, "money", f"+20{NB}%"),
        (-80.0, -100.0, "money", f"{MINUS}20{NB}%"),
        (5.0, 0.0, "count", "from 0"),
        (2.5, 2.0, "ratio", "+0.5"),
        (None, 1.0, "rate", "—"),
    ],
)
def test_a_change_is_in_points_for_rates_and_in_per_cent_for_amounts(
    now: float | None, before: float, unit: str, shown: str
) -> None:
    assert words.change(now, before, unit) == shown


@pytest.mark.parametrize(("now", "before", "shown"), [(2, 1, "▲"), (1, 2, "▼"), (-2, -1, "▲"), (0, -1, "▼")])
def test_the_arrow_points_up_for_what_has_grown_a_loss_too(now: float, before: float, shown: str) -> None:
    assert words.arrow(now, before) == shown


@pytest.mark.parametrize(
    ("now", "better", "said"), [(2, "up", "better"), (2, "down", "worse"), (1, "up", ""), (2, "none", "")]
)
def test_a_verdict_is_a_word(now: float, better: str, said: str) -> None:
    assert words.verdict(now, 1, better) == said


def test_an_interval_names_its_unit_once() -> None:
    assert words.interval(0.401, 0.442, "rate") == f"40.1–44.2{NB}%"
    assert words.interval(None, 0.442, "rate") == ""


@pytest.mark.parametrize(
    ("grain", "shown"),
    [("day", f"Mon 9{NB}Nov"), ("week", f"week of 9{NB}Nov"), ("month", f"Nov{NB}2026")],
)
def test_a_period_is_named_by_its_grain(grain: str, shown: str) -> None:
    assert words.period(date(2026, 11, 9), grain) == shown


def test_instants_are_told_on_the_companys_clock() -> None:
    instant = datetime(2026, 11, 9, 23, 30, 5)
    assert words.clock(instant, "Europe/Warsaw") == "00:30:05"
    assert words.moment(instant, "Europe/Warsaw") == f"10{NB}Nov{NB}2026, 00:30"


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(seconds=12), f"12{NB}s"),
        (timedelta(minutes=4), f"4{NB}min"),
        (timedelta(hours=30), f"30{NB}h"),
        (timedelta(days=12), f"12{NB}d"),
        (timedelta(seconds=-3), f"0{NB}s"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(span: timedelta, shown: str) -> None:
    assert words.ago(span) == shown


def test_keys_and_segments_become_words() -> None:
    assert words.name_of("value_demonstrated") == "Value demonstrated"
    assert words.segment("plan", "pro") == "Plan: pro"
    assert words.segment("all", "all") == "All accounts"
    assert words.plural(1, "day") == "1 day"
    assert words.plural(1204, "day") == "1,204 days"


@pytest.mark.parametrize(
    ("now", "before", "nothing"), [(0.4, 0.4, True), (0.40001, 0.4, True), (0.41, 0.4, False)]
)
def test_a_change_too_small_to_write_is_none(now: float, before: float, nothing: bool) -> None:
    assert words.is_nothing(words.change(now, before, "rate")) is nothing


def test_text_from_outside_is_no_markdown() -> None:
    assert words.literal("**no** [l](http://x) $a$") == r"\*\*no\*\* \[l\]\(http\://x\) \$a\$"
