"""A Shopify customer as what was said about an account."""

from datetime import datetime

from data.intake.billing.money import currency
from data.intake.billing.node import Node
from data.intake.billing.reading import Nothing, Reading, fact, link
from data.intake.billing.shopify.ids import gid, own
from data.intake.billing.stamp import iso, iso_of


def update(customer: Node, at: datetime) -> Reading:
    """Its name and address as they stand at `at`; the id of a shop's own sign-in (Multipass) is our id."""
    account = own("Customer", customer)
    names = (customer.at("first_name").text(), customer.at("last_name").text())
    told = fact(
        "account_updates",
        account_id=account,
        updated_at=iso(at),
        created_at=iso_of(customer.at("created_at")),
        name=" ".join(name for name in names if name) or None,
        email=customer.at("email").text(),
        currency=currency(customer.at("currency")),
        country=customer.at("default_address", "country_code").text(),
        tags=customer.at("tags").text(),
        state=customer.at("state").text(),
    )
    return [told, *link(account, customer.at("multipass_identifier").text(), iso(at) or "")]


def merge(body: Node, at: datetime) -> Reading:
    """Two customers that turned out to be one."""
    if body.at("status").value != "completed":
        return Nothing(f"a merge of customers that is {body.at('status').text() or 'not done'}")
    kept = gid("Customer", body.at("admin_graphql_api_customer_kept_id"))
    gone = gid("Customer", body.at("admin_graphql_api_customer_deleted_id"))
    if kept is None or gone is None:
        return Nothing("a merge that does not name both customers")
    return [fact("identities", account_id=gone, into_id=kept, linked_at=iso(at), kind="person")]
