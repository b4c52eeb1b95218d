"""What each kind of rule finds of what is planted in simulated series, against naive rules in the same run.

python -m benchmarks.detection [--seed 11] [--series 40] [--days 730] [--nab FOLDER]

Every kind has its shipped defaults, and every alert goes through the real life cycle. The defaults were
chosen on seed 101. With --nab the same is done over a folder in the format of the Numenta Anomaly Benchmark.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.series import labelled
from benchmarks.series.detectors import DETECTORS, Detector
from benchmarks.series.planted import WHATS
from benchmarks.series.score import Score, scored
from benchmarks.series.simulated import FAMILIES, Sample, sample

TUNED_ON = 101
SHOWN = ("anomaly", "drift", "rate", "missing", "static threshold, mean ± 3 sd", "week over week ± 50 %")
Scores = dict[str, dict[str, Score]]  # by detector and family


def measure(samples: Sequence[Sample]) -> Scores:
    return {
        detector.title: {
            each.family.title: scored(each.panel, detector.begins(each.panel), each.planted)
            for each in samples
        }
        for detector in DETECTORS
    }


def summary(scores: Scores) -> Iterator[str]:
    """A Markdown table, a row a detector; `rate` is scored on rates, as it says nothing of anything else."""
    whats = "".join(f" {what} |" for what in WHATS)
    yield f"| rule | precision | recall | false alarms a week, 100 series | delay, days |{whats}"
    yield "|---|" + "---:|" * (4 + len(WHATS))
    rates = {family.title for family in FAMILIES if family.unit == "rate"}
    for detector in DETECTORS:
        families = rates if detector.title == "rate" else scores[detector.title].keys()
        total = sum((scores[detector.title][family] for family in families), Score())
        delay = "" if total.delay is None else f"{total.delay:g}"
        yield row(named(detector), *figures(total), delay, *(percent(total.recall(what)) for what in WHATS))


def by_family(scores: Scores) -> Iterator[str]:
    """A Markdown table, a row a family: precision, recall and false alarms a week of some detectors."""
    yield row("series", *SHOWN)
    yield "|---|" + "---:|" * len(SHOWN)
    for family in FAMILIES:
        of_each = [scores[title][family.title] for title in SHOWN]
        yield row(family.title, *(" · ".join(figures(score)) if score.fired else "·" for score in of_each))


def over_labels(folder: Path | None) -> Iterator[str]:
    """The same over a public labelled set, by day."""
    if folder is None or not folder.is_dir():
        yield "No public labelled set was given (--nab FOLDER), so none was measured."
        return
    found, left_out = labelled.read(folder)
    yield f"{len(found)} series by day; {len(left_out)} are shorter than twelve weeks or have no file.\n"
    yield "| rule | precision | recall | false alarms a week, 100 series |"
    yield "|---|---:|---:|---:|"
    for detector in DETECTORS:
        each = (scored(one.panel, detector.begins(one.panel), [one.planted]) for one in found)
        yield row(named(detector), *figures(sum(each, Score())))


def figures(score: Score) -> tuple[str, str, str]:
    return percent(score.precision), percent(score.recall()), f"{100 * score.false_per_week:.1f}"


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def named(detector: Detector) -> str:
    return f"*{detector.title}*" if detector.is_naive else detector.title


def percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"


def report(seed: int, series: int, days: int, nab: Path | None) -> Iterator[str]:
    samples = [sample(family, seed, series, days) for family in FAMILIES]
    happenings = sum(len(row) for each in samples for row in each.planted)
    yield f"{len(samples) * series} series of {days} days, seed {seed}: {happenings:,} happenings.\n"
    scores = measure(samples)
    yield from summary(scores)
    yield "\nPrecision · recall · false alarms a week in 100 series, by sort of series:\n"
    yield from by_family(scores)
    yield ""
    yield from over_labels(nab)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=11)
    asked.add_argument("--series", type=int, default=40, help="of each family")
    asked.add_argument("--days", type=int, default=730)
    asked.add_argument("--nab", type=Path, help="a folder in the format of the Numenta Anomaly Benchmark")
    given = asked.parse_args()
    if given.seed == TUNED_ON:
        print(f"The defaults were chosen on seed {TUNED_ON}: judge them on another.", file=sys.stderr)
    began = time.perf_counter()
    for line in report(given.seed, given.series, given.days, given.nab):
        print(line, flush=True)
    print(f"\n{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
