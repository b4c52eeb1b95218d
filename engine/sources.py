"""What people see of the sources and change about them: doors with keys, and what is asked for facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from data.errors import BadInput
from data.intake import keys, registry, secrets
from data.intake.catalog import kinds
from data.intake.inbox import Inbox
from data.params import shown, stored
from data.settings import Settings
from data.speech import english
from engine import clock
from engine.control.audit import note
from engine.control.store import Control
from engine.forms import Question, asked_again, questions_of

Auth = Literal["key", "secret"]


@dataclass(frozen=True)
class Way:
    """A way to connect a source: a door that is sent to (`auth` says what opens it), or something to ask.

    `questions` are what must be known to ask it; a way without them only receives.
    """

    name: str
    title: str
    about: str
    auth: Auth | None = None
    snippet: str = ""
    pull_about: str = ""
    questions: tuple[Question, ...] = ()
    can_be_tried: bool = False


@dataclass(frozen=True)
class Source:
    """A source that was added. `answers` are its params without the secrets among them."""

    name: str
    kind: str
    enabled: bool
    created_at: datetime | None
    is_asked: bool
    answers: Mapping[str, Any]
    last_pulled_at: datetime | None
    last_error: str | None
    has_secret: bool


@cache
def ways() -> dict[str, Way]:
    """Every way to connect a source, by its kind: doors first, then what is asked."""
    from data.sources import connectors  # noqa: PLC0415 (loads the libraries of databases and billing systems)

    found = {
        kind.name: Way(kind.name, kind.title, kind.about, kind.auth, kind.snippet)
        for kind in sorted(kinds().values(), key=lambda kind: (kind.auth or "", kind.title))
        if kind.paths
    }
    for connector in connectors().values():
        door = found.get(connector.name, Way(connector.name, connector.title, connector.about))
        asks = {"pull_about": connector.about, "questions": questions_of(connector.params)}
        found[connector.name] = Way(**vars(door) | asks)
    return found


def sources(settings: Settings) -> dict[str, Source]:
    """The sources that were added, by name; about a millisecond. None where another machine keeps them."""
    if settings.doors == "elsewhere":
        return {}
    inbox = Inbox.open(settings)
    sealed = secrets.with_secrets(inbox)
    return {row.name: _source(row, row.name in sealed) for row in registry.sources(inbox)}


def _source(row: registry.Source, has_secret: bool) -> Source:
    return Source(
        row.name,
        row.kind,
        row.enabled,
        row.created_at,
        bool(row.params),
        shown(row.params, _hidden(row)),
        row.last_pulled_at,
        row.last_error,
        has_secret,
    )


def _hidden(row: registry.Source) -> frozenset[str]:
    """Which params nobody is shown."""
    if not row.params:
        return frozenset()
    way = ways().get(row.kind)
    if way is None:
        return frozenset(row.params)
    return frozenset(question.name for question in way.questions if question.kind == "secret")


def add_source(
    settings: Settings, name: str, kind: str, answers: Mapping[str, Any] | None = None, *, who: str = ""
) -> None:
    """A new source; `answers` only where it is to be asked. `who`, here and below: the author, for the trail.

    Raises:
        BadInput: the name is taken or cannot be one, or an answer is not allowed.
    """
    way = ways().get(kind)
    if way is None:
        raise BadInput(
            english(
                "There is no kind of source {kind}; the kinds are: {known}.",
                kind=repr(kind),
                known=", ".join(ways()),
            )
        )
    params = _params(kind, answers or {}) if answers or way.auth is None else {}
    registry.add_source(Inbox.open(settings), name, kind, params, clock.now())
    _noted(settings, who, "added", name, {"kind": kind})


def change_source(settings: Settings, name: str, answers: Mapping[str, Any], *, who: str = "") -> None:
    """Ask a source with other params from now on; a secret that is not given stays as it is.

    Raises:
        BadInput: there is no such source, or an answer is not allowed.
    """
    inbox = Inbox.open(settings)
    row = _row(inbox, name)
    params = _params(row.kind, asked_again(answers, row.params, _hidden(row)))
    registry.update(inbox, name, params=params, last_error=None)
    _noted(settings, who, "changed", name)


def check_source(settings: Settings, kind: str, answers: Mapping[str, Any], name: str | None = None) -> str:
    """Look whether something can be asked with these answers; what is there, in a sentence.

    Raises:
        HoldfastError: it cannot, and why.
    """
    from data.sources import connector  # noqa: PLC0415

    if name is not None:
        row = _row(Inbox.open(settings), name)
        answers = asked_again(answers, row.params, _hidden(row))
    asked = connector(kind)
    return asked.check(asked.read(answers))


def switch_source(settings: Settings, name: str, *, on: bool, who: str = "") -> None:
    registry.update(Inbox.open(settings), name, enabled=on)
    _noted(settings, who, "switched on" if on else "switched off", name)


def remove_source(settings: Settings, name: str, *, who: str = "") -> None:
    """Forget a source with its keys and its secret; the facts it gave stay."""
    registry.remove(Inbox.open(settings), name)
    _noted(settings, who, "removed", name)


def source_keys(settings: Settings, name: str) -> list[keys.WriteKey]:
    """The keys of a source, the newest first."""
    return [key for key in keys.all_keys(Inbox.open(settings)) if key.source == name][::-1]


def create_key(settings: Settings, name: str, label: str | None = None, *, who: str = "") -> tuple[str, str]:
    """A new key of a source: its id, and the key, which cannot be shown again."""
    inbox = Inbox.open(settings)
    made = keys.create(inbox, name, clock.now(), label=label or None, kind=_row(inbox, name).kind)
    _noted(settings, who, "made a key of", name, {"key": made[0]})
    return made


def revoke_key(settings: Settings, key_id: str, *, who: str = "") -> None:
    inbox = Inbox.open(settings)
    of = next((key.source for key in keys.all_keys(inbox) if key.key_id == key_id), "")
    keys.revoke(inbox, key_id, clock.now())
    _noted(settings, who, "revoked a key of", of, {"key": key_id})


def keep_secret(settings: Settings, name: str, secret: str, *, who: str = "") -> None:
    """Check what a source sends with this secret from now on."""
    secrets.keep_secret(Inbox.open(settings), name, secret.strip(), clock.now())
    _noted(settings, who, "set the secret of", name)


def _noted(settings: Settings, who: str, action: str, name: str, after: dict[str, Any] | None = None) -> None:
    """Sources rest in the inbox, apart from the trail: what is noted here is done already."""
    from engine.desk.people import who as user  # noqa: PLC0415 (the desk stands on this)

    with Control.open(settings).begin() as session:
        note(session, who or user(), action, f"source:{name}", now=clock.now(), after=after)


def _row(inbox: Inbox, name: str) -> registry.Source:
    row = registry.find(inbox, name)
    if row is None:
        raise registry.unknown(inbox, name)
    return row


def _params(kind: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    from data.sources import connector  # noqa: PLC0415

    return stored(connector(kind).read(answers))
