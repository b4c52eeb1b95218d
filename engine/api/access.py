"""Who asks: the token that a request shows, what it may see, and how often it may ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from time import monotonic

from data.intake.rates import Rates
from data.settings import Settings
from engine.api.problems import Problem
from engine.desk import tokens as desk
from engine.desk.people import ROLES, Role, Scope
from engine.desk.tokens import TokenView

KNOWN_FOR = 0.5  # seconds a look-up is trusted: so soon a revoked token is refused, in every process
LONGEST_TOKEN = 200


@dataclass(frozen=True)
class Caller:
    """A program with a valid token."""

    token: TokenView

    @property
    def scope(self) -> Scope | None:
        return Scope(**self.token.scope) if self.token.scope else None

    @property
    def name(self) -> str:
        """The author of what it writes."""
        return f"token {self.token.name}"

    def require(self, role: Role) -> None:
        """Raises: Problem, 403 for a token of a lesser role."""
        own = self.token.role
        if own not in ROLES or ROLES.index(own) < ROLES.index(role):
            sentence = f"This is for the role {role} and above; this token's is {self.token.role}."
            raise Problem(403, "role", sentence)

    def place(self, dimension: str | None, segment: str | None) -> tuple[str | None, str | None]:
        """The dimension and segment to read: as asked, within what this token may see.

        Raises:
            Problem: 403 for anything else, whether there is such a segment or not.
        """
        if self.scope is None:
            return dimension, segment
        own = (self.scope.dimension, self.scope.segment)
        if (dimension or own[0], segment or own[1]) != own:
            raise Problem(403, "scope", f"This token may see {own[0]} {own[1]} only.")
        return own


class Gate:
    """What one process knows of the tokens that were shown to it lately."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.rates = Rates(settings.api.requests_per_second)
        self.known: dict[str, tuple[TokenView, float]] = {}
        self.used: dict[int, datetime] = {}

    def admit(self, headers: Mapping[str, str], now: datetime) -> Caller:
        """Whoever shows a valid token, which is noted as used.

        Raises:
            Problem: 401 without one, 429 for one that asks too often.
        """
        token = self.find(shown(headers.get("authorization", "")))
        if token is None:
            raise refused("There is no such token.")
        if why := token.refusal(now):
            raise refused(why)
        self.refuse_haste(token)
        self.used[token.token_id] = now
        return Caller(token)

    def find(self, token: str) -> TokenView | None:
        """As it was at most half a second ago; only good tokens are remembered: nobody fills the memory."""
        digest = sha256(token.encode("utf-8", "replace")).hexdigest()
        found, until = self.known.get(digest, (None, 0.0))
        if found is not None and monotonic() <= until:
            return found
        self.known.pop(digest, None)
        found = desk.find(self.settings, token)
        if found is not None:
            self.known[digest] = (found, monotonic() + KNOWN_FOR)
        return found

    def refuse_haste(self, token: TokenView) -> None:
        wait = self.rates.wait(str(token.token_id), monotonic())
        if wait:
            limit = self.settings.api.requests_per_second
            sentence = f"This token may ask {limit:g} times a second; ask again later."
            later = {"retry-after": str(max(1, round(wait + 0.5)))}
            raise Problem(429, "too_many", sentence, headers=later)

    def note_uses(self) -> None:
        """Write down when tokens were used last: now and then, not at each request."""
        used, self.used = self.used, {}
        if used:
            desk.note_uses(self.settings, used)


def shown(header: str) -> str:
    """The token of an Authorization header."""
    scheme, _, token = header.strip().partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise refused("Show a token: Authorization: Bearer hft_…")
    if len(token) > LONGEST_TOKEN:
        raise refused("There is no such token.")
    return token


def refused(why: str) -> Problem:
    return Problem(401, "token", why, headers={"www-authenticate": 'Bearer realm="Holdfast"'})
