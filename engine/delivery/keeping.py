"""What people decide of channels and routes, each with its place in the audit trail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any

from data.errors import BadInput, Conflict
from data.params import shown, stored
from data.settings import known_zone
from data.speech import ENGLISH, LANGUAGES, english
from engine.alerts.rule import SEVERITIES
from engine.control import audit, channel_store, outbox, route_store
from engine.control.channel_store import StoredChannel
from engine.control.notices import Transaction
from engine.control.route_store import Route
from engine.control.store import Control
from engine.delivery.channels import ChannelKind, channel_kind, channel_kinds
from engine.forms import asked_again

LONGEST_NAME = 80
HOURS = english("write it as HH:MM, such as 22:00")


@dataclass(frozen=True, slots=True)
class Hours:
    """When a channel would rather not be disturbed, `HH:MM` on the clocks of a zone."""

    zone: str
    quiet_from: str | None = None
    quiet_until: str | None = None

    def checked(self) -> "Hours":
        """The same, if it can be.

        Raises:
            BadInput: the zone or an hour cannot be read, or one of the hours is missing.
        """
        try:
            known_zone(self.zone)
        except ValueError as unknown:
            raise BadInput(english("zone: {unknown}.", unknown=unknown)) from None
        for name in ("quiet_from", "quiet_until"):
            _check_hour(name, getattr(self, name))
        if bool(self.quiet_from) != bool(self.quiet_until):
            raise BadInput(english("Quiet hours need both quiet_from and quiet_until, or neither."))
        if self.quiet_from and self.quiet_from == self.quiet_until:
            raise BadInput(
                english(
                    "Quiet hours that end when they begin are none; leave both empty, or pause the channel."
                )
            )
        return self


def _check_hour(name: str, given: str | None) -> None:
    try:
        is_whole = not given or (len(given) == len("00:00") and time.fromisoformat(given) is not None)
    except ValueError:
        is_whole = False
    if not is_whole:
        raise BadInput(
            english("{name} = {given} is not allowed: {hours}.", name=name, given=repr(given), hours=HOURS)
        )


def create(
    control: Control,
    name: str,
    kind_name: str,
    answers: Mapping[str, Any],
    hours: Hours,
    *,
    who: str,
    now: datetime,
    language: str = ENGLISH,
) -> None:
    """Add a channel; to the first one all messages are led that no rule directs.

    Raises:
        BadInput: the name is taken or cannot be one, or an answer is not allowed.
    """
    kind = channel_kind(kind_name)
    params = _read(kind, answers)
    settled = asdict(hours.checked()) | {"language": _spoken(language)}
    with control.change() as session:
        made = channel_store.add(
            session, _name(name), kind_name, now, params=params, is_paused=False, **settled
        )
        audit.note(session, who, "created", subject(made.name), now=now, after=told(made))
        if not route_store.routes(session) and len(channel_store.channels(session)) == 1:
            _write_routes(session, [Route(None, None, None, (made.name,))], who, now)


def change(
    control: Control,
    name: str,
    answers: Mapping[str, Any],
    hours: Hours,
    *,
    version: int,
    who: str,
    now: datetime,
    forget: Collection[str] = (),
    language: str | None = None,
) -> None:
    """Change a channel; a secret that is not given stays, unless it is to be forgotten; so does its language.

    Raises:
        Conflict: somebody changed it since `version`.
        BadInput: there is no such channel, or an answer is not allowed.
    """
    settled = asdict(hours.checked())
    with control.change() as session:
        before = channel_store.named(session, name)
        kind = channel_kind(before.kind)
        kept = kind.hidden - set(forget)
        params = _read(kind, asked_again(answers, before.params, kept))
        settled["language"] = _spoken(language or before.language)
        if not channel_store.change(session, before, version, now, params=params, **settled):
            raise _conflict(session, before, version)
        after = channel_store.named(session, name)
        audit.note(session, who, "changed", subject(name), now=now, before=told(before), after=told(after))


def pause(control: Control, name: str, *, is_paused: bool, who: str, now: datetime, reason: str = "") -> None:
    """Send nothing by a channel, or again; alerts are not told there meanwhile, what waits is held back."""
    with control.change() as session:
        found = channel_store.named(session, name)
        if found.is_paused == is_paused:
            return
        channel_store.pause(session, found, now, is_paused=is_paused)
        action = "paused" if is_paused else "resumed"
        audit.note(session, who, action, subject(name), now=now, reason=reason)


def remove(control: Control, name: str, *, who: str, now: datetime, reason: str = "") -> None:
    """Forget a channel with its secrets; no route leads to it any more, and what waits for it is dropped."""
    with control.change() as session:
        found = channel_store.named(session, name)
        route_store.forget_channel(session, name)
        channel_store.remove(session, found)
        audit.note(session, who, "removed", subject(name), now=now, reason=reason, before=told(found))


def set_routes(
    control: Control,
    given: Sequence[Route],
    *,
    who: str,
    now: datetime,
    instead_of: Sequence[Route] | None = None,
) -> None:
    """Put routes in the place of those that are.

    Args:
        instead_of: the routes as whoever decides saw them.

    Raises:
        BadInput: one leads nowhere, or others were set meanwhile.
    """
    with control.change() as session:
        present = route_store.routes(session)
        if instead_of is not None and list(instead_of) != present:
            raise BadInput(
                english("Somebody else changed the routes meanwhile; look at them again, then change them.")
            )
        known = channel_store.channels(session)
        for route in given:
            _check_route(route, known)
        _write_routes(session, given, who, now)


def _check_route(route: Route, known: Mapping[str, StoredChannel]) -> None:
    if route.severity is not None and route.severity not in SEVERITIES:
        raise BadInput(
            english(
                "A route: severity = {severity} is not allowed; it is {severities}.",
                severity=repr(route.severity),
                severities=", ".join(SEVERITIES),
            )
        )
    if not route.channels:
        raise BadInput(english("A route leads to no channel; name one, or remove the route."))
    if unknown := [name for name in route.channels if name not in known]:
        raise BadInput(
            english(
                "A route leads to {unknown}, which is no channel; there are {known}.",
                unknown=repr(unknown[0]),
                known=", ".join(known),
            )
        )


def _write_routes(session: Transaction, given: Sequence[Route], who: str, now: datetime) -> None:
    before = {"routes": [asdict(route) for route in route_store.routes(session)]}
    route_store.write_routes(session, given)
    after = {"routes": [asdict(route) for route in given]}
    audit.note(session, who, "changed", "routes", now=now, before=before, after=after)


def retry(control: Control, message_id: int, *, who: str, now: datetime) -> None:
    """Send a message after all that was given up.

    Raises:
        BadInput: there is no such message, or it was not given up.
    """
    with control.change() as session:
        row = outbox.try_again(session, message_id, now)
        after = {"channel": row.channel, "what": row.what}
        audit.note(session, who, "tried again", f"message:{message_id}", now=now, after=after)


def subject(name: str) -> str:
    return f"channel:{name}"


def told(channel: StoredChannel) -> dict[str, Any]:
    """A channel as the audit trail may show it: of secrets, only which are set."""
    kind = channel_kinds().get(channel.kind)
    hidden = kind.hidden if kind else frozenset(channel.params)
    return {
        "kind": channel.kind,
        "params": shown(channel.params, hidden),
        "secrets": sorted(name for name in hidden if channel.params.get(name)),
        "zone": channel.zone,
        "quiet_from": channel.quiet_from,
        "quiet_until": channel.quiet_until,
        "language": channel.language,
    }


def _read(kind: ChannelKind, answers: Mapping[str, Any]) -> dict[str, Any]:
    params = kind.read(answers)
    kind.check(params)
    return stored(params)


def _spoken(language: str) -> str:
    if language not in LANGUAGES:
        raise BadInput(
            english(
                "language = {language} is not allowed; it is {languages}.",
                language=repr(language),
                languages=", ".join(LANGUAGES),
            )
        )
    return language


def _name(given: str) -> str:
    name = given.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput(
            english(
                "A channel cannot be called {given}: a name has 1 to {longest_name} letters, on one line.",
                given=repr(given),
                longest_name=LONGEST_NAME,
            )
        )
    return name


def _conflict(session: Transaction, channel: StoredChannel, version: int) -> Conflict:
    author = channel_store.last_author(session, subject(channel.name)) or "Somebody else"
    return Conflict(
        english(
            "{author} changed the channel {name} meanwhile (version {version}, you began "
            "with {version2}); nothing of yours was saved, and nothing of theirs "
            "overwritten.",
            author=author,
            name=repr(channel.name),
            version=channel.version,
            version2=version,
        ),
        version=channel.version,
        author=author,
        changed_at=channel.changed_at,
    )
