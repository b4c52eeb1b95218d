"""A small company as files: fifty accounts over seven months, with a bit of everything."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

PLANS, REGIONS, CHANNELS = ("Team", "Starter"), ("Europe", "Asia"), ("Organic", "Partner")
STEPS = ("welcome_seen", "value_demonstrated", "first_action")


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def account(number: int, created: datetime) -> dict[str, str]:
    return {
        "account_id": f"acc-{number:03}",
        "created_at": stamp(created),
        "name": f"Company <{number}>",  # looks like a tag on purpose
        "plan": PLANS[number % 2],
        "region": REGIONS[number // 2 % 2],
        "channel": CHANNELS[number % 2],
    }


def events_of(number: int, created: datetime, now: datetime) -> list[dict[str, str]]:
    """Every third account stops after one step; the others go on and come back weekly."""
    reached = STEPS[: 1 if number % 3 == 0 else 3]
    steps = [(created + timedelta(hours=1 + hour * 5), name) for hour, name in enumerate(reached)]
    visits = [
        (created + timedelta(days=7 * week + number % 5), "visited") for week in range(1, 30 - number % 20)
    ]
    return [
        {
            "event_id": f"e{number}-{place}",
            "account_id": f"acc-{number:03}",
            "occurred_at": stamp(at),
            "name": name,
        }
        for place, (at, name) in enumerate(steps + visits)
        if at < now
    ]


def changes_of(number: int, created: datetime, now: datetime) -> list[dict[str, str]]:
    """A subscription after five days, more of it later, and for some an end."""
    price = 49 + 10 * (number % 4)
    plan = [(5, price, "active"), (40, price + 20, "active"), (90 + number, 0, "canceled")]
    rows = plan if number % 5 == 0 else plan[:2]
    return [
        {
            "subscription_id": f"sub-{number}",
            "account_id": f"acc-{number:03}",
            "effective_at": stamp(created + timedelta(days=days)),
            "mrr": str(mrr),
            "status": status,
        }
        for days, mrr, status in rows
        if created + timedelta(days=days) < now
    ]


def write(folder: Path, shape: str, rows: list[dict[str, str]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{shape}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def write_company(folder: Path, now: datetime) -> None:
    born = [(number, now - timedelta(days=200 - number * 4, hours=number)) for number in range(50)]
    write(folder, "accounts", [account(number, created) for number, created in born])
    write(folder, "events", [row for number, created in born for row in events_of(number, created, now)])
    write(
        folder,
        "subscription_changes",
        [row for number, created in born for row in changes_of(number, created, now)],
    )
