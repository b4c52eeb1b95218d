"""The features a model reads: what each is called, how it is read, and which reason it belongs to."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "log", "steps", "flag", "category"]


@dataclass(frozen=True)
class Column:
    """One feature. `empty`: what an account has of which nothing is known; None: that itself is told.

    `edges`: where the steps of a `steps` feature begin, each lasting until the next.
    """

    name: str
    group: str
    kind: Kind
    empty: float | None = 0.0
    edges: tuple[float, ...] = ()
    is_line: bool = True  # of steps: whether they come on top of a line


FEATURES = (
    Column("days_since_active", "recency", "log", 91.0),
    Column("active_7", "usage", "number"),
    Column("active_28", "usage", "number"),
    Column("active_90", "usage", "number"),
    Column("recent_active", "usage", "number"),
    Column("recent_events", "usage", "log"),
    Column("events_7", "usage", "log"),
    Column("events_28", "usage", "log"),
    Column("events_90", "usage", "log"),
    Column("value_28", "usage", "log"),
    Column("breadth_28", "usage", "number"),
    Column("users_28", "seats", "log"),
    Column("days_trend", "trend", "number"),
    Column("events_trend", "trend", "number"),
    Column("week_trend", "trend", "number"),
    Column("tenure_days", "tenure", "steps", 0.0, (30.0, 60.0, 90.0, 180.0, 365.0, 730.0)),
    Column("came_back", "tenure", "flag"),
    Column("price", "price", "log"),
    Column("contractions_90", "price", "log"),
    Column("expansions_90", "price", "log"),
    Column("plan", "plan", "category"),
    Column("seats", "seats", "log"),
    Column("subscriptions", "plan", "log", 1.0),
    Column("days_to_renewal", "renewal", "steps", None, (31.0, 61.0, 91.0, 181.0)),
    Column("has_value", "onboarding", "flag"),
    Column("hours_to_value", "onboarding", "log"),
    Column("is_activated", "onboarding", "flag"),
    Column("failed_30", "payments", "log"),
    Column("failed_90", "payments", "log"),
    Column("last_failed", "payments", "flag"),
    Column("past_due", "payments", "flag"),
    Column("overdue", "payments", "log"),
    Column("disputed_90", "payments", "log"),
    Column("tickets_30", "support", "log"),
    Column("tickets_90", "support", "log"),
    Column("tickets_open", "support", "log"),
    Column("satisfaction", "support", "number", None),
    Column("last_score", "sentiment", "number", None),
    Column("sentiment", "sentiment", "number", None),
    Column("messages_90", "messages", "log"),
    Column("opened_share", "messages", "number", 0.5),
    Column("unsubscribed", "messages", "flag"),
)


def features(dimensions: tuple[str, ...]) -> tuple[Column, ...]:
    """The features, with a company's own segments, of which the plan is read from the subscriptions."""
    own = [
        Column(f"segment_{n}", "segment", "category") for n, name in enumerate(dimensions) if name != "plan"
    ]
    return (*FEATURES, *own)
