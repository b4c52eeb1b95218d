"""What a question about cohorts costs on a million accounts and two years, against the events themselves.

python -m benchmarks.explore [--accounts 1000000] [--days 730] [--events 30000000] [--home FOLDER]

Every question is asked of a published edition and its volume, read-only and on two threads, to the frame
that a page draws. In the same run, on two threads too: the default question written plainly over the raw
events in the warehouse, and in Polars over the same events in Parquet. All three must give the same cells.
"""

import argparse
import os
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

THREADS = 2
os.environ.setdefault("POLARS_MAX_THREADS", str(THREADS))

import polars as pl  # noqa: E402 (reads how many threads it may use when it is imported)

from benchmarks.company.history import Company, write  # noqa: E402
from data.settings import Settings  # noqa: E402
from data.store.warehouse import Warehouse  # noqa: E402
from engine.refresh import refresh  # noqa: E402
from metrics import read  # noqa: E402
from metrics.explore.answer import ask, members  # noqa: E402
from metrics.explore.members import Place  # noqa: E402
from metrics.explore.question import Question  # noqa: E402

PLAIN = Question(newest=24)
WEEKS = replace(PLAIN, grain="week", newest=104)
BEHAVIOUR = replace(PLAIN, by="behaviour", behaviour="login", times=2, days=7)
QUESTIONS = {
    "months since sign-up": PLAIN,
    "months since sign-up, by plan": replace(PLAIN, by="attribute", attribute="plan"),
    "weeks since sign-up, 104 of them, by plan": replace(WEEKS, by="attribute", attribute="plan"),
    "or later (unbounded)": replace(PLAIN, kind="unbounded"),
    "a pause forgiven (rolling)": replace(PLAIN, kind="rolling"),
    "spans of 30 days on each account's own clock": replace(PLAIN, clock="own"),
    "spans of 7 days on each account's own clock, 104 of them": replace(WEEKS, clock="own"),
    "months since first payment": replace(PLAIN, start="paid"),
    "months since first `export_made`": replace(PLAIN, start="event", event="export_made"),
    "by `login` at least 2 times in 7 days": BEHAVIOUR,
    "the same, spans of 7 days": replace(BEHAVIOUR, clock="own", grain="week", newest=104),
    "net MRR kept, by plan": replace(PLAIN, measure="net", by="attribute", attribute="plan"),
    "gross MRR kept": replace(PLAIN, measure="gross"),
    "events per account": replace(PLAIN, measure="events"),
}
NAIVE = """
with cohort as (
    select account_key, date_trunc('month', created_at) as cohort_start, created_at from accounts
),
seen as (
    select distinct
        cohort.cohort_start, events.account_key,
        date_diff('month', cohort.cohort_start, date_trunc('month', events.day)) as period_index
    from events
    join cohort on cohort.account_key = events.account_key
    where events.occurred_at >= cohort.created_at
)
select cohort_start, period_index, count(*) as part from seen group by all order by all
"""


def median(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Seconds by the clock, and of both processors together, after one round to warm up."""
    work()
    found = [timed(work) for _ in range(rounds)]
    return statistics.median(wall for wall, _ in found), statistics.median(cpu for _, cpu in found)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = perf_counter(), process_time()
    work()
    return perf_counter() - wall, process_time() - cpu


def told(about: str, seconds: tuple[float, float]) -> None:
    print(f"| {about} | {seconds[0]:.2f} | {seconds[1]:.2f} |", flush=True)


def in_polars(accounts: Path, events: Path) -> pl.DataFrame:
    cohort = pl.scan_parquet(accounts).with_columns(
        pl.col("created_at").dt.truncate("1mo").alias("cohort_start")
    )
    month = pl.col("occurred_at").dt.truncate("1mo")
    apart = (month.dt.year() - pl.col("cohort_start").dt.year()) * 12 + (
        month.dt.month().cast(pl.Int32) - pl.col("cohort_start").dt.month().cast(pl.Int32)
    )
    seen = (
        pl.scan_parquet(events)
        .join(cohort, on="account_key")
        .filter(pl.col("occurred_at") >= pl.col("created_at"))
        .select("account_key", "cohort_start", apart.alias("period_index"))
        .unique()
    )
    counted = seen.group_by("cohort_start", "period_index").agg(pl.len().alias("part"))
    return counted.sort("cohort_start", "period_index").collect(engine="streaming")


def prepared(folder: Path, company: Company) -> tuple[Settings, str]:
    """A home with the company published; one that is there already is taken as it is."""
    settings = Settings(home=folder, memory="6GB")
    if (name := read.current(settings)) is not None:
        return settings, name
    with Warehouse.open(settings) as warehouse:
        warehouse.run(f"set threads = {THREADS}")
        write(warehouse, company)
        seconds = timed(lambda: refresh(settings, warehouse, company.end, full=True))
        told("refresh, whole", seconds)
        for table, columns in (
            ("accounts", "account_key, created_at"),
            ("events", "account_key, occurred_at"),
        ):
            target = folder / f"{table}.parquet"
            warehouse.run(f"copy (select {columns} from {table}) to '{target}' (format parquet)")
    return settings, str(read.current(settings))


def against(settings: Settings, name: str, rounds: int) -> dict[str, tuple[float, float]]:
    """The default question over the events themselves."""
    found: dict[str, pl.DataFrame] = {}
    with Warehouse.open(settings) as warehouse:
        warehouse.run(f"set threads = {THREADS}")
        naive = median(lambda: found.update(naive=warehouse.frame(NAIVE)), rounds)
    paths = settings.home / "accounts.parquet", settings.home / "events.parquet"
    polars = median(lambda: found.update(polars=in_polars(*paths)), rounds)
    asked = ask(settings, name, PLAIN).cells.filter(pl.col("part") > 0)
    counts = sorted(asked["part"].to_list())
    for way, cells in found.items():
        newest = cells.filter(pl.col("cohort_start") >= asked["cohort_start"].min())
        same = sorted(newest["part"].to_list()) == counts
        print(f"{way}: the cells are {'the same' if same else 'NOT THE SAME'}")
    return {"the same over raw events, DuckDB": naive, "the same over raw events, Polars": polars}


def run(folder: Path, company: Company, rounds: int) -> None:
    settings, name = prepared(folder, company)
    sizes = {path.name: path.stat().st_size / 1e6 for path in settings.published.rglob("*.duckdb")}
    print(", ".join(f"{file} {size:.0f} MB" for file, size in sizes.items()))
    for about, question in QUESTIONS.items():
        seconds = median(lambda question=question: ask(settings, name, question), rounds)  # type: ignore[misc]
        told(about, seconds)
    cell = ask(settings, name, PLAIN).cells.filter(pl.col("period_index") == 6).row(0, named=True)
    place = Place(cell["cohort_start"], 6)
    seconds = median(lambda: members(settings, name, PLAIN, place), rounds)
    told(f"the {cell['size']:,} accounts behind one cell", seconds)
    for about, seconds in against(settings, name, max(1, rounds // 2)).items():
        told(about, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=730)
    parser.add_argument("--events", type=int, default=30_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    company = Company(asked.events, accounts=asked.accounts, days=asked.days)
    if asked.home:
        run(asked.home, company, asked.rounds)
        return
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), company, asked.rounds)


if __name__ == "__main__":
    main()
