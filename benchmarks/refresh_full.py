"""How long `refresh --full` takes, as a ratio to DuckDB reading and grouping the same Parquet once.

python -m benchmarks.refresh_full [--events 2000000] [--accounts 50000] [--months 18] [--rounds 5]
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import duckdb
import numpy as np
import polars as pl

from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import import_folder
from engine.refresh import refresh

BEGIN = datetime.fromisoformat("2023-01-01")
STEPS = ("welcome_seen", "value_demonstrated", "first_action")
NAMES = (*STEPS, "login", "report_opened", "file_shared", "comment_added", "export_made")
LIKELY = (0.02, 0.02, 0.02, 0.34, 0.25, 0.15, 0.12, 0.08)
GROUP = """
select account_id, cast(occurred_at as date) as day, count(*) as events from read_parquet($file) group by all
"""


@dataclass(frozen=True)
class Size:
    events: int
    accounts: int
    months: int

    @property
    def end(self) -> datetime:
        return BEGIN + timedelta(days=30.4 * self.months)

    @property
    def seconds(self) -> float:
        return (self.end - BEGIN).total_seconds()


def write_company(folder: Path, size: Size) -> None:
    """Random accounts, most events on a few of them, a third paying, one to four changes of subscription."""
    random = np.random.default_rng(7)
    created = random.uniform(0, size.seconds * 0.98, size.accounts)
    write_accounts(folder, size, random, created)
    write_events(folder, size, random, created)
    write_changes(folder, size, random, created)


def write_accounts(folder: Path, size: Size, random: np.random.Generator, created: np.ndarray) -> None:
    pl.DataFrame(
        {
            "account_id": ids(np.arange(size.accounts)),
            "created_at": moments(created),
            "name": [f"Account {number}" for number in range(size.accounts)],
            "plan": random.choice(["starter", "team", "scale"], size.accounts),
            "region": random.choice(["americas", "europe", "asia", "africa"], size.accounts),
            "channel": random.choice(["ads", "search", "partner", "referral"], size.accounts),
        }
    ).write_parquet(folder / "accounts.parquet")


def write_events(folder: Path, size: Size, random: np.random.Generator, created: np.ndarray) -> None:
    account = (size.accounts * random.beta(0.7, 1.4, size.events)).astype(int)
    when = created[account] + random.uniform(0, 1, size.events) ** 1.7 * (size.seconds - created[account])
    order = np.argsort(when)
    pl.DataFrame(
        {
            "event_id": np.arange(size.events),
            "account_id": ids(account[order]),
            "occurred_at": moments(when[order]),
            "name": random.choice(NAMES, size.events, p=LIKELY),
        }
    ).with_columns(pl.col("event_id").cast(pl.String)).write_parquet(folder / "events.parquet")


def write_changes(folder: Path, size: Size, random: np.random.Generator, created: np.ndarray) -> None:
    paying = np.flatnonzero(random.random(size.accounts) < 0.35)
    account = np.repeat(paying, random.integers(1, 5, len(paying)))
    when = created[account] + random.exponential(60 * 86400.0, len(account))
    kept = when < size.seconds
    account, when = account[kept], when[kept]
    pl.DataFrame(
        {
            "subscription_id": ids(account, "s"),
            "account_id": ids(account),
            "effective_at": moments(when),
            "mrr": random.choice([29.0, 49.0, 99.0, 149.0, 499.0], len(account)),
            "status": random.choice(["active", "trialing", "canceled"], len(account), p=[0.75, 0.1, 0.15]),
        }
    ).sort("effective_at").write_parquet(folder / "subscription_changes.parquet")


def ids(numbers: np.ndarray, letter: str = "a") -> pl.Series:
    return pl.Series(numbers).cast(pl.String).str.zfill(7).str.pad_start(8, letter)


def moments(seconds: np.ndarray) -> pl.Series:
    return pl.Series((seconds * 1e6).astype("int64")).cast(pl.Duration("us")) + BEGIN


@dataclass(frozen=True)
class Timing:
    wall: float
    cpu: float


def timed(work: Callable[[], object], rounds: int) -> Timing:
    """The medians, after one round to warm up."""
    work()
    found = [once(work) for _ in range(rounds)]
    return Timing(statistics.median(t.wall for t in found), statistics.median(t.cpu for t in found))


def once(work: Callable[[], object]) -> Timing:
    wall, cpu = perf_counter(), process_time()
    work()
    return Timing(perf_counter() - wall, process_time() - cpu)


def grouped(file: Path) -> int:
    with duckdb.connect() as connection:
        found = connection.execute(f"select count(*) from ({GROUP})", {"file": str(file)}).fetchall()
    return int(found[0][0])


def compare(size: Size, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "company"
        folder.mkdir()
        write_company(folder, size)
        settings = Settings(home=Path(home) / "home")
        with Warehouse.open(settings) as warehouse:
            import_folder(warehouse, folder, now=size.end)
            baseline = timed(lambda: grouped(folder / "events.parquet"), rounds)
            whole = timed(lambda: refresh(settings, warehouse, size.end), rounds)
        report(size, baseline, whole)


def report(size: Size, baseline: Timing, whole: Timing) -> None:
    print(f"{size.events:,} events, {size.accounts:,} accounts, {size.months} months; medians")
    print(f"  read and group the Parquet  {baseline.wall:7.3f} s, {baseline.cpu:7.3f} s of CPU")
    print(f"  refresh, whole              {whole.wall:7.3f} s, {whole.cpu:7.3f} s of CPU")
    print(
        f"  ratio                       {whole.wall / baseline.wall:7.2f}    {whole.cpu / baseline.cpu:7.2f}"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=2_000_000)
    asked.add_argument("--accounts", type=int, default=50_000)
    asked.add_argument("--months", type=int, default=18)
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    compare(Size(given.events, given.accounts, given.months), given.rounds)


if __name__ == "__main__":
    main()
