"""Every payload of every generation is taken, or passed over with a reason; none is set aside."""

from collections import Counter

import pytest

from tests.data.intake.billing.payloads import item
from tests.data.intake.kinds.real_payloads import FOLDER, real_payloads

PAYLOADS = list(real_payloads())

pytestmark = pytest.mark.skipif(
    not PAYLOADS, reason=f"HOLDFAST_REAL_DATA ({FOLDER or 'not set'}) has no payloads"
)


@pytest.mark.parametrize(("request_", "where"), PAYLOADS, ids=[where for _, where in PAYLOADS])
def test_a_real_payload_is_accepted_or_ignored_with_a_reason(request_, where):
    kind, headers, payload = request_
    found = item(kind, payload, headers)
    assert found.outcome in ("accepted", "ignored"), f"{where}: {found.reason}"
    assert found.facts or found.reason


def test_each_kind_finds_facts_in_them():
    found = Counter(kind for (kind, headers, payload), _ in PAYLOADS if item(kind, payload, headers).facts)
    assert found["stripe"] > 20
    assert found["chargebee"] == 6
    assert found["shopify"] > 30


@pytest.mark.parametrize("name", ["customer.subscription.created.json", "customer.subscription.updated.json"])
def test_the_subscription_of_2020_costs_fifteen_dollars_a_month(name):
    [(kind, headers, payload)] = [sample for sample, where in PAYLOADS if where == f"stripe_2020/{name}"]
    [change, _] = item(kind, payload, headers).facts
    assert (change.values["mrr"], change.values["currency"], change.values["status"]) == (
        "15",
        "USD",
        "active",
    )
