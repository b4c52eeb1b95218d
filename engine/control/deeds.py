"""What people did with a home, read back for its guide: who did what first, and when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.control.alert_tables import AlertRow, AuditRow, RuleRow, RuleVersionRow, TransitionRow
from engine.control.rules import SHIPPER
from engine.control.store import Control

LOOKED_THROUGH = 200  # tests of channels, the newest first


@dataclass(frozen=True)
class Deed:
    """Something that somebody did; `what` is its name as people gave it, text from outside."""

    what: str
    who: str
    at: datetime


def first(control: Control, actions: Collection[str], kind: str) -> Deed | None:
    """The first time that somebody did one of these to a subject of a kind, such as `alert`."""
    asked = (
        select(AuditRow.subject, AuditRow.who, AuditRow.at)
        .where(AuditRow.action.in_(actions), AuditRow.subject.startswith(f"{kind}:", autoescape=True))
        .order_by(AuditRow.audit_id)
        .limit(1)
    )
    with control.begin() as session:
        found = session.execute(asked).first()
    return Deed(found[0].partition(":")[2], *found[1:]) if found else None


def reached(control: Control, channels: Collection[str]) -> Deed | None:
    """The last test that arrived, of one of these channels."""
    asked = (
        select(AuditRow.subject, AuditRow.who, AuditRow.at, AuditRow.after)
        .where(AuditRow.action == "tested")
        .order_by(AuditRow.audit_id.desc())
        .limit(LOOKED_THROUGH)
    )
    with control.begin() as session:
        found = [(row[0].partition(":")[2], *row[1:]) for row in session.execute(asked)]
    arrived = (Deed(*row[:3]) for row in found if row[0] in channels and (row[3] or {}).get("arrived"))
    return next(arrived, None)


def revised(control: Control) -> Deed | None:
    """The first rule in use that somebody changed after it had fired."""
    asked = (
        select(RuleRow.name, RuleVersionRow.author, RuleVersionRow.changed_at)
        .join(RuleVersionRow, RuleVersionRow.rule_id == RuleRow.rule_id)
        .join(AlertRow, AlertRow.rule_id == RuleRow.rule_id)
        .join(TransitionRow, TransitionRow.alert_id == AlertRow.alert_id)
        .where(RuleRow.removed_at.is_(None), RuleVersionRow.version > 1, RuleVersionRow.author != SHIPPER)
        .where(TransitionRow.status == "firing", TransitionRow.recorded_at < RuleVersionRow.changed_at)
        .order_by(RuleVersionRow.changed_at)
        .limit(1)
    )
    with control.begin() as session:
        found = session.execute(asked).first()
    return Deed(*found) if found else None
