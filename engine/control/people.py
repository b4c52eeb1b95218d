"""People as they are stored: who may come in, with which role and scope, and who gets a role by a claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from data.errors import BadInput, Conflict, Difference
from data.speech import english
from engine.control.audit import note
from engine.control.channel_store import last_author
from engine.control.people_tables import PersonRow, RoleClaimRow, SignInRow
from engine.control.store import Control, Session

BY_CLAIM = "claim"  # in the place of a role: what the identity provider says of them decides
DEACTIVATED = "deactivated"
EDITED = ("name", "role", "scope", "is_active")


@dataclass(frozen=True)
class StoredPerson:
    """Somebody who may sign in; `role` may be BY_CLAIM."""

    person_id: int
    email: str
    subject: str | None
    name: str
    role: str
    scope: Mapping[str, Any] | None
    is_active: bool
    language: str | None
    created_at: datetime
    created_by: str
    changed_at: datetime
    seen_at: datetime | None
    version: int


@dataclass(frozen=True)
class RoleClaim:
    """Whoever signs in with this value of a claim has this role, unless they were given one."""

    role_claim_id: int
    claim: str
    value: str
    role: str


NAMES = tuple(StoredPerson.__dataclass_fields__)
COLUMNS = [getattr(PersonRow, name) for name in NAMES]
CLAIM_COLUMNS = [getattr(RoleClaimRow, name) for name in RoleClaim.__dataclass_fields__]


def everyone(control: Control) -> list[StoredPerson]:
    with control.look() as connection:
        return [StoredPerson(*row) for row in connection.execute(select(*COLUMNS).order_by(PersonRow.email))]


def find(control: Control, email: str) -> StoredPerson | None:
    with control.look() as connection:
        row = connection.execute(select(*COLUMNS).where(PersonRow.email == email)).one_or_none()
        return StoredPerson(*row) if row else None


def named(session: Session, email: str) -> StoredPerson:
    """The person of an address.

    Raises:
        BadInput: there is none.
    """
    row = session.execute(select(*COLUMNS).where(PersonRow.email == email)).one_or_none()
    if row is None:
        raise BadInput(english("There is no person {email}; add them first.", email=repr(email)))
    return StoredPerson(*row)


def subject_of(email: str) -> str:
    """What the audit trail calls a person."""
    return f"person:{email}"


def told(person: StoredPerson) -> dict[str, Any]:
    """What the audit trail keeps of a person."""
    return {name: getattr(person, name) for name in EDITED}


def add(
    session: Session,
    email: str,
    name: str,
    role: str,
    *,
    scope: dict[str, Any] | None,
    who: str,
    now: datetime,
    subject: str | None = None,
) -> StoredPerson:
    """A new person.

    Raises:
        BadInput: there is one of this address already.
    """
    if session.execute(select(PersonRow.person_id).where(PersonRow.email == email)).first():
        raise BadInput(english("There is a person {email} already; change them instead.", email=repr(email)))
    row = PersonRow(
        email=email,
        name=name,
        role=role,
        scope=scope,
        subject=subject,
        created_at=now,
        created_by=who,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    made = named(session, email)
    note(session, who, "added", subject_of(email), now=now, after=told(made))
    return made


def change(
    session: Session, email: str, version: int | None, values: Mapping[str, Any], *, who: str, now: datetime
) -> StoredPerson:
    """Change a person; with a version, unless somebody else did meanwhile. Deactivating ends their sign-ins.

    Raises:
        BadInput: there is no such person, or nobody active would be admin any more.
        Conflict: it is not of that version any more; it tells what both changed.
    """
    before = named(session, email)
    if version is not None and version != before.version:
        raise _conflict(session, before, values)
    wanted = {name: value for name, value in values.items() if getattr(before, name) != value}
    if not wanted:
        return before
    if _is_last_admin(session, before, wanted):
        raise BadInput(
            english("{email} is the last active admin; make somebody else admin first.", email=email)
        )
    that = PersonRow.person_id == before.person_id
    session.execute(
        update(PersonRow).where(that).values(version=before.version + 1, changed_at=now, **wanted)
    )
    if wanted.get("is_active") is False:
        end_all(session, before.person_id, DEACTIVATED, now)
    after = named(session, email)
    note(session, who, _verb(wanted), subject_of(email), now=now, before=told(before), after=told(after))
    return after


def _verb(wanted: Mapping[str, Any]) -> str:
    if "is_active" in wanted:
        return "activated" if wanted["is_active"] else DEACTIVATED
    return "changed"


def _is_last_admin(session: Session, person: StoredPerson, wanted: Mapping[str, Any]) -> bool:
    """Whether nobody would be left who can let others in; roles by claim come and go, and do not count."""
    stays = wanted.get("role", person.role) == "admin" and wanted.get("is_active", person.is_active)
    if stays or not (person.role == "admin" and person.is_active):
        return False
    others = (PersonRow.role == "admin", PersonRow.is_active, PersonRow.person_id != person.person_id)
    return session.execute(select(func.count()).where(*others)).scalar_one() == 0


def _conflict(session: Session, theirs: StoredPerson, values: Mapping[str, Any]) -> Conflict:
    author = last_author(session, subject_of(theirs.email)) or theirs.created_by
    found = [Difference(name, None, getattr(theirs, name), values[name]) for name in EDITED if name in values]
    return Conflict(
        english(
            "{author} changed {email} meanwhile; look at what it is now, and change it again.",
            author=author,
            email=theirs.email,
        ),
        version=theirs.version,
        author=author,
        changed_at=theirs.changed_at,
        differences=tuple(one for one in found if one.theirs != one.yours),
    )


def forget_identity(session: Session, email: str, *, who: str, now: datetime) -> None:
    """Let an address be signed in with anew by another identity; every sign-in with the old one ends."""
    person = named(session, email)
    session.execute(update(PersonRow).where(PersonRow.person_id == person.person_id).values(subject=None))
    end_all(session, person.person_id, "identity forgotten", now)
    note(session, who, "forgot the identity of", subject_of(email), now=now)


def set_language(session: Session, email: str, language: str | None) -> None:
    session.execute(update(PersonRow).where(PersonRow.email == email).values(language=language))


def end_all(session: Session, person_id: int, why: str, now: datetime) -> None:
    """End every sign-in of a person."""
    those = (SignInRow.person_id == person_id, SignInRow.ended_at.is_(None))
    session.execute(update(SignInRow).where(*those).values(ended_at=now, ended_why=why))


def role_claims(control: Control) -> list[RoleClaim]:
    order = (RoleClaimRow.claim, RoleClaimRow.value)
    with control.look() as connection:
        return [RoleClaim(*row) for row in connection.execute(select(*CLAIM_COLUMNS).order_by(*order))]


def set_role_claim(
    session: Session, claim: str, value: str, role: str | None, *, who: str, now: datetime
) -> None:
    """Give a role to whoever has this value of a claim; None takes it back."""
    those = (RoleClaimRow.claim == claim, RoleClaimRow.value == value)
    row = session.execute(select(RoleClaimRow).where(*those)).scalar_one_or_none()
    before = row.role if row else None
    if row is None and role is not None:
        session.add(RoleClaimRow(claim=claim, value=value, role=role))
    elif row is not None and role is None:
        session.delete(row)
    elif row is not None and role is not None:
        row.role = role
    if before != role:
        was, now_is = ({"value": value, "role": one} if one else None for one in (before, role))
        subject = f"role_claim:{claim}"
        note(session, who, "set the role by claim", subject, now=now, before=was, after=now_is)
