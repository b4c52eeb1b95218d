"""How long scoring many accounts takes from facts, features included: `python -m benchmarks.risk_facts`."""

import argparse
import tempfile
from datetime import datetime
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import polars as pl

from benchmarks.risk import shots
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.work import Order, perform
from metrics.risk import rule, snapshots
from metrics.risk.columns import FEATURES
from metrics.risk.fit import RIDGE, fit
from metrics.risk.model import Model
from metrics.risk.score import score
from metrics.risk.snapshots import Ground
from metrics.risk.train import standing
from metrics.risk.walk import Step

NOW = datetime(2025, 6, 2, 12)
DAY = 86_400_000_000
EVENTS = 5  # of each account, in the last 90 days


def write(folder: Path, accounts: int) -> None:
    """A made-up company: each account with a subscription, some usage and one payment."""
    random = np.random.default_rng(1)
    ids = pl.Series([f"a{number:07d}" for number in range(accounts)])
    plan = pl.Series(random.choice(["starter", "team", "scale"], accounts))

    def before(low: int, high: int, rows: int) -> pl.Series:
        now = np.datetime64(NOW, "us").astype(np.int64)
        return pl.Series(now - random.integers(low * DAY, high * DAY, rows)).cast(pl.Datetime("us"))

    begun = before(100, 700, accounts)
    used = ids[random.integers(0, accounts, EVENTS * accounts)]
    failed = np.where(random.random(accounts) < 0.05, "failed", "succeeded")
    mrr = random.integers(10, 300, accounts).astype(float)
    shapes = {
        "accounts": {"account_id": ids, "created_at": begun, "plan": plan},
        "subscription_changes": {"subscription_id": "s" + ids, "account_id": ids, "effective_at": begun,
                                 "mrr": mrr, "plan": plan, "status": ["active"] * accounts},
        "events": {"account_id": used, "occurred_at": before(1, 90, len(used)),
                   "name": ["opened"] * len(used)},
        "payments": {"payment_id": "p" + ids, "invoice_id": "i" + ids, "account_id": ids, "amount": mrr,
                     "attempted_at": before(1, 30, accounts), "outcome": failed},
    }  # fmt: skip
    for name, columns in shapes.items():
        pl.DataFrame(columns).write_parquet(folder / f"{name}.parquet")


def regression() -> Model:
    """A model of all features, of a company made up by `benchmarks.risk`: here only its size matters."""
    learnt = shots(50_000, np.random.default_rng(2))
    linear = fit(learnt.table, learnt.outcome, FEATURES, ridge=RIDGE)
    step = Step(NOW.date(), "ridge", 0, 0.0, is_open=True, base=0.04)
    return Model(NOW, None, 0, 0, 0, "", (), (linear,), (step,), (), None, 0.0)


def measure(settings: Settings, rounds: int) -> None:
    model = regression()
    with Warehouse.open(settings) as warehouse, standing(warehouse, settings, NOW) as connection:
        ground = Ground(connection, settings, NOW)
        for _ in range(rounds):
            began, used = perf_counter(), process_time()
            snapshots.spans(ground)
            accounts = snapshots.paying(ground, [ground.today])
            table = rule.with_points(snapshots.gather(ground), snapshots.usage_from(ground))
            made, so_far = perf_counter() - began, process_time() - used
            score(model, model.last, table)
            print(
                f"features of {accounts:,} accounts: {made:.1f} s, {so_far:.1f} s of CPU; "
                f"with scores: {perf_counter() - began:.1f} s, {process_time() - used:.1f} s of CPU"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "files"
        folder.mkdir()
        write(folder, given.accounts)
        settings = Settings(home=Path(place) / "home")
        with Warehouse.open(settings) as warehouse:
            perform(Order("import", {"folder": str(folder)}, NOW, NOW), settings, warehouse, lambda _: None)
        measure(settings, given.rounds)


if __name__ == "__main__":
    main()
