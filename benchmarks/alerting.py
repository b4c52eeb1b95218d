"""What alerting costs: a thousand rules over fifty segments on a new edition, and a rehearsal.

python -m benchmarks.alerting [--rules 1000] [--segments 50] [--days 120] [--rounds 5]

A history of so many days and segments, as the engine keeps it; then each round completes one more day, and
every rule is judged: history read, figures judged, alerts stepped, all of it committed to the control store,
on disk. Beside it an edition that completes nothing, and the peer: the same verdicts of the same rules by one
DuckDB query a rule over the same figures, which is what a rule engine on SQL does. The rehearsal is of a year
of days and twenty segments, from the changed threshold to the frame that the page draws, and its score.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import numpy as np
import polars as pl

from data.settings import Settings
from engine.alerts.rule import Rule, rule_of
from engine.alerts.watch import Moment, Watch
from engine.control import rules
from engine.control.store import Control
from engine.desk import rehearsals
from metrics.catalog import catalog

LAST = date(2026, 11, 1)
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "limit", "params": {"below": 0.42, "recover": 0.5, "periods": 2}},
    {"kind": "limit", "params": {"above": 0.6}},
    {"kind": "change", "params": {"by": 0.3}},
    {"kind": "anomaly", "params": {}},
    {"kind": "drift", "params": {}},
    {"kind": "rate", "params": {"minimum_n": 30}},
)


def figures(metrics: list[str], segments: int, first: date, days: int, seed: int) -> pl.DataFrame:
    """Rates of about a half with weekly seasonality, of about 200 accounts each."""
    luck = np.random.default_rng(seed)
    starts = [first + timedelta(days=day) for day in range(days)]
    season = np.array([0.03 * np.sin(2 * np.pi * start.weekday() / 7) for start in starts])
    shape = (len(metrics), segments, days)
    n = luck.integers(150, 250, shape)
    hits = luck.binomial(n, np.clip(0.5 + season + luck.normal(0, 0.01, shape), 0, 1))
    return pl.DataFrame(
        {
            "metric": np.repeat(metrics, segments * days),
            "grain": "day",
            "dimension": "plan",
            "segment": np.tile(np.repeat([f"plan {one:03d}" for one in range(segments)], days), len(metrics)),
            "period_start": starts * (len(metrics) * segments),
            "value": (hits / n).ravel(),
            "numerator": hits.ravel().astype(float),
            "denominator": n.ravel().astype(float),
        },
        schema_overrides={"period_start": pl.Date},
    )


def made(number: int, metrics: list[str]) -> Rule:
    place = {"grain": "day", "dimension": "plan", "metric": metrics[number % len(metrics)]}
    return rule_of({"name": f"rule {number}", **place, **KINDS[number % len(KINDS)]})


def median(rounds: int, work: Callable[[], object]) -> float:
    found = []
    for _ in range(rounds):
        began = perf_counter()
        work()
        found.append(perf_counter() - began)
    return statistics.median(found)


def judged(watch: Watch, metrics: list[str], given: argparse.Namespace) -> tuple[float, float]:
    """Seconds to attend to a new day, and to an edition that completes nothing."""
    days, idle = [], []
    for number in range(given.rounds):
        day = LAST + timedelta(days=number)
        at = datetime.combine(day + timedelta(days=1), datetime.min.time())
        watch.stage.history.add(figures(metrics, given.segments, day, 1, number), at)
        began = perf_counter()
        watch.judge(Moment("edition", at, at), {})
        days.append(perf_counter() - began)
        idle.append(median(3, lambda at=at: watch.judge(Moment("edition", at, at), {})))  # type: ignore[misc]
    return statistics.median(days), statistics.median(idle)


def by_sql(history: pl.DataFrame, given: argparse.Namespace, metrics: list[str]) -> float:
    """A query a rule: the newest two days of every segment against a bound; limits only."""
    connection = duckdb.connect(config={"threads": 2})
    connection.register("given", history)
    connection.execute("create table figures as from given")
    sql = (
        "select segment, value, value < 0.42 as breach from figures "
        "where metric = $metric and dimension = 'plan' and period_start > $after"
    )
    after = LAST - timedelta(days=2)

    def everything() -> None:
        for number in range(given.rules):
            asked = {"metric": metrics[number % len(metrics)], "after": after}
            connection.execute(sql, asked).fetchall()

    return median(given.rounds, everything)


def rehearsed(settings: Settings, metric: str, rounds: int = 20) -> float:
    """Seconds from a dragged threshold to what the page draws; the history is read already."""
    bounds = iter(0.40 + 0.001 * step for step in range(1_000))

    def drag() -> None:
        params = {"below": round(next(bounds), 3), "recover": 0.55, "periods": 2}
        place = {"metric": metric, "grain": "day", "dimension": "plan"}
        rehearsals.rehearse(settings, rule_of({"name": "dragged", **place, "params": params}))

    drag()
    return median(rounds, drag)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rules", type=int, default=1_000)
    asked.add_argument("--segments", type=int, default=50)
    asked.add_argument("--days", type=int, default=120, help="of history; longer than any rule looks back")
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), given)


def once(work: Callable[[], object]) -> float:
    return median(1, work)


def tell(what: str, seconds: float, more: str = "") -> None:
    print(f"{what:<44}{seconds:>10.4f} s{more}", flush=True)


def measure(folder: Path, given: argparse.Namespace) -> None:
    metrics = [name for name, metric in catalog(Settings(home=folder)).items() if metric.unit == "rate"][:4]
    watch, history = begun(folder / "home", metrics, given)
    print(f"{given.rules:,} rules x {given.segments} segments, {given.days} days, {history.height:,} figures")
    eve = datetime.combine(LAST, datetime.min.time())
    tell("a history written", once(lambda: watch.stage.history.add(history, eve)))
    whole = once(lambda: watch.judge(Moment("edition", eve, eve), {}))
    tell("every rule, new, over all of the history", whole)
    day, idle = judged(watch, metrics, given)
    peer = by_sql(history, given, metrics)
    tell("every rule on a new day, committed", day)
    tell("an edition that completes nothing", idle)
    tell("peer: a DuckDB query a rule, limits only", peer, f"   ours / peer {day / peer:.2f}")
    tell(
        "rehearsal, 365 days x 20 segments, to frame",
        rehearsed(year(folder / "year", metrics[0]), metrics[0]),
    )


def begun(home: Path, metrics: list[str], given: argparse.Namespace) -> tuple[Watch, pl.DataFrame]:
    """A home with its rules, and the history that they will judge."""
    settings = Settings(home=home)
    control = Control.open(settings)
    wanted = [made(number, metrics) for number in range(given.rules)]
    rules.put_all(control, wanted, who="benchmark", now=datetime(2026, 11, 1), reason="")
    first = LAST - timedelta(days=given.days)
    return Watch(settings, control), figures(metrics, given.segments, first, given.days, 1)


def year(home: Path, metric: str) -> Settings:
    """A home with a year of days and twenty segments."""
    settings = Settings(home=home)
    first = LAST - timedelta(days=365)
    rows = figures([metric, "logo_churn_rate"], 20, first, 365, 2)
    Watch(settings, Control.open(settings)).stage.history.add(
        rows, datetime.combine(LAST, datetime.min.time())
    )
    return settings


if __name__ == "__main__":
    main()
