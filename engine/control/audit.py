"""Who did what, when and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from engine.control.alert_tables import AuditRow
from engine.control.store import Control, Session


@dataclass(frozen=True)
class Entry:
    """Something that somebody did: `subject` such as `rule:7`, and what it was before and after."""

    audit_id: int
    at: datetime
    who: str
    action: str
    subject: str
    reason: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


NAMES = tuple(Entry.__dataclass_fields__)


def note(
    session: Session,
    who: str,
    action: str,
    subject: str,
    *,
    now: datetime,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write down what is done in this transaction; `before` and `after` must hold no secrets."""
    session.add(
        AuditRow(at=now, who=who, action=action, subject=subject, reason=reason, before=before, after=after)
    )


def audit(
    control: Control, subject: str | None = None, *, containing: str = "", limit: int = 200
) -> list[Entry]:
    """What was done last, the newest first; with a subject, what was done to it; or what has a text in it."""
    asked = select(*(getattr(AuditRow, name) for name in NAMES)).order_by(AuditRow.audit_id.desc())
    if subject is not None:
        asked = asked.where(AuditRow.subject == subject)
    if containing and "\0" not in containing:
        texts = (AuditRow.who, AuditRow.action, AuditRow.subject, AuditRow.reason)
        asked = asked.where(or_(*(text.icontains(containing, autoescape=True) for text in texts)))
    with control.begin() as session:
        return [Entry(*row) for row in session.execute(asked.limit(limit))]
