"""The jobs handed to the engine, and the engine's own state."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("job_id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("progress", sa.String),
        sa.Column("result", sa.JSON),
        sa.Column("error", sa.String),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("started_at", sa.DateTime),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("claimed_by", sa.Integer),
        sa.CheckConstraint("state in ('queued', 'running', 'done', 'failed')", name="jobs_state"),
    )
    op.create_index("jobs_by_state", "jobs", ["state", "job_id"])
    op.create_table(
        "engine_state",
        sa.Column("engine_id", sa.Integer, primary_key=True),
        sa.Column("pid", sa.Integer),
        sa.Column("host", sa.String),
        sa.Column("settings", sa.JSON),
        sa.Column("started_at", sa.DateTime),
        sa.Column("heartbeat_at", sa.DateTime),
        sa.Column("stopped_at", sa.DateTime),
        sa.Column("doing", sa.String),
        sa.Column("edition", sa.String),
        sa.Column("last_refresh_at", sa.DateTime),
        sa.Column("refresh_seconds", sa.Double),
        sa.Column("last_error", sa.String),
        sa.Column("last_error_at", sa.DateTime),
    )


def downgrade() -> None:
    op.drop_table("engine_state")
    op.drop_table("jobs")
