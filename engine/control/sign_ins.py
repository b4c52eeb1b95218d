"""Sign-ins: from when somebody came in until they leave, are sent away, or were not seen for too long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select, update

from data.errors import GiveUp
from engine.control import people
from engine.control.audit import note
from engine.control.people import COLUMNS, StoredPerson
from engine.control.people_tables import PersonRow, SignInRow
from engine.control.store import Control, Session

SIGNED_OUT = "signed out"
Refusal = Literal[
    "signed_out",  # nobody signed in, or they left
    "idle",  # not seen for too long
    "too_long",  # signed in too long ago
    "unreadable",  # the provider did not say who, or since when
    "unverified",  # the provider does not vouch for the address
    "domain",  # an address from elsewhere
    "other_identity",  # the address belongs to another identity
    "unknown",  # nobody let them in
    "deactivated",
    "no_role",  # no claim of theirs gives a role
]


@dataclass(frozen=True)
class SignIn:
    """One sign-in; `ended_why` is None while it lasts."""

    sign_in_id: int
    started_at: datetime
    seen_at: datetime
    ended_why: str | None


SIGN_IN_COLUMNS = [getattr(SignInRow, name) for name in SignIn.__dataclass_fields__]


@dataclass(frozen=True)
class Identity:
    """Somebody as their identity provider names them; `subject` is theirs for good, an address may move."""

    subject: str
    email: str
    name: str


class Refused(GiveUp):
    """Whoever signed in may not come in; `why` names the reason."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(f"Not let in: {why}.")
        self.why = why


def look(control: Control, token_hash: str) -> tuple[SignIn, StoredPerson] | None:
    """A sign-in and whose it is, in one indexed read."""
    asked = select(*SIGN_IN_COLUMNS, *COLUMNS).join(PersonRow, PersonRow.person_id == SignInRow.person_id)
    with control.look() as connection:
        row = connection.execute(asked.where(SignInRow.token_hash == token_hash)).one_or_none()
    if row is None:
        return None
    return SignIn(*row[: len(SIGN_IN_COLUMNS)]), StoredPerson(*row[len(SIGN_IN_COLUMNS) :])


def begin(
    control: Control,
    token_hash: str,
    who: Identity,
    *,
    started_at: datetime,
    now: datetime,
    role_by_claim: str | None,
) -> None:
    """Note that somebody signed in; whoever has a role by claim is added when they come first.

    Raises:
        Refused: nobody of this address may come in, or it belongs to another identity.
    """
    with control.change() as session:
        if session.execute(select(SignInRow.sign_in_id).where(SignInRow.token_hash == token_hash)).first():
            return  # another tab of the same browser was first
        person = _person(session, who) or _added(session, who, role_by_claim, now)
        row = SignInRow(person_id=person.person_id, token_hash=token_hash, started_at=started_at, seen_at=now)
        session.add(row)
        seen = {"seen_at": now} | ({"name": who.name} if not person.name and who.name else {})
        session.execute(update(PersonRow).where(PersonRow.person_id == person.person_id).values(**seen))
        note(session, person.email, "signed in", people.subject_of(person.email), now=now)


def _person(session: Session, who: Identity) -> StoredPerson | None:
    """By what the provider calls them for good, else by an address that nobody else came with yet."""
    row = session.execute(select(*COLUMNS).where(PersonRow.subject == who.subject)).one_or_none()
    if row is not None:
        return StoredPerson(*row)
    row = session.execute(select(*COLUMNS).where(PersonRow.email == who.email)).one_or_none()
    if row is None:
        return None
    found = StoredPerson(*row)
    if found.subject is not None:
        raise Refused("other_identity")
    that = PersonRow.person_id == found.person_id
    session.execute(update(PersonRow).where(that).values(subject=who.subject))
    return found


def _added(session: Session, who: Identity, role_by_claim: str | None, now: datetime) -> StoredPerson:
    if role_by_claim is None:
        raise Refused("unknown")
    by = "role by claim"
    name = who.name or who.email
    return people.add(
        session, who.email, name, people.BY_CLAIM, scope=None, who=by, now=now, subject=who.subject
    )


def touch(control: Control, sign_in: SignIn, person: StoredPerson, now: datetime) -> None:
    """Note that they were here."""
    with control.begin() as session:
        mine = SignInRow.sign_in_id == sign_in.sign_in_id
        session.execute(update(SignInRow).where(mine, SignInRow.seen_at < now).values(seen_at=now))
        session.execute(update(PersonRow).where(PersonRow.person_id == person.person_id).values(seen_at=now))


def end(control: Control, token_hash: str, why: str, now: datetime) -> None:
    """End a sign-in, once."""
    found = look(control, token_hash)
    if found is None or found[0].ended_why is not None:
        return
    sign_in, person = found
    with control.begin() as session:
        that = (SignInRow.sign_in_id == sign_in.sign_in_id, SignInRow.ended_at.is_(None))
        session.execute(update(SignInRow).where(*that).values(ended_at=now, ended_why=why))
        note(session, person.email, why, people.subject_of(person.email), now=now)


def forget_old(control: Control, now: datetime, longest: timedelta) -> None:
    """Forget sign-ins that began so long ago that what their browsers hold is refused without them."""
    with control.begin() as session:
        session.execute(delete(SignInRow).where(SignInRow.started_at < now - longest))
