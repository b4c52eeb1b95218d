"""How fast kinds of rule judge, the figures being in memory: a refresh's worth of rules, and a rehearsal.

python -m benchmarks.judging [--rules 1000] [--segments 50] [--rounds 5]

A refresh brings one new day to every segment; each rule judges it over the days it looks back on and steps
its alerts. A rehearsal judges and steps a year of days in 20 segments. Medians of CPU time, on one core.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import cycle, islice
from statistics import median
from typing import Any

from benchmarks.series.simulated import FAMILIES, sample
from engine.alerts.kinds import kind
from engine.alerts.lifecycle import QUIET, Policy, Verdict, step
from engine.alerts.panel import Panel

COUNTS, RATES, AMOUNTS = FAMILIES[1], FAMILIES[4], FAMILIES[7]
TOLD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("limit", {"below": 0.35, "recover": 0.4}),
    ("change", {}),
    ("anomaly", {}),
    ("drift", {}),
    ("rate", {}),
    ("missing", {}),
)
VERDICTS = tuple(Verdict)
YEAR = 365


@dataclass(frozen=True)
class Ready:
    """A rule with its panel: the columns it looks back on, and those that are judged."""

    kind: str
    told: dict[str, Any]
    panel: Panel

    def judge(self) -> None:
        """Judge and step every segment through the judged columns."""
        of_kind = kind(self.kind)
        params = of_kind.read(self.told)
        verdict = of_kind.judge(params, self.panel).verdict[:, self.panel.first :]
        policy, at = Policy(params.periods, params.keep_firing), self.panel.complete_at[self.panel.first :]
        for row in verdict.tolist():
            life = QUIET
            for column, code in enumerate(row):
                life, _ = step(life, VERDICTS[code], at[column], policy)


def ready(name: str, told: dict[str, Any], panel: Panel, judged: int) -> Ready:
    """A rule that has so many new columns to judge, and as many before them as it looks back on."""
    last = panel.value.shape[1]
    begin = max(0, last - judged - kind(name).lookback(kind(name).read(told)))
    return Ready(name, told, replace(panel[begin:], first=last - judged - begin))


def seconds(work: Callable[[], object], rounds: int) -> float:
    """CPU time, the median of some rounds after one to warm up."""
    found = []
    for _ in range(rounds + 1):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return median(found[1:])


def refresh(rules: int, segments: int, rounds: int) -> None:
    """Rules of every kind in turn, over counts, rates and amounts in turn."""
    panels = [sample(family, 1, segments, 120).panel for family in (COUNTS, RATES, AMOUNTS)]
    mixed = [ready(name, told, panel, 1) for panel in panels for name, told in TOLD]
    every = list(islice(cycle(mixed), rules))
    took = seconds(lambda: [each.judge() for each in every], rounds)
    speed = f"{took:.3f} s of CPU ({rules / took:,.0f} rules a second)"
    print(f"{rules:,} rules × {segments} segments, one new day each: {speed}\n", flush=True)


def by_kind(segments: int, rounds: int) -> None:
    print(f"| kind | one new day in {segments} segments, ms | a year of days in 20 segments, ms |")
    print("|---|---:|---:|")
    for name, told in TOLD:
        family = RATES if name in ("limit", "rate") else COUNTS
        short = ready(name, told, sample(family, 1, segments, 120).panel, 1)
        year = ready(name, told, sample(family, 1, 20, YEAR).panel, YEAR)
        one = seconds(lambda short=short: [short.judge() for _ in range(50)], rounds) / 50
        print(f"| {name} | {1000 * one:.2f} | {1000 * seconds(year.judge, rounds):.1f} |", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rules", type=int, default=1_000)
    asked.add_argument("--segments", type=int, default=50)
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    refresh(given.rules, given.segments, given.rounds)
    by_kind(given.segments, given.rounds)


if __name__ == "__main__":
    main()
