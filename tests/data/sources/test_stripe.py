"""The connector to Stripe, against a server that speaks its list protocol."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from data.errors import BadInput, TryAgain
from data.intake.billing.stripe.objects import facts_of_object
from data.intake.delivery import Delivery, Item
from data.intake.kinds import stripe as webhooks
from data.params import stored
from data.settings import ROOT
from data.sources import Page, connector, stripe
from tests.data.sources.stripe_server import KEY, Account, running

NOW = datetime(2025, 6, 1, 12)
DAY = 86_400
START = 1_740_000_000  # in February 2025


def customer(number: int) -> dict[str, Any]:
    return {
        "id": f"cus_{number:04d}",
        "object": "customer",
        "created": START + number,
        "email": f"{number}@example.com",
        "name": f"Customer {number}",
        "currency": "eur",
        "metadata": {"account_id": f"own_{number}"},
    }


def subscription(number: int, cents: int = 1000, status: str = "active") -> dict[str, Any]:
    price = {"id": "price_1", "object": "price", "unit_amount": cents, "currency": "eur",
             "unit_amount_decimal": str(cents), "billing_scheme": "per_unit",
             "recurring": {"interval": "month", "interval_count": 1, "usage_type": "licensed"}}  # fmt: skip
    item = {"id": f"si_{number}", "object": "subscription_item", "price": price, "quantity": 1,
            "current_period_end": START + 60 * DAY}  # fmt: skip
    return {
        "id": f"sub_{number:04d}",
        "object": "subscription",
        "customer": f"cus_{number:04d}",
        "created": START + number,
        "start_date": START + number,
        "status": status,
        "currency": "eur",
        "items": {"object": "list", "has_more": False, "data": [item]},
        "discounts": [],
        "metadata": {},
    }


def line(number: int) -> dict[str, Any]:
    return {"id": f"il_{number:04d}", "object": "line_item", "amount": 100, "currency": "eur",
            "period": {"start": START, "end": START + 30 * DAY}, "description": "a line"}  # fmt: skip


def invoice(number: int, lines: int = 1) -> dict[str, Any]:
    inside = [line(number * 1000 + place) for place in range(lines)]
    return {
        "id": f"in_{number:04d}",
        "object": "invoice",
        "customer": f"cus_{number:04d}",
        "created": START + number * DAY,
        "status": "paid",
        "currency": "eur",
        "amount_due": 100 * lines,
        "total": 100 * lines,
        "status_transitions": {"finalized_at": START + number * DAY, "paid_at": START + number * DAY + 60},
        "lines": {"object": "list", "has_more": lines > 10, "data": inside[:10]},
    }


def charge(number: int) -> dict[str, Any]:
    return {
        "id": f"ch_{number:04d}",
        "object": "charge",
        "customer": f"cus_{number:04d}",
        "created": START + number * DAY,
        "amount": 100,
        "currency": "eur",
        "status": "succeeded",
        "paid": True,
        "invoice": f"in_{number:04d}",
        "amount_refunded": 0,
    }


def event(number: int, created: int, one: dict[str, Any], name: str) -> dict[str, Any]:
    return {"id": f"evt_{number:04d}", "object": "event", "type": name, "created": created,
            "data": {"object": one}, "request": {"id": None, "idempotency_key": None}}  # fmt: skip


@pytest.fixture
def account() -> Iterator[Account]:
    with running(Account()) as served:
        yield served


@pytest.fixture
def shop(account: Account) -> Account:
    """Two hundred and fifty customers with what they bought, and three events."""
    account.add("customers", *map(customer, range(250)))
    account.add("subscriptions", *map(subscription, range(250)))
    account.add("invoices", *map(invoice, range(120)))
    account.add("charges", *map(charge, range(120)))
    for number in range(3):
        dearer = subscription(number, 2000 + number)
        account.add(
            "events", event(number, START + 90 * DAY + number, dearer, "customer.subscription.updated")
        )
    return account


def params(account: Account, **given: Any) -> stripe.Params:
    found = connector("stripe").read({"api_key": KEY, "api_base": account.url} | given)
    assert isinstance(found, stripe.Params)
    return found


class Kept:
    """What an inbox would hold."""

    def __init__(self) -> None:
        self.cursor: str | None = None
        self.facts: list[tuple[str, str]] = []
        self.set_aside: list[Item] = []

    def take(self, pages: Iterable[Page], most: int = 10**9) -> int:
        taken = 0
        for page in pages:
            self.facts += [(fact.shape, json.dumps(fact.values, sort_keys=True)) for fact in page.facts]
            self.set_aside += page.set_aside
            self.cursor = page.cursor
            taken += 1
            if taken == most:
                break
        return taken

    def pull(self, how: stripe.Params, most: int = 10**9, now: datetime = NOW) -> int:
        return self.take(stripe.pull(how, self.cursor, now), most)

    def ids(self, shape: str, key: str) -> list[str]:
        return sorted(json.loads(values)[key] for found, values in self.facts if found == shape)


def expected(account: Account) -> list[tuple[str, str]]:
    """What the objects and the events say, by the functions that read webhooks."""
    facts = []
    for path, objects in account.lists.items():
        for one in objects:
            if path == "/v1/events":
                body = json.dumps(one).encode()
                (item,) = webhooks.translate(Delivery(1, "stripe", "stripe", NOW, {}, body))
                facts += item.facts
            else:
                facts += facts_of_object(one, NOW)
    return sorted((fact.shape, json.dumps(fact.values, sort_keys=True)) for fact in facts)


def test_everything_is_read_once_and_says_what_the_webhooks_say(shop: Account) -> None:
    kept = Kept()
    assert kept.pull(params(shop)) == 3 + 3 + 2 + 2 + 1
    assert sorted(kept.facts) == expected(shop)
    assert kept.set_aside == []
    assert kept.pull(params(shop)) == 0


def test_what_is_asked_for_names_all_states_and_the_start(shop: Account) -> None:
    Kept().pull(params(shop, since="2025-03-15"))
    asked = {path: query for path, query in shop.asked if "starting_after" not in query}
    assert asked["/v1/subscriptions"]["status"] == ["all"]
    assert asked["/v1/charges"]["expand[0]"] == ["data.payment_intent"]
    assert asked["/v1/invoices"]["created[gte]"] == ["1741996800"]
    assert "created[gte]" not in asked["/v1/customers"]
    assert asked["/v1/customers"]["limit"] == ["100"]


def test_lines_that_the_list_leaves_out_are_asked_for(account: Account) -> None:
    account.add("invoices", invoice(1, lines=25))
    account.lists["/v1/invoices"][0]["lines"]["data"] = [line(1024 - place) for place in range(10)]
    account.add("invoices/in_0001/lines", *[line(1000 + place) for place in range(25)])
    for place, one in enumerate(account.lists["/v1/invoices/in_0001/lines"]):
        one["created"] = place
    kept = Kept()
    kept.pull(params(account))
    assert kept.ids("invoice_lines", "line_id") == [f"il_{1000 + place}" for place in range(25)]


def test_new_events_are_read_once_each_and_late_ones_too(shop: Account) -> None:
    kept, how = Kept(), params(shop)
    kept.pull(how)
    first = len(kept.facts)
    at = START + 91 * DAY
    shop.add("events", event(10, at, subscription(5, 3000), "customer.subscription.updated"))
    assert kept.pull(how) == 1
    shop.add("events", event(11, at - 300, subscription(6, 3000), "customer.subscription.updated"))
    shop.add("events", event(12, at, customer(7) | {"name": "New"}, "customer.updated"))
    shop.add("events", event(13, at, {"object": "payout", "id": "po_1"}, "payout.paid"))
    kept.pull(how)
    assert kept.pull(how) == 0
    assert sorted(kept.facts) == expected(shop)
    assert len(kept.facts) > first


def test_after_a_pause_of_a_month_everything_is_listed_again(shop: Account) -> None:
    kept, how = Kept(), params(shop)
    kept.pull(how)
    assert kept.pull(how, now=NOW + timedelta(days=29)) == 1  # only the day of the pass is written down
    assert kept.pull(how, now=NOW + timedelta(days=59)) == 11


def test_what_cannot_be_read_is_set_aside_and_the_rest_is_kept(account: Account) -> None:
    account.add("subscriptions", subscription(1), subscription(2) | {"status": "odd"})
    account.add(
        "events", event(1, START, subscription(3) | {"customer": 5.5}, "customer.subscription.updated")
    )
    kept = Kept()
    kept.pull(params(account))
    assert set(kept.ids("subscription_changes", "subscription_id")) == {"sub_0001"}
    assert [(item.item_id, item.field, item.value) for item in kept.set_aside] == [
        ("sub_0002", "status", "odd"),
        ("evt_0001", "data.object.customer", "5.5"),
    ]
    assert '"status": "odd"' in kept.set_aside[0].raw


@pytest.mark.parametrize("fault", ["429", "500", "reset"])
def test_what_passes_is_tried_again_by_the_library(shop: Account, fault: str) -> None:
    shop.faults = ["", "", fault, fault]
    kept = Kept()
    kept.pull(params(shop))
    assert sorted(kept.facts) == expected(shop)


FAULTS = {"429 for good": "fault 429 for good.", "cut": "Unexpected error communicating with Stripe."}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_pass_leaves_the_cursor_where_it_was(shop: Account, fault: str) -> None:
    shop.faults = ["", "", fault]
    kept = Kept()
    with pytest.raises(TryAgain) as told:
        kept.pull(params(shop))
    assert str(told.value) == f"Stripe did not give customers: {FAULTS[fault]}"
    kept.pull(params(shop))
    assert sorted(kept.facts) == expected(shop)


def test_a_key_that_is_wrong_or_may_not_read_is_said(shop: Account) -> None:
    with pytest.raises(
        BadInput, match="Stripe does not let this key read customers: Invalid API Key"
    ) as told:
        stripe.check(params(shop, api_key="sk_test_bad_and_secret"))
    assert "secret" not in str(told.value)
    shop.faults = ["", "403"]
    with pytest.raises(BadInput, match="Stripe does not let this key read subscriptions: fault 403"):
        stripe.check(params(shop))
    with pytest.raises(BadInput, match="Stripe needs 'api_key': A restricted key"):
        connector("stripe").read({})


def test_a_check_says_what_is_there(shop: Account) -> None:
    told = "Stripe answers; there are customers, subscriptions, invoices, charges, events."
    assert stripe.check(params(shop)) == told
    shop.lists = {}
    assert stripe.check(params(shop)) == "Stripe answers; there are no objects yet."


def test_a_list_goes_on_though_its_last_object_was_deleted(shop: Account) -> None:
    kept = Kept()
    kept.pull(params(shop), most=1)
    customers = shop.lists["/v1/customers"]
    assert '"after": "cus_0150"' in (kept.cursor or "")
    customers.remove(next(one for one in customers if one["id"] == "cus_0150"))
    kept.pull(params(shop))
    assert len(set(kept.ids("account_updates", "account_id"))) == 250


KILLED = """
import json, os, sys
from datetime import datetime
from data.sources import connector
how = connector("stripe").read(json.loads(sys.argv[1]))
for number, page in enumerate(connector("stripe").pull(how, None, datetime(2025, 6, 1, 12))):
    facts = [(fact.shape, json.dumps(fact.values, sort_keys=True)) for fact in page.facts]
    print(json.dumps([page.cursor, facts]), flush=True)
    if number == int(sys.argv[2]):
        os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("pages", [0, 4, 7, 9])
def test_killed_in_the_middle_it_goes_on_with_each_object_once(shop: Account, pages: int) -> None:
    line = [sys.executable, "-c", KILLED, json.dumps(stored(params(shop))), str(pages)]
    died = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    kept = Kept()
    for page in map(json.loads, died.stdout.splitlines()):
        kept.cursor = page[0]
        kept.facts += [(shape, values) for shape, values in page[1]]
    kept.pull(params(shop))
    assert sorted(kept.facts) == expected(shop)


@given(
    bursts=st.lists(st.lists(st.integers(-599, 2000), max_size=12), min_size=1, max_size=5),
    most=st.integers(1, 7),
    stops=st.lists(st.integers(1, 3), max_size=6),
)
@tried(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_event_is_read_once_whatever_the_pages_and_the_times(
    account: Account, bursts: list[list[int]], most: int, stops: list[int]
) -> None:
    """Events appear at most ten minutes before the newest there is, between any two pages."""
    account.lists, account.most = {}, most
    kept, how, newest, count = Kept(), params(account), START, 0
    turns = iter(stops)
    for burst in bursts:
        for after in burst:
            count += 1
            at = newest + after
            newest = max(newest, at)
            account.add("events", event(count, at, customer(count), "customer.updated"))
        kept.pull(how, most=next(turns, 10**9))
    while kept.pull(how):
        pass
    assert sorted(kept.facts) == expected(account)


def test_the_library_is_loaded_only_where_stripe_is_asked() -> None:
    code = "import sys, data.sources as s; s.connectors(); print('stripe' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
