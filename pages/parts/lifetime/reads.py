"""Reads of lifetime value and projections, kept by edition."""

import polars as pl

from metrics.lifetime import reading
from pages.parts.configured import settings
from pages.parts.kept import kept
from pages.parts.lifetime.reasons import reason
from pages.parts.segment import Segment


@kept(is_split=True)
def by_segment(name: str, dimension: str) -> pl.DataFrame:
    """The newest month, every segment of a dimension."""
    return reading.lifetime(settings(), name, dimension=dimension)


@kept()
def of_segment(name: str, of: Segment) -> pl.DataFrame:
    return reading.lifetime(settings(), name, dimension=of.dimension, segment=of.name)


def why_not(name: str, of: Segment, otherwise: str = "") -> str:
    """The reason for which nothing is estimated, as text; something else where there is no row to say it."""
    found = of_segment(name, of)
    return otherwise if found.is_empty() else reason(str(found["reason"][0] or ""))


@kept()
def backtest(name: str, of: Segment) -> pl.DataFrame:
    return reading.backtest(settings(), name, dimension=of.dimension, segment=of.name)


@kept()
def survival(name: str, of: Segment) -> pl.DataFrame:
    return reading.survival(settings(), name, dimension=of.dimension, segment=of.name)


@kept()
def projection(name: str, of: Segment) -> pl.DataFrame:
    return reading.projection(settings(), name, dimension=of.dimension, segment=of.name)


@kept()
def mrr_projection(name: str, of: Segment) -> pl.DataFrame:
    return reading.mrr_projection(settings(), name, dimension=of.dimension, segment=of.name)
