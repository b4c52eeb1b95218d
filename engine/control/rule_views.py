"""Rules as pages and commands read them: what is decided, by whom, and what their alerts do."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select

from data.errors import BadInput
from engine.alerts.lifecycle import Status
from engine.alerts.rule import Rule
from engine.control.alert_tables import AlertRow, RuleRow, RuleVersionRow
from engine.control.moves import rule_from
from engine.control.store import Control, Session

WORST: tuple[Status, ...] = ("firing", "pending", "resolved", "quiet")


@dataclass(frozen=True)
class RuleView:
    """A rule as it is now; `status` is that of its worst alert, `firing` the segments that fire."""

    rule_id: int
    rule: Rule
    version: int
    is_paused: bool
    created_by: str
    created_at: datetime
    changed_by: str
    changed_at: datetime
    status: Status
    counts: Mapping[Status, int]
    last_fired_at: datetime | None
    firing: tuple[str, ...]


@dataclass(frozen=True)
class RuleVersion:
    """A version of a rule that is or was: who made it, when and why."""

    version: int
    rule: Rule
    author: str
    reason: str
    changed_at: datetime


def rules(control: Control) -> list[RuleView]:
    """All rules that are in use, by name."""
    with control.begin() as session:
        return _views(session)


def rule(control: Control, rule_id: int) -> RuleView:
    """One rule.

    Raises:
        BadInput: there is none of this id, or it was removed.
    """
    with control.begin() as session:
        found = _views(session, RuleRow.rule_id == rule_id)
    if not found:
        raise BadInput(f"There is no rule {rule_id} (any more).")
    return found[0]


def named(control: Control, name: str) -> RuleView:
    """The rule of a name.

    Raises:
        BadInput: there is none; the sentence says which there are.
    """
    found = {view.rule.name: view for view in rules(control)}
    if name not in found:
        there_are = ", ".join(repr(known) for known in found) or "none yet"
        raise BadInput(f"There is no rule {name!r}; there are: {there_are}.")
    return found[name]


def versions(control: Control, rule_id: int) -> list[RuleVersion]:
    """Every version of a rule, the newest first; of a removed one too."""
    row = RuleVersionRow
    asked = select(row.version, cast(row.spec, Text), row.author, row.reason, row.changed_at)
    with control.begin() as session:
        found = session.execute(asked.where(row.rule_id == rule_id).order_by(row.version.desc())).all()
    return [RuleVersion(number, rule_from(spec), who, why, at) for number, spec, who, why, at in found]


def _views(session: Session, *conditions: ColumnElement[bool]) -> list[RuleView]:
    author = (RuleVersionRow.rule_id == RuleRow.rule_id) & (RuleVersionRow.version == RuleRow.version)
    asked = (
        select(
            RuleRow.rule_id,
            cast(RuleRow.spec, Text).label("spec"),
            RuleRow.version,
            RuleRow.is_paused,
            RuleRow.created_by,
            RuleRow.created_at,
            RuleVersionRow.author.label("changed_by"),
            RuleRow.changed_at,
        )
        .join(RuleVersionRow, author)
        .where(RuleRow.removed_at.is_(None), *conditions)
        .order_by(func.lower(RuleRow.name), RuleRow.rule_id)
    )
    rows = session.execute(asked).all()
    ids = [row.rule_id for row in rows] if conditions else None
    standing = _standing(session, ids)
    firing = _firing(session, ids)
    return [_view(row, standing[row.rule_id], firing[row.rule_id]) for row in rows]


def _view(row: Any, standing: Mapping[Status, tuple[int, datetime | None]], firing: list[str]) -> RuleView:
    counts: dict[Status, int] = {status: count for status, (count, _) in standing.items()}
    return RuleView(
        rule_id=row.rule_id,
        rule=rule_from(row.spec),
        version=row.version,
        is_paused=row.is_paused,
        created_by=row.created_by,
        created_at=row.created_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        status=next((status for status in WORST if counts.get(status)), "quiet"),
        counts=counts,
        last_fired_at=max((at for _, at in standing.values() if at), default=None),
        firing=tuple(firing),
    )


def _standing(
    session: Session, ids: list[int] | None
) -> Mapping[int, dict[Status, tuple[int, datetime | None]]]:
    """By rule and status: how many alerts there are, and when one of them began to fire last."""
    asked = select(AlertRow.rule_id, AlertRow.status, func.count(), func.max(AlertRow.fired_at))
    found: dict[int, dict[Status, tuple[int, datetime | None]]] = defaultdict(dict)
    rows = session.execute(asked.where(*_of(ids)).group_by(AlertRow.rule_id, AlertRow.status))
    for rule_id, status, count, fired_at in rows:
        found[rule_id][_status(status)] = (count, fired_at)
    return found


def _firing(session: Session, ids: list[int] | None) -> Mapping[int, list[str]]:
    asked = select(AlertRow.rule_id, AlertRow.segment).where(AlertRow.status == "firing", *_of(ids))
    found: dict[int, list[str]] = defaultdict(list)
    for rule_id, segment in session.execute(asked.order_by(AlertRow.segment)):
        found[rule_id].append(segment)
    return found


def _of(ids: list[int] | None) -> tuple[ColumnElement[bool], ...]:
    return () if ids is None else (AlertRow.rule_id.in_(ids),)


def _status(name: str) -> Status:
    return next(status for status in WORST if status == name)
