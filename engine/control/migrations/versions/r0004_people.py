"""Who may come in, programs' keys, and what people leave: views, annotations, notes, targets, digests."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    people()
    views()
    aims()


def people() -> None:
    op.create_table(
        "people",
        sa.Column("person_id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String, nullable=False, unique=True),
        sa.Column("subject", sa.String, unique=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("scope", sa.JSON),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("language", sa.String),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "sign_ins",
        sa.Column("sign_in_id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.person_id"), nullable=False),
        sa.Column("token_hash", sa.String, nullable=False, unique=True),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("ended_why", sa.String),
    )
    op.create_index("ix_sign_ins_person_id", "sign_ins", ["person_id"])
    op.create_table(
        "role_claims",
        sa.Column("role_claim_id", sa.Integer, primary_key=True),
        sa.Column("claim", sa.String, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.UniqueConstraint("claim", "value", name="role_claims_once"),
    )
    op.create_table(
        "tokens",
        sa.Column("token_id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("scope", sa.JSON),
        sa.Column("token_hash", sa.String, nullable=False, unique=True),
        sa.Column("hint", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("expires_at", sa.DateTime),
        sa.Column("revoked_at", sa.DateTime),
        sa.Column("used_at", sa.DateTime),
    )


def views() -> None:
    op.create_table(
        "views",
        sa.Column("view_id", sa.Integer, primary_key=True),
        sa.Column("page", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("is_shared", sa.Boolean, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("removed_at", sa.DateTime),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("views_of_a_page", "views", ["page", "owner"])
    op.create_table(
        "annotations",
        sa.Column("annotation_id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("link", sa.String),
        sa.Column("starts_on", sa.String, nullable=False),
        sa.Column("ends_on", sa.String),
        sa.Column("dimension", sa.String),
        sa.Column("segment", sa.String),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("removed_at", sa.DateTime),
    )
    op.create_index("annotations_by_day", "annotations", ["starts_on"])
    op.create_table(
        "account_notes",
        sa.Column("note_id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("removed_at", sa.DateTime),
    )
    op.create_index("notes_of_an_account", "account_notes", ["account_id", "at"])


def aims() -> None:
    op.create_table(
        "targets",
        sa.Column("target_id", sa.Integer, primary_key=True),
        sa.Column("metric", sa.String, nullable=False),
        sa.Column("grain", sa.String, nullable=False),
        sa.Column("dimension", sa.String, nullable=False),
        sa.Column("segment", sa.String, nullable=False),
        sa.Column("value", sa.Double, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("metric", "grain", "dimension", "segment", name="targets_once"),
    )
    op.create_table(
        "digests",
        sa.Column("digest_id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("dimension", sa.String, nullable=False),
        sa.Column("segment", sa.String, nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
        sa.Column("is_paused", sa.Boolean, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("sent_for", sa.String),
    )
