"""SQL for periods: which cohort a day belongs to, how many periods later another one is, when they end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metrics.explore import bits
from metrics.explore.question import Frame, Question


@dataclass(frozen=True)
class Periods:
    """The periods of one question on one edition."""

    question: Question
    frame: Frame
    starts: Sequence[date]  # the cohorts asked for, without a gap

    @property
    def months(self) -> list[date]:
        """The months in which accounts of these cohorts can have been active."""
        return [month for month in self.frame.months if bits.next_month(month) > self.starts[0]]

    def cohort_of(self, day: str) -> str:
        if self.question.grain == "month":
            return f"cast(date_trunc('month', {day}) as date)"
        return f"{day} - cast((isodow({day}) + {6 - self.frame.week_start}) % 7 as integer)"

    def width(self) -> int:
        """How many periods there can be."""
        if self.question.clock == "calendar":
            return len(self.starts)
        return (self.frame.today - self.starts[0]).days // self.question.length + 1

    def number_of(self, day: str) -> str:
        """SQL for the place of a cohort among those asked for."""
        if self.question.grain == "month":
            return f"date_diff('month', $first_cohort, {day})"
        return f"(({day} - $first_cohort) // 7)"

    def index_of(self, day: str) -> str:
        """SQL for the period of a day, from 0; what came before counts as 0."""
        if self.question.clock == "own":
            return f"greatest(0, ({day} - started.start_day) // {self.question.length})"
        if self.question.grain == "month":
            return f"greatest(0, date_diff('month', started.cohort_start, {day}))"
        return f"greatest(0, ({self.cohort_of(day)} - started.cohort_start) // 7)"

    def begins(self, cohort: str, index: str) -> str:
        """SQL for the first day on which any account of the cohort is in a period."""
        if self.question.clock == "own":
            return f"{cohort} + cast({index} as integer) * {self.question.length}"
        if self.question.grain == "month":
            return f"cast({cohort} + to_months(cast({index} as integer)) as date)"
        return f"{cohort} + cast({index} as integer) * 7"

    def ends(self, cohort: str, index: str) -> str:
        """SQL for the day after a period's last one, of the youngest account that the cohort can have."""
        if self.question.clock == "calendar":
            return self.begins(cohort, f"({index} + 1)")
        youngest = (
            f"cast({cohort} + to_months(1) as date)" if self.question.grain == "month" else f"{cohort} + 7"
        )
        return f"{youngest} - 1 + cast({index} + 1 as integer) * {self.question.length}"
