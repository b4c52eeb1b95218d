"""The pages' door to the past: figures as they were known when their period was over."""

from collections.abc import Collection
from datetime import date

import polars as pl

from data.calendar import Calendar, Grain
from data.settings import Settings
from engine.alerts.history import History

__all__ = ["batch", "known_then"]


def batch(settings: Settings) -> int:
    """A number that grows whenever figures were written down; 0 before the first."""
    return History(settings).newest_batch


def known_then(
    settings: Settings,
    grain: Grain,
    starts: Collection[date],
    dimension: str = "all",
    segment: str | None = "all",
) -> pl.DataFrame:
    """Figures as they were first seen complete, without those first seen later than a period after that.

    What was imported long after its time was not known then, though it was written down when it came.
    """
    rows = History(settings).of_periods(grain, starts, dimension, segment)
    calendar = Calendar.of(settings)
    lengths = {start: calendar.period(start, grain) for start in rows["period_start"].unique().to_list()}
    patience = pl.Series(
        "patience",
        [lengths[start].end_at - lengths[start].start_at for start in rows["period_start"]],
        pl.Duration("us"),
    )
    return rows.with_columns(patience).filter(
        pl.col("recorded_at") <= pl.col("complete_at") + pl.col("patience")
    )
