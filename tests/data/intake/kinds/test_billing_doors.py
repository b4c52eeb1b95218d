"""The billing kinds behind their doors: what is signed is kept, and nothing else."""

import hmac
import json
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
import stripe as official

from data.intake import registry, secrets
from data.intake.translate import translated
from tests.data.intake.billing.payloads import (
    bought,
    chargebee_event,
    chargebee_subscription,
    event,
    price,
    topic,
)
from tests.data.intake.conftest import House, now
from tests.data.intake.kinds.test_shopify import order

SECRETS = {"stripe": "whsec_1", "chargebee": "hold:fast", "shopify": "hush"}
PAYLOADS: dict[str, Any] = {
    "stripe": event("customer.subscription.created", bought((price(1500), 1))),
    "chargebee": chargebee_event("subscription_created", subscription=chargebee_subscription(mrr=4900)),
    "shopify": order(),
}


@pytest.fixture
def shop(house: House) -> House:
    for kind, secret in SECRETS.items():
        registry.add_source(house.inbox, kind, kind, {}, now())
        secrets.keep_secret(house.inbox, kind, secret, now())
    return house


def proof(kind: str, body: str, secret: str) -> dict[str, str]:
    """What the sender adds to show who it is."""
    if kind == "stripe":
        signed_at = int(datetime.now(UTC).timestamp())
        return {
            "Stripe-Signature": official.WebhookSignature.generate_signature_header(body, secret, signed_at)
        }
    if kind == "chargebee":
        return {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"}
    signature = hmac.new(secret.encode(), body.encode(), sha256).digest()
    return {**topic("orders/create"), "X-Shopify-Hmac-Sha256": b64encode(signature).decode()}


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("place", ["", "/{kind}"])
def test_what_is_signed_is_kept_and_read_from_the_inbox(shop: House, kind: str, place: str) -> None:
    body = json.dumps(PAYLOADS[kind])
    headers = proof(kind, body, SECRETS[kind])
    answer = shop.client.post(f"/webhooks/{kind}{place.format(kind=kind)}", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    [kept] = shop.kept()
    assert (kept.source, kept.kind, kept.body) == (kind, kind, body.encode())
    [item] = translated(kept)
    assert item.outcome == "accepted"


@pytest.mark.parametrize("kind", SECRETS)
def test_a_wrong_secret_opens_nothing(shop: House, kind: str) -> None:
    body = json.dumps(PAYLOADS[kind])
    answer = shop.client.post(f"/webhooks/{kind}", content=body, headers=proof(kind, body, "guess:ed"))
    assert answer.status_code == 401
    assert not shop.kept()


@pytest.mark.parametrize("kind", ["stripe", "shopify"])
def test_a_body_that_was_tampered_with_opens_nothing(shop: House, kind: str) -> None:
    body = json.dumps(PAYLOADS[kind])
    answer = shop.client.post(
        f"/webhooks/{kind}", content=body + " ", headers=proof(kind, body, SECRETS[kind])
    )
    assert answer.status_code == 401
    assert not shop.kept()


def test_no_secret_is_kept_with_a_delivery(shop: House) -> None:
    body = json.dumps(PAYLOADS["chargebee"])
    sent = shop.client.post("/webhooks/chargebee?secret=hold%3Afast", content=body)
    assert sent.status_code == 200
    [kept] = shop.kept()
    assert "fast" not in json.dumps(dict(kept.headers))
