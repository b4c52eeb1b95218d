"""Makes panels of the metrics' history: rows become a matrix of segments and consecutive periods."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl

from data.calendar import Calendar, Grain
from data.settings import Settings
from engine.alerts import cohorts
from engine.alerts.history import Completion
from engine.alerts.panel import Flags, Panel
from metrics.catalog import catalog


class Panels:
    """Makes panels for one company's calendar; remembers its periods."""

    def __init__(self, settings: Settings) -> None:
        self._calendar = Calendar.of(settings)
        self._completion = Completion(settings)
        self._metrics = catalog(settings)
        self._ends: dict[tuple[str, Grain, date], datetime] = {}

    def of(
        self,
        rows: pl.DataFrame,
        grain: Grain,
        *,
        first: date | None = None,
        last: date | None = None,
        segments: Sequence[str] | None = None,
    ) -> Panel:
        """The panel of one metric's rows of one grain and dimension.

        Args:
            first, last: the periods at its ends; unless given, those of the rows.
            segments: its rows, in this order; unless given, every segment there is.
        """
        metric = rows["metric"][0] if rows.height else ""
        starts = self._starts(rows, grain, first, last)
        names = sorted(set(rows["segment"])) if segments is None else list(segments)
        inside = _placed(rows, starts, names)
        shape, at = (len(names), len(starts)), (inside["row"].to_numpy(), inside["column"].to_numpy())
        numbers = {name: _matrix(shape, at, inside[name]) for name in ("value", "numerator", "denominator")}
        is_known, is_stale = np.zeros(shape, bool), np.zeros(shape, bool)
        is_known[at], is_stale[at] = True, inside["is_stale"].to_numpy()
        return Panel(
            grain,
            tuple(starts),
            tuple(self.complete_at(metric, grain, start) for start in starts),
            tuple(names),
            **numbers,
            is_known=is_known,
            is_stale=is_stale,
            unit=self._unit(metric),
        )

    def _unit(self, metric: str) -> str:
        known = self._metrics.get(metric)
        return known.unit if known else cohorts.unit_of(metric)

    def mask(self, panel: Panel, rows: pl.DataFrame) -> Flags:
        """True where a cell of a panel is one of these rows."""
        inside = _placed(rows, panel.starts, panel.segments)
        marked = np.zeros(panel.value.shape, bool)
        marked[inside["row"].to_numpy(), inside["column"].to_numpy()] = True
        return marked

    def complete_at(self, metric: str, grain: Grain, start: date) -> datetime:
        """The instant at which a period's figure becomes complete."""
        key = (metric, grain, start)
        if key not in self._ends:
            self._ends[key] = self._completion.of(metric, grain, start)
        return self._ends[key]

    def before(self, start: date, grain: Grain, periods: int) -> date:
        """The period that lies so many before another."""
        for _ in range(periods if grain == "month" else 0):
            start = self._calendar.start_of(date.fromordinal(start.toordinal() - 1), grain)
        days = {"day": 1, "week": 7, "month": 0}[grain] * periods
        return date.fromordinal(max(1, start.toordinal() - days))

    def _starts(self, rows: pl.DataFrame, grain: Grain, first: date | None, last: date | None) -> list[date]:
        known = rows["period_start"]
        begin: Any = first or known.min()
        end: Any = last or known.max()
        starts: list[date] = []
        while begin is not None and end is not None and begin <= end:
            starts.append(begin)
            begin = self._calendar.next_start(begin, grain)
        return starts


def _placed(rows: pl.DataFrame, starts: Sequence[date], names: Sequence[str]) -> pl.DataFrame:
    """The rows that lie in the panel, with their place in it."""
    columns = pl.DataFrame(
        {"period_start": pl.Series(starts, dtype=pl.Date), "column": range(len(starts))},
        schema_overrides={"column": pl.Int64},
    )
    places = pl.DataFrame(
        {"segment": pl.Series(names, dtype=pl.String), "row": range(len(names))},
        schema_overrides={"row": pl.Int64},
    )
    return rows.join(columns, on="period_start").join(places, on="segment")


def _matrix(shape: tuple[int, int], at: tuple[Any, Any], column: pl.Series) -> Any:
    matrix = np.full(shape, np.nan)
    matrix[at] = column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return matrix
