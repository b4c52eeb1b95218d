"""What an edition says of lifetime value, for whoever shows it."""

import polars as pl

from data.settings import Settings
from metrics.read import Conditions, fetch


def lifetime(settings: Settings, name: str, *, dimension: str, segment: str | None = None) -> pl.DataFrame:
    """The newest month of every segment of a dimension, or of one, by segment and horizon."""
    conditions = Conditions().place(None, dimension, segment)
    where = conditions.sql + " and period_start = (select max(period_start) from lifetime)"
    asked = f"from lifetime {where} order by segment, horizon_months"
    return fetch(settings, name, asked, conditions.parameters)


def backtest(settings: Settings, name: str, *, dimension: str, segment: str) -> pl.DataFrame:
    """Forecasts made in the past and what came, by horizon and month."""
    return _of(settings, name, "lifetime_backtest", (dimension, segment), "horizon_months, period_start")


def survival(settings: Settings, name: str, *, dimension: str, segment: str) -> pl.DataFrame:
    """Who is still there by months since the first payment."""
    return _of(settings, name, "survival", (dimension, segment), "months")


def projection(settings: Settings, name: str, *, dimension: str, segment: str) -> pl.DataFrame:
    """Cohorts by the month in which they began to pay, by cohort and months since."""
    return _of(settings, name, "projection", (dimension, segment), "cohort_start, months")


def mrr_projection(settings: Settings, name: str, *, dimension: str, segment: str) -> pl.DataFrame:
    """MRR at the end of the next months, by how much churn could be another and by month."""
    return _of(settings, name, "mrr_projection", (dimension, segment), "churn_change, months")


def _of(settings: Settings, name: str, table: str, place: tuple[str, str], order: str) -> pl.DataFrame:
    conditions = Conditions().place(None, *place)
    return fetch(settings, name, f"from {table} {conditions.sql} order by {order}", conditions.parameters)
