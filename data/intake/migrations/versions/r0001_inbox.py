"""Deliveries, and the sources, keys and secrets that they come by."""

from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", sa.Integer, primary_key=True),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("running_bytes", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    inbox = op.create_table("inbox", sa.Column("epoch", sa.String, nullable=False))
    op.bulk_insert(inbox, [{"epoch": token_hex(8)}])
    op.create_table(
        "sources",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("params", sa.JSON, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("cursor", sa.String),
        sa.Column("last_pulled_at", sa.DateTime),
        sa.Column("last_error", sa.String),
    )
    op.create_table(
        "write_keys",
        sa.Column("key_id", sa.String, primary_key=True),
        sa.Column("source", sa.String, sa.ForeignKey("sources.name"), nullable=False),
        sa.Column("hash", sa.String, nullable=False, unique=True),
        sa.Column("label", sa.String),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("revoked_at", sa.DateTime),
        sa.Column("last_used_at", sa.DateTime),
    )
    op.create_table(
        "secrets",
        sa.Column("source", sa.String, sa.ForeignKey("sources.name"), primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("secret", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    for table in ("secrets", "write_keys", "sources", "inbox", "deliveries"):
        op.drop_table(table)
