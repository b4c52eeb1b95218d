"""The weekly cohort triangle and the account-day rollup, computed anew by others, against our refresh.

python -m benchmarks.peers [--history 1000000 --history 10000000] [--batch 10000] [--rounds 5]

Everybody gets the same facts. DuckDB and ClickHouse hold them in a table of their own on disk, Polars in
memory; each, in a process of its own, makes the rollup and from it the triangle. We refresh after a batch, as
an engine does it that runs, and publish a whole edition. In the end the triangles must agree. Medians after
one round to warm up.
"""

import argparse
import multiprocessing
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.company.history import Company
from benchmarks.refresh_changes import (
    HISTORIES,
    THREADS,
    Home,
    Timing,
    after_warm_up,
    home_with,
    loaded_and_refreshed,
    median,
)
from engine.duty import PATIENCE
from metrics import read

FACTS = """
copy (
    select events.account_key, events.occurred_at, events.day, kept_account.created_day as created
    from events join kept.kept_account using (account_key)
    where events.occurred_at >= kept_account.created_at
) to '{file}' (format parquet)
"""
ROLLUP = (
    "create or replace table account_day as select account_key, day, created, count(*) as events from events"
)


@dataclass(frozen=True)
class Peer:
    """A rival: `run` loads the facts and measures; it gives the triangle as well."""

    title: str
    run: Callable[[Path, int], tuple[Timing, pl.DataFrame]]


def by_duckdb(facts: Path, rounds: int) -> tuple[Timing, pl.DataFrame]:
    with duckdb.connect(str(facts.with_name("peer.duckdb"))) as connection:
        connection.execute(f"set threads = {THREADS}").fetchall()
        connection.execute("set enable_progress_bar = false").fetchall()
        connection.execute(f"create table events as from read_parquet('{facts}')").fetchall()

        def work() -> pl.DataFrame:
            connection.execute(f"{ROLLUP} group by all").fetchall()
            week = "datetrunc('week', {})"
            return connection.sql(triangle(week)).pl()

        return after_warm_up(work, rounds), work()


def by_clickhouse(facts: Path, rounds: int) -> tuple[Timing, pl.DataFrame]:
    from chdb.session import Session  # noqa: PLC0415 (large; the other processes do without)

    session = Session(str(facts.with_name("clickhouse")))
    session.query(f"set max_threads = {THREADS}")
    session.query("create database peer engine = Atomic")
    session.query("use peer")
    session.query(
        "create table events engine = MergeTree order by (account_key, day) as "
        f"select account_key, occurred_at, day, created from file('{facts}', Parquet)"
    )

    def work() -> pl.DataFrame:
        session.query("drop table if exists account_day sync")
        session.query(
            "create table account_day engine = MergeTree order by (account_key, day) as "
            "select account_key, day, created, count() as events from events group by all"
        )
        found = session.query(triangle("toMonday({})"), "Parquet").bytes()
        return pl.read_parquet(found)

    try:
        return after_warm_up(work, rounds), work()
    finally:
        session.close()


def triangle(week: str) -> str:
    """The triangle from the rollup; `week` is SQL for the Monday before a date."""
    return (
        f"select cohort, week, count(*) as retained from (select distinct account_key, "
        f"{week.format('created')} as cohort, {week.format('day')} as week from account_day) as active "
        "group by cohort, week"
    )


def by_polars(facts: Path, rounds: int) -> tuple[Timing, pl.DataFrame]:
    events = pl.read_parquet(facts, columns=["account_key", "day", "created"])

    def work() -> pl.DataFrame:
        account_day = events.lazy().group_by("account_key", "day", "created").agg(events=pl.len()).collect()
        weeks = account_day.lazy().select(
            "account_key", cohort=pl.col("created").dt.truncate("1w"), week=pl.col("day").dt.truncate("1w")
        )
        return weeks.unique().group_by("cohort", "week").agg(retained=pl.len()).collect()

    return after_warm_up(work, rounds), work()


PEERS = (
    Peer("DuckDB", by_duckdb),
    Peer("ClickHouse", by_clickhouse),
    Peer("Polars", by_polars),
)


def ours(home: Home, events: int, rounds: int) -> tuple[Timing, pl.DataFrame]:
    """An incremental refresh, and the triangle of the edition it published."""
    home.refresh(full=True)
    home.patience = PATIENCE
    pairs = [loaded_and_refreshed(home, events) for _ in range(rounds + 1)][1:]
    home.refresh()
    cohorts = read.cohorts(home.settings, read.current(home.settings) or "", grain="week")
    published = cohorts.filter(pl.col("retained") > 0).select(
        cohort="cohort_start",
        week=pl.col("cohort_start") + pl.duration(days=7 * pl.col("period_index")),
        retained="retained",
    )
    return median([refreshed for _, refreshed in pairs]), in_order(published)


def in_order(triangle: pl.DataFrame) -> pl.DataFrame:
    """In one order and with one type of numbers, whoever made it."""
    typed = triangle.select(pl.col("cohort", "week").cast(pl.Date), pl.col("retained").cast(pl.Int64))
    return typed.sort("cohort", "week")


def write_facts(home: Home, file: Path) -> None:
    """What a peer needs: every event that counts, with the day its account signed up."""
    home.warehouse.run(FACTS.format(file=file))


def alone(peer: Peer, facts: Path, rounds: int) -> tuple[Timing, pl.DataFrame]:
    """In a process of its own, whose memory goes when it ends."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        timing, found = pool.apply(peer.run, (facts, rounds))
    return timing, in_order(found)


def compare(company: Company, events: int, rounds: int) -> list[str]:
    """Measure everybody; the titles of those whose triangle is another."""
    with tempfile.TemporaryDirectory() as folder:
        facts = Path(folder) / "facts.parquet"
        with home_with(company, Path(folder) / "home") as home:
            timing, published = ours(home, events, rounds)
            write_facts(home, facts)
        print(f"{company.events:,} events, +{events:,}")
        print(f"{'':38}{'wall, s':>10}{'CPU, s':>10}{'wall / ours':>14}")
        tell("Holdfast, incremental, whole edition", timing, timing)
        wrong = []
        for peer in PEERS:
            theirs, found = alone(peer, facts, rounds)
            tell(f"{peer.title}, triangle and rollup anew", theirs, timing)
            if not found.equals(published):
                wrong.append(peer.title)
        return wrong


def tell(title: str, timing: Timing, ours: Timing) -> None:
    ratio = timing.wall / ours.wall
    print(f"{title:<38}{timing.wall:>10.3f}{timing.cpu:>10.3f}{ratio:>14.2f}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--history", type=int, action="append", help="events of history; may be repeated")
    asked.add_argument("--batch", type=int, default=10_000)
    asked.add_argument("--accounts", type=int, default=50_000)
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    for events in given.history or HISTORIES:
        if wrong := compare(Company(events, given.accounts), given.batch, given.rounds):
            sys.exit(f"The triangle is another one by {', '.join(wrong)}.")
        print("the triangles agree", flush=True)


if __name__ == "__main__":
    main()
