"""Which traits become columns, which attributes."""

from typing import Any

import pytest

from data.intake.reading import BadField
from data.intake.traits import account_update

AT = "2026-03-01T12:00:00.000000Z"


def said(traits: dict[str, Any]) -> dict[str, Any]:
    values = dict(account_update("a1", AT, traits).values)
    assert (values.pop("account_id"), values.pop("updated_at")) == ("a1", AT)
    return values


@pytest.mark.parametrize(
    ("traits", "values"),
    [
        ({}, {}),
        ({"name": " Acme ", "Plan": "pro", "plan": "free"}, {"name": "Acme", "plan": "pro"}),
        ({"firstName": "A", "last_name": "L"}, {"name": "A L", "firstName": "A", "last_name": "L"}),
        ({"name": "A. L.", "firstName": "Ada"}, {"name": "A. L.", "firstName": "Ada"}),
        ({"plan": 3, "region": None, "owner": "", "channel": 2.0}, {"plan": "3", "channel": "2"}),
        ({"currency": "eur"}, {"currency": "EUR"}),
        ({"createdAt": "2024-01-02"}, {"created_at": "2024-01-02T00:00:00.000000Z"}),
        ({"created_at": 1704153600}, {"created_at": "2024-01-02T00:00:00.000000Z"}),
        ({"createdAt": 1704153600000, "created_at": "junk"}, {"created_at": "2024-01-02T00:00:00.000000Z"}),
        ({"createdAt": "", "created_at": None}, {}),
        ({"seats": 5.0, "score": 1.5, "vip": True}, {"seats": 5, "score": 1.5, "vip": "true"}),
        ({"bad": float("nan"), "tags": ["x"]}, {}),
        ({"address": {"city": "Łódź", "geo": {"x": 1}}}, {"address_city": "Łódź"}),
        ({"account_id": "a2", "updated_at": "now"}, {"trait_account_id": "a2", "trait_updated_at": "now"}),
        ({"$browser": "x", "": 1, " ": 2, "n" * 200: 3}, {}),
        ({"Tier": "gold", "tier": "lead"}, {"Tier": "gold"}),
    ],
)  # fmt: skip
def test_traits_become(traits: dict[str, Any], values: dict[str, Any]) -> None:
    assert said(traits) == values


def test_no_more_than_200_further_traits_are_kept() -> None:
    assert len(said({f"t{place}": place for place in range(1000)})) == 200


@pytest.mark.parametrize(
    ("traits", "field", "reason"),
    [
        ({"createdAt": "last year"}, "createdAt", "is not a time such as"),
        ({"created_at": "9999-01-01"}, "created_at", "is outside the years"),
        ({"currency": "Dollars"}, "currency", "is not a currency code such as EUR"),
        ({"currency": 5}, "currency", "is not a currency code such as EUR"),
    ],
)
def test_trait_that_cannot_be_kept_is_refused(traits: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(BadField, match=reason) as refused:
        said(traits)
    assert refused.value.field == field
