"""How likely customers are to leave, by age and segment, and how far that is known: what a month knew."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from metrics.lifetime import sbg
from metrics.lifetime.panel import Panel

Floats = npt.NDArray[np.float64]
MIN_LOST = 10  # customers who left, before anything is said
MIN_MONTHS = 6  # months in which they could
REACH = 3  # how many times the oldest age seen a forecast may go on for
SEEN = 10  # customers of an age before it counts as seen
LEVEL_MONTHS = 36  # months in which a common rise and fall of churn is looked for
YEAR = 12
LOOSE, TIGHT = 20.0, 5000.0  # customers' worth of trust in the curve at an age of its own
SIZE_PRIOR = 20.0  # losses' worth of trust in large and small customers leaving alike


@dataclass(frozen=True)
class Curve:
    """Mean hazard by age (monthly, yearly), its draws, and the counts behind it."""

    at_risk: Floats  # (kind, age)
    lost: Floats
    mean: Floats  # (kind, age + horizon)
    draws: Floats  # (draw, kind, age + horizon)
    tail: "sbg.Sbg | None"  # of those who pay by the month


@dataclass(frozen=True)
class Level:
    """Months in which more or fewer leave than their ages say: an autoregression of the logarithm."""

    now: float
    variance: float
    persistence: float
    innovation: float
    baseline: float = 0.0  # the variance of the mean of so few months, around which it rises and falls


@dataclass(frozen=True)
class Growth:
    """By how much a customer who stays pays more each month: the logarithm, and its standard error.

    freedom: degrees of freedom, at least 3, of the Student's t that the error is to be drawn with.
    """

    mean: float
    error: float
    freedom: int = 3


def counts(panel: Panel, until: int) -> tuple[Floats, Floats]:
    """At risk and lost by (kind, age), over the months up to `until`."""
    return panel.aged["accounts"][:, :, :until].sum(axis=2), panel.lost[:, :, :until].sum(axis=2)


def reason_against(panel: Panel, until: int, horizon: int) -> str | None:
    """Why nothing can be estimated as of the end of the month `until`; None where it can."""
    at_risk, lost = counts(panel, until)
    months = int((panel.aged["accounts"][:, :, :until].sum(axis=(0, 1)) > 0).sum())
    if panel.paying(until) <= 0:
        return "Nobody paid a subscription then."
    if months < MIN_MONTHS:
        return f"Too short a history: {months} months of paying customers, {MIN_MONTHS} are needed."
    if lost.sum() < MIN_LOST:
        return f"Too few have left: {int(lost.sum())}, {MIN_LOST} are needed."
    seen = np.flatnonzero(at_risk.sum(axis=0) >= SEEN)
    oldest = int(seen[-1]) + 1 if len(seen) else 0
    if oldest * REACH < horizon:
        return (
            f"Too short a history: customers were seen for {oldest} months, and {horizon} months ahead need "
            f"{-(-horizon // REACH)}."
        )
    return None


def curve(panel: Panel, until: int, horizon: int, random: np.random.Generator, draws: int) -> Curve:
    at_risk, lost = counts(panel, until)
    ages = at_risk.shape[1] + horizon + 1
    monthly = monthly_curve(at_risk[0], lost[0], ages, random, draws)
    yearly = yearly_curve(at_risk[1], lost[1], ages, random, draws)
    mean, drawn = (np.stack(pair, axis=-2) for pair in ((monthly[0], yearly[0]), (monthly[1], yearly[1])))
    return Curve(at_risk, lost, mean, drawn, monthly[2])


def monthly_curve(
    at_risk: Floats, lost: Floats, ages: int, random: np.random.Generator, draws: int
) -> "tuple[Floats, Floats, sbg.Sbg | None]":
    """What was counted at each age, drawn to the sBG curve all the more the less it is; the curve beyond."""
    n, d = padded(at_risk, ages), padded(lost, ages)
    if lost.sum() < 1:
        drawn = constant(n.sum(), d.sum(), random, draws)
        return np.full(ages, drawn.mean()), np.repeat(drawn[:, None], ages, axis=1), None
    seen = at_risk > 0
    model = sbg.fit(at_risk[seen], lost[seen])
    base = sbg.hazard(model.alpha, model.beta, np.arange(1, ages + 1))
    trust = trust_in(base, n, d)
    mean = (trust * base + d) / (trust + n)
    alpha, beta = sbg.draw(model, random, draws)
    curves = sbg.hazard(alpha[:, None], beta[:, None], np.arange(1, ages + 1)[None])
    # An age that was not seen has the curve itself; one that was, what is known after seeing it.
    drawn = random.beta(trust * curves + d + 1e-9, trust * (1 - curves) + (n - d) + 1e-9)
    return mean, np.where(n > 0, drawn, curves), model


def trust_in(base: Floats, at_risk: Floats, lost: Floats) -> float:
    """How many customers the curve is worth at an age: by how far the counts stray beyond chance."""
    expected = at_risk * base
    excess = float(((lost - expected) ** 2 - expected * (1 - base)).sum() / max((expected**2).sum(), 1e-12))
    mean = float(expected.sum() / max(at_risk.sum(), 1.0))
    return TIGHT if excess <= 0 else float(np.clip((1 - mean) / (excess * mean), LOOSE, TIGHT))


def yearly_curve(
    at_risk: Floats, lost: Floats, ages: int, random: np.random.Generator, draws: int
) -> tuple[Floats, Floats, None]:
    """Renewal months apart from the others: leaving shows in the month of the renewal or the one after."""
    n, d = padded(at_risk, ages), padded(lost, ages)
    into = np.arange(1, ages + 1)  # the age that the hazard leads into
    on, after = into % YEAR == 0, (into % YEAR == 1) & (into > YEAR)
    between = ~(on | after)
    off = constant(n[between].sum(), d[between].sum(), random, draws)
    drawn = np.repeat(off[:, None], ages, axis=1)
    split = (d[on].sum() + 1) / (d[on].sum() + d[after].sum() + 2)
    gone = np.minimum(d[on] + np.append(d[after], np.zeros(on.sum() - after.sum())), n[on])
    whole = renewals(n[on], gone, random, draws)
    for year, (place, hazard) in enumerate(zip(np.flatnonzero(on), whole.T, strict=True)):
        del year
        drawn[:, place] = hazard * split
        if place + 1 < ages:
            drawn[:, place + 1] = hazard * (1 - split) / (1 - hazard * split)
    return drawn.mean(axis=0), drawn, None


def renewals(came: Floats, gone: Floats, random: np.random.Generator, draws: int) -> Floats:
    """The hazard of the first, second, … renewal, by draw: sBG where enough left at one, else one for all."""
    if gone.sum() < MIN_LOST:
        return np.repeat(constant(came.sum(), gone.sum(), random, draws)[:, None], len(came), axis=1)
    model = sbg.fit(came[came > 0], gone[came > 0])
    alpha, beta = sbg.draw(model, random, draws)
    return sbg.hazard(alpha[:, None], beta[:, None], np.arange(1, len(came) + 1)[None])


def constant(at_risk: float, lost: float, random: np.random.Generator, draws: int) -> Floats:
    """One hazard, as uncertain as the counts leave it (Jeffreys' prior)."""
    return random.beta(lost + 0.5, max(at_risk - lost, 0.0) + 0.5, draws)


def padded(counted: Floats, ages: int) -> Floats:
    return np.concatenate([counted, np.zeros(ages - len(counted))])


def expected(panel: Panel, hazard: Floats, until: int) -> Floats:
    """How many would have left in each month up to `until`, by age alone."""
    ages = panel.aged["accounts"].shape[1]
    return np.asarray((panel.aged["accounts"][:, :, :until] * hazard[:, :ages, None]).sum(axis=(0, 1)))


def level(panel: Panel, hazard: Floats, until: int) -> Level:
    """The common rise and fall of churn over the last months, beyond chance (method of moments, Kalman)."""
    forecast = expected(panel, hazard, until)[-LEVEL_MONTHS:]
    found = panel.lost[:, :, :until].sum(axis=(0, 1))[-LEVEL_MONTHS:]
    some = forecast > 0.5
    if some.sum() < MIN_MONTHS:
        return Level(0.0, 0.0, 0.0, 0.0)
    off, noise = found[some] / forecast[some] - 1, 1 / forecast[some]
    weight = forecast[some] ** 2
    variance = float((weight * (off**2 - noise)).sum() / weight.sum())
    # Chance alone makes half of all variances positive: what could be chance is not counted.
    if variance <= 1.28 * float(np.sqrt(2 * (weight**2 * noise**2).sum()) / weight.sum()):
        return Level(0.0, 0.0, 0.0, 0.0)
    months, together = len(off), float(np.mean(off[1:] * off[:-1]))
    persistence = float(np.clip(together / variance, 0.0, 0.9))
    persistence = min(persistence + (1 + 3 * persistence) / months, 0.95)  # few months hide some of it
    taken = min((1 + persistence) / (1 - persistence) / months, 0.5)  # what the mean of the months took up
    # Half a standard error up: what is seen of few months that hang together mostly says too little.
    few = np.sqrt(2 * (1 + persistence**2) / (months * (1 - persistence**2)))
    variance = min(variance / (1 - taken) * (1 + min(float(few), 1.0) / 2), 1.0)
    return replace(filtered(off, noise, variance, persistence), baseline=variance * taken)


def filtered(off: Floats, noise: Floats, variance: float, persistence: float) -> Level:
    """Where the level stands after the last month."""
    now, spread, new = 0.0, variance, variance * (1 - persistence**2)
    for seen, error in zip(off, noise, strict=True):
        now, spread = persistence * now, persistence**2 * spread + new
        gain = spread / (spread + error)
        now, spread = now + gain * (seen - now), (1 - gain) * spread
    return Level(float(np.clip(now, -0.7, 1.5)), spread, persistence, new)


def level_paths(found: Level, horizon: int, random: np.random.Generator, draws: int) -> Floats:
    """What churn is multiplied with in each of the months to come; (draw, month)."""
    state = np.log1p(found.now) + np.sqrt(found.variance) * random.standard_normal(draws)
    paths = np.empty((draws, horizon))
    for step in range(horizon):
        state = found.persistence * state + np.sqrt(found.innovation) * random.standard_normal(draws)
        paths[:, step] = state
    around = np.sqrt(found.baseline) * random.standard_normal(draws)
    settled = 1 - found.persistence ** np.arange(1, horizon + 1)
    return np.asarray(np.exp(paths + around[:, None] * settled))


def segment_factors(
    left: Floats, awaited: Floats, random: np.random.Generator, draws: int
) -> tuple[Floats, Floats]:
    """By how much more segments leave than their ages say, drawn to each other by how alike they are.

    left, awaited: those who left, and how many would have by age alone. Means, and draws (draw, segment).
    """
    total = max(awaited.sum(), 1e-9)
    weight = awaited**2
    off = left / np.maximum(awaited, 1e-9) - left.sum() / total
    apart = float((weight * off**2 - awaited).sum() / max(weight.sum(), 1e-9))
    prior = 100.0 if apart <= 0 else float(np.clip(1 / apart, 2.0, 100.0))
    mean = (prior + left) / (prior + awaited)
    return mean, random.gamma(prior + left, 1 / (prior + awaited), (draws, len(left)))


def size_factor(panel: Panel, until: int, random: np.random.Generator, draws: int) -> Floats:
    """By how much more money leaves than customers do: large ones may stay longer than small ones."""
    accounts, mrr = panel.accounts[:, :, :until], panel.mrr[:, :, :until]
    gone = np.maximum(accounts - panel.accounts[:, :, 1 : until + 1], 0.0)
    usual = float((gone * mrr / np.maximum(accounts, 1.0)).sum())
    real = float(panel.lost_mrr[:, :, 1 : until + 1].sum())
    lost, whole = float(gone.sum()), float(mrr.sum())
    unlike = float(panel.squares[:, :, :until].sum()) * float(accounts.sum()) / max(whole**2, 1e-9)
    effective = lost / max(unlike, 1.0)
    ratio = float(np.clip(real / usual, 0.2, 5.0)) if usual > 0 else 1.0
    return random.gamma(SIZE_PRIOR + ratio * effective, 1 / (SIZE_PRIOR + effective), draws)


def growth(panel: Panel, until: int, months: int = YEAR) -> Growth:
    """What those who stayed paid at the end of a month over what they paid at its beginning."""
    rates, weights = [], []
    for place in range(max(until - months, 0), until):
        there = panel.mrr[:, : place + 1, place].sum() - panel.lost_mrr[:, : place + 1, place + 1].sum()
        then = panel.mrr[:, : place + 1, place + 1].sum()
        if there > 0 and then > 0:
            rates.append(float(np.clip(np.log(then / there), -0.2, 0.2)))
            weights.append(float(there))
    if len(rates) < 3:
        return Growth(0.0, 0.0)
    mean = float(np.average(rates, weights=weights))
    spread = float(np.sqrt(np.average((np.array(rates) - mean) ** 2, weights=weights)))
    error = spread / np.sqrt(len(rates) - 1)
    return Growth(float(np.clip(mean, -0.05, 0.05)), error, max(len(rates) - 1, 3))
