"""One form for Shopify's ids, which payloads give as numbers, as `gid://shopify/…` or as both.

The long form is kept: a bare customer number 17 could be anybody's account 17.
"""

import re

from data.intake.billing.node import Node, Unreadable
from data.speech import english

_GID = re.compile(r"(gid://shopify/[A-Za-z]+/[A-Za-z0-9_-]+)(\?.*)?", re.ASCII)
_NUMBER = re.compile(r"\d{1,30}", re.ASCII)


def gid(kind: str, *nodes: Node) -> str | None:
    """The id in its long form, from the first of these places that holds one."""
    for node in nodes:
        text = node.text()
        if text is None:
            continue
        if _NUMBER.fullmatch(text):
            return f"gid://shopify/{kind}/{text}"
        if named := _GID.fullmatch(text):
            return named.group(1)
        raise Unreadable(node.path, text, english("is not an id such as gid://shopify/{kind}/17", kind=kind))
    return None


def own(kind: str, thing: Node) -> str:
    """The id of a thing itself."""
    return gid(kind, thing.at("admin_graphql_api_id"), thing.at("id")) or thing.at("id").needed()


def contract_of(thing: Node) -> str | None:
    name = "subscription_contract_id"
    return gid("SubscriptionContract", thing.at(f"admin_graphql_api_{name}"), thing.at(name))


def order_of(thing: Node) -> str | None:
    return gid("Order", thing.at("admin_graphql_api_order_id"), thing.at("order_id"))


def customer_of(thing: Node) -> str | None:
    """The customer, as an object or as an id."""
    holder = thing.at("customer")
    if holder.is_object:
        return gid("Customer", holder.at("admin_graphql_api_id"), holder.at("id"))
    return gid("Customer", thing.at("admin_graphql_api_customer_id"), thing.at("customer_id"))
