"""Who acts: a person with a role, and perhaps a scope; on a laptop without sign-ins, its user."""

from dataclasses import dataclass
from getpass import getuser
from typing import Literal

Role = Literal["viewer", "analyst", "lead", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "analyst", "lead", "admin")  # each may do all that those before it may
NOBODY = "somebody"


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


def local() -> Person:
    """The user whose machine this is."""
    name = who()
    return Person(name, name, "admin")


def who() -> str:
    """The author of what is decided on a command line."""
    try:
        return getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return NOBODY
