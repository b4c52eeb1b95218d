"""Chargebee's webhooks: subscriptions, invoices, payments and customers, of both its catalogs."""

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from data.intake.billing.chargebee.events import facts_of_event
from data.intake.billing.node import Node
from data.intake.billing.reading import name_in, one_item
from data.intake.billing.signatures import is_any
from data.intake.credentials import query
from data.intake.delivery import Delivery, Item
from data.intake.trial import WHO, Trial

TITLE = "Chargebee"
ABOUT = (
    "Subscriptions, invoices, payments, refunds and customers as they happen. Chargebee does not sign: in "
    "its settings add a webhook with the address below, protect it with Basic authentication, and store "
    "`user:password` here; or append `?secret=…` to the address and store that secret. Use TLS."
)
AUTH = "secret"
PATHS = ("/webhooks/chargebee", "/webhooks/chargebee/{source}")
HEADERS: tuple[str, ...] = ()
SNIPPET = """URL       {host}/webhooks/chargebee/{source}
Username  the part of the secret before the colon
Password  the part after it
Version   API version 2, all events
"""


def is_authentic(body: bytes, headers: Mapping[str, str], secret: str, now: datetime) -> str | None:  # noqa: ARG001
    """None if the request bears the secret, as Basic authentication or in its address; else why not."""
    given = list(_given(headers))
    if not given:
        return "the request has neither Basic authentication nor a secret in its address"
    return None if secret and is_any(given, secret) else "the user and password, or the secret, are wrong"


def _given(headers: Mapping[str, str]) -> Iterator[str]:
    """`user:password`, either of them alone for a secret without a colon, and the address's secret."""
    scheme, _, rest = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "basic":
        try:
            pair = b64decode(rest.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            return
        user, _, password = pair.partition(":")
        yield from (pair, password or user)
    if secret := query(headers.get(":path", "")).get("secret"):
        yield secret


def translate(delivery: Delivery) -> list[Item]:
    """One event, one item."""
    return [one_item(delivery.body, facts_of_event, _name)]


def _name(root: Node) -> str | None:
    return name_in(root, "id")


def trial(secret: str, now: datetime) -> Trial:
    """A harmless request: an event without any resource in it."""
    at = int(now.replace(tzinfo=UTC).timestamp())
    sent = {"id": f"ev_{WHO}_{at}", "event_type": f"{WHO}_sent", "occurred_at": at, "content": {}}
    pair = secret if ":" in secret else f":{secret}"
    opened = {"authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    return Trial("/webhooks/chargebee/{source}", opened, json.dumps(sent).encode())
