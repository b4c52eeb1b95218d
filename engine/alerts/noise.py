"""What chance alone does to counts and rates, so that it is not taken for news."""

import numpy as np

from engine.alerts.panel import Flags, Numbers, Panel
from engine.alerts.window import median

SMALLEST = 0.1  # of the middle weekday: a quieter one is taken to be as noisy as this
LEAST = 0.375  # of a count: under it, its square root no longer tells its spread (Anscombe 1948)


def is_count(panel: Panel) -> Flags:
    """Cells that count something; where the unit is not told, whole numbers that are no quotient."""
    if panel.unit:
        return np.full(panel.value.shape, panel.unit == "count")
    whole: Flags = (panel.value >= 0) & (panel.value == np.floor(panel.value)) & np.isnan(panel.denominator)
    return whole


def is_rate(panel: Panel) -> Flags:
    """Cells that are so many out of so many; where the unit is not told, quotients of such whole numbers."""
    hits, tries = panel.numerator, panel.denominator
    among: Flags = (hits >= 0) & (hits <= tries) & is_quotient(panel)
    if panel.unit:
        return among if panel.unit == "rate" else np.zeros_like(among)
    whole: Flags = (hits == np.floor(hits)) & (tries == np.floor(tries))
    return among & whole


def is_quotient(panel: Panel) -> Flags:
    """Cells whose value is their numerator over their denominator, so that periods can be pooled."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = panel.numerator / panel.denominator
    close: Flags = np.abs(quotient - panel.value) <= 1e-9 * np.abs(panel.value)
    return close


def of_count(count: Numbers) -> Numbers:
    """The standard deviation of a count around what is expected (Poisson)."""
    spread: Numbers = np.sqrt(np.maximum(count, LEAST))
    return spread


def of_rate(share: Numbers, tries: Numbers) -> Numbers:
    """The standard deviation of a rate of so many tries around what is expected (binomial); never 0."""
    drawn = inward(share, tries)
    with np.errstate(invalid="ignore"):  # what is no rate at all comes to NaN
        spread: Numbers = np.sqrt(drawn * (1 - drawn) / np.where(tries > 0, tries, np.nan))
    return spread


def scale(middles: Numbers) -> Numbers:
    """By what residuals of each weekday are divided to be compared: its size, if not much under the others'.

    Args:
        middles: what is usual, by weekday along the first axis.
    """
    size = np.abs(middles)
    least = np.fmax(size, SMALLEST * median(size)) if len(size) > 1 else size
    return np.where(least > 0, least, 1.0)


def inward(share: Numbers, tries: Numbers) -> Numbers:
    """A share away from 0 and 1, as if two more had been tried and one of them hit."""
    drawn: Numbers = (share * tries + 1) / (tries + 2)
    return drawn


def wilson(share: Numbers, tries: Numbers, z: float) -> tuple[Numbers, Numbers]:
    """Wilson's score interval of a share (Wilson 1927)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = share + z * z / (2 * tries)
        reach = z * np.sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
        grown = 1 + z * z / tries
        return (centre - reach) / grown, (centre + reach) / grown


def newcombe(
    share: Numbers, tries: Numbers, past: Numbers, past_tries: Numbers, z: float
) -> tuple[Numbers, Numbers]:
    """How far below and above its past a share must lie for the interval of the difference to leave out 0.

    Newcombe's hybrid score interval (1998, method 10) goes from `difference - above` to `difference + below`.
    """
    low, high = wilson(share, tries, z)
    past_low, past_high = wilson(past, past_tries, z)
    below: Numbers = np.hypot(high - share, past - past_low)
    above: Numbers = np.hypot(share - low, past_high - past)
    return below, above
