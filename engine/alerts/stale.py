"""Which sources are late, and which figures nobody should trust until they are back."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from data.settings import Settings
from engine.alerts import cohorts
from engine.lateness import Rhythm, is_late, patience
from engine.sources import sources
from metrics import read
from metrics.brought import totals
from metrics.catalog import catalog

CELLS = {
    "cohort_retention": frozenset({"accounts", "events"}),
    "cohort_net_revenue_retention": frozenset({"accounts", "subscription_changes", "fx_rates"}),
}


def late_sources(settings: Settings, edition: str, read_until: datetime) -> dict[str, datetime]:
    """The sources that are silent for too long, and when each delivered last.

    Args:
        read_until: up to when what came in is part of the edition.
    """
    added = sources(settings)
    rhythms = {
        row["source"]: Rhythm(row["first_at"], row["last_at"], timedelta(minutes=row["longest_pause"]))
        for row in read.rhythm(settings, edition).iter_rows(named=True)
    }
    delivered = {
        name: told["last_delivery_at"] for name, told in totals(read.sources(settings, edition)).items()
    }
    return {
        name: delivered_at
        for name, delivered_at in delivered.items()
        if is_late(delivered_at, patience(settings, name, added.get(name), rhythms.get(name)), read_until)
    }


def stale_metrics(settings: Settings, edition: str, late: Collection[str]) -> frozenset[str]:
    """The metrics that are made of what the late sources bring; cells of the triangle by their first word."""
    if not late:
        return frozenset()
    brought = read.sources(settings, edition)
    shapes = {
        shape for source, shape, facts in brought.select("source", "shape", "facts").iter_rows()
        if facts and source in late
    }  # fmt: skip
    behind: Mapping[str, Collection[str]] = {
        **{name: metric.depends for name, metric in catalog(settings).items()},
        **{f"{name}.{k}": made for name, made in CELLS.items() for k in range(1, cohorts.MOST + 1)},
    }
    return frozenset(name for name, made in behind.items() if not shapes.isdisjoint(made))
