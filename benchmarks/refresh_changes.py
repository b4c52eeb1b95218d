"""What an incremental refresh costs, whatever the history: +1,000, +10,000, +100,000 events at 1M, 10M, 100M.

python -m benchmarks.refresh_changes [--history 1000000 --history 10000000] [--batch 10000] [--live]

Each batch, a fifth of it late over 90 days, is loaded and then refreshed, metrics, audits and publication
included; medians after one round to warm up, beside a full refresh of the same state. `--live`: with the
patience of an engine that runs, which takes a lane at a time. In the end the edition that was refreshed piece
by piece must equal a full one, cell for cell.
"""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import polars as pl

from benchmarks.company.batch import Batch, after
from benchmarks.company.history import Company, write
from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import load_rows
from engine.duty import PATIENCE
from engine.refresh import refresh
from metrics import read
from metrics.patience import NONE, Patience

THREADS = 2
HISTORIES = (1_000_000, 10_000_000)
BATCHES = (1_000, 10_000, 100_000)
OF_ITSELF = ("edition", "arrivals", "rhythm")  # tables of an edition that tell when, not what


@dataclass(frozen=True)
class Timing:
    """Seconds: by the clock, and of all processors together, child processes included."""

    wall: float
    cpu: float


def once(work: Callable[[], object]) -> Timing:
    wall, cpu = perf_counter(), processor()
    work()
    return Timing(perf_counter() - wall, processor() - cpu)


def processor() -> float:
    return sum(os.times()[:4])


def median(found: list[Timing]) -> Timing:
    return Timing(statistics.median(one.wall for one in found), statistics.median(one.cpu for one in found))


def after_warm_up(work: Callable[[], object], rounds: int) -> Timing:
    work()
    return median([once(work) for _ in range(rounds)])


@dataclass
class Home:
    """A warehouse with a history, and how many batches came in since."""

    company: Company
    settings: Settings
    warehouse: Warehouse
    batches: int = 0
    patience: Patience = NONE

    @property
    def as_of(self) -> datetime:
        return after(self.company, self.batches, 1).until

    def next_batch(self, events: int) -> Batch:
        self.batches += 1
        return after(self.company, self.batches, events)

    def load(self, batch: Batch) -> None:
        with self.warehouse.transaction():
            load_rows(self.warehouse, "product", batch.rows(), now=batch.until)

    def refresh(self, *, full: bool = False, patience: Patience = NONE, as_of: datetime | None = None) -> str:
        as_of = as_of or self.as_of
        return refresh(self.settings, self.warehouse, as_of, full=full, patience=patience).name

    def keep_fresh(self) -> str:
        return self.refresh(patience=self.patience)


@contextmanager
def home_with(company: Company, folder: Path) -> Iterator[Home]:
    settings = Settings(home=folder)
    with Warehouse.open(settings) as warehouse:
        warehouse.run(f"set threads = {THREADS}")
        write(warehouse, company)
        yield Home(company, settings, warehouse)


@dataclass
class Found:
    """What was measured at one size of history, by size of batch."""

    full: Timing
    load: dict[int, Timing] = field(default_factory=dict)
    refresh: dict[int, Timing] = field(default_factory=dict)


def measure(home: Home, batches: list[int], rounds: int, full_rounds: int = 1) -> Found:
    found = Found(after_warm_up(lambda: home.refresh(full=True), full_rounds))
    home.load(home.next_batch(1))  # reads the ids of all facts, once in the life of a warehouse
    home.refresh()
    for events in batches:
        pairs = [loaded_and_refreshed(home, events) for _ in range(rounds + 1)][1:]
        found.load[events] = median([load for load, _ in pairs])
        found.refresh[events] = median([refreshed for _, refreshed in pairs])
    return found


def loaded_and_refreshed(home: Home, events: int) -> tuple[Timing, Timing]:
    batch = home.next_batch(events)
    return once(lambda: home.load(batch)), once(home.keep_fresh)


def differences(home: Home) -> list[str]:
    """The tables in which a full refresh says something else than the ones that led here."""
    as_of = home.as_of + timedelta(seconds=1)
    in_steps = editions_tables(home, home.refresh(as_of=as_of))
    afresh = editions_tables(home, home.refresh(as_of=as_of, full=True))
    return [name for name, table in in_steps.items() if not table.equals(afresh[name])]


def editions_tables(home: Home, edition: str) -> dict[str, pl.DataFrame]:
    return {name: read.table(home.settings, edition, name) for name in read.tables() if name not in OF_ITSELF}


def report(company: Company, found: Found) -> None:
    print(f"{company.events:,} events, {company.accounts:,} accounts, {company.days} days")
    print(f"{'':18}{'wall, s':>10}{'CPU, s':>10}{'of full':>10}{'load, s':>10}{'CPU, s':>10}")
    print(f"{'full':<18}{found.full.wall:>10.3f}{found.full.cpu:>10.3f}{1:>10.2f}")
    for events, timing in found.refresh.items():
        load = found.load[events]
        print(
            f"{f'+{events:,}':<18}{timing.wall:>10.3f}{timing.cpu:>10.3f}"
            f"{timing.wall / found.full.wall:>10.2f}{load.wall:>10.3f}{load.cpu:>10.3f}",
            flush=True,
        )


def report_growth(found: dict[int, Found]) -> None:
    """How much dearer a refresh is at the longest history than at the shortest."""
    least, most = min(found), max(found)
    if least == most:
        return
    print(f"{most:,} / {least:,} events of history")
    for events, timing in found[most].refresh.items():
        before = found[least].refresh[events]
        print(f"{f'+{events:,}':<18}{timing.wall / before.wall:>10.2f}{timing.cpu / before.cpu:>10.2f}")


def main() -> None:
    given = options()
    found: dict[int, Found] = {}
    for events in given.history or HISTORIES:
        company = Company(events, given.accounts)
        with tempfile.TemporaryDirectory() as folder, home_with(company, Path(folder) / "home") as home:
            home.patience = PATIENCE if given.live else NONE
            found[events] = measure(home, given.batch or list(BATCHES), given.rounds, given.full_rounds)
            report(company, found[events])
            if wrong := differences(home):
                sys.exit(f"An incremental edition differs from a full one in {', '.join(wrong)}.")
            print("the incremental edition equals the full one, cell for cell", flush=True)
    report_growth(found)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--history", type=int, action="append", help="events of history; may be repeated")
    parser.add_argument("--batch", type=int, action="append", help="events of a batch; may be repeated")
    parser.add_argument("--live", action="store_true", help="as an engine does it that runs")
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--full-rounds", type=int, default=5, help="rounds of the full refresh")
    return parser.parse_args()


if __name__ == "__main__":
    main()
