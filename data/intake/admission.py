"""Decides whose request it is: the source that a write key or a signature opens."""

from collections.abc import Callable
from datetime import datetime

from data.intake.answers import Refusal
from data.intake.catalog import Kind
from data.intake.inbox import Inbox
from data.intake.keys import KeyRing
from data.intake.secrets import sealed
from data.intake.web import Request

NO_KEY = "No write key came with the request; make one with `python -m engine key create SOURCE`."
UNKNOWN_KEY = "The write key is not known here; `python -m engine key list` shows the keys that are."


class Admission:
    """Who may come in, by the inbox's keys and secrets."""

    def __init__(self, inbox: Callable[[], Inbox]) -> None:
        self.inbox = inbox
        self.ring = KeyRing()

    def source(self, kind: Kind, request: Request, body: bytes, now: datetime) -> str:
        """The name of the source.

        Raises:
            Refusal: the request shows no key or signature, or one that opens nothing.
        """
        if kind.auth == "secret":
            return self.signed(kind, request, body, now)
        return self.by_key(kind.credentials(request.headers, body, request.headers[":path"]), now)

    def by_key(self, key: str | None, now: datetime) -> str:
        if not key:
            raise Refusal(401, "no_key", NO_KEY, www_authenticate='Basic realm="write key"')
        found = self.ring.find(self.inbox, key, now)
        if found is None:
            raise Refusal(401, "unknown_key", UNKNOWN_KEY)
        if found.refusal:
            raise Refusal(401, "refused_key", found.refusal)
        return found.source

    def signed(self, kind: Kind, request: Request, body: bytes, now: datetime) -> str:
        name = request.params.get("source", kind.name)
        found = sealed(self.inbox(), name)
        if found is None or found.kind != kind.name:
            add = f"`python -m engine source add {kind.name} {name}`"
            raise Refusal(
                404, "unknown_source", f"There is no {kind.name} source {name!r}; add it with {add}."
            )
        if not found.enabled:
            raise Refusal(401, "switched_off", f"The source {name} is switched off.")
        if found.secret is None:
            add = f"`python -m engine source secret {name}`"
            raise Refusal(401, "no_secret", f"The source {name} has no secret yet; set it with {add}.")
        reason = kind.is_authentic(body, request.headers, found.secret, now)
        if reason:
            raise Refusal(401, "not_authentic", reason)
        return found.source
