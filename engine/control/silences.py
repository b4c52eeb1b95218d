"""Silences: alerts that are judged but not told of, until an end that somebody set."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from data.errors import BadInput
from data.speech import english
from engine.control.alert_tables import RuleRow, SilenceRow
from engine.control.audit import note
from engine.control.store import Control

MATCHED = ("rule_id", "metric", "dimension", "segment")


@dataclass(frozen=True)
class SilenceView:
    """A silence; what is None matches anything. `rule`: the name of the rule it is for."""

    silence_id: int
    rule_id: int | None
    rule: str | None
    metric: str | None
    dimension: str | None
    segment: str | None
    starts_at: datetime
    ends_at: datetime
    author: str
    reason: str
    created_at: datetime

    def is_in_force(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at


def silence(
    control: Control,
    *,
    until: datetime,
    who: str,
    now: datetime,
    reason: str = "",
    starts_at: datetime | None = None,
    rule_id: int | None = None,
    metric: str | None = None,
    dimension: str | None = None,
    segment: str | None = None,
) -> int:
    """Tell of no alert that matches all that is given, for a time; returns the silence's id.

    Raises:
        BadInput: it would end before it begins, or there is no such rule.
    """
    begins = max(now, starts_at or now)
    if until <= begins:
        raise BadInput(
            english(
                "A silence must end after it begins; {until} is not after {begins} UTC.",
                until=f"{until:%Y-%m-%d %H:%M}",
                begins=f"{begins:%Y-%m-%d %H:%M}",
            )
        )
    row = SilenceRow(
        rule_id=rule_id,
        metric=metric,
        dimension=dimension,
        segment=segment,
        starts_at=begins,
        ends_at=until,
        author=who,
        reason=reason,
        created_at=now,
    )
    with control.change() as session:
        if rule_id is not None and session.get(RuleRow, rule_id) is None:
            raise BadInput(english("There is no rule {rule_id}.", rule_id=rule_id))
        session.add(row)
        session.flush()
        note(session, who, "silenced", subject(row.silence_id), now=now, reason=reason, after=_told(row))
        return row.silence_id


def end_silence(control: Control, silence_id: int, *, who: str, now: datetime, reason: str = "") -> None:
    """End a silence now, or keep one that has not begun from beginning; one that is over stays as it is."""
    with control.change() as session:
        row = session.get(SilenceRow, silence_id)
        if row is None:
            raise BadInput(english("There is no silence {silence_id}.", silence_id=silence_id))
        if row.ends_at <= now:
            return
        before = _told(row)
        row.starts_at, row.ends_at = min(row.starts_at, now), now
        note(
            session,
            who,
            "ended the silence",
            subject(silence_id),
            now=now,
            reason=reason,
            before=before,
            after=_told(row),
        )


def listed(control: Control, *, since: datetime | None = None) -> list[SilenceView]:
    """Silences that end last first; with `since`, those that ended before are left out."""
    columns = [RuleRow.name if name == "rule" else getattr(SilenceRow, name) for name in NAMES]
    asked: Select[*tuple[Any, ...]] = select(*columns).join_from(
        SilenceRow, RuleRow, RuleRow.rule_id == SilenceRow.rule_id, isouter=True
    )
    if since is not None:
        asked = asked.where(SilenceRow.ends_at > since)
    with control.begin() as session:
        rows = session.execute(asked.order_by(SilenceRow.ends_at.desc(), SilenceRow.silence_id.desc()))
        return [SilenceView(*row) for row in rows]


NAMES = tuple(SilenceView.__dataclass_fields__)


def subject(silence_id: int) -> str:
    return f"silence:{silence_id}"


def _told(row: SilenceRow) -> dict[str, Any]:
    matched = {name: getattr(row, name) for name in MATCHED}
    return matched | {"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()}
