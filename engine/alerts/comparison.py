"""The newest periods taken together against those before them, and how far chance alone would part the two."""

import numpy as np

from engine.alerts import noise
from engine.alerts.panel import Flags, Numbers, Panel
from engine.alerts.window import RHYTHM, known, lagged, mean, spread, total

Pair = tuple[Numbers, Numbers, Numbers]


def compared(panel: Panel, past: Numbers, short: int) -> Pair:
    """The newest periods, those before, and the standard error of their difference, for each judged cell.

    Quotients are pooled; other figures are averaged.

    Args:
        past: the values, NaN where they do not count, by lag: the `short` newest first.
    """
    judged, rhythm = panel[panel.first :], RHYTHM[panel.grain]
    now, before, error = averaged(past[:short], past[short:], rhythm, noise.is_count(judged))
    is_quotient = noise.is_quotient(panel)
    if not is_quotient.any():
        return now, before, error
    lags = range(len(past))
    odd = ~np.isnan(past) & (lagged(is_quotient.astype(np.float64), lags, panel.first) != 1)
    hits = np.where(np.isnan(past), np.nan, lagged(panel.numerator, lags, panel.first))
    tries = np.where(np.isnan(past), np.nan, lagged(panel.denominator, lags, panel.first))
    pooled_now, pooled_before = pooled(hits[:short], tries[:short]), pooled(hits[short:], tries[short:])
    of_rates = error_of_rates(past, tries, pooled_before, short, rhythm)
    can_pool = ~odd.any(axis=0)
    return (
        np.where(can_pool, pooled_now, now),
        np.where(can_pool, pooled_before, before),
        np.where(can_pool & noise.is_rate(judged), of_rates, error),
    )


def averaged(new: Numbers, old: Numbers, rhythm: int, is_count: Flags) -> Pair:
    """Means as if both spans had the same weekdays; a missing Sunday must not look like growth."""
    alike = [new[(place + len(new)) % rhythm :: rhythm] for place in range(rhythm)]
    middles = np.array([mean(old[place::rhythm]) for place in range(rhythm)])
    is_known = ~np.isnan(middles)
    weights = np.array([known(each) for each in alike]) * is_known
    points = np.array([known(old[place::rhythm]) for place in range(rhythm)])
    among = total(weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        now = total(np.array([total(each) for each in alike]) * is_known) / among
        before = total(weights * np.nan_to_num(middles)) / among
        variance = noise_of(old, middles, rhythm, is_count) ** 2 * weights * (1 + weights / points)
        return now, before, np.sqrt(total(variance)) / among


def noise_of(old: Numbers, middles: Numbers, rhythm: int, is_count: Flags) -> Numbers:
    """The standard deviation of a figure of each weekday, from the steps between one week and the next."""
    scale = noise.scale(middles)
    steps = (old[:-rhythm] - old[rhythm:]) / scale[np.arange(len(old) - rhythm) % rhythm]
    found = spread(steps) / np.sqrt(2) * scale
    return np.fmax(found, np.where(is_count, noise.of_count(middles), np.nan))


def pooled(hits: Numbers, tries: Numbers) -> Numbers:
    with np.errstate(invalid="ignore", divide="ignore"):
        share: Numbers = total(hits) / total(tries)
    return share


def error_of_rates(past: Numbers, tries: Numbers, before: Numbers, short: int, rhythm: int) -> Numbers:
    """The standard error of the difference of two pooled rates; chance (binomial) makes it no smaller."""
    old, of_old = past[short:], tries[short:]
    with np.errstate(invalid="ignore", divide="ignore"):
        both = 1 / (1 / of_old[:-rhythm] + 1 / of_old[rhythm:])
        beyond_chance = spread((old[:-rhythm] - old[rhythm:]) / noise.of_rate(before, both))
        among = 1 / (1 / total(tries[:short]) + 1 / total(of_old))
    error: Numbers = np.fmax(beyond_chance, 1) * noise.of_rate(before, among)
    return error
