"""Cohorts by the month in which they began to pay: who is still there, and who will be."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from metrics.lifetime.outlook import ALL, Key, Outlook
from metrics.lifetime.panel import Panel

Floats = npt.NDArray[np.float64]
NEWEST = 24  # cohorts that are projected
AHEAD = 24  # months
TAIL = 36  # months of the survival curve


def projections(
    panels: Mapping[Key, Panel], found: Outlook, until: int, seed: int
) -> Iterator[dict[str, Any]]:
    """Rows of `projection`: each cohort month by month, observed and then with its 90 % band."""
    spread = cohort_spread(panels[ALL], found, until)
    for number, (key, panel) in enumerate(panels.items()):
        stays = found.staying(key)
        random = np.random.default_rng([seed, until, number])
        for begun in range(max(until - NEWEST + 1, 0), until + 1):
            if panel.accounts[:, begun, begun].sum() > 0:
                yield from cohort(
                    panel, found, key, stays=stays, begun=begun, until=until, spread=spread, random=random
                )


def cohort(
    panel: Panel, found: Outlook, key: Key, *, stays: Floats, begun: int, until: int, spread: float,
    random: np.random.Generator,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    there = panel.accounts[:, begun, begun : until + 1].sum(axis=0)
    size, age = int(there[0]), until - begun
    row = {
        "dimension": key[0], "segment": key[1], "cohort_start": panel.month(begun), "size": size,
    }  # fmt: skip
    for months, left in enumerate(there):
        yield row | {"months": months, "survivors": int(left), "share": left / size, "is_projected": False,
                     "lower": None, "upper": None}  # fmt: skip
    factor = own_factor(panel, found, begun=begun, until=until, spread=spread, random=random)
    left = panel.accounts[:, begun, until].astype(int)
    paths = simulated(left, stays[:, :, age, :AHEAD].astype(float), factor, random)
    # Spread over the unit around each whole number, or a band of few customers would hold far too much.
    spread_out = np.clip(paths + random.uniform(-0.5, 0.5, paths.shape), 0, there[-1])
    mean, (low, high) = paths.mean(axis=0) / size, np.quantile(spread_out, (0.05, 0.95), axis=0) / size
    for step in range(AHEAD):
        yield row | {"months": age + step + 1, "survivors": None, "share": float(mean[step]),
                     "is_projected": True, "lower": float(min(low[step], mean[step])),
                     "upper": float(max(high[step], mean[step]))}  # fmt: skip


def cohort_spread(panel: Panel, found: Outlook, until: int) -> float:
    """The variance by which whole cohorts leave more or less than their ages say, beyond chance."""
    awaited, lost = awaited_and_lost(panel, found, until)
    off = float(((lost - awaited) ** 2 - awaited).sum() / max((awaited**2).sum(), 1e-9))
    noise = float(np.sqrt(2 * (awaited**2).sum()) / max((awaited**2).sum(), 1e-9))
    return off if off > 1.28 * noise else 0.0


def awaited_and_lost(panel: Panel, found: Outlook, until: int) -> tuple[Floats, Floats]:
    """By cohort: how many were to leave by age alone, and how many did."""
    accounts = panel.accounts[:, : until + 1, : until + 1]
    begun, month = np.indices(accounts.shape[1:])
    age = np.maximum(month - begun, 0)
    there = np.asarray(month >= begun)[None, :, :-1]
    awaited = accounts[:, :, :-1] * found.curve.mean[:, age][:, :, :-1] * there
    gone = np.maximum(accounts[:, :, :-1] - accounts[:, :, 1:], 0.0) * there
    return awaited.sum(axis=(0, 2)), gone.sum(axis=(0, 2))


def own_factor(
    panel: Panel, found: Outlook, *, begun: int, until: int, spread: float, random: np.random.Generator
) -> Floats:
    """By how much more this cohort leaves, by draw."""
    if spread <= 0 or until == 0:
        return np.ones(found.draws)
    awaited, lost = (part[begun] for part in awaited_and_lost(panel, found, until))
    return random.gamma(1 / spread + lost, 1 / (1 / spread + awaited), found.draws)


def simulated(
    there: npt.NDArray[np.int64], stays: Floats, factor: Floats, random: np.random.Generator
) -> Floats:
    """Customers still there by (draw, month ahead): each month some of those left leave, by chance.

    there: how many pay by the month, and by the year; stays: the share still there by (draw, kind, month).
    """
    total = np.zeros((len(stays), AHEAD))
    for kind, count in enumerate(there):
        left, alive = np.full(len(stays), count), stays[:, kind] ** factor[:, None]
        kept = alive / np.maximum(np.concatenate([np.ones((len(alive), 1)), alive[:, :-1]], axis=1), 1e-12)
        for step in range(AHEAD if count else 0):
            left = random.binomial(left, np.clip(kept[:, step], 0.0, 1.0))
            total[:, step] += left
    return total


def survival(panels: Mapping[Key, Panel], found: Outlook, until: int) -> Iterator[dict[str, Any]]:
    """Rows of `survival`: by age, what was counted, and what is expected of one who begins now."""
    for key, panel in panels.items():
        at_risk = panel.aged["accounts"][:, :, :until].sum(axis=(0, 2))
        lost = panel.lost[:, :, :until].sum(axis=(0, 2))
        begun = panel.accounts[:, :, : until + 1].diagonal(axis1=1, axis2=2)[:, -12:].sum(axis=1)
        share = begun / begun.sum() if begun.sum() else np.array([1.0, 0.0])
        curve = np.einsum("dkh,k->dh", found.staying(key)[:, :, 0, :TAIL].astype(float), share)
        curve = np.concatenate([np.ones((len(curve), 1)), curve], axis=1)
        low, high = np.quantile(curve, (0.05, 0.95), axis=0)
        seen = np.cumprod(1 - lost / np.maximum(at_risk, 1.0))
        for months in range(TAIL + 1):
            counted = months < len(at_risk) and at_risk[months] > 0
            came = months == 0 or (months <= len(at_risk) and at_risk[months - 1] > 0)
            yield {
                "dimension": key[0],
                "segment": key[1],
                "months": months,
                "at_risk": int(at_risk[months]) if counted else 0,
                "lost": int(lost[months]) if counted else 0,
                "observed": 1.0 if months == 0 else float(seen[months - 1]) if came else None,
                "survival": float(curve[:, months].mean()),
                "lower": float(min(low[months], curve[:, months].mean())),
                "upper": float(max(high[months], curve[:, months].mean())),
            }
