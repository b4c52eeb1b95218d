"""MRR in the months to come, of customers there are and of those who will begin, and were churn another."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from metrics.lifetime.outlook import Key, Outlook
from metrics.lifetime.panel import Panel

Floats = npt.NDArray[np.float64]
AHEAD = 12
CHANGES = tuple(range(-50, 60, 10))  # per cent by which churn could be another
HALF = 6
DAMPED = 0.9
FEWEST = 3  # degrees of freedom below which a t has no spread to speak of


def fans(panels: Mapping[Key, Panel], found: Outlook, until: int, seed: int) -> Iterator[dict[str, Any]]:
    """Rows of `mrr_projection`: the end of the last month, and of each of the next twelve."""
    for number, (key, panel) in enumerate(panels.items()):
        new = new_mrr(panel, until, np.random.default_rng([seed, until, 1, number]), found.draws)
        for change in CHANGES:
            yield from fan(panel, found, key, until=until, new=new, change=change)


def fan(
    panel: Panel, found: Outlook, key: Key, *, until: int, new: Floats, change: int
) -> Iterator[dict[str, Any]]:
    old, fresh = ahead(panel, found, key, until=until, new=new, churn=1 + change / 100)
    whole = old + fresh
    low, high = np.quantile(whole, (0.05, 0.95), axis=0)
    row = {"dimension": key[0], "segment": key[1], "churn_change": change}
    now = float(panel.mrr[:, :, until].sum())
    yield row | {"period_start": panel.month(until), "months": 0, "mrr": now, "lower": now, "upper": now,
                 "of_customers": now, "of_new": 0.0}  # fmt: skip
    for step in range(AHEAD):
        mean = float(whole[:, step].mean())
        yield row | {
            "period_start": panel.month(until + step + 1),
            "months": step + 1,
            "mrr": mean,
            "lower": float(min(low[step], mean)),
            "upper": float(max(high[step], mean)),
            "of_customers": float(old[:, step].mean()),
            "of_new": float(fresh[:, step].mean()),
        }


def ahead(
    panel: Panel, found: Outlook, key: Key, *, until: int, new: Floats, churn: float
) -> tuple[Floats, Floats]:
    """MRR by (draw, month ahead): of customers there are, and of those who will begin."""
    times = found.factor(key) * found.size * churn
    mrr, squares = panel.aged["mrr"][:, :, until], panel.aged["squares"][:, :, until]
    kinds, ages = np.nonzero(mrr > 0)
    stays = np.exp(-found.gone[:, kinds, ages, :AHEAD] * times[:, None, None].astype(np.float32)).astype(
        float
    )
    grown = np.exp(found.growth[:, :AHEAD])
    old = np.einsum("dah,a->dh", stays, mrr[kinds, ages]) * grown
    usual = stays.mean(axis=0)
    noise = np.sqrt(np.einsum("ah,a->h", usual * (1 - usual), squares[kinds, ages]))
    old = np.maximum(old + found.chance[:, None] * noise, 0.0)
    recent = panel.mrr[:, : until + 1, : until + 1].diagonal(axis1=1, axis2=2)[:, -12:].sum(axis=1)
    return old, begun(found, recent, new, times, grown)


def begun(found: Outlook, recent: Floats, new: Floats, times: Floats, grown: Floats) -> Floats:
    """MRR of those who begin in each month ahead, less those who leave again.

    recent: MRR begun in the last year, paid by the month and by the year.
    """
    share = recent / recent.sum() if recent.sum() else np.array([1.0, 0.0])
    young = np.exp(-found.gone[:, :, 0, :AHEAD] * times[:, None, None].astype(np.float32)).astype(float)
    stays = np.einsum("dkh,k->dh", young, share) * grown
    total = np.zeros_like(new)
    for month in range(AHEAD):
        total[:, month] += new[:, month]
        total[:, month + 1 :] += new[:, month, None] * stays[:, : AHEAD - month - 1]
    return total


def new_mrr(panel: Panel, until: int, random: np.random.Generator, draws: int) -> Floats:
    """MRR of those who begin in each of the next months, as the last ones were; (draw, month ahead).

    The level is that of the last half year, and it moves on as it moved from the half year before,
    where that is more than chance, ever less; the months around it are those seen, drawn again.
    """
    seen = panel.mrr[:, : until + 1, : until + 1].diagonal(axis1=1, axis2=2).sum(axis=0)[-2 * HALF :]
    if not seen.any():
        return np.zeros((draws, AHEAD))
    late = seen[-HALF:]
    level = late.mean() if late.any() else seen.mean()
    ratios = around_level(seen)
    error = float(ratios.std() / np.sqrt(max(len(late) - 1, 1)))
    trend, drift = moved(seen, ratios)
    path = np.cumsum(trend * DAMPED ** np.arange(1, AHEAD + 1))
    walk = np.cumsum(drift * random.standard_normal((draws, AHEAD)), axis=1)
    # Student's t: how far months stray is itself known from these few months alone.
    strays = random.standard_t(max(len(late) - 1, FEWEST), (draws, 1))
    start = level * np.maximum(1 + error * strays, 0.05)
    return np.asarray(start * np.exp(path + walk) * random.choice(ratios, (draws, AHEAD)))


def around_level(seen: Floats) -> Floats:
    """Each month over the mean of its half of the year, which takes the trend between the halves out."""
    parts = [part for part in (seen[:-HALF], seen[-HALF:]) if len(part) and part.mean() > 0]
    found = np.concatenate([part / part.mean() for part in parts])
    correction = np.sqrt(len(found) / max(len(found) - len(parts), 1))
    return np.asarray(np.maximum(1 + (found - 1) * correction, 0.0))


def moved(seen: Floats, ratios: Floats) -> tuple[float, float]:
    """By how much the level moves a month, and how far that strays, as far as it is more than chance."""
    before, after = seen[:-HALF], seen[-HALF:]
    if len(before) < HALF or before.mean() <= 0 or after.mean() <= 0:
        return 0.0, 0.0
    step = float(np.clip(np.log(after.mean() / before.mean()), -1.0, 1.0))
    noise = 2 * float(ratios.var()) / HALF
    excess = max(step**2 - noise, 0.0)
    return step / HALF * excess / max(excess + noise, 1e-12), float(np.sqrt(excess / HALF))
