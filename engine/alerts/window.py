"""Looks back from every column of a panel at the columns before it; each column's answer is its own.

Everything here gives the same digits for a panel as for one window of it: a figure at a bound must not be
judged both ways.
"""

import numpy as np

from data.calendar import Grain
from engine.alerts.panel import Numbers

RHYTHM: dict[Grain, int] = {"day": 7, "week": 1, "month": 1}  # periods until the like of one comes again
MAD_OF_NORMAL = 0.6744897501960817  # of normal residuals, in standard deviations
HELD_AT = 3.0
KEPT = 0.9950103  # of the variance of normal residuals that are held at three standard deviations
MEAN_OF_NORMAL = 0.7978845608028654  # of the sizes of normal residuals, in standard deviations


def lagged(matrix: Numbers, lags: range, first: int = 0) -> Numbers:
    """What lay so many columns before each column from `first` on; NaN where nothing did.

    Returns:
        An array of (lag, segment, column).
    """
    rows, columns = matrix.shape
    width = columns - first + len(lags) - 1
    begin = first - lags[-1]
    reach = np.empty((rows, width))
    absent = min(max(0, -begin), width)
    reach[:, :absent] = np.nan
    reach[:, absent:] = matrix[:, begin + absent : begin + width]
    row, column = reach.strides
    newest, steps = (len(lags) - 1) * column, (-column, row, column)
    view = np.ndarray((len(lags), rows, columns - first), np.float64, reach, newest, steps)
    return np.ascontiguousarray(view)


def by_rhythm(values: Numbers, rhythm: int, before: int = 0) -> Numbers:
    """By like periods: (week, weekday, …) of (lag, …), with NaN after the last.

    Args:
        before: lags that lie before the first; the weekdays are put in the order they would have with those.
    """
    if rhythm == 1:
        return values[:, None]
    lacking = -len(values) % rhythm
    if lacking:
        values = np.concatenate([values, np.full((lacking, *values.shape[1:]), np.nan)])
    weeks = values.reshape(-1, rhythm, *values.shape[1:])
    return weeks if before % rhythm == 0 else np.roll(weeks, before % rhythm, axis=1)


def in_a_row(weeks: Numbers) -> Numbers:
    """The first two axes as one."""
    return weeks.reshape(-1, *weeks.shape[2:])


def known(values: Numbers) -> Numbers:
    """How many along the first axis are not NaN."""
    count: Numbers = np.add.reduce(~np.isnan(values), axis=0, dtype=np.float64)
    return count


def total(values: Numbers) -> Numbers:
    """The sum along the first axis of what is not NaN."""
    filled = np.where(np.isnan(values), 0.0, values)
    if len(filled) and filled[0].size == 1:  # NumPy would add up a single line in another order than many
        line: Numbers = np.add.accumulate(filled, axis=0)[-1]
        return line
    lines: Numbers = np.add.reduce(filled, axis=0)
    return lines


def mean(values: Numbers) -> Numbers:
    """The mean along the first axis of what is not NaN; NaN where nothing is."""
    with np.errstate(invalid="ignore"):
        found: Numbers = total(values) / known(values)
    return found


def pooled(numerators: Numbers, denominators: Numbers) -> Numbers:
    """One quotient of many, along the first axis; NaN where there is none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Numbers = total(numerators) / total(denominators)
    return found


def median(values: Numbers) -> Numbers:
    """The median along the first axis of what is not NaN; NaN where nothing is."""
    if not values.size:
        return np.full(values.shape[1:], np.nan)
    lines = values.reshape(len(values), -1)
    ordered = np.sort(lines, axis=0)  # NaN comes last
    if not np.isnan(ordered[-1]).any():
        middle = ordered[(len(lines) - 1) // 2] + ordered[len(lines) // 2]
    else:
        count, place = known(lines).astype(np.intp), np.arange(lines.shape[1])
        middle = ordered[np.maximum(count - 1, 0) // 2, place]
        middle = middle + ordered[np.minimum(count // 2, len(lines) - 1), place]
    halved: Numbers = (middle / 2).reshape(values.shape[1:])
    return halved


def spread(residuals: Numbers) -> Numbers:
    """The standard deviation around 0 along the first axis, whatever a few outliers do.

    By the median of the absolute residuals (MAD): those beyond three of it are held there, the rest counts in
    full, which needs half as many figures to be as sure. Where more than half are 0, by their mean.
    """
    size = np.abs(residuals)
    rough = median(size) / MAD_OF_NORMAL
    held = np.minimum(size, HELD_AT * rough)
    found = np.sqrt(mean(held * held) / KEPT)
    if (rough == 0).any():
        found = np.where(rough > 0, found, mean(size) / MEAN_OF_NORMAL)
    return found
