"""What an evaluation reads and writes in bulk: rules and how far each was judged, alerts and their moves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, Text, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from engine.alerts.lifecycle import QUIET, Life, Status
from engine.alerts.rule import Rule
from engine.control.alert_tables import AlertRow, RuleRow, TransitionRow
from engine.control.bulk import Rows, insert_rows, update_rows

ALERTS = cast(Table, AlertRow.__table__)
TRANSITIONS = cast(Table, TransitionRow.__table__)
RULES = cast(Table, RuleRow.__table__)
Key = tuple[int, str]  # a rule's id and a segment
AT_REST: tuple[Status, ...] = ("quiet", "resolved")
LIFE = ("status", "since", "breaches", "recoveries")
FIGURES = (
    *("value", "low", "high", "usual", "beyond", "alert_id"),
    *("told_at", "told_beyond", "is_held", "taken_by", "acknowledged_at", "snoozed_until"),
)  # as Standing has them
STAND_FIGURES = ("rule_version", "value", "low", "high", "usual", "beyond")
STANDS = (*LIFE, "period_start", *STAND_FIGURES)
LOADED = [ALERTS.c[name] for name in ("rule_id", "segment", *LIFE, "rule_version", "period_start", *FIGURES)]
NOBODYS = ("taken_by", "acknowledged_at", "acknowledged_by")
MOVE_FIGURES = ("rule_version", "status", "before", "entered_at", "reason", "value", "low", "high", "beyond")
MOVE = ("alert_id", "period_start", *MOVE_FIGURES, "left_at", "recorded_at", "edition")
_life, _stand_figures, _move_figures = (attrgetter(*names) for names in (LIFE, STAND_FIGURES, MOVE_FIGURES))


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule that is in use, paused or not.

    `judged_batch`, `judged_version`: how far the history was judged, and by which version; 0 for not at all.
    """

    rule_id: int
    rule: Rule
    version: int
    is_paused: bool
    judged_batch: int
    judged_version: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an alert stands; `alert_id` is None until it is stored.

    `period_start` to `beyond` are of the period that moved or worsened it last. What follows them is read
    here and written elsewhere: by the delivery (`told_*`, `is_held`) and by people.
    """

    rule_id: int
    segment: str
    life: Life = QUIET
    rule_version: int = 0
    period_start: date | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    usual: float | None = None
    beyond: float | None = None
    alert_id: int | None = None
    told_at: datetime | None = None
    told_beyond: float | None = None
    is_held: bool = False
    taken_by: str | None = None
    acknowledged_at: datetime | None = None
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """A move of an alert; `entered_at` is when the period that moved it became complete."""

    rule_id: int
    segment: str
    rule_version: int
    before: Status
    status: Status
    entered_at: datetime
    reason: str
    period_start: date | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    beyond: float | None = None


@dataclass(frozen=True)
class Written:
    """The ids of what was written: of alerts by rule and segment, of transitions in the order given."""

    alert_ids: dict[Key, int]
    transition_ids: list[int]


@lru_cache(maxsize=20_000)
def rule_from(spec: str) -> Rule:
    """A stored rule; the same text is read once."""
    return Rule.model_validate_json(spec)


def load_rules(session: Session) -> list[StoredRule]:
    """Every rule that was not removed, by its id."""
    asked = select(
        RULES.c.rule_id,
        as_type(RULES.c.spec, Text),
        RULES.c.version,
        RULES.c.is_paused,
        RULES.c.judged_batch,
        RULES.c.judged_version,
    )
    rows = session.execute(asked.where(RULES.c.removed_at.is_(None)).order_by(RULES.c.rule_id))
    return [StoredRule(rule_id, rule_from(spec), *rest) for rule_id, spec, *rest in rows]


def load_alerts(session: Session, rule_ids: Iterable[int], *, at_rest: bool = True) -> dict[Key, Standing]:
    """The alerts of rules by rule and segment; without those `at_rest`, only what is pending or firing."""
    conditions: list[ColumnElement[bool]] = [ALERTS.c.rule_id.in_(list(rule_ids))]
    if not at_rest:
        conditions.append(ALERTS.c.status.in_(("pending", "firing")))
    rows = session.execute(select(*LOADED).where(*conditions).order_by(ALERTS.c.alert_id)).all()
    return {(row[0], row[1]): standing(row) for row in rows}


def load_resolved(session: Session, rule_ids: Iterable[int]) -> set[Key]:
    """Which alerts of rules are resolved."""
    of_them = ALERTS.c.rule_id.in_(list(rule_ids)), ALERTS.c.status == "resolved"
    rows = session.execute(select(ALERTS.c.rule_id, ALERTS.c.segment).where(*of_them))
    return {(rule_id, segment) for rule_id, segment in rows}


def standing(row: Sequence[Any]) -> Standing:
    rule_id, segment, status, since, breaches, recoveries, version, starts, *figures = row
    life = Life(status, since, breaches, recoveries)
    begin = date.fromisoformat(starts) if starts else None
    return Standing(rule_id, segment, life, version, begin, *figures)


def write_moves(
    session: Session,
    standings: Sequence[Standing],
    transitions: Sequence[Transition],
    *,
    recorded_at: datetime,
    edition: str | None,
) -> Written:
    """Store where alerts stand now and how they came there; an alert that rises anew is nobody's.

    Args:
        standings: each alert that changed, once.
        transitions: of those alerts, the older of an alert before the newer.
    """
    known, fresh = _told_apart(session, standings)
    ids = _change(session, known) | _add(session, fresh, _fired(transitions))
    moved = [(ids[move.rule_id, move.segment], move) for move in transitions]
    _go_on(session, [(at, move) for at, move in moved if (move.rule_id, move.segment) in known])
    rows = [
        (alert_id, *_move(move), left_at, recorded_at, edition)
        for (alert_id, move), left_at in zip(moved, _left_at(moved), strict=True)
    ]
    written = insert_rows(session, TRANSITIONS, MOVE, rows)
    return Written({(one.rule_id, one.segment): ids[one.rule_id, one.segment] for one in standings}, written)


def write_judged(session: Session, judged: Iterable[StoredRule]) -> None:
    """Store how far each of these rules was judged, and by which version."""
    rows = [(one.judged_batch, one.judged_version, one.rule_id) for one in judged]
    update_rows(session, RULES, ("judged_batch", "judged_version"), rows, by="rule_id")


def _told_apart(
    session: Session, standings: Sequence[Standing]
) -> tuple[dict[Key, tuple[int, Standing]], list[Standing]]:
    """Those that are stored, with their ids, and those that are not yet."""
    ids = {(one.rule_id, one.segment): one.alert_id for one in standings if one.alert_id is not None}
    ids |= _stored(session, [one for one in standings if one.alert_id is None])
    known = {key: (ids[key], one) for one in standings if (key := (one.rule_id, one.segment)) in ids}
    return known, [one for one in standings if (one.rule_id, one.segment) not in ids]


def _change(session: Session, known: Mapping[Key, tuple[int, Standing]]) -> dict[Key, int]:
    rows = [(*_stand(one), alert_id) for alert_id, one in known.values()]
    update_rows(session, ALERTS, STANDS, rows, by="alert_id")
    return {key: alert_id for key, (alert_id, _) in known.items()}


def _add(session: Session, fresh: Sequence[Standing], fired: Mapping[Key, datetime]) -> dict[Key, int]:
    keys = [(one.rule_id, one.segment) for one in fresh]
    rows = [(*_stand(one), *key, fired.get(key), False) for one, key in zip(fresh, keys, strict=True)]
    made = insert_rows(session, ALERTS, (*STANDS, "rule_id", "segment", "fired_at", "is_held"), rows)
    return dict(zip(keys, made, strict=True))


def _fired(transitions: Iterable[Transition]) -> dict[Key, datetime]:
    """When alerts began to fire last."""
    return {(one.rule_id, one.segment): one.entered_at for one in transitions if one.status == "firing"}


def _go_on(session: Session, moved: Sequence[tuple[int, Transition]]) -> None:
    """Alerts that were there move on: the state they were in was left when the first of their moves began."""
    first = {alert_id: move.entered_at for alert_id, move in reversed(moved)}
    rows: Rows = [(at, alert_id) for alert_id, at in first.items()]
    update_rows(session, TRANSITIONS, ("left_at",), rows, by="alert_id", only="transitions.left_at is null")
    fired = {alert_id: move.entered_at for alert_id, move in moved if move.status == "firing"}
    rows = [(at, alert_id) for alert_id, at in fired.items()]
    update_rows(session, ALERTS, ("fired_at",), rows, by="alert_id")
    rises = {alert_id for alert_id, move in moved if move.before in AT_REST}
    rows = [(None, None, None, alert_id) for alert_id in rises]
    update_rows(session, ALERTS, NOBODYS, rows, by="alert_id")


def _stored(session: Session, unknown: Sequence[Standing]) -> dict[Key, int]:
    """The ids of those that are stored already: alerts at rest need not have been loaded."""
    if not unknown:
        return {}
    asked = select(ALERTS.c.rule_id, ALERTS.c.segment, ALERTS.c.alert_id)
    rows = session.execute(asked.where(ALERTS.c.rule_id.in_({one.rule_id for one in unknown})))
    wanted = {(one.rule_id, one.segment) for one in unknown}
    return {(rule_id, segment): at for rule_id, segment, at in rows if (rule_id, segment) in wanted}


def _stand(one: Standing) -> tuple[Any, ...]:
    return (*_life(one.life), _text(one.period_start), *_stand_figures(one))


def _move(one: Transition) -> tuple[Any, ...]:
    return (_text(one.period_start), *_move_figures(one))


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _left_at(moved: Sequence[tuple[int, Transition]]) -> list[datetime | None]:
    """When each of these states was left again; None for the last of an alert."""
    next_at: dict[int, datetime] = {}
    left: list[datetime | None] = []
    for alert_id, move in reversed(moved):
        left.append(next_at.get(alert_id))
        next_at[alert_id] = move.entered_at
    return left[::-1]
