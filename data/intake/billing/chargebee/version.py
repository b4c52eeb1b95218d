"""When Chargebee wrote what a payload holds: every resource bears the millisecond of its version."""

from datetime import datetime

from data.intake.billing.node import Node
from data.intake.billing.stamp import ranked


def written(resource: Node, event: Node) -> datetime:
    """The version's millisecond; of older payloads, the second of the event and a definite order within it.

    A version is the resource's, not the event's: whichever of several events tells it, the fact is the same.
    """
    version = resource.at("resource_version").instant(per_second=1000)
    if version is not None:
        return version
    return ranked(event.at("occurred_at").needed_instant(), 5, event.at("id").text() or "")
