"""What an edition shows of the reader's own data: the facts that came, and the events the metrics count."""

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from metrics import titles
from pages.parts import numbers
from pages.parts.segment import Segment
from pages.parts.sources import standing

MONTHS = 36
VALUE = "time_to_first_value_p50"
STEP = "activation_step_rate."


@dataclass(frozen=True)
class Came:
    """The facts of a shape, from whom, and when the last of them came in."""

    facts: int
    sources: tuple[str, ...]
    last_at: datetime


@dataclass(frozen=True)
class Seen:
    """An event that a metric counts: how many accounts did it, and the first month whose sign-ups did."""

    accounts: int
    since: date


def came(edition: str, shape: str) -> tuple[Came | None, bool]:
    """What the reader's own sources brought of a shape, and whether the made-up company brought some."""
    rows = numbers.sources(edition).filter((pl.col("shape") == shape) & (pl.col("facts") > 0))
    made_up = rows["source"].map_elements(standing.is_demo, return_dtype=pl.Boolean)
    own = rows.filter(~made_up).sort("source")
    if own.is_empty():
        return None, bool(made_up.any())
    names = tuple(own["source"].to_list())
    return Came(int(own["facts"].sum()), names, own["last_import_at"].max()), bool(made_up.any())  # type: ignore[arg-type]


def seen(edition: str, metric: str) -> Seen | None:
    """Where the numerator of a metric of sign-ups says that somebody did it."""
    rows = numbers.newest_periods(edition, (metric,), "month", Segment(), MONTHS)
    did = rows.filter(pl.col("numerator") > 0)
    if did.is_empty():
        return None
    return Seen(int(did["numerator"].sum()), did["period_start"].min())  # type: ignore[arg-type]


def title_of(metric: str) -> str:
    known = numbers.metrics().get(metric)
    return titles.title(known) if known else metric
