"""What people do with an alert: take it, acknowledge it, say something, put it off."""

from datetime import datetime

from data.errors import BadInput
from data.speech import english
from engine.control.alert_tables import AlertRow, CommentRow
from engine.control.audit import note
from engine.control.store import Control, Session

LONGEST_COMMENT = 10_000


def assign(
    control: Control,
    alert_id: int,
    to: str | None,
    *,
    who: str,
    now: datetime,
    instead_of: str | None = None,
) -> None:
    """Have somebody look after an alert; None for nobody.

    Args:
        instead_of: who had it as far as is known here, so that nobody takes it from a third without knowing.

    Raises:
        BadInput: somebody else has it meanwhile.
    """
    with control.change() as session:
        row = _alert(session, alert_id)
        if row.taken_by == to:
            return
        if row.taken_by not in (None, who, instead_of):
            raise BadInput(
                english("{taken_by} has taken it meanwhile; nothing was changed.", taken_by=row.taken_by)
            )
        action = "released" if to is None else "took" if to == who else "assigned"
        told = ({"taken_by": row.taken_by}, {"taken_by": to})
        note(session, who, action, subject(alert_id), now=now, before=told[0], after=told[1])
        row.taken_by = to


def acknowledge(control: Control, alert_id: int, *, who: str, now: datetime, reason: str = "") -> None:
    """Say that it was seen: it is told no more until it resolves; a second time changes nothing.

    Raises:
        BadInput: it does not fire.
    """
    with control.change() as session:
        row = _alert(session, alert_id)
        if row.status != "firing":
            raise BadInput(
                english(
                    "The alert of {segment} does not fire (any more); there is nothing to see.",
                    segment=repr(row.segment),
                )
            )
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by = now, who
            note(session, who, "acknowledged", subject(alert_id), now=now, reason=reason)


def comment(control: Control, alert_id: int, said: str, *, who: str, now: datetime) -> int:
    """Say something about an alert; returns the comment's id."""
    said = said.strip()
    if not said or len(said) > LONGEST_COMMENT:
        raise BadInput(
            english(
                "A comment has 1 to {longest_comment} letters; this one has {count}.",
                longest_comment=f"{LONGEST_COMMENT:,}",
                count=f"{len(said):,}",
            )
        )
    with control.change() as session:
        _alert(session, alert_id)
        row = CommentRow(alert_id=alert_id, author=who, text=said, at=now)
        session.add(row)
        session.flush()
        note(session, who, "commented", subject(alert_id), now=now, after={"comment_id": row.comment_id})
        return row.comment_id


def snooze(
    control: Control, alert_id: int, until: datetime | None, *, who: str, now: datetime, reason: str = ""
) -> None:
    """Tell of it only after an instant; None: from now on again.

    Raises:
        BadInput: the instant has passed.
    """
    if until is not None and until <= now:
        raise BadInput(
            english(
                "It cannot be put off until {until} UTC, which has passed.", until=f"{until:%Y-%m-%d %H:%M}"
            )
        )
    with control.change() as session:
        row = _alert(session, alert_id)
        before, row.snoozed_until = row.snoozed_until, until
        note(
            session,
            who,
            "snoozed" if until else "woke",
            subject(alert_id),
            now=now,
            reason=reason,
            before={"snoozed_until": _text(before)},
            after={"snoozed_until": _text(until)},
        )


def subject(alert_id: int) -> str:
    return f"alert:{alert_id}"


def _alert(session: Session, alert_id: int) -> AlertRow:
    row = session.get(AlertRow, alert_id)
    if row is None:
        raise BadInput(english("There is no alert {alert_id}.", alert_id=alert_id))
    return row


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
