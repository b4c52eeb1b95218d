"""Reads a public labelled set in the format of the Numenta Anomaly Benchmark, brought to days.

A folder has CSV files of `timestamp,value`, and `combined_windows.json`: by file, the spans in which
something happened. Holdfast judges days, so each series is averaged by day; those of fewer than twelve weeks
are left out.
"""

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.series.planted import Happening
from benchmarks.series.simulated import paneled
from engine.alerts.panel import Panel

LABELS = "combined_windows.json"
LEAST_DAYS = 84


@dataclass(frozen=True)
class Labelled:
    """A series by day, with the spans that are labelled."""

    name: str
    panel: Panel
    planted: tuple[Happening, ...]


def read(folder: Path) -> tuple[list[Labelled], list[str]]:
    """The series of a folder, and the names of those that are too short or whose file is not there."""
    labels = next(iter(sorted(folder.rglob(LABELS))), None)
    if labels is None:
        raise FileNotFoundError(f"{folder} holds no {LABELS}.")
    found, left_out = [], []
    for name, spans in json.loads(labels.read_text()).items():
        file = next((path for path in (folder / name, folder / "data" / name) if path.is_file()), None)
        days = by_day(file) if file else {}
        if len(days) < LEAST_DAYS:
            left_out.append(name)
        else:
            found.append(series(name, days, spans))
    return found, left_out


def by_day(file: Path) -> dict[date, float]:
    """The mean of each day."""
    values: dict[date, list[float]] = defaultdict(list)
    with file.open(newline="") as rows:
        for row in csv.DictReader(rows):
            values[datetime.fromisoformat(row["timestamp"]).date()].append(float(row["value"]))
    return {day: float(np.mean(each)) for day, each in sorted(values.items())}


def series(name: str, days: dict[date, float], spans: list[list[str]]) -> Labelled:
    first, last = min(days), max(days)
    starts = tuple(first + timedelta(days=day) for day in range((last - first).days + 1))
    value = np.array([[days.get(day, np.nan) for day in starts]])
    nothing = np.full(value.shape, np.nan)
    panel = paneled("day", starts, "ratio", value=value, numerator=nothing, denominator=nothing)
    edges = [[(datetime.fromisoformat(edge).date() - first).days for edge in span] for span in spans]
    planted = tuple(Happening("labelled", begin, end + 1, end + 1, 1.0) for begin, end in edges)
    return Labelled(name, panel, planted)
