"""Alerts as people look at them: what fires, since when and who has it, and all that ever happened."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import polars as pl
from sqlalchemy import ColumnElement, Select, Table, Text, select, text
from sqlalchemy import cast as as_type

from data.errors import BadInput
from engine.alerts.lifecycle import Status
from engine.alerts.rule import SEVERITIES, Rule
from engine.control.alert_tables import AlertRow, RuleRow, TransitionRow
from engine.control.moves import rule_from
from engine.control.notices import Silence, silences
from engine.control.store import Control, Session

ALERTS = cast(Table, AlertRow.__table__)
ACTIVE: tuple[Status, ...] = ("firing", "pending")
HAPPENED: dict[str, Any] = {
    "rule": pl.String,
    "segment": pl.String,
    "state": pl.String,
    "entered_at": pl.Datetime("us"),
    "left_at": pl.Datetime("us"),
    "value": pl.Float64,
    "reason": pl.String,
}
Asked = Select[*tuple[Any, ...]]
FIRING = text(
    "select count(*) from alerts where status = 'firing' and rule_id in "
    "(select rule_id from rules where removed_at is null and not is_paused)"
)

PULSE = text(
    "select coalesce((select max(transition_id) from transitions), 0)"
    " + coalesce((select max(notice_id) from notices), 0)"
    " + coalesce((select max(audit_id) from audit), 0)"
    " + coalesce((select max(judged_batch) from rules), 0)"
)


@dataclass(frozen=True)
class AlertView:
    """An alert as it stands; `period_start` to `beyond` are of the period that moved or worsened it last.

    `breaches`: how many judged periods in a row were beyond the bound. `is_silenced`: a silence in force
    matches it. `told_at`: when somebody was told of it last.
    """

    alert_id: int
    rule_id: int
    rule: Rule
    is_paused: bool
    segment: str
    status: Status
    since: datetime | None
    fired_at: datetime | None
    breaches: int
    period_start: date | None
    value: float | None
    low: float | None
    high: float | None
    usual: float | None
    beyond: float | None
    taken_by: str | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    snoozed_until: datetime | None
    told_at: datetime | None
    is_silenced: bool

    @property
    def is_firing(self) -> bool:
        return self.status == "firing"


@dataclass(frozen=True)
class RuleAlerts:
    """The alerts of one rule, what fires first."""

    rule_id: int
    rule: Rule
    is_paused: bool
    alerts: tuple[AlertView, ...]

    @property
    def firing(self) -> tuple[AlertView, ...]:
        return tuple(alert for alert in self.alerts if alert.is_firing)


COPIED = tuple(name for name in AlertView.__dataclass_fields__ if name in ALERTS.c and name != "period_start")


def alerts(
    control: Control,
    now: datetime,
    *,
    statuses: Collection[Status] = ACTIVE,
    rule_id: int | None = None,
    since: datetime | None = None,
) -> list[RuleAlerts]:
    """Alerts of rules in use, by rule: what fires first, the graver the sooner, then what began last.

    `since`: those that came to where they are at this instant or later.
    """
    wanted: list[ColumnElement[bool]] = [ALERTS.c.status.in_(list(statuses)), RuleRow.removed_at.is_(None)]
    wanted += [ALERTS.c.rule_id == rule_id] if rule_id is not None else []
    wanted += [ALERTS.c.since >= since] if since is not None else []
    with control.begin() as session:
        found = _views(session, now, *wanted)
    groups: dict[int, list[AlertView]] = {}
    for view in sorted(found, key=_in_order):
        groups.setdefault(view.rule_id, []).append(view)
    grouped = [RuleAlerts(key, of[0].rule, of[0].is_paused, tuple(of)) for key, of in groups.items()]
    return sorted(grouped, key=lambda group: (group.is_paused, not group.firing))


def _in_order(view: AlertView) -> tuple[Any, ...]:
    since = (view.since or datetime.min) - datetime.min
    return not view.is_firing, -SEVERITIES.index(view.rule.severity), -since, view.segment


def alert(control: Control, alert_id: int, now: datetime) -> AlertView:
    """One alert, of a removed rule too.

    Raises:
        BadInput: there is none of this id.
    """
    with control.begin() as session:
        found = _views(session, now, ALERTS.c.alert_id == alert_id)
    if not found:
        raise BadInput(f"There is no alert {alert_id}.")
    return found[0]


def firing_count(control: Control) -> int:
    """How many alerts of rules in use fire; asked by every page, so it costs as little as it can."""
    with control.look() as connection:
        count: int = connection.execute(FIRING).scalar_one()
        return count


def pulse(control: Control) -> int:
    """A number that grows whenever something happened to alerts, or was done about them."""
    with control.look() as connection:
        beat: int = connection.execute(PULSE).scalar_one()
        return beat


def happened(control: Control) -> pl.DataFrame:
    """rule, segment, state, entered_at, left_at, value, reason: one row a state that an alert was in."""
    asked: Asked = (
        select(
            RuleRow.name,
            ALERTS.c.segment,
            TransitionRow.status,
            TransitionRow.entered_at,
            TransitionRow.left_at,
            TransitionRow.value,
            TransitionRow.reason,
        )
        .join_from(TransitionRow, ALERTS, ALERTS.c.alert_id == TransitionRow.alert_id)
        .join(RuleRow, RuleRow.rule_id == ALERTS.c.rule_id)
        .order_by(TransitionRow.transition_id)
    )
    with control.begin() as session:
        rows = [tuple(row) for row in session.execute(asked)]
    frame = pl.DataFrame(rows, schema=HAPPENED, orient="row")
    return frame.sort("rule", "segment", "entered_at", maintain_order=True)


def _views(session: Session, now: datetime, *conditions: ColumnElement[bool]) -> list[AlertView]:
    asked: Asked = (
        select(ALERTS, as_type(RuleRow.spec, Text).label("spec"), RuleRow.is_paused)
        .join_from(ALERTS, RuleRow, RuleRow.rule_id == ALERTS.c.rule_id)
        .where(*conditions)
    )
    in_force = silences(session, now)
    return [_view(row, in_force) for row in session.execute(asked.order_by(ALERTS.c.alert_id))]


def _view(row: Any, in_force: list[Silence]) -> AlertView:
    rule = rule_from(row.spec)
    return AlertView(
        rule=rule,
        is_paused=row.is_paused,
        period_start=date.fromisoformat(row.period_start) if row.period_start else None,
        is_silenced=any(one.covers(row.rule_id, rule, row.segment) for one in in_force),
        **{name: getattr(row, name) for name in COPIED},
    )
