"""Import speed, checked and deduplicated, as a share of a bare DuckDB load of the same file on two cores.

python -m benchmarks.import_speed [--rows 2000000] [--runs 5] [--format csv] [--accounts 50000]
"""

import argparse
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import import_folder

THREADS = 2
FORMATS = ("csv", "parquet", "ndjson")
NOW = datetime(2026, 1, 1)

EVENTS = """
select
    'evt_' || lpad(cast(i as varchar), 10, '0') as event_id,
    'acc_' || lpad(cast(hash(i) % {accounts} as varchar), 6, '0') as account_id,
    strftime(timestamp '2024-01-01' + to_seconds(cast(i * 47e6 / {rows} as bigint)), '%Y-%m-%dT%H:%M:%SZ') as occurred_at,
    ['welcome_seen', 'first_action', 'login', 'report_viewed', 'export'][cast(1 + hash(i + 7) % 5 as int)] as name,
    'u' || (hash(i + 1) % 200000) as user_id,
    (hash(i) % 1000) / 10 as value,
    case when i % 10 = 0 then '{{"k":1}}' end as properties,
from range({rows}) as t(i)
"""  # noqa: E501
TYPED = "select * replace (cast(occurred_at as timestamptz) as occurred_at) from ({events})"
ACCOUNTS = """
select 'acc_' || lpad(cast(i as varchar), 6, '0') as account_id, date '2023-12-31' as created_at
from range({accounts}) as t(i)
"""


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="import_speed_") as folder:
        for form in options.format:
            inputs = Path(folder) / form
            _write_inputs(inputs, form, options.rows, options.accounts)
            _report(form, options.rows, inputs, options.runs)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--format", action="append", choices=FORMATS, default=None)
    options = parser.parse_args()
    options.format = options.format or FORMATS
    return options


def _write_inputs(folder: Path, form: str, rows: int, accounts: int) -> None:
    folder.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"set threads = {THREADS}").fetchall()
        connection.execute("set enable_progress_bar = false").fetchall()
        events = EVENTS.format(rows=rows, accounts=accounts)
        source = TYPED.format(events=events) if form == "parquet" else events
        how = "format json" if form == "ndjson" else "header" if form == "csv" else "format parquet"
        connection.execute(f"copy ({source}) to '{folder}/events.{form}' ({how})").fetchall()
        connection.execute(
            f"copy ({ACCOUNTS.format(accounts=accounts)}) to '{folder}/accounts.csv'"
        ).fetchall()


def _report(form: str, rows: int, inputs: Path, runs: int) -> None:
    works = (_load_to_file, _load_to_memory, _import)
    rounds = [[_alone(work, inputs, form) for work in works] for _ in range(runs)]
    speeds = [rows / statistics.median(one[side].clock for one in rounds) / 1e6 for side in range(3)]
    print(
        f"{form}, {rows:,} rows, million a second: bare to a file {speeds[0]:.2f}, "
        f"bare to memory {speeds[1]:.2f}, import {speeds[2]:.2f}; "
        f"{_shares(rounds, 0)} of bare to a file, {_shares(rounds, 1)} of bare to memory; "
        f"peak memory {max(one[2].megabytes for one in rounds):.0f} MB",
        flush=True,
    )


def _shares(rounds: list[list["Figures"]], side: int) -> str:
    clock = statistics.median(one[side].clock / one[2].clock for one in rounds)
    processor = statistics.median(one[side].processor / one[2].processor for one in rounds)
    return f"{clock:.2f} by the clock and {processor:.2f} by processor time"


class Figures(NamedTuple):
    clock: float  # seconds
    processor: float  # seconds
    megabytes: float  # at the peak


def _alone(work: Callable[[Path, str, Path], None], inputs: Path, form: str) -> Figures:
    """Run in a process of its own, so that memory and caches are its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool, tempfile.TemporaryDirectory(dir=inputs.parent) as home:
        return pool.apply(_measured, (work, inputs, form, Path(home)))


def _measured(work: Callable[[Path, str, Path], None], inputs: Path, form: str, home: Path) -> Figures:
    began, worked = time.perf_counter(), time.process_time()
    work(inputs, form, home)
    clock, processor = time.perf_counter() - began, time.process_time() - worked
    return Figures(clock, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _load_to_file(inputs: Path, form: str, home: Path) -> None:
    _load(inputs, form, str(home / "bare.duckdb"))


def _load_to_memory(inputs: Path, form: str, _home: Path) -> None:
    _load(inputs, form, ":memory:")


def _load(inputs: Path, form: str, database: str) -> None:
    with duckdb.connect(database) as connection:
        connection.execute(f"set threads = {THREADS}").fetchall()
        connection.execute("set enable_progress_bar = false").fetchall()
        connection.execute(f"create table events as select * from '{inputs}/events.{form}'").fetchall()


def _import(inputs: Path, _form: str, home: Path) -> None:
    with Warehouse.open(Settings(home=home)) as warehouse:
        warehouse.run(f"set threads = {THREADS}")
        import_folder(warehouse, inputs, now=NOW)


if __name__ == "__main__":
    main()
