"""How results look on a terminal: plain lines on standard output, progress on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.work import Show

COUNTED = ("read", "added", "repeated", "waiting", "quarantined")


def tell(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")


def warn(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def tell_counts(result: dict[str, Any]) -> None:
    """A line per shape, with what became of its rows."""
    counts = result["counts"]
    shapes = max([len("shape"), *(len(count["shape"]) for count in counts)])
    tell("shape".ljust(shapes) + "".join(name.rjust(13) for name in COUNTED))
    for count in counts:
        tell(count["shape"].ljust(shapes) + "".join(str(count[name]).rjust(13) for name in COUNTED))
    for problem in result["problems"]:
        warn(problem)
    if any(count["quarantined"] for count in counts):
        warn("The rows set aside, each with its reason: python -m engine export quarantine")


def tell_edition(result: dict[str, Any]) -> None:
    parts = [
        f"edition {result['edition']}",
        f"as of {result['as_of']}Z",
        f"{result['accounts']} accounts",
        f"{result['events']} events",
        f"{result['seconds']:.2f} s",
    ]
    tell(" · ".join(parts))
    for problem in result["left_out"]:
        warn(problem)
    if result.get("alerts_problem"):
        warn(result["alerts_problem"])


def tell_model(result: dict[str, Any]) -> None:
    """What a training came to; an edition, where one was published with it."""
    parts = [
        f"model {result['model']}",
        f"as of {result['trained_as_of']}Z",
        f"{result['snapshots']:,} snapshots of {result['paying']:,} accounts",
        f"{result['churned']:,} accounts left",
    ]
    if result["auc"] is not None:
        parts.append(f"AUC {result['auc']:.3f}")
    if result["observed_over_expected"] is not None:
        parts.append(f"observed over expected {result['observed_over_expected']:.2f}")
    tell(" · ".join(parts))
    if not result["is_open"]:
        tell(f"No probabilities are shown: {result['reason']}")
    if "edition" in result:
        tell_edition(result)


@contextmanager
def progress() -> Iterator[Show]:
    """A moving bar with what is being done; nothing at all where nobody is watching."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (BarColumn(24), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda doing: bar.update(task, description=doing)
