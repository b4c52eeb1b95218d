"""What is listed, in which order, and what each listed object says."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data.intake.billing.node import Node, Unreadable, storable
from data.intake.billing.reading import Reading, as_item, name_in
from data.intake.billing.stripe.events import facts_of_event
from data.intake.billing.stripe.objects import facts_of_object
from data.intake.delivery import Fact, Item
from data.sources.stripe_api.asking import Api


@dataclass(frozen=True)
class List:
    """One of Stripe's lists.

    Args:
        asked: what is asked for beside the page.
        is_dated: whether only what was created since the source's start is wanted.
        whole: completes an object of which the list holds only the beginning.
    """

    name: str
    asked: Mapping[str, Any] = field(default_factory=dict)
    is_dated: bool = False
    whole: Callable[[Api, Node], Node] = lambda _api, one: one

    @property
    def path(self) -> str:
        return f"/v1/{self.name}"


def _all_items(api: Api, one: Node) -> Node:
    return _completed(api, one, "items", "/v1/subscription_items", subscription=one.at("id").text())


def _all_lines(api: Api, one: Node) -> Node:
    return _completed(api, one, "lines", f"/v1/invoices/{one.at('id').text()}/lines")


def _completed(api: Api, one: Node, name: str, path: str, **asked: Any) -> Node:
    """The object with all of a list inside it."""
    if not one.at(name, "has_more").is_true:
        return one
    held = [inner.value for inner in one.at(name).each()]
    last = Node(held[-1]).at("id").text() if held else None
    inside = {**one.value[name], "data": held + api.rest(path, last, **asked), "has_more": False}
    return Node({**one.value, name: inside})


LISTS = (
    List("customers"),
    List(
        "subscriptions",
        {"status": "all", "expand": ["data.discounts.source.coupon", "data.items.data.discounts"]},
        whole=_all_items,
    ),
    List("invoices", is_dated=True, whole=_all_lines),
    List("charges", {"expand": ["data.payment_intent"]}, is_dated=True),
)
EVENTS = List("events")


def item_of(one: Node, at: datetime) -> Item:
    """What a listed object says at an instant before it was asked for."""
    return _item(one, lambda: facts_of_object(one.value, at))


def item_of_event(one: Node) -> Item:
    """Read as its webhook is: the same event gives the same facts, whichever way it came."""
    return _item(one, lambda: facts_of_event(one))


def _item(one: Node, read: Callable[[], Reading]) -> Item:
    try:
        return as_item(read(), name_in(one, "id"))
    except Unreadable as wrong:
        raw = storable(json.dumps(one.value, ensure_ascii=False, default=str))
        return Item("quarantined", (), name_in(one, "id"), str(wrong), wrong.field, wrong.value, raw)


def facts_in(items: list[Item]) -> list[Fact]:
    return [fact for item in items for fact in item.facts]


def set_aside_in(items: list[Item]) -> tuple[Item, ...]:
    return tuple(item for item in items if item.outcome == "quarantined")
