"""A Stripe customer as what was said about an account."""

from datetime import datetime

from data.intake.billing.money import currency
from data.intake.billing.node import Node
from data.intake.billing.reading import Nothing, Reading, attributes, fact, link, own_id
from data.intake.billing.stamp import iso, iso_of
from data.intake.delivery import Fact


def update(customer: Node, at: datetime) -> list[Fact]:
    """Name, address and metadata as they stand at `at`, and the own id that the metadata names."""
    account = customer.at("id").needed()
    told = {
        "account_id": account,
        "updated_at": iso(at),
        "created_at": iso_of(customer.at("created")),
        "name": customer.at("name").text() or customer.at("business_name").text(),
        "email": customer.at("email").text(),
        "currency": currency(customer.at("currency")),
        "country": customer.at("address", "country").text(),
    }
    metadata = customer.at("metadata")
    return [
        fact("account_updates", **attributes(metadata, told), **told),
        *link(account, own_id(metadata), iso(at) or ""),
    ]


def checkout(session: Node, at: datetime) -> Reading:
    """A finished checkout says which of our accounts its customer is."""
    customer = session.at("customer").id() or session.at("customer_account").id()
    own = session.at("client_reference_id").text() or own_id(session.at("metadata"))
    if customer is None or own is None:
        return Nothing("a checkout that names no customer, or none of your own ids (client_reference_id)")
    return list(link(customer, own, iso(at) or "")) or Nothing("a checkout whose customer is its own id")
