"""MRR in the months to come, of customers there are and of those who will begin, and were churn another."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from metrics.lifetime.newcomers import AHEAD, new_mrr
from metrics.lifetime.outlook import Key, Outlook
from metrics.lifetime.panel import Panel

Floats = npt.NDArray[np.float64]
CHANGES = tuple(range(-50, 60, 10))  # per cent by which churn could be another


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
