"""Stripe's webhooks: subscriptions, invoices, payments and customers, of every version of its API."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from data.intake.billing.node import Node
from data.intake.billing.reading import Reading, name_in, one_item
from data.intake.billing.signatures import stripe_fault, stripe_signature
from data.intake.billing.stripe.events import facts_of_event
from data.intake.delivery import Delivery, Item
from data.intake.trial import WHO, Trial

TITLE = "Stripe"
ABOUT = (
    "Subscriptions, invoices, payments, refunds and disputes as they happen. In Stripe's dashboard add a "
    "webhook endpoint with the address below for customer.*, invoice.*, charge.*, payment_intent.* and "
    "checkout.session.completed, and store its signing secret (whsec_…) here."
)
AUTH = "secret"
PATHS = ("/webhooks/stripe", "/webhooks/stripe/{source}")
HEADERS: tuple[str, ...] = ()
SNIPPET = """stripe webhook_endpoints create \\
  --url="{host}/webhooks/stripe/{source}" \\
  -d "enabled_events[]=customer.*" -d "enabled_events[]=invoice.*" \\
  -d "enabled_events[]=charge.*" -d "enabled_events[]=payment_intent.*" \\
  -d "enabled_events[]=checkout.session.completed"
"""


def is_authentic(body: bytes, headers: Mapping[str, str], secret: str, now: datetime) -> str | None:
    """None if Stripe signed this body within five minutes of `now`, else why not."""
    return stripe_fault(body, headers.get("stripe-signature"), secret, now)


def translate(delivery: Delivery) -> list[Item]:
    """One event, one item."""
    return [one_item(delivery.body, _read, _name)]


def _read(root: Node) -> Reading:
    return facts_of_event(root)


def _name(root: Node) -> str | None:
    return name_in(root, "id")


def trial(secret: str, now: datetime) -> Trial:
    """A harmless request: a signed event of a type that says nothing."""
    at = int(now.replace(tzinfo=UTC).timestamp())
    sent = {"id": f"evt_{WHO}_{at}", "object": "event", "type": f"{WHO}.sent", "created": at}
    body = json.dumps({**sent, "data": {"object": {}}}).encode()
    return Trial("/webhooks/stripe/{source}", {"stripe-signature": stripe_signature(body, secret, at)}, body)
