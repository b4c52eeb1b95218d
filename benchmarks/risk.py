"""How long training on 500,000 snapshots and scoring 1,000,000 accounts take: `python -m benchmarks.risk`."""

import argparse
from datetime import date, datetime, timedelta
from time import perf_counter, process_time

import numpy as np
import polars as pl

from metrics.risk.columns import FEATURES
from metrics.risk.model import Model, made
from metrics.risk.rule import with_points
from metrics.risk.score import explained, parts_of, score
from metrics.risk.walk import Shots, Walk, mondays, numbered

TODAY = date(2025, 6, 2)
WEEKS = 104


def table(rows: int, random: np.random.Generator, days: list[date]) -> pl.DataFrame:
    """Features of a made-up company: counts, flags, plans; a third of them mean something."""
    made_up: dict[str, object] = {
        "account_key": np.arange(rows),
        "day": np.repeat(np.array(days, dtype="datetime64[D]"), rows // len(days)),
    }
    for column in FEATURES:
        if column.kind == "category":
            made_up[column.name] = random.choice(["starter", "team", "scale", "(none)"], rows)
        elif column.kind == "flag":
            made_up[column.name] = (random.random(rows) < 0.2).astype(float)
        elif column.name == "days_to_renewal":
            made_up[column.name] = np.where(random.random(rows) < 0.5, np.nan, random.integers(0, 365, rows))
        else:
            made_up[column.name] = random.exponential(8, rows).round(2)
    frame = pl.DataFrame(made_up).with_columns(pl.col(pl.Float64).fill_nan(None))
    return with_points(frame, days[0] - timedelta(days=90))


def shots(rows: int, random: np.random.Generator) -> Shots:
    days = mondays(TODAY - timedelta(weeks=WEEKS - 1), TODAY)
    each = rows // len(days)
    features = table(each * len(days), random, days)
    odds = -3.4 - 0.06 * features["active_28"].to_numpy() + 0.9 * features["last_failed"].to_numpy()
    outcome = (random.random(len(odds)) < 1 / (1 + np.exp(-odds))).astype(float)
    churned = np.sort(random.integers(numbered(days[0]), numbered(TODAY), int(outcome.sum()) // 4))
    week = np.repeat([numbered(day) for day in days], each)
    return Shots(features, outcome, week, np.tile(np.arange(each), len(days)), churned)


def train(rows: int) -> Model:
    made_up = shots(rows, np.random.default_rng(1))
    began, used = perf_counter(), process_time()
    walked = Walk(made_up, FEATURES, TODAY, lambda _: None).run()
    took, cpu = perf_counter() - began, process_time() - used
    print(f"train on {len(made_up.week):,} snapshots: {took:.1f} s, {cpu:.1f} s of CPU")
    won = "won" if walked.challenger else "lost"
    print(f"{len(walked.linears)} models, {walked.churned:,} accounts left, the challenger {won}")
    return made(
        walked, as_of=datetime.combine(TODAY, datetime.min.time()), first_week=TODAY, snapshots=rows,
        accounts=rows, features=(),
    )  # fmt: skip


def tell(model: Model, accounts: int) -> None:
    features = table(accounts, np.random.default_rng(2), [TODAY])
    began, used = perf_counter(), process_time()
    score(model, model.last, features)
    told, cpu = perf_counter() - began, process_time() - used
    explained(parts_of(model, model.last, features), model, model.last, features, ())
    print(f"score {accounts:,} accounts: {told:.1f} s, {cpu:.1f} s of CPU")
    print(
        f"with three reasons in words: {perf_counter() - began:.1f} s, {process_time() - used:.1f} s of CPU"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--snapshots", type=int, default=500_000)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    given = parser.parse_args()
    tell(train(given.snapshots), given.accounts)


if __name__ == "__main__":
    main()
