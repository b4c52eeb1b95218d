"""Whether whoever stands at the door may come in: asked at each call, of what the identity provider said."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from data.errors import HoldfastError
from data.settings import Settings, SignIn
from engine.control import people as stored
from engine.control import sign_ins
from engine.control.people import BY_CLAIM, RoleClaim, StoredPerson
from engine.control.sign_ins import SIGNED_OUT, Identity, Refusal, Refused
from engine.control.store import Control
from engine.desk.people import ROLES, Person, Role, role_of, scope_of

__all__ = ["Refusal", "Visit"]

OURS = ("tokens", "origin", "is_logged_in", "provider")  # what the web server adds to what the provider says
ENDED: tuple[Refusal, ...] = ("idle", "too_long", "deactivated")
NOTED_EVERY = timedelta(minutes=1)
LONGEST = 200


@dataclass(frozen=True)
class Visit:
    """Who is at the door: a person, or why not; `address` is what they came with."""

    person: Person | None = None
    refusal: Refusal | None = None
    address: str = ""


def visit(settings: Settings, claims: Mapping[str, Any], now: datetime, *, is_asked: bool = True) -> Visit:
    """Who has these claims, which the web server has checked, in one indexed read.

    Args:
        is_asked: whether somebody did something, not the page by itself: that alone keeps a sign-in going.

    Raises:
        TryAgain, GiveUp: the control store cannot be read; nobody may come in then.
    """
    door = settings.sign_in
    if door is None or not claims.get("is_logged_in"):
        return Visit(refusal="signed_out")
    control, held = Control.open(settings), held_by(claims)
    found = sign_ins.look(control, held) or _begun(control, door, claims, held, now)
    if isinstance(found, Visit):
        return found
    sign_in, person = found
    if refusal := over(door, sign_in, now):
        if sign_in.ended_why is None:
            with suppress(HoldfastError):
                sign_ins.end(control, held, refusal.replace("_", " "), now)
        return Visit(refusal=refusal, address=person.email)
    if is_asked and now - sign_in.seen_at > NOTED_EVERY:
        with suppress(HoldfastError):  # a busy store is no reason to send anybody away
            sign_ins.touch(control, sign_in, person, now)
    return _let_in(control, person, claims)


def sign_out(settings: Settings, claims: Mapping[str, Any], now: datetime) -> None:
    """What the browser holds opens nothing any more."""
    sign_ins.end(Control.open(settings), held_by(claims), SIGNED_OUT, now)


def held_by(claims: Mapping[str, Any]) -> str:
    """The name of one sign-in: the provider's own word for it, with its times and nonce, hashed."""
    said = {name: value for name, value in claims.items() if name not in OURS}
    return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def over(door: SignIn, sign_in: sign_ins.SignIn, now: datetime) -> Refusal | None:
    """Why a sign-in is over, where it is."""
    if sign_in.ended_why is not None:
        ended = sign_in.ended_why.replace(" ", "_")
        return next((one for one in ENDED if one == ended), "signed_out")
    if now - sign_in.started_at >= timedelta(hours=door.absolute_hours):
        return "too_long"
    return "idle" if now - sign_in.seen_at >= timedelta(minutes=door.idle_minutes) else None


def _begun(
    control: Control, door: SignIn, claims: Mapping[str, Any], held: str, now: datetime
) -> tuple[sign_ins.SignIn, StoredPerson] | Visit:
    """A sign-in that was not seen before; one that is too old is refused, whatever was forgotten of it."""
    started_at, who = began_at(claims, now), identity(door, claims)
    if started_at is None or who is None:
        return Visit(refusal="unreadable")
    first = sign_ins.SignIn(0, started_at, started_at, None)
    if refusal := over(door, first, now) or stranger(door, claims, who):
        return Visit(refusal=refusal, address=who.email)
    role = best(claims, stored.role_claims(control))
    try:
        sign_ins.begin(control, held, who, started_at=started_at, now=now, role_by_claim=role)
    except Refused as refused:
        return Visit(refusal=refused.why, address=who.email)
    return sign_ins.look(control, held) or Visit(refusal="signed_out")


def _let_in(control: Control, person: StoredPerson, claims: Mapping[str, Any]) -> Visit:
    if not person.is_active:
        return Visit(refusal="deactivated", address=person.email)
    role = role_of(person.role)
    if person.role == BY_CLAIM:
        role = best(claims, stored.role_claims(control))
    if role is None:
        return Visit(refusal="no_role", address=person.email)
    name = person.name or person.email
    return Visit(
        Person(person.email, name, role, scope_of(person.scope), person.language), None, person.email
    )


def identity(door: SignIn, claims: Mapping[str, Any]) -> Identity | None:
    """Who the provider says they are."""
    issuer, subject = claims.get("iss"), claims.get("sub")
    email, name = claim(claims, door.email_claim), claim(claims, door.name_claim)
    texts = (issuer, subject, email)
    if not all(isinstance(text, str) and text and "\0" not in text for text in texts):
        return None
    called = " ".join(str(name or "").replace("\0", "").split())[:LONGEST]
    return Identity(f"{issuer} {subject}", str(email).strip().lower(), called)


def stranger(door: SignIn, claims: Mapping[str, Any], who: Identity) -> Refusal | None:
    """Why an address is not to be trusted, or not wanted."""
    if claims.get("email_verified") not in (None, True, "true"):
        return "unverified"
    domain = who.email.rpartition("@")[2]
    wanted = [each.lower().lstrip("@") for each in door.email_domains]
    return "domain" if wanted and domain not in wanted else None


def began_at(claims: Mapping[str, Any], now: datetime) -> datetime | None:
    """When the provider vouched for them; its clock may run a little ahead of ours."""
    at = claims.get("iat")
    if isinstance(at, bool) or not isinstance(at, int | float):
        return None
    try:
        return min(datetime.fromtimestamp(at, UTC).replace(tzinfo=None), now)
    except (ValueError, OverflowError, OSError):
        return None


def best(claims: Mapping[str, Any], known: Iterable[RoleClaim]) -> Role | None:
    """The highest role that any of somebody's claims gives."""
    found = [role_of(one.role) for one in known if one.value in values(claim(claims, one.claim))]
    return max((role for role in found if role), key=ROLES.index, default=None)


def claim(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name, or by a path such as `realm_access.roles`."""
    if name in claims:
        return claims[name]
    head, dot, rest = name.partition(".")
    inner = claims.get(head)
    return claim(inner, rest) if dot and isinstance(inner, Mapping) else None


def values(held: Any) -> tuple[str, ...]:
    if isinstance(held, list | tuple):
        return tuple(str(each) for each in held)
    return () if held is None else (str(held).lower() if isinstance(held, bool) else str(held),)
