"""The pages' door to tokens: the keys of programs that read the numbers."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from data.errors import BadInput
from data.settings import Settings
from data.speech import english
from engine import clock
from engine.control import tokens as kept
from engine.control.store import Control
from engine.control.tokens import TokenView
from engine.desk.people import ROLES, Role, Scope

__all__ = ["TokenView", "create", "find", "note_uses", "revoke", "scope_from", "tokens"]

LONGEST_DAYS = 3_650


def create(
    settings: Settings, name: str, role: str, *, who: str, scope: Scope | None = None, days: int | None = None
) -> tuple[int, str]:
    """A new token: its id, and the token, which is shown this once; without `days` it never expires.

    Raises:
        BadInput: there is no such role or dimension, or it has no name.
    """
    now = clock.now()
    return kept.create(
        Control.open(settings),
        name,
        role_named(role),
        who=who,
        now=now,
        scope=told(settings, scope) if scope else None,
        expires_at=now + timedelta(days=days_from(days)) if days is not None else None,
    )


def role_named(role: str) -> Role:
    for known in ROLES:
        if known == role:
            return known
    raise BadInput(
        english("There is no role {role}; there are {roles}.", role=repr(role), roles=", ".join(ROLES))
    )


def days_from(days: int) -> int:
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(
            english(
                "A token lives for 1 to {longest_days} days, not for {days}.",
                longest_days=LONGEST_DAYS,
                days=days,
            )
        )
    return days


def told(settings: Settings, scope: Scope) -> dict[str, str]:
    """Raises: BadInput, when the company has no such dimension."""
    if scope.dimension not in settings.segments:
        raise BadInput(
            english(
                "There is no dimension {dimension}; there are {value}.",
                dimension=repr(scope.dimension),
                value=", ".join(settings.segments) or "none",
            )
        )
    return {"dimension": scope.dimension, "segment": scope.segment}


def scope_from(text: str) -> Scope:
    """A scope as it is written on the command line: `region=Europe`."""
    dimension, sign, segment = text.partition("=")
    if not (sign and dimension.strip() and segment.strip()):
        raise BadInput(english("A scope is written like region=Europe, not {text}.", text=repr(text)))
    return Scope(dimension.strip(), segment.strip())


def tokens(settings: Settings) -> list[TokenView]:
    """Every token, revoked ones too, the oldest first."""
    return kept.listed(Control.open(settings))


def find(settings: Settings, token: str) -> TokenView | None:
    """What is known of a token that was shown."""
    return kept.look_up(Control.open(settings), token)


def note_uses(settings: Settings, used: Mapping[int, datetime]) -> None:
    """Write down when tokens were used last, by their ids."""
    kept.note_uses(Control.open(settings), used)


def revoke(settings: Settings, token_id: int, *, who: str) -> None:
    """Refuse a token from now on.

    Raises:
        BadInput: there is no such token, or it was revoked before.
    """
    kept.revoke(Control.open(settings), token_id, who=who, now=clock.now())
