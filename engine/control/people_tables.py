"""The control store's tables of who may come in, and of what people leave for one another."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from data.speech import ENGLISH
from engine.control.tables import AnyText, Table


class PersonRow(Table):
    """Somebody who may sign in: `subject` is what the identity provider calls them, once they have.

    `scope`: `{"dimension": "region", "segment": "Europe"}` where they may see that segment only.
    """

    __tablename__ = "people"

    person_id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    scope: Mapped[dict[str, Any] | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    changed_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class SignInRow(Table):
    """One sign-in of a person, until it ends: `token_hash` is of what the browser holds."""

    __tablename__ = "sign_ins"

    sign_in_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.person_id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]


class RoleClaimRow(Table):
    """What an identity provider says of a person that gives them a role: claim `groups` holds `analysts`."""

    __tablename__ = "role_claims"
    __table_args__ = (UniqueConstraint("claim", "value", name="role_claims_once"),)

    role_claim_id: Mapped[int] = mapped_column(primary_key=True)
    claim: Mapped[str]
    value: Mapped[str]
    role: Mapped[str]


class TokenRow(Table):
    """A program's key to the numbers; the key itself is shown once and kept as a hash."""

    __tablename__ = "tokens"

    token_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    scope: Mapped[dict[str, Any] | None]
    token_hash: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class ViewRow(Table):
    """A view of a page that somebody saved: `state` is what its address holds."""

    __tablename__ = "views"
    __table_args__ = (Index("views_of_a_page", "page", "owner"),)

    view_id: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[str]
    name: Mapped[str] = mapped_column(AnyText)
    owner: Mapped[str]
    is_shared: Mapped[bool] = mapped_column(default=False)
    state: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class AnnotationRow(Table):
    """Something that happened, for the charts to show: a release, an incident; a day or a span of them."""

    __tablename__ = "annotations"
    __table_args__ = (Index("annotations_by_day", "starts_on"),)

    annotation_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str] = mapped_column(AnyText)
    link: Mapped[str | None]
    starts_on: Mapped[str]
    ends_on: Mapped[str | None]
    dimension: Mapped[str | None]
    segment: Mapped[str | None] = mapped_column(AnyText)
    author: Mapped[str]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class AccountNoteRow(Table):
    """What people wrote about an account, and what they did for it."""

    __tablename__ = "account_notes"
    __table_args__ = (Index("notes_of_an_account", "account_id", "at"),)

    note_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(AnyText)
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(AnyText)
    author: Mapped[str]
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class TargetRow(Table):
    """What a metric should come to: by grain, for a segment, from a day on."""

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("metric", "grain", "dimension", "segment", name="targets_once"),)

    target_id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str]
    grain: Mapped[str]
    dimension: Mapped[str]
    segment: Mapped[str] = mapped_column(AnyText)
    value: Mapped[float]
    author: Mapped[str]
    changed_at: Mapped[datetime]


class DigestRow(Table):
    """A weekly letter about the numbers: to which channel, about what, on which weekday at which hour."""

    __tablename__ = "digests"

    digest_id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    dimension: Mapped[str]
    segment: Mapped[str] = mapped_column(AnyText)
    weekday: Mapped[int]
    hour: Mapped[int]
    zone: Mapped[str]
    language: Mapped[str] = mapped_column(default=ENGLISH)
    is_paused: Mapped[bool] = mapped_column(default=False)
    author: Mapped[str]
    changed_at: Mapped[datetime]
    sent_for: Mapped[str | None]
