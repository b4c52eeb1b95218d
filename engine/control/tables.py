"""The control store's tables."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Dialect, Index, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NUL, IN_ITS_PLACE = "\0", "\ufdd0"  # which is no character, so that no text has it


class AnyText(TypeDecorator[str]):
    """Text from outside, such as a segment's name: PostgreSQL alone cannot hold a NUL."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value.replace(NUL, IN_ITS_PLACE) if value and dialect.name == "postgresql" else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value.replace(IN_ITS_PLACE, NUL) if value and dialect.name == "postgresql" else value


class Table(DeclarativeBase):
    type_annotation_map = {dict[str, Any]: JSON(none_as_null=True)}  # noqa: RUF012 (SQLAlchemy reads it from the class)


class JobRow(Table):
    """Work handed to the engine, and what became of it."""

    __tablename__ = "jobs"
    __table_args__ = (Index("jobs_by_state", "state", "job_id"),)

    job_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    progress: Mapped[str | None]
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    claimed_by: Mapped[int | None]


class EngineRow(Table):
    """The engine of this home: one row, whether it runs or not."""

    __tablename__ = "engine_state"

    engine_id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[int | None]
    host: Mapped[str | None]
    settings: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    doing: Mapped[str | None]
    edition: Mapped[str | None]
    last_refresh_at: Mapped[datetime | None]
    refresh_seconds: Mapped[float | None]
    last_error: Mapped[str | None]
    last_error_at: Mapped[datetime | None]
    position: Mapped[int | None]
    backlog: Mapped[int | None]
    backlog_oldest_at: Mapped[datetime | None]
    drained_at: Mapped[datetime | None]
