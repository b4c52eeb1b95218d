"""Judges one rule: the figures that are new to it, or all of the history where the rule itself is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.alerts.advance import Course, advance, cell
from engine.alerts.lifecycle import QUIET, Life
from engine.alerts.panel import Flags, Judgement, Panel
from engine.control.moves import Standing, StoredRule, Transition
from engine.delivery import Happening, What

AT_REST = ("quiet", "resolved")


@dataclass(frozen=True)
class Told:
    """Something to be told of a segment's alert: `place` is that of the transition it is about, if any.

    `since`: when the alert began to fire; `at`: when this happened.
    """

    segment: str
    what: What
    since: datetime
    at: datetime
    place: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What an evaluation of one rule came to: where its alerts stand, how they moved, what is to be told."""

    rule: StoredRule
    standings: tuple[Standing, ...] = ()
    transitions: tuple[Transition, ...] = ()
    told: tuple[Told, ...] = ()


@dataclass(frozen=True)
class Seen:
    """A panel, and what a rule says of it."""

    panel: Panel
    judgement: Judgement

    def standing(self, rule: StoredRule, course: Course, before: Standing | None) -> Standing:
        """Where an alert stands now, with the figures of the last period that moved or breached it."""
        known = before or Standing(rule.rule_id, course.segment)
        marks = [move.column for move in course.moves] + (
            [course.breached] if course.breached is not None else []
        )
        standing = replace(known, life=course.life, rule_version=rule.version)
        if not marks:
            return standing
        column = max(marks)
        figures = self.figures(course.segment, column)
        return replace(standing, period_start=self.panel.starts[column], **figures)

    def figures(self, segment: str, column: int) -> dict[str, Any]:
        row, said = self.panel.segments.index(segment), self.judgement
        numbers = {
            "value": self.panel.value, "low": said.low, "high": said.high,
            "usual": said.usual, "beyond": said.beyond,
        }  # fmt: skip
        return {name: cell(matrix, row, column) for name, matrix in numbers.items()}

    def transitions(self, rule: StoredRule, course: Course) -> list[Transition]:
        found = []
        for move in course.moves:
            figures = self.figures(course.segment, move.column)
            figures.pop("usual")
            found.append(
                Transition(
                    rule.rule_id,
                    course.segment,
                    rule.version,
                    move.before,
                    move.life.status,
                    self.panel.complete_at[move.column],
                    move.reason,
                    self.panel.starts[move.column],
                    **figures,
                )
            )
        return found

    def to_tell(self, course: Course, before: Life, first: int, *, is_new: bool) -> list[Told]:
        """What happened that somebody may want to hear of; `first`: the place of the alert's first move."""
        since = before.since if before.status == "firing" else None
        found = []
        for place, move in enumerate(course.moves, start=first):
            at = self.panel.complete_at[move.column]
            if move.life.status == "firing":
                since = at
                found.append(Told(course.segment, "firing", since, at, place))
            elif move.before == "firing" and since:
                found.append(Told(course.segment, "resolved", since, at, place))
        if is_new:
            return found[-1:] if course.life.status == "firing" else []
        if not course.moves and since and course.breached is not None:
            return [Told(course.segment, "worse", since, self.panel.complete_at[course.breached])]
        return found


def goes_on(
    rule: StoredRule, seen: Seen, stored: Mapping[str, Standing], fresh: Flags | None = None
) -> Outcome:
    """Step the alerts of a rule through the cells that are `fresh`; through all where it never was judged.

    Of a rule that is judged for the first time, only what fires at the end is told.
    """
    lives = {segment: standing.life for segment, standing in stored.items()}
    courses = advance(seen.panel, seen.judgement, rule.rule.policy, lives, only=fresh)
    standings: list[Standing] = []
    transitions: list[Transition] = []
    told: list[Told] = []
    for course in courses:
        before = stored.get(course.segment)
        standing = seen.standing(rule, course, before)
        if standing != before and (course.moves or before):
            standings.append(standing)
        first = len(transitions)
        transitions += seen.transitions(rule, course)
        told += seen.to_tell(course, before.life if before else QUIET, first, is_new=fresh is None)
    return Outcome(rule, tuple(standings), tuple(transitions), tuple(told))


def reconciled(
    rule: StoredRule, seen: Seen, stored: Mapping[str, Standing], *, reason: str, at: datetime
) -> Outcome:
    """Bring the alerts to where the whole history puts them: its rule was changed, or its past filled in."""
    courses = {course.segment: course for course in advance(seen.panel, seen.judgement, rule.rule.policy, {})}
    standings: list[Standing] = []
    transitions: list[Transition] = []
    told: list[Told] = []
    for segment in sorted(courses.keys() | stored.keys()):
        before = stored.get(segment)
        course = courses.get(segment, Course(segment, QUIET, (), None))
        standing, move = settled(rule, seen, course, before, reason=reason, at=at)
        if standing != before and (before or move):
            standings.append(standing)
        if move:
            if move.status == "firing":
                told.append(Told(segment, "firing", at, at, len(transitions)))
            elif move.before == "firing" and before:
                told.append(Told(segment, "resolved", before.life.since or at, at, len(transitions)))
            transitions.append(move)
    return Outcome(rule, tuple(standings), tuple(transitions), tuple(told))


def settled(
    rule: StoredRule, seen: Seen, course: Course, before: Standing | None, *, reason: str, at: datetime
) -> tuple[Standing, Transition | None]:
    """Where an alert stands by the history, and the move there if it stood elsewhere."""
    old = before.life if before else QUIET
    now = course.life
    if now.status == old.status or (now.status in AT_REST and old.status in AT_REST):
        kept = replace(now, status=old.status, since=old.since)
        return seen.standing(rule, replace(course, life=kept), before), None
    if now.status in AT_REST:
        now = replace(now, status="resolved" if old.status == "firing" else "quiet")
    standing = seen.standing(rule, replace(course, life=replace(now, since=at)), before)
    move = Transition(
        rule.rule_id, course.segment, rule.version, old.status, now.status, at, reason,
        standing.period_start, standing.value, standing.low, standing.high, standing.beyond,
    )  # fmt: skip
    return standing, move


def happenings(
    outcome: Outcome, alert_ids: Mapping[tuple[int, str], int], ids: Sequence[int]
) -> list[Happening]:
    """What is to be told, once everything has its number.

    Args:
        ids: of the outcome's transitions.
    """
    standings = {standing.segment: standing for standing in outcome.standings}
    return [happening(outcome, standings[told.segment], alert_ids, told, ids) for told in outcome.told]


def happening(
    outcome: Outcome,
    standing: Standing,
    alert_ids: Mapping[tuple[int, str], int],
    told: Told,
    ids: Sequence[int],
) -> Happening:
    rule = outcome.rule
    move = outcome.transitions[told.place] if told.place is not None else None
    source = move or standing
    return Happening(
        alert_ids[rule.rule_id, told.segment],
        ids[told.place] if told.place is not None else None,
        told.what,
        rule.rule_id,
        rule.rule,
        told.segment,
        told.since,
        told.at,
        source.period_start,
        source.value,
        source.low,
        source.high,
        standing.usual,
        source.beyond,
        move.reason if move else "",
    )
