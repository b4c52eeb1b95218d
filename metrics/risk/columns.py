"""The features a model reads: what each is called, how it is read, and which reason it belongs to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

Vector = NDArray[np.float64]
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


UNIT = 1_048_576  # what sums in which recent days weigh most are whole numbers of
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


def share(name: str, of: str, plus: float, weeks: float = 1.0) -> Callable[[pl.DataFrame], Vector]:
    """The logarithm of a figure over another one's mean, both a little more, so that there always is one."""

    def told(table: pl.DataFrame) -> Vector:
        return np.asarray(np.log((table[name].to_numpy() + plus) / (table[of].to_numpy() / weeks + plus)))

    return told


def unit(name: str) -> Callable[[pl.DataFrame], Vector]:
    return lambda table: np.asarray(table[name].to_numpy() / UNIT)


# What follows from other figures by arithmetic.
DERIVED: dict[str, Callable[[pl.DataFrame], Vector]] = {
    "days_trend": share("active_28", "active_before", 1.0),
    "events_trend": share("events_28", "events_before", 1.0),
    "week_trend": share("active_7", "active_28", 0.5, weeks=4.0),
    "recent_active": unit("recent_active"),
    "recent_events": unit("recent_events"),
}


def derived(table: pl.DataFrame, columns: tuple[Column, ...]) -> pl.DataFrame:
    """The features in their order, those that follow from others too."""
    if "active_28" in table.columns:
        table = table.with_columns(pl.Series(name, made(table)) for name, made in DERIVED.items())
    return table.select("account_key", "day", *(c.name for c in columns if c.name in table.columns))
