from decimal import Decimal

import pytest

from pages.parts import ledger


def row(*amounts: str) -> dict[str, Decimal]:
    return dict(zip(ledger.COLUMNS, map(Decimal, amounts), strict=True))


@pytest.mark.parametrize(
    ("amounts", "shown"),
    [
        (("10.0010", "1.0010", "0", "0", "0", "0", "11.0020"), True),
        (("10.0040", "1.0040", "0", "0", "0", "0", "11.0080"), False),
        (("10.00", "0", "0", "0", "0", "-4.0000", "6.00"), True),
    ],
)
def test_a_row_is_written_in_cents_where_these_add_up(amounts: tuple[str, ...], shown: bool) -> None:
    assert ledger.adds_up(row(*amounts)) is shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("$1,240.5123", "$1,240.51<small>23</small>"),
        ("$1,240.51", "$1,240.51<small></small>"),
        ("1,240.5123\u00a0zł", "1,240.51<small>23</small>\u00a0zł"),
        ("0", "0<small></small>"),
    ],
)
def test_points_stand_under_one_another(text: str, shown: str) -> None:
    assert ledger.aligned(text) == shown
