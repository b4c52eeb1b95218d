"""What a rule would have done: the same judgement and the same steps, over the stored history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl

from data.calendar import Grain
from data.errors import BadInput
from data.settings import Settings
from engine.alerts.advance import Course, advance, cell
from engine.alerts.history import History
from engine.alerts.lifecycle import Status, Verdict
from engine.alerts.panel import Flags, Judgement, Panel
from engine.alerts.panels import Panels
from engine.alerts.rule import Rule

MOST_PANELS = 40  # a lead tries a handful of metrics at a time
SPANS: dict[str, Any] = {
    "rule": pl.String,
    "segment": pl.String,
    "state": pl.String,
    "entered_at": pl.Datetime("us"),
    "left_at": pl.Datetime("us"),
    "value": pl.Float64,
    "reason": pl.String,
}


@dataclass(frozen=True)
class Span:
    """A state that an alert would have been in: from when to when (None: still), and what moved it there."""

    segment: str
    state: Status
    entered_at: datetime
    left_at: datetime | None
    period_start: date
    value: float | None
    reason: str


@dataclass(frozen=True)
class Rehearsal:
    """A rule over the history: its panel, the judgement of it, and where every alert would have been."""

    rule: Rule
    panel: Panel
    judgement: Judgement
    courses: tuple[Course, ...]

    @property
    def spans(self) -> list[Span]:
        return [span for course in self.courses for span in spans_of(self.panel, course)]

    @property
    def firings(self) -> list[Span]:
        return [span for span in self.spans if span.state == "firing"]

    @property
    def days_firing(self) -> float:
        """Days in which alerts fired, of all segments together; to the end of what is known."""
        end = self.panel.complete_at[-1] if self.panel.complete_at else datetime.min
        lasted = ((span.left_at or end) - span.entered_at for span in self.firings)
        return sum(time.total_seconds() for time in lasted) / 86_400

    @property
    def messages(self) -> int:
        """How many messages would go out: one for all segments that began, or ceased, to fire at once."""
        moved = {
            (what, at)
            for span in self.firings
            for what, at in (("firing", span.entered_at), ("resolved", span.left_at))
            if at is not None
        }
        return len(moved) + sum(self._repeats(span) for span in self.firings)

    def _repeats(self, span: Span) -> int:
        if self.rule.repeat_hours is None or not self.panel.complete_at:
            return 0
        lasted = (span.left_at or self.panel.complete_at[-1]) - span.entered_at
        return int(lasted.total_seconds() / 3600 / self.rule.repeat_hours)

    @property
    def is_firing(self) -> Flags:
        """Of every cell, whether the segment's alert fires once the period is judged."""
        fires = np.zeros(self.panel.value.shape, bool)
        for course in self.courses:
            row = self.panel.segments.index(course.segment)
            for move in course.moves:
                fires[row, move.column :] = move.life.status == "firing"
        return fires

    @property
    def inconclusive(self) -> int:
        """How many recorded figures could not be judged."""
        judged = self.judgement.verdict == Verdict.INCONCLUSIVE
        return int((judged & self.panel.is_known).sum())

    def rows(self) -> pl.DataFrame:
        """rule, segment, state, entered_at, left_at, value, reason: one row a state, by segment and time."""
        found = [
            (self.rule.name, one.segment, one.state, one.entered_at, one.left_at, one.value, one.reason)
            for one in self.spans
        ]
        return pl.DataFrame(found, schema=SPANS, orient="row")


class Stage:
    """Where rules are rehearsed: the history of one home, and what was read of it last."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.history = History(settings)
        self.panels = Panels(settings)
        self._read: dict[tuple[object, ...], Panel] = {}

    def rehearse(self, rule: Rule, start: date | None = None, end: date | None = None) -> Rehearsal:
        """Run a rule over the periods that begin from `start` to `end`, both included; all, unless given.

        It begins quiet. What lies before `start` is no more than the past that the rule compares with.
        """
        panel = self.panel(rule.metric, rule.grain, rule.dimension, rule.segment)
        stop = sum(1 for day in panel.starts if end is None or day <= end)
        first = sum(1 for day in panel.starts[:stop] if start is not None and day < start)
        reach = max(0, first - rule.of_kind.lookback(rule.read_params))
        judged = panel[reach:stop]
        judgement = rule.judge(judged)
        courses = advance(judged, judgement, rule.policy, {}, first=first - reach)
        return Rehearsal(rule, judged, judgement, tuple(courses))

    def panel(self, metric: str, grain: Grain, dimension: str, segment: str | None) -> Panel:
        """All that is known of a metric; read once for each batch of the history."""
        key = (self.history.newest_batch, metric, grain, dimension, segment)
        panel = self._read.get(key)
        if panel is None:
            panel = self.panels.of(self.history.figures(metric, grain, dimension, segment=segment), grain)
            if len(self._read) > MOST_PANELS:
                self._read = {}
            self._read[key] = panel
        return panel


_stages: dict[tuple[str, str], Stage] = {}


def stage_of(settings: Settings) -> Stage:
    """The stage of a home, one a process: what was read stays read."""
    key = (str(settings.home), settings.timezone)
    if key not in _stages:
        _stages[key] = Stage(settings)
    return _stages[key]


def spans_of(panel: Panel, course: Course) -> Iterator[Span]:
    row = panel.segments.index(course.segment)
    ends = [move.life.since for move in course.moves[1:]] + [None]
    for move, left_at in zip(course.moves, ends, strict=True):
        if move.life.since is None:
            continue
        yield Span(
            course.segment,
            move.life.status,
            move.life.since,
            left_at,
            panel.starts[move.column],
            cell(panel.value, row, move.column),
            move.reason,
        )


def insist_on_history(stage: Stage) -> None:
    """Nothing can be rehearsed before the first edition was published.

    Raises:
        BadInput: there is no history yet.
    """
    if not stage.history.newest_batch:
        raise BadInput("There is no history to rehearse on yet: run `python -m engine refresh`.")
