"""The control store's tables of rules, alerts and what people did with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.control.tables import AnyText, Table

IN_USE = text("removed_at is null")


class RuleRow(Table):
    """A rule as it is now; `spec` is what engine.alerts.rule.Rule holds.

    `judged_batch`, `judged_version`: how far the metrics' history was judged, by which version of the rule.
    `removed_at`: removed rules keep their row, for the alerts they raised; their name is free again.
    """

    __tablename__ = "rules"
    __table_args__ = (
        Index("rules_by_name", "name", unique=True, sqlite_where=IN_USE, postgresql_where=IN_USE),
    )

    rule_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    spec: Mapped[dict[str, Any]]
    version: Mapped[int]
    is_paused: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    changed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    judged_batch: Mapped[int] = mapped_column(default=0)
    judged_version: Mapped[int] = mapped_column(default=0)


class RuleVersionRow(Table):
    """Every version of a rule that ever was: who made it, when and why."""

    __tablename__ = "rule_versions"

    rule_id: Mapped[int] = mapped_column(ForeignKey("rules.rule_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    spec: Mapped[dict[str, Any]]
    author: Mapped[str]
    reason: Mapped[str]
    changed_at: Mapped[datetime]


class AlertRow(Table):
    """A rule and one of its segments; it comes into being when it first leaves `quiet`.

    `fired_at`: when it began to fire last. `period_start` to `beyond`: of the last period that moved or
    worsened it. `told_*`: what was told last while it fires. `is_held`: a silence or a snooze keeps it from
    being told, until that ends.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("rule_id", "segment", name="alerts_of_a_rule"),
        Index("alerts_by_status", "status", "rule_id"),
        Index("alerts_by_telling", "rule_id", "told_at"),
        Index("alerts_by_hold", "is_held"),
        Index("alerts_by_snooze", "snoozed_until"),
    )

    alert_id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("rules.rule_id"))
    segment: Mapped[str] = mapped_column(AnyText)
    status: Mapped[str]
    since: Mapped[datetime | None]
    fired_at: Mapped[datetime | None]
    breaches: Mapped[int] = mapped_column(default=0)
    recoveries: Mapped[int] = mapped_column(default=0)
    rule_version: Mapped[int]
    period_start: Mapped[str | None]
    value: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    usual: Mapped[float | None]
    beyond: Mapped[float | None]
    told_at: Mapped[datetime | None]
    told_beyond: Mapped[float | None]
    is_held: Mapped[bool] = mapped_column(default=False)
    taken_by: Mapped[str | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    snoozed_until: Mapped[datetime | None]


class TransitionRow(Table):
    """A move of an alert; `entered_at` is when the period that moved it became complete, or a person did."""

    __tablename__ = "transitions"
    __table_args__ = (
        Index("transitions_of_an_alert", "alert_id", "transition_id"),
        Index("transitions_by_time", "entered_at"),
    )

    transition_id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.alert_id"))
    rule_version: Mapped[int]
    status: Mapped[str]
    before: Mapped[str]
    entered_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    period_start: Mapped[str | None]
    value: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    beyond: Mapped[float | None]
    reason: Mapped[str]
    edition: Mapped[str | None]


class CommentRow(Table):
    """What people said about an alert."""

    __tablename__ = "comments"

    comment_id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.alert_id"), index=True)
    author: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]


class SilenceRow(Table):
    """Alerts that are judged but not told of, for a time; what is null matches anything."""

    __tablename__ = "silences"

    silence_id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("rules.rule_id"))
    metric: Mapped[str | None]
    dimension: Mapped[str | None]
    segment: Mapped[str | None] = mapped_column(AnyText)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    author: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]


class AuditRow(Table):
    """Who did what, when: `subject` such as `rule:7`, `before` and `after` without secrets."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_by_subject", "subject", "audit_id"),)

    audit_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
