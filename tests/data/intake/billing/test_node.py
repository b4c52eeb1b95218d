"""What may stand in a payload, and what is said of what may not."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from data.intake.billing.node import Node, Unreadable, document


def test_numbers_are_exact():
    assert document(b'{"a": 0.1}').at("a").number() == Fraction(1, 10)
    assert Node(25.5).number() == Fraction(51, 2)
    assert Node("1.005").number() == Fraction(201, 200)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": -Infinity}', "Infinity is no number"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b'{"a": 1e99999999999999999999}', "beyond all bounds"),
        (b'{"a": ' + b"9" * 5000 + b"}", "is not JSON"),
        (b"[" * 100_000, "is nested too deeply"),
    ],
)
def test_a_body_that_is_no_document_says_why(body, complaint):
    with pytest.raises(Unreadable, match=complaint) as wrong:
        document(body)
    assert wrong.value.field == "body"


@pytest.mark.parametrize(
    "value",
    [
        True,
        [],
        {},
        "1,5",
        "x",
        "٣",
        "1e3",
        "nan",
        Decimal("1e999"),
        Decimal("1e-999"),
        10**30,
        "1" * 41,
        float("nan"),
        float("inf"),
        Decimal("1." + "1" * 60),
    ],
)
def test_what_is_no_number_is_refused(value):
    with pytest.raises(Unreadable, match="amount"):
        Node(value, "amount").number()


def test_a_zero_of_any_size_is_zero():
    assert Node(Decimal("0e999999")).number() == 0


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (0, "1970-01-01T00:00:00"),
        (1_700_000_000, "2023-11-14T22:13:20"),
        ("2021-12-31T19:00:00-05:00", "2022-01-01T00:00:00"),
        ("2024-08-07T22:48:22.376601190Z", "2024-08-07T22:48:22.376601"),
        (None, None),
        ("", None),
    ],
)
def test_instants_are_read(value, at):
    assert Node(value).instant() == (at and datetime.fromisoformat(at))


@pytest.mark.parametrize(
    "value",
    [-1, 253402300799, 10**400, True, [], "soon", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"],
)
def test_what_is_no_instant_is_refused_with_its_place(value):
    with pytest.raises(Unreadable) as wrong:
        Node(value, "data.object.created").instant()
    assert wrong.value.field == "data.object.created"
    assert "data.object.created" in str(wrong.value)


@pytest.mark.parametrize("value", ["\ud800", "a\0b", 1.5, [], {}])
def test_what_is_no_text_is_refused(value):
    with pytest.raises(Unreadable):
        Node(value, "name").text()


def test_a_path_through_what_is_absent_leads_nowhere():
    root = Node({"a": None, "b": "text", "c": [{"d": 1}]})
    assert not root.at("a", "x", "y")
    assert not root.at("b", "x")
    assert [one.at("d").path for one in root.at("c").each()] == ["c[0].d"]


def test_an_expanded_object_stands_for_its_id():
    assert Node({"id": "cus_1", "email": "a@b.c"}).id() == "cus_1"
    assert Node("cus_1").id() == "cus_1"
