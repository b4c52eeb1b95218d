"""Looks back from every column of a panel at the columns before it; each column's answer is its own."""

from collections.abc import Sequence

import numpy as np

from data.calendar import Grain
from engine.alerts.panel import Numbers

RHYTHM: dict[Grain, int] = {"day": 7, "week": 1, "month": 1}  # periods until the like of one comes again
MAD_OF_NORMAL = 0.6744897501960817  # of normal residuals, in standard deviations
HELD_AT = 3.0
KEPT = 0.9950103  # of the variance of normal residuals that are held at three standard deviations


def lagged(matrix: Numbers, lags: Sequence[int], first: int = 0) -> Numbers:
    """What lay so many columns before each column from `first` on; NaN where nothing did.

    Returns:
        An array of (lag, segment, column).
    """
    rows, columns = matrix.shape
    found = np.full((len(lags), rows, max(0, columns - first)), np.nan)
    for place, lag in enumerate(lags):
        begin = max(0, lag - first)
        if begin < columns - first:
            found[place, :, begin:] = matrix[:, first + begin - lag : columns - lag]
    return found


def median(values: Numbers) -> Numbers:
    """The median along the first axis of what is not NaN; NaN where nothing is."""
    ordered = np.sort(values, axis=0)  # NaN comes last
    known = len(values) - np.isnan(values).sum(axis=0, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(known - 1, 0) // 2, axis=0)
    high = np.take_along_axis(ordered, np.minimum(known // 2, len(values) - 1), axis=0)
    middle: Numbers = ((low + high) / 2)[0]
    return middle


def total(values: Numbers) -> Numbers:
    """The sum along the first axis of what is not NaN, added in one order whatever the shape.

    NumPy's own sum groups its terms by the shape of the array: a panel and one window of it would differ in the
    last digit, and a figure that lies exactly at a bound would be judged both ways.
    """
    sum_: Numbers = np.zeros(values.shape[1:])
    for each in np.nan_to_num(values, nan=0.0):
        sum_ = sum_ + each
    return sum_


def known(values: Numbers) -> Numbers:
    """How many along the first axis are not NaN."""
    count: Numbers = (~np.isnan(values)).sum(axis=0).astype(np.float64)
    return count


def mean(values: Numbers) -> Numbers:
    """The mean along the first axis of what is not NaN; NaN where nothing is."""
    with np.errstate(invalid="ignore"):
        found: Numbers = total(values) / known(values)
    return found


def spread(residuals: Numbers) -> Numbers:
    """The standard deviation around 0 along the first axis, whatever a few outliers do.

    By the median of the absolute residuals (MAD); those beyond three of it are held there and the rest counted in
    full, which wants half as many figures for the same certainty. Where more than half are 0, by their mean.
    """
    size = np.abs(residuals)
    rough = median(size) / MAD_OF_NORMAL
    held = np.minimum(size, HELD_AT * rough)
    found: Numbers = np.where(rough > 0, np.sqrt(mean(held * held) / KEPT), mean(size) * np.sqrt(np.pi / 2))
    return found
