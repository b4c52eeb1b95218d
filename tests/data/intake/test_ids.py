"""What counts as the id of somebody."""

import pytest

from data.intake.ids import read_id, read_name
from data.intake.reading import BadField


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("u1", "u1"), (" u1 ", "u1"), (7, "7"), (7.0, "7"), (7.5, "7.5"), (-3, "-3"), ("żółć", "żółć"),
        (18446744073709551615, "18446744073709551615"), ("7.0", "7.0"), ("Nullable", "Nullable"),
    ],
)  # fmt: skip
def test_id_is_text(told: object, read: str) -> None:
    assert read_id("userId", told) == read


@pytest.mark.parametrize(
    "told",
    [None, "", "  ", "null", "NULL", "undefined", "None", "nan", "[object Object]", "0", 0, 0.0, "anonymous",
     "true", "00000000-0000-0000-0000-000000000000"],
)  # fmt: skip
def test_what_programs_send_for_nobody_is_nobody(told: object) -> None:
    assert read_id("userId", told) is None


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (True, "userId 'true' is neither text nor a number"),
        ({"id": 1}, """userId '{"id":1}' is neither text nor a number"""),
        ([], "userId '[]' is neither text nor a number"),
        (float("nan"), "userId 'nan' is a number that cannot be told exactly; send it as text"),
        (1e22, "userId '1e+22' is a number that cannot be told exactly; send it as text"),
        ("x" * 513, f"userId '{'x' * 200}…' is longer than 512 characters"),
        ("u�1", "userId 'u�1' has characters that cannot be read"),
    ],
)
def test_what_cannot_be_an_id_is_refused(told: object, reason: str) -> None:
    with pytest.raises(BadField) as refused:
        read_id("userId", told)
    assert str(refused.value) == reason
    assert refused.value.field == "userId"


def test_name_may_be_any_word() -> None:
    assert [read_name("event", told) for told in ("null", "0", 404, " a b ", " ")] == [
        "null",
        "0",
        "404",
        "a b",
        None,
    ]
