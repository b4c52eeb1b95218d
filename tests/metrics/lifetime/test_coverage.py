"""Bands of 90 % hold nine times in ten, on simulated companies whose years ahead are known."""

import os
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest

from benchmarks.bands import WORLDS, World, company, seen
from metrics.lifetime import cohorts, fan, outlook, value
from metrics.lifetime.outlook import ALL
from metrics.lifetime.value import Terms

LONG = os.environ.get("HOLDFAST_LONG_TESTS") == "1"
COMPANIES = 80 if LONG else 6
TERMS = Terms(1.0, 0.1)
TRIED = (
    "three years",
    "small and young",
    "churn that strays by month",
    "40 % pay by the year",
    "grows 2 % a month",
    "sign-ups by season",
    "strong seasons, grows 2 % a month",
)


def held(world: World, seed: int) -> Iterator[tuple[str, bool]]:
    """By kind of forecast: whether its band held what came."""
    whole = company(world, np.random.default_rng(seed))
    until, known = world.months, seen(whole, world.months)
    found = outlook.look({ALL: known}, until, until, draws=300, seed=1)
    for months, one in value.per_customer(found, known, ALL, TERMS, (12, 36)).items():
        yield f"value {months}", one.lower <= value.brought(whole, until, TERMS.weights(months)) <= one.upper
    for row in cohorts.projections({ALL: known}, found, until, 1):
        begun = (row["cohort_start"].year * 12 + row["cohort_start"].month - 1) - whole.first
        if row["is_projected"] and begun + row["months"] - until in (3, 6, 12, 24):
            share = whole.accounts[:, begun, begun + row["months"]].sum() / row["size"]
            yield "cohorts", row["lower"] - 1e-9 <= share <= row["upper"] + 1e-9
    for row in fan.fans({ALL: known}, found, until, 1):
        if row["churn_change"] == 0 and row["months"] in (6, 12):
            yield "mrr", row["lower"] <= whole.mrr[:, :, until + row["months"]].sum() <= row["upper"]


@pytest.mark.parametrize("name", TRIED if LONG else ["three years", "40 % pay by the year"])
def test_bands_hold_nine_times_in_ten(name: str) -> None:
    counted: dict[str, list[bool]] = defaultdict(list)
    for seed in range(COMPANIES):
        for kind, is_held in held(WORLDS[name], seed):
            counted[kind].append(is_held)
    shares = {kind: float(np.mean(found)) for kind, found in counted.items()}
    # Cells of one company are not independent; with few companies only gross errors show.
    low, high = (0.83, 0.97) if LONG else (0.78, 0.99)
    assert low <= shares["cohorts"] <= high, shares
    if LONG:
        assert all(0.8 <= share <= 0.99 for share in shares.values()), shares
