"""The inbox file's tables."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

metadata = MetaData()

# One row a request, as it came. Ids rise in the order of commits and are never used again.
deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_id", Integer, primary_key=True),
    Column("source", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("received_at", DateTime, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("running_bytes", Integer, nullable=False),  # of all bodies up to this one
    Column("body", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

# One row: which inbox this is. Positions in an inbox mean nothing in another.
inbox = Table("inbox", metadata, Column("epoch", String, nullable=False))

sources = Table(
    "sources",
    metadata,
    Column("name", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("params", JSON, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("cursor", String),
    Column("last_pulled_at", DateTime),
    Column("last_error", String),
)

write_keys = Table(
    "write_keys",
    metadata,
    Column("key_id", String, primary_key=True),
    Column("source", String, ForeignKey("sources.name"), nullable=False),
    Column("hash", String, nullable=False, unique=True),
    Column("label", String),
    Column("created_at", DateTime, nullable=False),
    Column("revoked_at", DateTime),
    Column("last_used_at", DateTime),
)

# What webhooks are signed with: kept readable, because only the secret itself can check a signature.
secrets = Table(
    "secrets",
    metadata,
    Column("source", String, ForeignKey("sources.name"), primary_key=True),
    Column("kind", String, nullable=False),
    Column("secret", String, nullable=False),
    Column("created_at", DateTime, nullable=False),
)
