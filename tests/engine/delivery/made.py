"""Contents of messages, made up."""

from datetime import date, datetime, timedelta
from typing import Any

from engine.delivery import Accounts, Point
from engine.delivery.content import About, Content, Told
from engine.delivery.parcel import Parcel, packed

NOW = datetime(2026, 11, 5, 12)
ADDRESS = "https://holdfast.example"
HOSTILE = (
    "<img src=x onerror=alert(1)> *bold* [click](https://evil.example) @everyone <!channel> <at>Eve</at>"
)

NAMES = (("a1", HOSTILE), ("a2", None))


def about(**more: Any) -> About:
    given = {
        "rule_id": 7, "name": "activation stalls", "metric": "activation_rate", "title": "Activation rate",
        "unit": "rate", "currency": "USD", "zone": "Europe/Warsaw", "grain": "week", "dimension": "plan",
        "condition": "falls below 35.0 %", "severity": "warning", "owner": "Ewa & Co.",
        "advice": "Read https://wiki.example/activation_stalls first.\nThen call <support>.",
    }  # fmt: skip
    return About(**given | more)


def trend(weeks: int = 26, low: float | None = 0.35, high: float | None = None) -> tuple[Point, ...]:
    first = date(2026, 5, 4)
    return tuple(
        Point(first + timedelta(days=7 * at), 0.45 - 0.005 * at, low, high, at > 20) for at in range(weeks)
    )


def told(alert_id: int = 1, segment: str = "pro", **more: Any) -> Told:
    given = {
        "alert_id": alert_id, "segment": segment, "since": datetime(2026, 10, 1), "entered_at": NOW,
        "period_start": date(2026, 10, 26), "value": 0.31, "low": 0.35, "usual": 0.42, "beyond": 0.04,
        "trend": trend(),
        "behind": Accounts("signed up in the period and have not activated", 12, NAMES),
    }  # fmt: skip
    return Told(**given | more)


def content(*alerts: Told, what: str = "firing", language: str = "en", **more: Any) -> Content:
    shown = alerts or (told(),)
    return Content(what=what, language=language, about=about(**more), alerts=shown, written_at=NOW)  # type: ignore[arg-type]


def parcel(*alerts: Told, what: str = "firing", picture: bytes | None = b"\x89PNG", **more: Any) -> Parcel:
    return packed(content(*alerts, what=what, **more), "k3y", ADDRESS, picture)
