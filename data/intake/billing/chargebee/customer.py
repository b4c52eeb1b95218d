"""A Chargebee customer as what was said about an account."""

from collections.abc import Iterator
from datetime import datetime

from data.intake.billing.money import currency
from data.intake.billing.node import Node
from data.intake.billing.reading import attributes, fact, link, own_id
from data.intake.billing.stamp import iso, iso_of
from data.intake.delivery import Fact


def update(customer: Node, at: datetime) -> Iterator[Fact]:
    """Name, address, metadata and custom fields (`cf_…`) as they stand at `at`."""
    account = customer.at("id").needed()
    told = {
        "account_id": account,
        "updated_at": iso(at),
        "created_at": iso_of(customer.at("created_at")),
        "name": _name(customer),
        "email": customer.at("email").text(),
        "currency": currency(customer.at("preferred_currency_code")),
        "country": customer.at("billing_address", "country").text(),
        "sales_channel": customer.at("channel").text(),
    }
    own = Node(_own(customer), customer.path)
    yield fact("account_updates", **attributes(own, told), **told)
    yield from link(account, own_id(own), iso(at) or "")


def _name(customer: Node) -> str | None:
    """The company, else the person."""
    parts = (customer.at("first_name").text(), customer.at("last_name").text())
    return customer.at("company").text() or " ".join(part for part in parts if part) or None


def _own(customer: Node) -> dict[str, object]:
    """What the merchant added: custom fields without their prefix, and metadata, which wins."""
    fields = {
        key[3:]: node.value for key, node in customer.fields() if key.startswith("cf_") and len(key) > 3
    }
    return fields | {key: node.value for key, node in customer.at("meta_data").fields()}
