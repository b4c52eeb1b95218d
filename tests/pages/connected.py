"""Deliveries of two doors, put into the inbox as they would have come over two days."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from data.intake.inbox import Arrival, Inbox
from data.intake.kinds import facts
from data.settings import Settings
from engine import sources

HALF_HOUR = timedelta(minutes=30)
SILENT = timedelta(hours=3)
UNREADABLE = 60  # calls that name nobody
UNTIMELY = 5  # calls whose time is none


def connect(home: Path, now: datetime) -> None:
    settings = Settings(home=home)
    for name, kind in (("app", "segment"), ("billing", "stripe"), ("new", "posthog")):
        sources.add_source(settings, name, kind)
    inbox = Inbox.open(settings)
    inbox.put(sorted([*of_app(now), of_billing(now)], key=lambda arrival: arrival.received_at))


def of_app(now: datetime) -> list[Arrival]:
    times = [now - SILENT - number * HALF_HOUR for number in range(96)]
    sent = [delivery(at, [track(at)]) for at in times]
    return [*sent, delivery(times[0], bad_calls())]


def delivery(at: datetime, calls: list[dict[str, object]]) -> Arrival:
    return Arrival("app", "segment", at, {":path": "/v1/batch"}, json.dumps({"batch": calls}).encode())


def track(at: datetime) -> dict[str, object]:
    call = {"type": "track", "userId": "acc-001", "event": "visited", "messageId": f"m{at.timestamp()}"}
    return {**call, "timestamp": f"{at.isoformat()}Z"}


def bad_calls() -> list[dict[str, object]]:
    nobody = [
        {"type": "track", "event": "visited", "messageId": f"n{number}"} for number in range(UNREADABLE)
    ]
    untimely = [
        {
            "type": "track",
            "userId": "acc-001",
            "event": "<b>",
            "messageId": f"t{number}",
            "timestamp": f"soon {number}",
        }
        for number in range(UNTIMELY)
    ]
    return [*nobody, *untimely]


def of_billing(now: datetime) -> Arrival:
    change = {
        "subscription_id": "sub-new",
        "account_id": "nobody yet",
        "mrr": "10",
        "effective_at": f"{now}Z",
    }
    return Arrival("billing", "facts", now, {}, facts.body([("subscription_changes", change)]))
