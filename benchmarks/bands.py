"""How often 90 % bands of value, survival and MRR hold what came: `python -m benchmarks.bands`.

Companies are simulated account by account from laws that are written down, years ahead; each is looked at as
of a month. Bands are those that the product shows: of lifetime value with its own past errors in them.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from metrics.lifetime import cohorts, fan, outlook, walk
from metrics.lifetime.outlook import ALL
from metrics.lifetime.panel import Panel
from metrics.lifetime.value import Terms, brought

FIRST = 24_000
TERMS = Terms(1.0, 0.1)
KINDS = ("value", "back-tests", "cohorts", "MRR")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """Churn a month is Beta(alpha, beta) among accounts; `swing`: how far whole months stray from it.

    new: accounts that begin in a month, `start` more in the first; yearly: the share that can leave at the
    year's end only; growing: by how much more begin each month, `until` a month; seasons: how far the months
    of a year are from its mean, in a `shape`; jolts: how far the number that begin wanders each month.
    """

    months: int = 36
    new: float = 40
    alpha: float = 1.2
    beta: float = 14.0
    swing: float = 0.0
    yearly: float = 0.0
    growing: float = 0.0
    until: int = 10_000
    seasons: float = 0.0
    shape: str = "wave"
    jolts: float = 0.0
    start: float = 0
    ahead: int = 37


WORLDS = {
    "three years": World(),
    "small and young": World(months=24, new=10, alpha=1.0, beta=12.0),
    "churn that strays by month": World(swing=0.3),
    "40 % pay by the year": World(yearly=0.4),
    "grows 2 % a month": World(new=20, growing=0.02),
    "grows 5 % a month": World(new=10, growing=0.05),
    "grew 4 % a month, until a year ago": World(new=15, growing=0.04, until=24),
    "shrinks 2 % a month": World(new=60, growing=-0.02),
    "sign-ups by season": World(seasons=0.3),
    "young, by season": World(months=18, new=40, seasons=0.3),
    "five years, by season": World(months=60, seasons=0.3),
    "strong seasons, grows 2 % a month": World(new=20, growing=0.02, seasons=0.5),
    "large, mild seasons": World(new=400, seasons=0.12),
    "one month brings three times as much": World(seasons=2.0, shape="holiday"),
    "quiet summers": World(seasons=0.5, shape="summer"),
    "last months of quarters": World(seasons=0.4, shape="quarters"),
    "sign-ups that wander": World(new=60, jolts=0.1),
    "large at first": World(months=20, new=60, alpha=4.0, beta=40.0, start=500),
}


# By name: how far above its mean a month of the year is, as a share of `seasons`.
SHAPES: dict[str, Callable[[float], float]] = {
    "wave": lambda month: float(np.sin(np.pi * month / 6)),
    "holiday": lambda month: float(month % 12 < 1),
    "summer": lambda month: -float(month % 12 < 2),
    "quarters": lambda month: 1.0 if month % 3 < 1 else -0.5,
}


def company(world: World, random: np.random.Generator) -> Panel:
    """All months, those ahead too."""
    size = world.months + world.ahead
    tables = np.zeros((4, 2, size, size))
    strays = np.exp(months_that_stray(world, size, random))
    phase = random.uniform(0, 2 * np.pi)
    wander = np.exp(np.cumsum(world.jolts * random.standard_normal(size))) if world.jolts else np.ones(size)
    for begun in range(size):
        season = 1 + world.seasons * SHAPES[world.shape](begun + phase * 6 / np.pi)
        usual = world.new * (1 + world.growing) ** min(begun, world.until) * wander[begun]
        count = random.poisson(usual * season)
        count += round(world.start) if begun == 0 else 0
        churn, pays = random.beta(world.alpha, world.beta, count), random.lognormal(3.5, 0.55, count)
        kind, alive = (random.random(count) < world.yearly).astype(int), np.ones(count, bool)
        for month in range(begun, size):
            leaves = alive & (random.random(count) < hazard(churn, kind, month - begun, strays[month]))
            alive &= ~leaves
            for one in (0, 1):
                there, gone = pays[alive & (kind == one)], pays[leaves & (kind == one)].sum()
                tables[:, one, begun, month] = len(there), there.sum(), (there**2).sum(), gone
    return Panel(FIRST, *tables)


def months_that_stray(world: World, size: int, random: np.random.Generator) -> Floats:
    state, path = 0.0, np.zeros(size)
    for month in range(size):
        state = 0.8 * state + 0.6 * world.swing * random.standard_normal()
        path[month] = state
    return path


def hazard(churn: Floats, kind: NDArray[np.int64], age: int, strays: float) -> Floats:
    if age == 0:
        return np.zeros_like(churn)
    monthly = 1 - (1 - churn) ** strays
    return np.where(kind == 1, 1 - (1 - churn) ** 6 if age % 12 == 0 else 0.002, monthly)


def seen(panel: Panel, months: int) -> Panel:
    """As it was known when the month after those was running."""
    tables = (panel.accounts, panel.mrr, panel.squares, panel.lost_mrr)
    return Panel(panel.first, *(table[:, : months + 2, : months + 2] for table in tables))


def held(world: World, kinds: frozenset[str], seed: int) -> list[tuple[str, bool, float]]:
    """By kind of forecast: whether its band held what came, and the logarithm of what came over its mean."""
    is_short = kinds == {"MRR"}  # nothing further than a year ahead is asked for
    world = replace(world, ahead=fan.AHEAD + 2) if is_short else world
    whole = company(world, np.random.default_rng(seed))
    until, known = world.months, seen(whole, world.months)
    rows = list(values(whole, known, until)) if kinds & {"value", "back-tests"} else []
    if kinds & {"cohorts", "MRR"}:
        horizon = fan.AHEAD if is_short else outlook.HORIZON
        found = outlook.look({ALL: known}, until, until, draws=walk.DRAWS_NOW, seed=1, horizon=horizon)
        rows += [*(cohorts_of(whole, known, found) if not is_short else ()), *mrr_of(whole, known, found)]
    return [row for row in rows if row[0].split()[0] in kinds]


def values(whole: Panel, known: Panel, until: int) -> Iterator[tuple[str, bool, float]]:
    """The newest, and all of the past that had come due: what the product's back-tests show."""
    walked = walk.honest(walk.walk({ALL: known}, TERMS))
    for one in walked:
        for months, found in one.estimates.items():
            came = brought(whole, one.place, TERMS.weights(months)) if one.place <= until else 0.0
            row = found.lower <= came <= found.upper, float(np.log(came / found.value)) if came else 0.0
            if one.place == until:
                yield f"value {months}", *row
            elif months in one.came:
                yield f"back-tests {months}", *row


def cohorts_of(whole: Panel, known: Panel, found: outlook.Outlook) -> Iterator[tuple[str, bool, float]]:
    for row in cohorts.projections({ALL: known}, found, found.place, 1):
        begun = (row["cohort_start"].year * 12 + row["cohort_start"].month - 1) - whole.first
        if row["is_projected"] and (ahead := begun + row["months"] - found.place) in (1, 3, 6, 12, 24):
            share = whole.accounts[:, begun, begun + row["months"]].sum() / row["size"]
            is_held = row["lower"] - 1e-9 <= share <= row["upper"] + 1e-9
            yield f"cohorts {ahead}", is_held, share - row["share"]


def mrr_of(whole: Panel, known: Panel, found: outlook.Outlook) -> Iterator[tuple[str, bool, float]]:
    for row in fan.fans({ALL: known}, found, found.place, 1):
        if row["churn_change"] == 0 and row["months"] in (1, 3, 6, 12):
            mrr = whole.mrr[:, :, found.place + row["months"]].sum()
            off = float(np.log(mrr / row["mrr"]))
            yield f"MRR {row['months']}", row["lower"] <= mrr <= row["upper"], off


def measure(
    name: str, companies: int, first: int, kinds: frozenset[str], pool: ProcessPoolExecutor
) -> dict[str, tuple[float, float]]:
    counted: dict[str, list[tuple[bool, float]]] = defaultdict(list)
    for rows in pool.map(partial(held, WORLDS[name], kinds), range(first, first + companies)):
        for kind, is_held, off in rows:
            counted[kind].append((is_held, off))
    return {kind: (float(np.mean([r[0] for r in rows])), float(np.mean([r[1] for r in rows])))
            for kind, rows in counted.items()}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=200)
    parser.add_argument("--first", type=int, default=5000, help="the seed of the first company")
    parser.add_argument("--world", action="append", choices=WORLDS)
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    with ProcessPoolExecutor(given.processes) as pool:
        for number, name in enumerate(given.world or WORLDS):
            found = measure(name, given.companies, given.first, frozenset(given.kind or KINDS), pool)
            if not number:
                print("| share of bands that held (mean error) | " + " | ".join(found) + " |")
                print("|---|" + "---:|" * len(found))
            told = (f"{share:.0%} ({off:+.3f})" for share, off in found.values())
            print(f"| {name} | " + " | ".join(told) + " |", flush=True)


if __name__ == "__main__":
    main()
