"""The newest periods together against those before them, and how far chance alone would part the two."""

import numpy as np

from engine.alerts import noise
from engine.alerts.panel import Flags, Numbers, Panel
from engine.alerts.window import (
    HELD_AT,
    RHYTHM,
    by_rhythm,
    known,
    lagged,
    mean,
    median,
    pooled,
    spread,
    total,
)  # fmt: skip

Pair = tuple[Numbers, Numbers, Numbers]


def compared(panel: Panel, past: Numbers, short: int) -> Pair:
    """The newest periods, those before, and the standard error of their difference, for each judged cell.

    Quotients are pooled; other figures are averaged.

    Args:
        past: the values by lag, the `short` newest first; NaN where one does not count.
    """
    judged, rhythm = panel[panel.first :], RHYTHM[panel.grain]
    is_quotient = noise.is_quotient(panel)
    if not is_quotient.any():
        return averaged(past, short, rhythm, noise.is_count(judged))
    lags = range(len(past))
    is_lacking = np.isnan(past)
    odd = ~is_lacking & (lagged(is_quotient.astype(np.float64), lags, panel.first) != 1)
    can_pool = ~odd.any(axis=0)
    hits = np.where(is_lacking, np.nan, lagged(panel.numerator, lags, panel.first))
    tries = np.where(is_lacking, np.nan, lagged(panel.denominator, lags, panel.first))
    now, before = pooled(hits[:short], tries[:short]), pooled(hits[short:], tries[short:])
    rates = now, before, error_of_rates(past, tries, before, short, rhythm)
    are_rates = can_pool & noise.is_rate(judged)
    if are_rates.all():
        return rates
    means = averaged(past, short, rhythm, noise.is_count(judged))
    return (
        np.where(can_pool, now, means[0]),
        np.where(can_pool, before, means[1]),
        np.where(are_rates, rates[2], means[2]),
    )


def averaged(past: Numbers, short: int, rhythm: int, is_count: Flags) -> Pair:
    """Means as if both spans had the same weekdays; a missing Sunday must not look like growth."""
    new, old = by_rhythm(past[:short], rhythm), by_rhythm(past[short:], rhythm, before=short)
    middles = median(old)
    noises = noise_of(past[short:], middles, short, is_count)
    means = mean(held(old, middles, noises))
    is_known = ~np.isnan(middles)
    weights = known(new) * is_known
    among = total(weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        now = total(total(new) * is_known) / among
        before = total(weights * means) / among
        variance = noises**2 * weights * (1 + weights / known(old))
        return now, before, np.sqrt(total(variance)) / among


def held(figures: Numbers, middle: Numbers, noise_: Numbers) -> Numbers:
    """Figures no further from their middle than three times their noise: one bad day is no drift."""
    reach = np.where(np.isnan(noise_), np.inf, HELD_AT * noise_)
    within: Numbers = np.minimum(np.maximum(figures, middle - reach), middle + reach)
    return within


def noise_of(old: Numbers, middles: Numbers, before: int, is_count: Flags) -> Numbers:
    """The standard deviation of a figure of each weekday, from the steps between one week and the next.

    Args:
        before: lags that lie before the first of `old`.
    """
    rhythm, scale = len(middles), noise.scale(middles)
    weekday = (np.arange(len(old) - rhythm) + before) % rhythm
    found = spread((old[:-rhythm] - old[rhythm:]) / scale[weekday]) / np.sqrt(2) * scale
    floored: Numbers = np.fmax(found, np.where(is_count, noise.of_count(middles), np.nan))
    return floored


def error_of_rates(past: Numbers, tries: Numbers, before: Numbers, short: int, rhythm: int) -> Numbers:
    """The standard error of the difference of two pooled rates; chance (binomial) makes it no smaller."""
    old, of_old = past[short:], tries[short:]
    with np.errstate(invalid="ignore", divide="ignore"):
        both = 1 / (1 / of_old[:-rhythm] + 1 / of_old[rhythm:])
        beyond_chance = spread((old[:-rhythm] - old[rhythm:]) / noise.of_rate(before, both))
        among = 1 / (1 / total(tries[:short]) + 1 / total(of_old))
    error: Numbers = np.fmax(beyond_chance, 1) * noise.of_rate(before, among)
    return error
