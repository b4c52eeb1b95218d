"""Whatever the order and repetition of webhooks, the warehouse ends with the same facts and state."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import permutations
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.intake.delivery import Delivery
from data.intake.gather import gathered
from data.intake.translate import translated
from data.settings import Settings
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
    invoice,
    item,
    price,
    rows,
    topic,
)
from tests.data.intake.kinds.test_shopify import CONTRACT, order

NOW = datetime(2026, 3, 1, 12)
DAY = 86400
Sent = tuple[str, dict[str, str], dict[str, Any]]


def sub(name: str, at: int, before: Mapping[str, Any] | None = None, **others: Any) -> Sent:
    """A Stripe event about the one subscription."""
    quantity = others.pop("quantity", 1)
    told = event(
        f"customer.subscription.{name}", bought((price(1500), quantity), **others), at, before=before
    )
    return ("stripe", {}, told)


def bill(name: str, at: int, **others: Any) -> Sent:
    return ("stripe", {}, event(f"invoice.{name}", invoice(**others), at))


PAID = {"finalized_at": NOON, "paid_at": NOON + 5 * DAY}
STRIPE_LIFE: list[Sent] = [
    sub("created", NOON, status="incomplete"),
    sub("updated", NOON, {"status": "incomplete"}, status="trialing"),  # in the second of its creation
    sub("trial_will_end", NOON + DAY, status="trialing"),
    sub("updated", NOON + 2 * DAY, {"status": "trialing"}),
    sub("updated", NOON + 3 * DAY, {"quantity": 1}, quantity=4),
    sub("updated", NOON + 4 * DAY, discount=coupon(percent_off=50), quantity=4),
    sub("updated", NOON + 5 * DAY, {"status": "active"}, status="past_due", quantity=4),
    sub("updated", NOON + 5 * DAY, {"status": "past_due"}, quantity=4),  # paid within the second
    bill("created", NOON, status="draft"),
    bill("finalized", NOON),
    bill("payment_failed", NOON),
    ("stripe", {}, event("charge.failed", charge(id="ch_0", status="failed", failure_code="expired_card"))),
    bill("updated", NOON + DAY, due_date=NOON + 7 * DAY),
    bill("paid", NOON + 5 * DAY, status="paid", status_transitions=PAID, due_date=NOON + 7 * DAY),
    ("stripe", {}, event("charge.succeeded", charge(), NOON + 5 * DAY, request=SCHEDULED)),
    (
        "stripe",
        {},
        event("charge.refunded", charge(amount_refunded=300), NOON + 6 * DAY, request={"id": "r"}),
    ),
    ("stripe", {}, event("charge.refunded", charge(amount_refunded=700), NOON + 7 * DAY)),
    sub("updated", NOON + 8 * DAY, quantity=2),
    sub("deleted", NOON + 8 * DAY, status="canceled"),  # with its last update in one second
]
MILLI = NOON * 1000
CHARGEBEE_LIFE: list[Sent] = [
    (
        "chargebee",
        {},
        chargebee_event(
            f"e{n}", NOON, subscription=chargebee_subscription(resource_version=MILLI + n, **state)
        ),
    )
    for n, state in enumerate(
        ({"status": "in_trial", "mrr": 0}, {"mrr": 4900}, {"mrr": 9800}, {"status": "paused"})
    )
]
SHOPIFY_LIFE: list[Sent] = [
    (
        "shopify",
        topic(f"subscription_contracts/{name}", f"2024-08-0{day}T10:00:00Z"),
        {**CONTRACT, "status": status},
    )
    for day, (name, status) in enumerate(
        (("create", "active"), ("pause", "paused"), ("activate", "active")), 1
    )
] + [
    ("shopify", topic("orders/create", "2024-08-01T10:00:00Z"), order()),
    ("shopify", topic("orders/paid", "2024-08-02T10:00:00Z"), order(financial_status="paid")),
    ("shopify", topic("orders/updated", "2024-08-03T10:00:00Z"), order(total_price="99.20")),
]
LIVES = {"stripe": STRIPE_LIFE, "chargebee": CHARGEBEE_LIFE, "shopify": SHOPIFY_LIFE}

FACTS = """
select 'change', subscription_id, cast(effective_at as varchar), status, cast(mrr as varchar)
from subscription_changes
union all select 'update', invoice_id, cast(updated_at as varchar), cast(paid_at as varchar),
    cast(amount as varchar)
from invoice_updates
union all select 'line', line_id, kind, null, cast(amount as varchar) from invoice_lines
union all select 'payment', payment_id, initiated_by, cast(attempted_at as varchar), cast(amount as varchar)
from payments
union all select 'invoice', invoice_id, null, null, null from invoices
union all select 'told', cast(account_key as varchar), cast(updated_at as varchar), name, email
from account_updates
order by all
"""
STATE = """
select status, mrr, quantity from subscription_changes order by effective_at desc, ends_span, seq desc limit 1
"""
LAST_SAID = """
select
    max_by(due_at, updated_at) filter (due_at is not null),
    max_by(amount, updated_at) filter (amount is not null),
    max_by(paid_at, updated_at) filter (paid_at is not null),
    max_by(refunded_amount, updated_at) filter (refunded_amount is not null)
from invoice_updates
"""


def outcome(life: Sequence[Sent]) -> dict[str, Any]:
    """What the warehouse holds after these deliveries, loaded in two batches."""
    sent = [
        Delivery(number, kind, kind, NOW, headers, json.dumps(payload).encode())
        for number, (kind, headers, payload) in enumerate(life)
    ]
    with TemporaryDirectory() as home, Warehouse.open(Settings(home=home)) as warehouse:
        for batch in (sent[:3], sent[3:]):
            for source in gathered((one, translated(one)) for one in batch):
                with warehouse.transaction():
                    load_rows(warehouse, source.source, source.rows, source.bad, now=NOW)
        queries = {"facts": FACTS, "state": STATE, "invoice": LAST_SAID}
        return {name: warehouse.frame(query).rows() for name, query in queries.items()}


def shuffled(life: Sequence[Sent]) -> st.SearchStrategy[list[Sent]]:
    """All of a life in any order, and some of it again."""
    again = st.lists(st.sampled_from(life), max_size=6)
    return again.flatmap(lambda more: st.permutations([*life, *more]))


@cache
def in_order(name: str) -> dict[str, Any]:
    return outcome(LIVES[name])


@pytest.mark.parametrize("name", LIVES)
@settings(max_examples=settings.default.max_examples // 8)
@given(data=st.data())
def test_any_order_and_repetition_gives_the_same(name: str, data: st.DataObject) -> None:
    assert outcome(data.draw(shuffled(LIVES[name]))) == in_order(name)


def test_a_life_ends_as_it_should() -> None:
    [(status, mrr, _)] = in_order("stripe")["state"]
    assert (status, mrr) == ("canceled", 0)
    [(due, amount, paid, refunded)] = in_order("stripe")["invoice"]
    assert (str(due), str(paid)) == ("2023-11-21 22:13:20", "2023-11-19 22:13:20")
    assert (amount, refunded) == (15, 7)
    assert in_order("chargebee")["state"][0][0] == "paused"
    assert in_order("shopify")["state"][0][0] == "active"


def last(events: Sequence[Sent]) -> tuple[str, str]:
    changes = [
        row for kind, _, payload in events for row in rows(item(kind, payload).facts, "subscription_changes")
    ]
    final = max(changes, key=lambda change: datetime.fromisoformat(change["effective_at"]))
    return final["status"], final["mrr"]


SECONDS: list[tuple[list[Sent], tuple[str, str]]] = [
    ([sub("created", NOON, status="incomplete"), sub("updated", NOON)], ("active", "15")),
    ([sub("created", NOON), sub("updated", NOON, quantity=3)], ("active", "45")),
    ([sub("updated", NOON, quantity=3), sub("deleted", NOON, status="canceled")], ("canceled", "0")),
    ([sub("created", NOON), sub("deleted", NOON, status="canceled")], ("canceled", "0")),
    ([sub("updated", NOON), sub("updated", NOON, status="past_due")], ("past_due", "15")),
    (
        [
            sub("updated", NOON, {"status": "active"}, status="past_due"),
            sub("updated", NOON, {"status": "past_due"}),
        ],
        ("active", "15"),
    ),
    (
        [sub("created", NOON, status="trialing"), sub("updated", NOON, {"status": "trialing"})],
        ("active", "15"),
    ),
]


@pytest.mark.parametrize(("events", "final"), SECONDS)
def test_two_events_of_one_second_have_one_order(events: list[Sent], final: tuple[str, str]) -> None:
    assert {last(sent) for sent in permutations(events)} == {final}


def test_the_finer_time_stays_within_its_second() -> None:
    for kind, _, payload in STRIPE_LIFE:
        for change in rows(item(kind, payload).facts, "subscription_changes"):
            at = datetime.fromisoformat(change["effective_at"])
            assert int(at.timestamp()) == payload["created"]
            assert at.microsecond < 100_000
