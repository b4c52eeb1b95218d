"""Attends to every edition: what it completed is recorded, judged and told, all but the first at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from data.settings import Settings
from engine.alerts import defaults, late
from engine.alerts.details import Looker
from engine.alerts.judging import Outcome, Seen, goes_on, happenings, reconciled
from engine.alerts.panel import Panel
from engine.alerts.rehearsal import Stage, stage_of
from engine.alerts.stale import late_sources, stale_metrics
from engine.control import moves, state
from engine.control.moves import Standing, StoredRule
from engine.control.store import Control
from engine.delivery import Happening, tell
from metrics import read

Series = tuple[str, str, str]  # metric, grain, dimension
Stored = Mapping[int, Mapping[str, Standing]]


@dataclass(frozen=True)
class Attended:
    """What came of attending to an edition: `batch` is the newest of the history."""

    batch: int
    rules: int = 0
    moves: int = 0
    told: int = 0


@dataclass(frozen=True)
class Moment:
    """An edition, the instant it is of, and what the clock says."""

    edition: str
    as_of: datetime
    now: datetime


class Watch:
    """The rules of one home, over its history."""

    def __init__(self, settings: Settings, control: Control) -> None:
        self.settings, self.control = settings, control
        self.stage = stage_of(settings)

    def attend(self, edition: str, now: datetime) -> Attended:
        """Judge what an edition completed; to attend twice, or be killed on the way, changes nothing.

        Args:
            now: what the clock says; the alerts go by the instants at which periods became complete.
        """
        defaults.ship(self.settings, self.control, now)
        info = read.edition(self.settings, edition)
        silent = late_sources(self.settings, edition, self.read_until(info.as_of))
        stale = stale_metrics(self.settings, edition, silent)
        self.stage.history.record(edition, info.as_of, stale)
        return self.judge(Moment(edition, info.as_of, now), silent)

    def judge(self, at: Moment, silent: Mapping[str, datetime]) -> Attended:
        """Step the alerts through what the history gained, and tell of it, all or nothing.

        Args:
            silent: the sources that are late, and when each delivered last.
        """
        batch = self.stage.history.newest_batch
        if not self.stirs(batch, silent):
            return Attended(batch)
        with self.control.change() as session:
            due, by_clock = self.due(session, batch)
            stored = by_rule(moves.load_alerts(session, [rule.rule_id for rule in (*due, *by_clock)]))
            outcomes = [
                late.outcome(rule, silent, stored.get(rule.rule_id, {}), at.as_of) for rule in by_clock
            ]
            outcomes += Judge(self.stage, batch, at.as_of).outcomes(due, stored)
            told = write(session, outcomes, at)
            moves.write_judged(session, [judged(rule, batch) for rule in due])
            look = Looker(self.settings, at.edition, self.stage)
            tell(session, told, now=at.now, settings=self.settings, look=look)
        return Attended(batch, len(due), sum(len(one.transitions) for one in outcomes), len(told))

    def stirs(self, batch: int, silent: Mapping[str, datetime]) -> bool:
        """Whether there is anything to judge; most editions complete nothing, and take no lock."""
        with self.control.begin() as session:
            due, by_clock = self.due(session, batch)
            if due or (by_clock and silent):
                return True
            return bool(moves.load_alerts(session, [rule.rule_id for rule in by_clock], at_rest=False))

    def due(self, session: Any, batch: int) -> tuple[list[StoredRule], list[StoredRule]]:
        """The rules for which there is something new, and those that go by the clock."""
        rules = [rule for rule in moves.load_rules(session) if not rule.is_paused]
        by_clock = [rule for rule in rules if rule.rule.kind == late.KIND]
        return [rule for rule in rules if rule.rule.kind != late.KIND and is_due(rule, batch)], by_clock

    def read_until(self, as_of: datetime) -> datetime:
        """Up to when what came in is part of the edition: what still waits is nobody's lateness."""
        waiting_since = state.read(self.control).backlog_oldest_at
        return min(as_of, waiting_since) if waiting_since else as_of


def write(session: Any, outcomes: Sequence[Outcome], at: Moment) -> list[Happening]:
    """Store where alerts stand and how they came there; what is to be told of it."""
    standings = [standing for outcome in outcomes for standing in outcome.standings]
    transitions = [move for outcome in outcomes for move in outcome.transitions]
    if not standings:
        return []
    written = moves.write_moves(session, standings, transitions, recorded_at=at.as_of, edition=at.edition)
    found: list[Happening] = []
    first = 0
    for outcome in outcomes:
        ids = written.transition_ids[first : first + len(outcome.transitions)]
        found += happenings(outcome, written.alert_ids, ids)
        first += len(outcome.transitions)
    return found


def judged(rule: StoredRule, batch: int) -> StoredRule:
    return replace(rule, judged_batch=batch, judged_version=rule.version)


def is_due(rule: StoredRule, batch: int) -> bool:
    return rule.judged_batch < batch or rule.judged_version != rule.version


def by_rule(alerts: Mapping[tuple[int, str], Standing]) -> dict[int, dict[str, Standing]]:
    found: dict[int, dict[str, Standing]] = {}
    for (rule_id, segment), standing in alerts.items():
        found.setdefault(rule_id, {})[segment] = standing
    return found


class Judge:
    """Judges the rules that are due; rules over one series share its panel."""

    def __init__(self, stage: Stage, batch: int, as_of: datetime) -> None:
        self.stage, self.batch, self.as_of = stage, batch, as_of
        self.fresh: dict[Series, pl.DataFrame] = {}
        self.panels: dict[tuple[Any, ...], Panel] = {}
        self.figures: dict[tuple[Any, ...], pl.DataFrame] = {}

    def outcomes(self, due: Sequence[StoredRule], stored: Stored) -> list[Outcome]:
        going_on = [rule for rule in due if rule.judged_version == rule.version]
        self.fresh = self.since(min((rule.judged_batch for rule in going_on), default=self.batch))
        return [self.outcome(rule, stored.get(rule.rule_id, {})) for rule in due]

    def since(self, batch: int) -> dict[Series, pl.DataFrame]:
        """What the batches after one brought, by series."""
        rows = self.stage.history.since(batch)
        parts = rows.partition_by("metric", "grain", "dimension", as_dict=True)
        return {(str(metric), str(grain), str(name)): part for (metric, grain, name), part in parts.items()}

    def outcome(self, rule: StoredRule, stored: Mapping[str, Standing]) -> Outcome:
        if rule.judged_version == 0:
            return goes_on(rule, self.whole(rule), stored)
        if rule.judged_version != rule.version:
            return reconciled(rule, self.whole(rule), stored, reason="rule_changed", at=self.as_of)
        rows = self.rows(rule)
        if rows.is_empty():
            return Outcome(rule)
        figures = self.known(rule, rows)
        if comes_late(figures, rule.judged_batch):
            return reconciled(rule, self.whole(rule), stored, reason="history_filled", at=self.as_of)
        panel = self.panel(rule, figures)
        return goes_on(rule, Seen(panel, rule.rule.judge(panel)), stored, self.stage.panels.mask(panel, rows))

    def whole(self, rule: StoredRule) -> Seen:
        rehearsed = self.stage.rehearse(rule.rule)
        return Seen(rehearsed.panel, rehearsed.judgement)

    def rows(self, rule: StoredRule) -> pl.DataFrame:
        """The figures that are new to a rule."""
        of = rule.rule
        rows = self.fresh.get((of.metric, of.grain, of.dimension))
        if rows is None:
            return pl.DataFrame()
        rows = rows.filter(pl.col("batch") > rule.judged_batch)
        return rows if of.segment is None else rows.filter(pl.col("segment") == of.segment)

    def known(self, rule: StoredRule, rows: pl.DataFrame) -> pl.DataFrame:
        """The new figures with as much of their past as the rule compares them with."""
        of = rule.rule
        start = self.stage.panels.before(bounds(rows)[0], of.grain, of.of_kind.lookback(of.read_params))
        key = (of.metric, of.grain, of.dimension, of.segment, start)
        if key not in self.figures:
            self.figures[key] = self.stage.history.figures(
                of.metric, of.grain, of.dimension, segment=of.segment, start=start
            )
        return self.figures[key]

    def panel(self, rule: StoredRule, figures: pl.DataFrame) -> Panel:
        of = rule.rule
        key = (of.metric, of.grain, of.dimension, of.segment, *bounds(figures))
        if key not in self.panels:
            self.panels[key] = self.stage.panels.of(figures, of.grain)
        return self.panels[key]


def bounds(rows: pl.DataFrame) -> tuple[date, date]:
    starts: Any = rows["period_start"]
    return starts.min(), starts.max()


def comes_late(figures: pl.DataFrame, judged_batch: int) -> bool:
    """Whether a figure is new although a later one of its segment was judged before."""
    is_new = pl.col("batch") > judged_batch
    ends = figures.group_by("segment").agg(
        first_new=pl.col("period_start").filter(is_new).min(),
        last_old=pl.col("period_start").filter(~is_new).max(),
    )
    return bool((ends["first_new"] < ends["last_old"]).any())
