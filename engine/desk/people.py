"""Who acts: a person with a role, and perhaps a scope; on a laptop without sign-ins, its user."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from getpass import getuser
from typing import Any, Literal, get_args

from data.errors import BadInput
from data.settings import Settings
from data.speech import english
from engine import clock
from engine.control import audit as audit_trail
from engine.control import people as stored
from engine.control.audit import Entry
from engine.control.people import BY_CLAIM, RoleClaim, StoredPerson
from engine.control.store import Control

__all__ = ["BY_CLAIM", "ROLES", "Entry", "Known", "Person", "Role", "RoleClaim", "Scope"]

Role = Literal["viewer", "analyst", "lead", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may do all that those before it may
NOBODY = "somebody"
ADDRESS = re.compile(r"[^\s@<>\"'`\\,;:()\[\]\x00-\x1f\x7f]+@[^\s@<>\"'`\\,;:()\[\]\x00-\x1f\x7f]+")
LONGEST = 200


@dataclass(frozen=True)
class Scope:
    """The one segment that somebody may see, and its accounts."""

    dimension: str
    segment: str


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in; `key` names them in what they decide and own."""

    key: str
    name: str
    role: Role
    scope: Scope | None = None
    language: str | None = None

    def may(self, role: Role) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True)
class Known:
    """Somebody who may sign in; `role` None: what the identity provider says of them decides."""

    email: str
    name: str
    role: Role | None
    scope: Scope | None
    is_active: bool
    has_come: bool
    created_at: datetime
    created_by: str
    seen_at: datetime | None
    version: int


def local(role: Role = "admin") -> Person:
    """The user whose machine this is."""
    name = who()
    return Person(name, name, role)


@cache
def who() -> str:
    """The author of what is decided on a command line."""
    try:
        return getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return NOBODY


def everyone(settings: Settings) -> list[Known]:
    """All who may sign in or could once, by address."""
    return [known(person) for person in stored.everyone(Control.open(settings))]


def find(settings: Settings, email: str) -> Known | None:
    person = stored.find(Control.open(settings), email.strip().lower())
    return known(person) if person else None


def known(person: StoredPerson) -> Known:
    return Known(
        email=person.email,
        name=person.name,
        role=role_of(person.role),
        scope=scope_of(person.scope),
        is_active=person.is_active,
        has_come=person.subject is not None,
        created_at=person.created_at,
        created_by=person.created_by,
        seen_at=person.seen_at,
        version=person.version,
    )


def add(
    settings: Settings, email: str, role: Role | None, *, who: str, name: str = "", scope: Scope | None = None
) -> Known:
    """Let somebody sign in; role None: what the identity provider says of them decides.

    Raises:
        BadInput: the address, the role or the scope is not one, or they may already.
    """
    address, kept = checked_address(email), checked_scope(settings, scope)
    with Control.open(settings).change() as session:
        made = stored.add(
            session, address, checked_name(name), checked_role(role), scope=kept, who=who, now=clock.now()
        )
    return known(made)


def change(
    settings: Settings,
    email: str,
    *,
    who: str,
    version: int | None = None,
    name: str | None = None,
    role: str | None = None,
    scope: Scope | Literal["whole"] | None = None,
    is_active: bool | None = None,
) -> Known:
    """Change what is given; role BY_CLAIM leaves it to the identity provider, scope "whole" lifts the scope.

    Raises:
        BadInput: a value is not allowed, there is no such person, or nobody active would be admin any more.
        Conflict: with a version: somebody else changed them meanwhile.
    """
    values: dict[str, Any] = {}
    if name is not None:
        values["name"] = checked_name(name)
    if role is not None:
        values["role"] = checked_role(None if role == BY_CLAIM else role)
    if scope is not None:
        values["scope"] = None if scope == "whole" else checked_scope(settings, scope)
    if is_active is not None:
        values["is_active"] = is_active
    with Control.open(settings).change() as session:
        return known(stored.change(session, email.strip().lower(), version, values, who=who, now=clock.now()))


def deactivate(settings: Settings, email: str, *, who: str, version: int | None = None) -> Known:
    """They cannot come in any more, from this instant on; what they decided stays theirs."""
    return change(settings, email, who=who, version=version, is_active=False)


def forget_identity(settings: Settings, email: str, *, who: str) -> None:
    """For somebody whose account at the identity provider was made anew."""
    with Control.open(settings).change() as session:
        stored.forget_identity(session, email.strip().lower(), who=who, now=clock.now())


def set_language(settings: Settings, email: str, language: str | None) -> None:
    with Control.open(settings).begin() as session:
        stored.set_language(session, email, language)


def role_claims(settings: Settings) -> list[RoleClaim]:
    return stored.role_claims(Control.open(settings))


def set_role_claim(settings: Settings, claim: str, value: str, role: Role | None, *, who: str) -> None:
    """Whoever signs in with this value of a claim has this role from now on; None takes it back.

    Raises:
        BadInput: the claim or value is empty or too long, or there is no such role.
    """
    for what, text in (("claim", claim), ("value", value)):
        if not text.strip() or len(text) > LONGEST or "\0" in text:
            raise BadInput(
                english("The {what} must be a text of 1 to {longest} characters.", what=what, longest=LONGEST)
            )
    with Control.open(settings).change() as session:
        kept = None if role is None else checked_role(role)
        stored.set_role_claim(session, claim.strip(), value.strip(), kept, who=who, now=clock.now())


def trail(settings: Settings, *, containing: str = "", limit: int = 200) -> list[Entry]:
    """Who did what, the newest first; with a text, what has it in who, what, about what or why."""
    return audit_trail.audit(Control.open(settings), containing=containing, limit=limit)


def has_admin(people: Sequence[Known]) -> bool:
    return any(person.role == "admin" and person.is_active for person in people)


def role_of(text: str) -> Role | None:
    """A role as it is stored; None by claim, and for what a newer Holdfast may have written."""
    return next((role for role in ROLES if role == text), None)


def scope_of(kept: Mapping[str, Any] | None) -> Scope | None:
    return Scope(str(kept["dimension"]), str(kept["segment"])) if kept else None


def checked_address(email: str) -> str:
    """Lower case, as it is compared.

    Raises:
        BadInput: it is no address.
    """
    address = email.strip().lower()
    if len(address) > LONGEST or not ADDRESS.fullmatch(address):
        raise BadInput(
            english("{email} is not an e-mail address such as mara@example.com.", email=repr(email))
        )
    return address


def checked_name(name: str) -> str:
    text = " ".join(name.split())
    if len(text) > LONGEST or "\0" in text:
        raise BadInput(english("A name has at most {longest} characters.", longest=LONGEST))
    return text


def checked_role(role: str | None) -> str:
    if role is None:
        return BY_CLAIM
    if role not in ROLES:
        raise BadInput(
            english(
                "There is no role {role}; the roles are: {roles}.", role=repr(role), roles=", ".join(ROLES)
            )
        )
    return role


def checked_scope(settings: Settings, scope: Scope | None) -> dict[str, Any] | None:
    if scope is None:
        return None
    if scope.dimension not in settings.segments:
        known_ones = ", ".join(settings.segments) or "none"
        raise BadInput(
            english(
                "A scope is of an attribute that is split by; {dimension} is none of: {known_ones}.",
                dimension=repr(scope.dimension),
                known_ones=known_ones,
            )
        )
    if not scope.segment or len(scope.segment) > LONGEST or "\0" in scope.segment:
        raise BadInput(english("A scope names a segment of 1 to {longest} characters.", longest=LONGEST))
    return {"dimension": scope.dimension, "segment": scope.segment}
