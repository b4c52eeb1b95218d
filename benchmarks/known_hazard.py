"""Churn risk where the hazard is known: `python -m benchmarks.known_hazard`.

Companies are simulated from a law that is written down (`tests/metrics/risk/simulate.py`), trained on as of
several days with the product's own code, and held against the law and what came in the thirty days after.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.work import Order, perform
from metrics.risk import rule, snapshots
from metrics.risk.card import auc
from metrics.risk.score import score
from metrics.risk.snapshots import Ground
from metrics.risk.train import learn, standing
from tests.metrics.risk.simulate import Simulated, at, name_of, simulate

DAYS = (300, 330, 360, 390, 420, 449)
BOUND = 1.96
Vector = NDArray[np.float64]
COMPANIES = {
    "as the tests have them": {"accounts": 1200},
    "small": {"accounts": 560},
    "large": {"accounts": 3000},
    "strong signal, few leave": {"accounts": 900, "rate": 0.0008, "signal": 1.8},
}


@dataclass(frozen=True)
class Month:
    """One company on one day. `wide`: how far as many as told may leave by chance, 95 times in 100."""

    gap: float
    observed: float
    expected: float
    wide: float
    is_told: bool

    @property
    def is_inside(self) -> bool:
        return abs(self.observed - self.expected) <= self.wide


def months(seed: int, kind: str) -> list[Month]:
    company = simulate(seed, **COMPANIES[kind])  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(home=Path(place) / "home")
        folder = company.write(Path(place) / "files")
        with Warehouse.open(settings) as warehouse:
            order = Order("import", {"folder": str(folder)}, at(500), at(500))
            perform(order, settings, warehouse, lambda _: None)
            return list(told(company, settings, warehouse))


def told(company: Simulated, settings: Settings, warehouse: Warehouse) -> Iterator[Month]:
    for day in DAYS:
        risk = risks(settings, warehouse, day)
        paying, hazard, outcome = company.outcome(day)
        found = np.array([risk.get(name_of(n), np.nan) for n in paying])
        if np.isnan(found).any():
            yield Month(0.0, float(outcome.sum()), 0.0, 0.0, False)
            continue
        gap = auc(hazard, outcome) - auc(found, outcome)
        wide = BOUND * float(np.sqrt((found * (1 - found)).sum()))
        yield Month(gap, float(outcome.sum()), float(found.sum()), wide, True)


def risks(settings: Settings, warehouse: Warehouse, day: int) -> dict[str, float]:
    """Of everybody who pays as a day begins, by a model trained then."""
    with standing(warehouse, settings, at(day)) as connection:
        ground = Ground(connection, settings, at(day))
        model = learn(ground, refit=True, show=lambda _: None)
        snapshots.paying(ground, [ground.today])
        table = rule.with_points(snapshots.gather(ground), snapshots.usage_from(ground))
        names = dict(ground.run("select account_key, account_id from account_keys"))
        risk = score(model, model.last, table).risk.tolist()
    return dict(zip((names[key] for key in table["account_key"]), risk, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=4, help="of each kind, six months each")
    parser.add_argument("--first", type=int, default=101, help="the seed of the first")
    parser.add_argument("--kind", action="append", choices=COMPANIES)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    seeds = range(given.first, given.first + given.companies)
    print(
        "| companies | months | not told | left | told | O/E inside | mean AUC gap | largest | sd by month |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    with ProcessPoolExecutor(given.processes) as pool:
        for kind in given.kind or COMPANIES:
            found: list[Month] = []
            for seed, more in zip(seeds, pool.map(partial(months, kind=kind), seeds), strict=True):
                found += more
                print(f"{kind}, company {seed}", file=sys.stderr, flush=True)
            show(kind, found)


def show(kind: str, found: list[Month]) -> None:
    known = [month for month in found if month.is_told]
    gaps = np.array([month.gap for month in known] or [np.nan])
    inside = float(np.mean([month.is_inside for month in known])) if known else float("nan")
    print(
        f"| {kind} | {len(known)} | {len(found) - len(known)} | {sum(month.observed for month in known):.0f} "
        f"| {sum(month.expected for month in known):.0f} | {inside:.0%} | {gaps.mean():.4f} "
        f"| {gaps.max():.3f} | {gaps.std():.3f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
