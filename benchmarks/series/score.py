"""How firings answer what happened: how many were right, how much was found, and how soon."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.series.planted import Happening
from engine.alerts.lifecycle import QUIET, Policy, Verdict, step
from engine.alerts.panel import Codes, Panel

VERDICTS = tuple(Verdict)
WEEKS = {"day": 1 / 7, "week": 1.0, "month": 365 / 84}


@dataclass(frozen=True)
class Score:
    """`right`: firings that answer something; `delays`: days from its start to the first that answers it."""

    fired: int = 0
    right: int = 0
    weeks: float = 0.0
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    delays: tuple[int, ...] = ()

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.fired + other.fired,
            self.right + other.right,
            self.weeks + other.weeks,
            self.planted + other.planted,
            self.found + other.found,
            self.delays + other.delays,
        )

    @property
    def precision(self) -> float | None:
        return self.right / self.fired if self.fired else None

    @property
    def false_per_week(self) -> float:
        """False alarms a week, of one series."""
        return (self.fired - self.right) / self.weeks if self.weeks else 0.0

    @property
    def delay(self) -> float | None:
        return median(self.delays) if self.delays else None

    def recall(self, *whats: str) -> float | None:
        """The share of what was planted that was found; of some sorts, or of all."""
        planted = sum(self.planted[what] for what in whats or self.planted)
        return sum(self.found[what] for what in whats or self.planted) / planted if planted else None


def firings(panel: Panel, verdict: Codes, policy: Policy) -> list[list[int]]:
    """The columns at which the alert of each segment began to fire."""
    found: list[list[int]] = []
    for row in verdict.tolist():
        life, begins = QUIET, []
        for column, code in enumerate(row):
            life, reason = step(life, VERDICTS[code], panel.complete_at[column], policy)
            if reason and life.status == "firing":
                begins.append(column)
        found.append(begins)
    return found


def scored(panel: Panel, begins: Sequence[Sequence[int]], planted: Sequence[Sequence[Happening]]) -> Score:
    """Hold firings against what was planted in each segment.

    A firing is right if it begins while it still answers something. What fires already when something happens
    has not found it.
    """
    total = Score(weeks=panel.value.size * WEEKS[panel.grain])
    days = round(7 * WEEKS[panel.grain])
    for columns, happenings in zip(begins, planted, strict=True):
        answers = {
            each: [column for column in columns if each.start <= column < each.until] for each in happenings
        }
        right = {column for found in answers.values() for column in found}
        total += Score(
            len(columns),
            len(right),
            0.0,
            Counter(each.what for each in happenings),
            Counter(each.what for each, found in answers.items() if found),
            tuple(days * (found[0] - each.start) for each, found in answers.items() if found),
        )
    return total
