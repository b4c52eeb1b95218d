"""One delivery, one item: a payload is read whole, or set aside whole with the reason."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from data.intake.billing.node import Node, Unreadable, document, storable
from data.intake.delivery import Fact, Item
from data.intake.ids import NOBODY

OWN_IDS = (
    "account_id", "accountId", "group_id", "groupId", "company_id", "companyId", "organization_id",
    "organizationId", "org_id", "workspace_id", "workspaceId", "team_id", "tenant_id",
    "user_id", "userId", "customer_id", "customerId", "external_id", "externalId",
)  # fmt: skip
COLUMNS = ("plan", "region", "channel", "owner")


LONGEST_REASON = 300


@dataclass(frozen=True)
class Nothing:
    """A payload that says nothing Holdfast keeps, and why."""

    reason: str


Reading = list[Fact] | Nothing


def one_item(body: bytes, read: Callable[[Node], Reading], name: Callable[[Node], str | None]) -> Item:
    """The item of a body, whatever its bytes are."""
    item_id = None
    try:
        root = document(body)
        item_id = name(root)
        return as_item(read(root), item_id)
    except Unreadable as wrong:
        raw = storable(body.decode("utf-8", "replace"))
        return Item("quarantined", (), item_id, str(wrong), wrong.field, wrong.value, raw)


def as_item(reading: Reading, item_id: str | None) -> Item:
    if isinstance(reading, Nothing):
        return Item("ignored", item_id=item_id, reason=reading.reason[:LONGEST_REASON])
    return Item("accepted", tuple(reading), item_id)


def name_in(root: Node, *keys: str) -> str | None:
    """What a sender calls its item; nothing where that is no plain text."""
    try:
        return root.at(*keys).text()
    except Unreadable:
        return None


def fact(shape: str, **values: Any) -> Fact:
    """A fact without the columns that hold nothing."""
    return Fact(shape, {name: value for name, value in values.items() if value is not None})


def sighting(account_id: str, at: str) -> Fact:
    """Says that an id is an account, and nothing more about it."""
    return fact("account_updates", account_id=account_id, updated_at=at)


def own_id(metadata: Node) -> str | None:
    """The id under which the product knows a customer, where the metadata names one."""
    for key in OWN_IDS:
        found = scalar(metadata.at(key))
        if found is not None and found.lower() not in NOBODY:
            return found
    return None


def link(customer: str, own: str | None, at: str) -> Iterable[Fact]:
    """That a customer of a billing system is an account of ours."""
    if own is not None and own != customer:
        yield fact("identities", account_id=customer, into_id=own, linked_at=at, kind="billing")


def attributes(metadata: Node, taken: Mapping[str, Any]) -> dict[str, str]:
    """What metadata says of an account, as columns and attributes; a name that is taken gets a prefix."""
    found = {}
    for key, node in metadata.fields():
        value = scalar(node)
        if value is not None and key not in OWN_IDS:
            found[f"metadata_{key}" if key in taken and key not in COLUMNS else key] = value
    return found


def scalar(node: Node) -> str | None:
    """A text, a number or a truth value as text; None for lists and objects."""
    if isinstance(node.value, bool):
        return str(node.value).lower()
    if isinstance(node.value, list | Mapping):
        return None
    if isinstance(node.value, str | int):
        return node.text()
    return None if node.value is None else str(node.value)
