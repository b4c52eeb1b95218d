"""Attends to every edition: what it completed is recorded, judged and told, all but the first at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from data.settings import Settings
from engine.alerts import defaults, late
from engine.alerts.details import Looker
from engine.alerts.judge import Judge
from engine.alerts.judging import Outcome, happenings
from engine.alerts.rehearsal import stage_of
from engine.alerts.stale import late_sources, stale_metrics
from engine.control import moves, state
from engine.control.moves import Standing, StoredRule
from engine.control.store import Control
from engine.delivery import Happening, tell
from metrics import read


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
            stored = self.stored(session, due, by_clock)
            outcomes = [
                late.outcome(rule, silent, stored.get(rule.rule_id, {}), at.as_of) for rule in by_clock
            ]
            judge = Judge(self.stage, batch, at.as_of, partial(of_rule, session))
            outcomes += settle(session, judge.outcomes(due, stored))
            told = write(session, outcomes, at)
            moves.write_judged(session, [judged(rule, batch) for rule in due])
            look = Looker(self.settings, at.edition, self.stage)
            tell(session, told, now=at.now, settings=self.settings, look=look)
        return Attended(batch, len(due), sum(len(one.transitions) for one in outcomes), len(told))

    def stored(
        self, session: Any, due: Sequence[StoredRule], by_clock: Sequence[StoredRule]
    ) -> dict[int, dict[str, Standing]]:
        """The alerts of rules by segment; of rules that simply go on, only those that are not at rest."""
        whole = [rule.rule_id for rule in due if rule.judged_version != rule.version]
        going_on = [rule.rule_id for rule in due if rule.judged_version == rule.version]
        found = moves.load_alerts(session, whole)
        found |= moves.load_alerts(session, [*going_on, *(rule.rule_id for rule in by_clock)], at_rest=False)
        return by_rule(found)

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


def of_rule(session: Any, rule: StoredRule) -> dict[str, Standing]:
    """All alerts of a rule by segment, those at rest too."""
    return by_rule(moves.load_alerts(session, [rule.rule_id])).get(rule.rule_id, {})


def settle(session: Any, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Let alerts that were not loaded, being at rest, begin where they rested: quiet or resolved."""
    rested = {one.rule.rule_id for one in outcomes for move in one.transitions if move.before == "quiet"}
    resolved = moves.load_resolved(session, rested) if rested else set()
    return [from_rest(one, resolved) if one.rule.rule_id in rested else one for one in outcomes]


def from_rest(outcome: Outcome, resolved: Collection[tuple[int, str]]) -> Outcome:
    """The first move of each segment begins where its alert is stored to be."""
    seen: set[str] = set()
    mended = []
    for move in outcome.transitions:
        is_first = move.segment not in seen and move.before == "quiet"
        begins_resolved = is_first and (move.rule_id, move.segment) in resolved
        mended.append(replace(move, before="resolved") if begins_resolved else move)
        seen.add(move.segment)
    return replace(outcome, transitions=tuple(mended))


def judged(rule: StoredRule, batch: int) -> StoredRule:
    return replace(rule, judged_batch=batch, judged_version=rule.version)


def is_due(rule: StoredRule, batch: int) -> bool:
    return rule.judged_batch < batch or rule.judged_version != rule.version


def by_rule(alerts: Mapping[tuple[int, str], Standing]) -> dict[int, dict[str, Standing]]:
    found: dict[int, dict[str, Standing]] = {}
    for (rule_id, segment), standing in alerts.items():
        found.setdefault(rule_id, {})[segment] = standing
    return found
