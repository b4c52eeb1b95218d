"""Rules, the alerts they raise, what people did with them, and the messages on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

IN_USE = sa.text("removed_at is null")


def upgrade() -> None:
    rules()
    alerts()
    decisions()
    delivery()


def rules() -> None:
    op.create_table(
        "rules",
        sa.Column("rule_id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("spec", sa.JSON, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("is_paused", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("removed_at", sa.DateTime),
        sa.Column("judged_batch", sa.Integer, nullable=False),
        sa.Column("judged_version", sa.Integer, nullable=False),
    )
    op.create_index(
        "rules_by_name", "rules", ["name"], unique=True, sqlite_where=IN_USE, postgresql_where=IN_USE
    )
    op.create_table(
        "rule_versions",
        sa.Column("rule_id", sa.Integer, sa.ForeignKey("rules.rule_id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("spec", sa.JSON, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
    )


def alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.Integer, primary_key=True),
        sa.Column("rule_id", sa.Integer, sa.ForeignKey("rules.rule_id"), nullable=False),
        sa.Column("segment", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("since", sa.DateTime),
        sa.Column("fired_at", sa.DateTime),
        sa.Column("breaches", sa.Integer, nullable=False),
        sa.Column("recoveries", sa.Integer, nullable=False),
        sa.Column("rule_version", sa.Integer, nullable=False),
        sa.Column("period_start", sa.String),
        *(sa.Column(name, sa.Double) for name in ("value", "low", "high", "usual", "beyond")),
        sa.Column("told_at", sa.DateTime),
        sa.Column("told_beyond", sa.Double),
        sa.Column("is_held", sa.Boolean, nullable=False),
        sa.Column("taken_by", sa.String),
        sa.Column("acknowledged_at", sa.DateTime),
        sa.Column("acknowledged_by", sa.String),
        sa.Column("snoozed_until", sa.DateTime),
        sa.UniqueConstraint("rule_id", "segment", name="alerts_of_a_rule"),
    )
    op.create_index("alerts_by_status", "alerts", ["status", "rule_id"])
    op.create_index("alerts_by_telling", "alerts", ["rule_id", "told_at"])
    op.create_index("alerts_by_hold", "alerts", ["is_held"])
    op.create_index("alerts_by_snooze", "alerts", ["snoozed_until"])
    op.create_table(
        "transitions",
        sa.Column("transition_id", sa.Integer, primary_key=True),
        sa.Column("alert_id", sa.Integer, sa.ForeignKey("alerts.alert_id"), nullable=False),
        sa.Column("rule_version", sa.Integer, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("before", sa.String, nullable=False),
        sa.Column("entered_at", sa.DateTime, nullable=False),
        sa.Column("left_at", sa.DateTime),
        sa.Column("recorded_at", sa.DateTime, nullable=False),
        sa.Column("period_start", sa.String),
        *(sa.Column(name, sa.Double) for name in ("value", "low", "high", "beyond")),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("edition", sa.String),
    )
    op.create_index("transitions_of_an_alert", "transitions", ["alert_id", "transition_id"])
    op.create_index("transitions_by_time", "transitions", ["entered_at"])


def decisions() -> None:
    op.create_table(
        "comments",
        sa.Column("comment_id", sa.Integer, primary_key=True),
        sa.Column("alert_id", sa.Integer, sa.ForeignKey("alerts.alert_id"), nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_comments_alert_id", "comments", ["alert_id"])
    op.create_table(
        "silences",
        sa.Column("silence_id", sa.Integer, primary_key=True),
        sa.Column("rule_id", sa.Integer, sa.ForeignKey("rules.rule_id")),
        sa.Column("metric", sa.String),
        sa.Column("dimension", sa.String),
        sa.Column("segment", sa.String),
        sa.Column("starts_at", sa.DateTime, nullable=False),
        sa.Column("ends_at", sa.DateTime, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
    )
    op.create_index("audit_by_subject", "audit", ["subject", "audit_id"])


def delivery() -> None:
    op.create_table(
        "channels",
        sa.Column("channel_id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("params", sa.JSON, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
        sa.Column("quiet_from", sa.String),
        sa.Column("quiet_until", sa.String),
        sa.Column("is_paused", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", sa.DateTime),
        sa.Column("rests_until", sa.DateTime),
        sa.Column("last_error", sa.String),
        sa.Column("last_sent_at", sa.DateTime),
    )
    op.create_table(
        "routes",
        sa.Column("route_id", sa.Integer, primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("severity", sa.String),
        sa.Column("metric", sa.String),
        sa.Column("segment", sa.String),
        sa.Column("channels", sa.JSON, nullable=False),
        sa.Column("goes_on", sa.Boolean, nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column("message_id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String, nullable=False, unique=True),
        sa.Column("channel_id", sa.Integer, sa.ForeignKey("channels.channel_id")),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("severity", sa.String, nullable=False),
        sa.Column("rule_id", sa.Integer),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("outcome", sa.String),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("failing_since", sa.DateTime),
        sa.Column("is_held", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("claimed_until", sa.DateTime),
        sa.Column("sent_at", sa.DateTime),
        sa.Column("last_error", sa.String),
    )
    op.create_index("messages_due", "messages", ["state", "channel_id", "due_at"])
    notices()


def notices() -> None:
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.Integer, primary_key=True),
        sa.Column("alert_id", sa.Integer, sa.ForeignKey("alerts.alert_id"), nullable=False),
        sa.Column("transition_id", sa.Integer, sa.ForeignKey("transitions.transition_id")),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("channel", sa.String),
        sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.message_id")),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("notices_of_an_alert", "notices", ["alert_id", "notice_id"])
    op.create_index("notices_of_a_message", "notices", ["message_id"])


def downgrade() -> None:
    for name in (
        "notices", "messages", "routes", "channels", "audit", "silences", "comments", "transitions", "alerts",
        "rule_versions", "rules",
    ):  # fmt: skip
        op.drop_table(name)
