"""What deliveries mean: each read by its kind; one that its kind stumbles over is set aside whole."""

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from data.intake.delivery import Delivery, Item

Translate = Callable[[Delivery], list[Item]]
ROOM = "data.intake.kinds"


def translated(delivery: Delivery) -> list[Item]:
    """The items of a delivery, whatever it holds and whatever is wrong with the code that reads it."""
    translate = translator(delivery.kind)
    if translate is None:
        return [whole(delivery, f"there is no kind {delivery.kind!r} of delivery")]
    try:
        return translate(delivery)
    except Exception as fault:  # noqa: BLE001 (a kind's fault must not stop the others)
        reason = f"the kind {delivery.kind} cannot read this delivery ({type(fault).__name__}: {fault})"
        return [whole(delivery, reason)]


def whole(delivery: Delivery, reason: str) -> Item:
    """A delivery set aside as one item."""
    return Item("quarantined", reason=reason, raw=delivery.body.decode("utf-8", "replace"))


@cache
def translator(kind: str) -> Translate | None:
    name = f"{ROOM}.{kind}"
    if not kind.isidentifier() or find_spec(name) is None:
        return None
    translate: Translate = import_module(name).translate
    return translate


def pairs(deliveries: Iterable[Delivery]) -> list[tuple[Delivery, list[Item]]]:
    return [(delivery, translated(delivery)) for delivery in deliveries]
