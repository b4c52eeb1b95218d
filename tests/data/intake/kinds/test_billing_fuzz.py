"""Whatever the bytes: billing kinds answer with one item, whose facts the warehouse can take."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.intake.delivery import Delivery, Item
from data.intake.gather import gathered
from data.intake.kinds import chargebee, shopify, stripe
from data.settings import Settings
from data.shapes import SHAPES, Column
from data.store.local_time import FIRST, LAST
from data.store.warehouse import Warehouse
from data.unify.load import load_rows
from tests.data.intake.billing.payloads import (
    NOON,
    SCHEDULED,
    bought,
    charge,
    chargebee_event,
    chargebee_subscription,
    coupon,
    event,
    intent,
    invoice,
    price,
    topic,
)
from tests.data.intake.kinds import test_chargebee, test_shopify
from tests.data.intake.kinds.real_payloads import real_payloads

NOW = datetime(2026, 3, 1, 12)
KINDS = {"stripe": stripe, "chargebee": chargebee, "shopify": shopify}
Sample = tuple[str, dict[str, str], Any]  # kind, headers, payload

TIERED = price(None, billing_scheme="tiered", tiers=[{"up_to": 5, "unit_amount": 3}, {"up_to": None}])
BUYER = {"id": "cus_1", "metadata": {"plan": "pro", "account_id": "acme"}, "created": NOON, "currency": "usd"}
OURS: list[Sample] = [
    ("stripe", {}, event("customer.updated", BUYER)),
    (
        "stripe",
        {},
        event(
            "customer.subscription.updated",
            bought((price(1500, "week", 2), 3), (TIERED, 9), discounts=[coupon(percent_off=5)]),
        ),
    ),
    ("stripe", {}, event("invoice.paid", invoice(status="paid"))),
    (
        "stripe",
        {},
        event("charge.failed", charge(amount_refunded=5), request=SCHEDULED),
    ),
    ("stripe", {}, event("payment_intent.succeeded", intent())),
    (
        "chargebee",
        {},
        chargebee_event(
            "payment_failed",
            subscription=chargebee_subscription(subscription_items=[test_chargebee.ITEM]),
            invoice=test_chargebee.invoice(),
            transaction=test_chargebee.transaction(),
            customer={"id": "cb_1", "cf_tier": "gold"},
        ),
    ),
    ("shopify", topic("orders/create"), test_shopify.order(refunds=[{"transactions": [{"amount": "1"}]}])),
    ("shopify", topic("subscription_contracts/update"), {**test_shopify.CONTRACT, "status": "active"}),
    ("shopify", topic("customers/update"), {"id": 1, "email": "a@b.c", "multipass_identifier": "u1"}),
    ("shopify", topic("order_transactions/create"), test_shopify.SALE),
    ("shopify", topic("subscription_billing_attempts/failure"), {"id": 1, "subscription_contract_id": 2}),
]
SAMPLES = OURS + [sample for sample, _ in real_payloads()]

ODD = st.sampled_from(
    [
        "",
        " ",
        "\0",
        "\ud800",
        "żółć",
        "x" * 700,
        "9999-12-31T23:59:59Z",
        "1e9",
        "-5",
        "gid://shopify/Order/1",
        10**15,
        10**30,
        -1,
        0,
        1e300,
        0.1,
        True,
        None,
        [],
        {},
        [[]],
        {"data": [None, 1, {}]},
        {"id": 5},
    ]
)
TEXTS = st.text(st.characters(exclude_categories=()), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a payload with each of its keys."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in list(inner):
        yield value, key
        yield from places(held)


@st.composite
def mutated(draw: st.DrawFn) -> Sample:
    """A payload in which up to four values were changed or taken away, and perhaps a header."""
    kind, headers, payload = deepcopy(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 4))):
        found = list(places(payload))
        if not found:
            break
        holder, key = found[draw(st.integers(0, len(found) - 1))]
        if draw(st.booleans()) and isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = deepcopy(draw(VALUES))
    if headers and draw(st.booleans()):
        headers[draw(st.sampled_from(sorted(headers)))] = draw(TEXTS)
    return kind, headers, payload


def delivered(kind: str, headers: Mapping[str, str], body: bytes) -> Item:
    [item] = KINDS[kind].translate(Delivery(1, kind, kind, NOW, headers, body))
    return item


def check(item: Item) -> None:
    assert item.outcome in ("accepted", "quarantined", "ignored")
    assert bool(item.facts) == (item.outcome == "accepted")
    assert item.outcome == "accepted" or item.reason
    assert (item.outcome == "quarantined") == bool(item.field)
    for text in (item.item_id, item.reason, item.field, item.value, item.raw):
        is_storable(text)
    for fact in item.facts:
        check_fact(fact.shape, fact.values)


def check_fact(shape: str, values: Mapping[str, Any]) -> None:
    columns = {column.name: column for column in SHAPES[shape].columns}
    assert {name for name, column in columns.items() if column.required} <= values.keys()
    for name, value in values.items():
        is_storable(name)
        assert isinstance(value, str)
        assert value
        is_storable(value)
        if name in columns:
            READS[columns[name].kind](columns[name], value)


def is_storable(value: str | None) -> None:
    assert "\0" not in (value or "")
    (value or "").encode()


def is_instant(_column: Column, value: str) -> None:
    assert value.endswith("Z")
    assert FIRST <= datetime.fromisoformat(value[:-1]) < LAST


def is_amount(_column: Column, value: str) -> None:
    assert re.fullmatch(r"-?\d{1,14}(\.\d{1,4})?", value, re.ASCII)


def is_choice(column: Column, value: str) -> None:
    assert value in column.choices


def is_currency(_column: Column, value: str) -> None:
    assert re.fullmatch("[A-Z]{3}", value)


READS: dict[str, Callable[[Column, str], Any]] = {
    "instant": is_instant,
    "money": is_amount,
    "number": is_amount,
    "choice": is_choice,
    "currency": is_currency,
    "json": lambda _, value: json.loads(value),
    "text": lambda _, value: value,
}


@pytest.mark.parametrize("kind", KINDS)
@given(body=st.binary(), headers=st.dictionaries(st.sampled_from(shopify.HEADERS), TEXTS))
def test_any_bytes_are_translated(kind: str, body: bytes, headers: dict[str, str]) -> None:
    check(delivered(kind, headers, body))


@pytest.mark.parametrize("kind", KINDS)
@given(value=VALUES, name=st.sampled_from([headers for _, headers, _ in OURS]))
def test_any_json_is_translated(kind: str, value: Any, name: dict[str, str]) -> None:
    check(delivered(kind, name, json.dumps(value).encode()))


@given(sample=mutated())
def test_any_change_of_a_payload_is_translated(sample: Sample) -> None:
    kind, headers, payload = sample
    item = delivered(kind, headers, json.dumps(payload).encode())
    check(item)
    assert item == delivered(kind, headers, json.dumps(payload).encode())


@given(
    kind=st.sampled_from(sorted(KINDS)),
    headers=st.dictionaries(
        st.sampled_from(["stripe-signature", "authorization", ":path", "x-shopify-hmac-sha256"]),
        TEXTS | TEXTS.map(lambda text: f"t=1,v1={text}") | TEXTS.map(lambda text: f"Basic {text}"),
    ),
    body=st.binary(),
)
def test_no_made_up_request_is_authentic(kind: str, headers: dict[str, str], body: bytes) -> None:
    assert KINDS[kind].is_authentic(body, headers, "a secret of ours", NOW)


def test_the_warehouse_takes_every_fact(settings: Settings) -> None:
    pairs = [
        (
            Delivery(number, kind, kind, NOW, headers, b""),
            [delivered(kind, headers, json.dumps(payload).encode())],
        )
        for number, (kind, headers, payload) in enumerate(SAMPLES)
    ]
    with Warehouse.open(settings) as warehouse:
        for source in gathered(pairs):
            with warehouse.transaction():
                report = load_rows(warehouse, source.source, source.rows, source.bad, now=NOW)
            assert sum(count.added for count in report.counts)
        aside = warehouse.frame("select source, shape, field, reason from quarantine_listing")
    known = [row for row in aside.rows() if "has no rate" not in row[3]]
    assert known == []
