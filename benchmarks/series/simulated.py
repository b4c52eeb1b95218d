"""Figures of made-up companies by day and week: counts, rates and amounts, with a rhythm and some growth."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from benchmarks.series.planted import Happening, course, gone, happenings
from data.calendar import Grain
from engine.alerts.panel import Numbers, Panel

FIRST = date(2023, 1, 2)  # a Monday
RHYTHM = np.array([1.1, 1.15, 1.1, 1.05, 1.0, 0.55, 0.6])


@dataclass(frozen=True)
class Drawn:
    """One series by day."""

    value: Numbers
    numerator: Numbers
    denominator: Numbers


Draw = Callable[[np.random.Generator, Numbers], Drawn]


@dataclass(frozen=True)
class Family:
    """Series of one sort. `strength`: of what is planted, where 1 halves or doubles."""

    title: str
    unit: str
    grain: Grain
    strength: float
    draw: Draw


@dataclass(frozen=True)
class Sample:
    """Many series of a family, with what was planted in each; its days are columns of the panel."""

    family: Family
    panel: Panel
    planted: tuple[tuple[Happening, ...], ...]


def sample(family: Family, seed: int, series: int, days: int) -> Sample:
    random = np.random.default_rng([seed, *family.title.encode()])
    planted = [happenings(random, days, family.strength) for _ in range(series)]
    drawn = [family.draw(random, course(each, days)) for each in planted]
    is_gone = np.array([gone(each, days) for each in planted])
    panel = of_days(family.unit, drawn, is_gone)
    made = Sample(family, panel, tuple(tuple(each) for each in planted))
    return by_week(made) if family.grain == "week" else made


def of_days(unit: str, drawn: list[Drawn], is_gone: np.ndarray) -> Panel:
    """The panel; on days on which nothing came a count is 0 and a rate null."""
    value, numerator, denominator = (
        np.array([getattr(each, name) for each in drawn]) for name in ("value", "numerator", "denominator")
    )
    is_rate = ~np.isnan(denominator)
    value = np.where(is_gone, np.where(is_rate, np.nan, 0.0), value)
    numerator, denominator = (np.where(is_gone & is_rate, 0.0, each) for each in (numerator, denominator))
    starts = tuple(FIRST + timedelta(days=day) for day in range(value.shape[1]))
    return paneled("day", starts, unit, value=value, numerator=numerator, denominator=denominator)


def by_week(made: Sample) -> Sample:
    """The same facts by week: what is planted moves to the weeks it touches; missing days do not show."""
    panel, weeks = made.panel, made.panel.value.shape[1] // 7

    def summed(days: Numbers) -> Numbers:
        return days[:, : weeks * 7].reshape(len(days), weeks, 7).sum(axis=2)

    numerator, denominator = summed(panel.numerator), summed(panel.denominator)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(np.isnan(denominator), summed(panel.value), numerator / denominator)
    starts = panel.starts[: weeks * 7 : 7]
    planted = tuple(tuple(moved(each) for each in row if each.what != "missing days") for row in made.planted)
    return Sample(
        made.family,
        paneled("week", starts, panel.unit, value=value, numerator=numerator, denominator=denominator),
        planted,
    )


def moved(happening: Happening) -> Happening:
    return replace(
        happening,
        start=happening.start // 7,
        end=-(-happening.end // 7),
        until=-(-happening.until // 7) + 1,
    )


def paneled(
    grain: Grain,
    starts: tuple[date, ...],
    unit: str,
    *,
    value: Numbers,
    numerator: Numbers,
    denominator: Numbers,
) -> Panel:
    lasts = timedelta(days=7 if grain == "week" else 1)
    complete_at = tuple(datetime.combine(start + lasts, time()) for start in starts)
    everywhere = np.ones(value.shape, dtype=bool)
    segments = tuple(f"series {number}" for number in range(len(value)))
    return Panel(
        grain, starts, complete_at, segments, value, numerator, denominator, everywhere, ~everywhere, unit
    )


def usual(random: np.random.Generator, days: int, noise: float) -> Numbers:
    """What is to be expected of each day: a weekly rhythm, growth or decline, good and bad days."""
    growth = np.exp(random.uniform(-0.2, 0.8) * np.arange(days) / 365)
    rhythm = RHYTHM ** random.uniform(0.3, 1.5)
    return growth * rhythm[np.arange(days) % 7] * random.lognormal(-(noise**2) / 2, noise, days)


def counts(level: float, noise: float = 0.06) -> Draw:
    """Counts a day around a level, more spread than chance alone."""

    def draw(random: np.random.Generator, factor: Numbers) -> Drawn:
        value = random.poisson(level * usual(random, len(factor), noise) * factor).astype(float)
        nothing = np.full(len(factor), np.nan)
        return Drawn(value, nothing, nothing)

    return draw


def rates(tries: float, share: float = 0.4, noise: float = 0.08) -> Draw:
    """Shares of so many tries a day; the factor multiplies the odds."""

    def draw(random: np.random.Generator, factor: Numbers) -> Drawn:
        days = len(factor)
        denominator = random.poisson(tries * usual(random, days, 0.06)).astype(float)
        odds = share / (1 - share) * factor * random.lognormal(0, noise, days)
        numerator = random.binomial(denominator.astype(int), odds / (1 + odds)).astype(float)
        with np.errstate(invalid="ignore", divide="ignore"):
            return Drawn(numerator / denominator, numerator, denominator)

    return draw


def sums(orders: float) -> Draw:
    """Money a day: so many orders, each of another size."""

    def draw(random: np.random.Generator, factor: Numbers) -> Drawn:
        number = random.poisson(orders * usual(random, len(factor), 0.06))
        value = factor * np.array([random.lognormal(4.0, 0.7, each).sum() for each in number])
        nothing = np.full(len(factor), np.nan)
        return Drawn(np.round(value, 2), nothing, nothing)

    return draw


def stock(level: float) -> Draw:
    """Money at the end of each day, such as recurring revenue: it wanders and has no weekly rhythm."""

    def draw(random: np.random.Generator, factor: Numbers) -> Drawn:
        days = len(factor)
        value = level * np.exp(np.cumsum(random.normal(0.0008, 0.004, days))) * factor
        nothing = np.full(days, np.nan)
        return Drawn(np.round(value, 2), nothing, nothing)

    return draw


FAMILIES = (
    Family("counts, about 5 a day", "count", "day", 1.3, counts(5)),
    Family("counts, about 50 a day", "count", "day", 1.0, counts(50)),
    Family("counts, about 1,000 a day", "count", "day", 0.6, counts(1_000)),
    Family("rates of about 20 a day", "rate", "day", 1.5, rates(20)),
    Family("rates of about 400 a day", "rate", "day", 1.0, rates(400)),
    Family("rates of about 140 a week", "rate", "week", 1.2, rates(20)),
    Family("rates of about 2,800 a week", "rate", "week", 0.8, rates(400)),
    Family("amounts a day", "money", "day", 1.2, sums(12)),
    Family("an amount that stands", "money", "day", 0.4, stock(50_000)),
)
