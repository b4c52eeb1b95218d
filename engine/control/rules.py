"""Rules as leads decide them: every version is kept, and nobody's change is overwritten."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from data.errors import BadInput, Conflict
from data.speech import english
from engine.alerts.lifecycle import Life, Status
from engine.alerts.rule import Rule
from engine.control.alert_tables import AuditRow, RuleRow, RuleVersionRow
from engine.control.audit import note
from engine.control.differences import differences, needs_reason
from engine.control.moves import Transition, load_alerts, write_moves
from engine.control.notices import call_off
from engine.control.rule_views import versions
from engine.control.store import Control, Session

LONGEST_NAME = 80
SHIPPED, SHIPPER = "default rules", "holdfast"


def create(control: Control, fresh: Rule, *, who: str, now: datetime, reason: str = "") -> int:
    """Add a rule; returns its id.

    Raises:
        BadInput: the name is taken.
    """
    with control.change() as session:
        return add(session, fresh, who=who, now=now, reason=reason)


def change(
    control: Control, rule_id: int, changed: Rule, *, version: int, who: str, now: datetime, reason: str
) -> int:
    """Make a new version of a rule, unless nothing changes; returns the version that is now in force.

    Args:
        version: the one that the change was made from.

    Raises:
        Conflict: somebody else made another meanwhile; nothing is overwritten.
        BadInput: the name is taken, the reason is missing, or the rule was removed.
    """
    with control.change() as session:
        row = _in_use(session, rule_id)
        if row.version != version:
            raise _conflict(session, row, version, changed)
        before = Rule(**row.spec)
        if needs_reason(before, changed) and not reason.strip():
            raise BadInput(english("Say why: the reason is missing, and this changes when the rule fires."))
        return write_version(session, row, changed, who=who, now=now, reason=reason)


def restore(
    control: Control, rule_id: int, old: int, *, version: int, who: str, now: datetime, reason: str = ""
) -> int:
    """Bring an old version back as a new one; `version` is the one that was in force when it was chosen."""
    chosen = {known.version: known.rule for known in versions(control, rule_id)}
    if old not in chosen:
        raise BadInput(
            english(
                "Rule {rule_id} has no version {old}; it has {chosen}.",
                rule_id=rule_id,
                old=old,
                chosen=", ".join(map(str, sorted(chosen))),
            )
        )
    said = reason.strip() or f"version {old} restored"
    return change(control, rule_id, chosen[old], version=version, who=who, now=now, reason=said)


def pause(
    control: Control, rule_id: int, *, is_paused: bool, who: str, now: datetime, reason: str = ""
) -> None:
    """Judge a rule no more, or again; its alerts stay as they are."""
    with control.change() as session:
        row = _in_use(session, rule_id)
        if row.is_paused == is_paused:
            return
        row.is_paused = is_paused
        note(session, who, "paused" if is_paused else "resumed", f"rule:{rule_id}", now=now, reason=reason)


def duplicate(control: Control, rule_id: int, *, who: str, now: datetime) -> int:
    """Add a copy of a rule under a name of its own, paused until somebody has changed it; returns its id."""
    with control.change() as session:
        row = _in_use(session, rule_id)
        taken = {other.name for other in _rows_in_use(session)}
        copy = Rule(**row.spec | {"name": free_name(row.name, taken)})
        return add(session, copy, who=who, now=now, reason=f"copy of {row.name!r}", is_paused=True)


def free_name(name: str, taken: set[str]) -> str:
    ends = (" (copy)", *(f" (copy {number})" for number in range(2, len(taken) + 3)))
    tried = (name[: LONGEST_NAME - len(end)] + end for end in ends)
    return next(one for one in tried if one not in taken)


def remove(control: Control, rule_id: int, *, who: str, now: datetime, reason: str = "") -> None:
    """Take a rule out of use: its alerts end, its name is free again, what it did stays on record."""
    with control.change() as session:
        row = _in_use(session, rule_id)
        row.removed_at = row.changed_at = now
        note(session, who, "removed", f"rule:{rule_id}", now=now, reason=reason, before=row.spec)
        end_alerts(session, rule_id, now, "removed")


def end_alerts(session: Session, rule_id: int, now: datetime, reason: str) -> None:
    """What is pending or fires comes to its end because somebody decided so."""
    standings, moves = [], []
    for one in load_alerts(session, [rule_id], at_rest=False).values():
        status: Status = "resolved" if one.life.status == "firing" else "quiet"
        standings.append(replace(one, life=Life(status, now)))
        before = one.life.status
        moves.append(Transition(rule_id, one.segment, one.rule_version, before, status, now, reason))
    write_moves(session, standings, moves, recorded_at=now, edition=None)
    call_off(session, rule_id)


@dataclass(frozen=True)
class Imported:
    """What an import did, by name; `left` are rules that are not in the file, and stay."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    left: tuple[str, ...]


def put_all(control: Control, given: Sequence[Rule], *, who: str, now: datetime, reason: str) -> Imported:
    """Bring rules in, told apart by their names: all, or none where one cannot be."""
    with control.change() as session:
        known = {row.name: row for row in _rows_in_use(session)}
        added, changed, unchanged = [], [], []
        for one in given:
            row = known.pop(one.name, None)
            version = row.version if row else 0
            if row is None:
                add(session, one, who=who, now=now, reason=reason)
                added.append(one.name)
            elif write_version(session, row, one, who=who, now=now, reason=reason) > version:
                changed.append(one.name)
            else:
                unchanged.append(one.name)
        return Imported(tuple(added), tuple(changed), tuple(unchanged), tuple(sorted(known)))


def ship(control: Control, given: Callable[[], Sequence[Rule]], now: datetime) -> None:
    """Add the rules that come with Holdfast, once; what was removed since does not come back."""
    shipped = select(AuditRow.audit_id).where(AuditRow.subject == SHIPPED).limit(1)
    with control.begin() as session:
        if session.execute(shipped).first():
            return
    with control.change() as session:
        if session.execute(shipped).first():
            return
        taken = {row.name for row in _rows_in_use(session)}
        for one in given():
            if one.name not in taken:
                add(session, one, who=SHIPPER, now=now, reason="comes with Holdfast")
        note(session, SHIPPER, "shipped", SHIPPED, now=now)


def _rows_in_use(session: Session) -> Sequence[RuleRow]:
    return session.scalars(select(RuleRow).where(RuleRow.removed_at.is_(None))).all()


def add(
    session: Session, fresh: Rule, *, who: str, now: datetime, reason: str, is_paused: bool = False
) -> int:
    """Add a rule inside a transaction."""
    spec = fresh.model_dump(mode="json")
    row = RuleRow(
        name=fresh.name,
        spec=spec,
        version=1,
        is_paused=is_paused,
        created_at=now,
        created_by=who,
        changed_at=now,
    )
    session.add(row)
    _flush(session, fresh.name)
    _keep(session, row, who, reason)
    note(session, who, "created", f"rule:{row.rule_id}", now=now, reason=reason, after=spec)
    return row.rule_id


def write_version(
    session: Session, row: RuleRow, changed: Rule, *, who: str, now: datetime, reason: str
) -> int:
    """Put a rule in force in the place of what it was, unless it is the same."""
    before, spec = row.spec, changed.model_dump(mode="json")
    if spec == before:
        return row.version
    row.name, row.spec, row.version, row.changed_at = changed.name, spec, row.version + 1, now
    _flush(session, changed.name)
    _keep(session, row, who, reason)
    note(session, who, "changed", f"rule:{row.rule_id}", now=now, reason=reason, before=before, after=spec)
    return row.version


def _keep(session: Session, row: RuleRow, who: str, reason: str) -> None:
    session.add(
        RuleVersionRow(
            rule_id=row.rule_id,
            version=row.version,
            spec=row.spec,
            author=who,
            reason=reason,
            changed_at=row.changed_at,
        )
    )


def _flush(session: Session, name: str) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise BadInput(
            english("There is a rule {name} already; choose another name.", name=repr(name))
        ) from None


def _in_use(session: Session, rule_id: int) -> RuleRow:
    asked = select(RuleRow).where(RuleRow.rule_id == rule_id, RuleRow.removed_at.is_(None))
    row = session.execute(asked).scalar_one_or_none()
    if row is None:
        raise BadInput(english("There is no rule {rule_id} (any more).", rule_id=rule_id))
    return row


def _conflict(session: Session, row: RuleRow, version: int, yours: Rule) -> Conflict:
    newest = session.get_one(RuleVersionRow, (row.rule_id, row.version))
    base = session.get(RuleVersionRow, (row.rule_id, version))
    before = Rule(**base.spec) if base else Rule(**newest.spec)
    return Conflict(
        english(
            "{author} changed the rule {name} meanwhile (version {version}, you began with "
            "{version2}); nothing of yours was saved, and nothing of theirs overwritten.",
            author=newest.author,
            name=repr(row.name),
            version=row.version,
            version2=version,
        ),
        version=row.version,
        author=newest.author,
        changed_at=newest.changed_at,
        differences=differences(before, Rule(**newest.spec), yours),
    )
