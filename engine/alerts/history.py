"""The metrics' history: every figure as it was when its period was first seen complete, and never changed.

Figures of the past move when facts come late; a rule judges each period once, by what was known then. The
history lies in Parquet files beside the archive, a batch an edition that completed something: it cannot be
computed again, and is part of every backup.
"""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from data import disk
from data.calendar import Calendar, Grain
from data.settings import Settings
from engine.alerts import cohorts
from metrics import read
from metrics.catalog import Metric, catalog

NAME = re.compile(r"(\d{8})-(\d{8})\.parquet")
UNFINISHED = ".unfinished"
MOST_FILES = 24
KEY = ("metric", "grain", "dimension", "segment", "period_start")
GROUP = ("metric", "grain", "dimension")
SCHEMA: dict[str, Any] = {
    "metric": pl.String,
    "grain": pl.String,
    "dimension": pl.String,
    "segment": pl.String,
    "period_start": pl.Date,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "is_stale": pl.Boolean,  # a source that the metric is made of was late
    "complete_at": pl.Datetime("us"),  # when the period, or the window it waits for, ended
    "recorded_at": pl.Datetime("us"),  # as_of of the edition that first had it complete
    "batch": pl.Int32,
}


class History:
    """The history of one home; one process at a time records, any number read."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.home / "history"
        self._looked_at: dict[tuple[str, ...], int] = {}

    @property
    def newest_batch(self) -> int:
        """The number of the batch recorded last; 0 where there is none."""
        return max((last for _, last, _ in self._files()), default=0)

    def record(self, edition: str, as_of: datetime, stale: Collection[str] = ()) -> int:
        """Write down what an edition was the first to have complete; the number of the newest batch.

        Args:
            stale: the metrics that depend on a source that is late.
        """
        counts = read.complete_counts(self.settings, edition)
        groups = {tuple(group): count for *group, count in counts.iter_rows()}
        changed = {group: count for group, count in groups.items() if self._looked_at.get(group) != count}
        if changed:
            fresh = self._fresh(edition, counts)
            if not fresh.is_empty():
                self.add(fresh, as_of, stale)
            self._looked_at |= changed
        return self.newest_batch

    def add(self, fresh: pl.DataFrame, as_of: datetime, stale: Collection[str] = ()) -> None:
        """Write down figures that are complete at an instant and were not before, as one batch."""
        self._write(self._dressed(fresh, as_of, stale))

    def figures(
        self,
        metric: str,
        grain: Grain,
        dimension: str,
        *,
        segment: str | None = None,
        start: date | None = None,
        end: date | None = None,
    ) -> pl.DataFrame:
        """Rows of one metric by segment and period; periods that begin in `[start, end)`."""
        conditions = [
            pl.col("metric") == metric,
            pl.col("grain") == grain,
            pl.col("dimension") == dimension,
            *([pl.col("segment") == segment] if segment is not None else []),
            *([pl.col("period_start") >= start] if start else []),
            *([pl.col("period_start") < end] if end else []),
        ]
        return self._scan().filter(*conditions).sort("segment", "period_start").collect()

    def of_periods(
        self, grain: Grain, starts: Collection[date], dimension: str, segment: str | None
    ) -> pl.DataFrame:
        """Rows of all metrics in a few periods; segment None: every one of the dimension."""
        conditions = [
            pl.col("grain") == grain,
            pl.col("period_start").is_in(list(starts)),
            pl.col("dimension") == dimension,
            *([pl.col("segment") == segment] if segment is not None else []),
        ]
        return self._scan().filter(*conditions).sort(KEY).collect()

    def since(self, batch: int) -> pl.DataFrame:
        """Every row of the batches after one."""
        files = [path for _, last, path in self._files() if last > batch]
        return _scanned(files).filter(pl.col("batch") > batch).collect()

    def _fresh(self, edition: str, counts: pl.DataFrame) -> pl.DataFrame:
        """The complete figures of an edition that the history lacks."""
        known = self._scan().select(*GROUP).collect().group_by(GROUP).len("known")
        behind = counts.join(known, on=GROUP, how="left").filter(
            pl.col("complete") != pl.col("known").fill_null(0)
        )
        if behind.is_empty():
            return pl.DataFrame()
        groups = behind.select(GROUP)
        complete = read.complete_figures(self.settings, edition, groups)
        written = self._scan().select(KEY).collect().join(groups, on=GROUP, how="semi")
        return complete.join(written, on=KEY, how="anti")

    def _dressed(self, fresh: pl.DataFrame, as_of: datetime, stale: Collection[str]) -> pl.DataFrame:
        """With the instants at which each became complete and was recorded."""
        periods = fresh.select("metric", "grain", "period_start").unique()
        ends = Completion(self.settings)
        at = [ends.of(*row) for row in periods.iter_rows()]
        dressed = fresh.join(
            periods.with_columns(pl.Series("complete_at", at, pl.Datetime("us"))),
            on=("metric", "grain", "period_start"),
        ).with_columns(
            is_stale=pl.col("metric").is_in(list(stale)),
            recorded_at=pl.lit(as_of, pl.Datetime("us")),
            batch=pl.lit(self.newest_batch + 1, pl.Int32),
        )
        return dressed.select([pl.col(name).cast(kind) for name, kind in SCHEMA.items()])

    def _write(self, rows: pl.DataFrame) -> None:
        disk.make_folder(self.folder)
        batch = self.newest_batch + 1
        self._put(rows, batch, batch)
        if len(self._files()) > MOST_FILES:
            self._merge()

    def _merge(self) -> None:
        """One file in place of many; whoever is killed in between leaves both, and the wider one counts."""
        files = self._files()
        self._put(_scanned([path for *_, path in files]).collect(), files[0][0], files[-1][1])
        for *_, path in files:
            path.unlink(missing_ok=True)

    def _put(self, rows: pl.DataFrame, first: int, last: int) -> None:
        unfinished = self.folder / UNFINISHED
        rows.sort(KEY).write_parquet(unfinished, compression="zstd", row_group_size=20_000)
        disk.put_in_place(unfinished, self.folder / f"{first:08d}-{last:08d}.parquet")

    def _files(self) -> list[tuple[int, int, Path]]:
        """The files that hold each batch once, in order."""
        found = [(NAME.fullmatch(path.name), path) for path in self.folder.glob("*.parquet")]
        spans = sorted(
            ((int(name[1]), -int(name[2]), path) for name, path in found if name), key=lambda span: span[:2]
        )
        chosen: list[tuple[int, int, Path]] = []
        for first, last, path in spans:
            if not chosen or first > chosen[-1][1]:
                chosen.append((first, -last, path))
        return chosen

    def _scan(self) -> pl.LazyFrame:
        return _scanned([path for *_, path in self._files()])


def _scanned(files: list[Path]) -> pl.LazyFrame:
    return pl.scan_parquet(files) if files else pl.LazyFrame(schema=SCHEMA)


class Completion:
    """When the figures of a period become complete."""

    def __init__(self, settings: Settings) -> None:
        self._calendar = Calendar.of(settings)
        self._within = timedelta(days=settings.activation.within_days)
        self._metrics: dict[str, Metric] = catalog(settings)

    def of(self, metric: str, grain: Grain, start: date) -> datetime:
        """The instant, naive UTC."""
        if (index := cohorts.index_of(metric)) is not None:
            for _ in range(index):
                start = self._calendar.next_start(start, grain)
        ends_at = self._calendar.period(start, grain).end_at
        known = self._metrics.get(metric)
        return ends_at + self._within if known is not None and known.matures else ends_at
