"""PostHog's capture API: its events to events, updates and links."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from data.errors import BadInput
from data.intake import credentials as keys
from data.intake.delivery import Delivery, Fact, Item
from data.intake.ids import read_id, read_name
from data.intake.instants import corrected, is_given, iso, read_instant, read_leniently, within_bounds
from data.intake.product import Told, event, linked
from data.intake.reading import BadField, content_id, document, plain_object, quarantined, unreadable
from data.intake.traits import account_update
from data.intake.trial import NAME, WHO, Trial
from data.intake.unpacking import unpacked
from data.speech import english

TITLE = "PostHog"
ABOUT = (
    "Point a PostHog library at this address. Events keep their names, $pageview and $screen become "
    "page_viewed and screen_viewed; $set and $groupidentify update accounts, $identify and aliases say who "
    "is who. The account of an event is its group (company, organization, account, …), else the person."
)
AUTH = "key"
PATHS = (
    *(f"/{path}{slash}" for path in ("batch", "capture", "e", "i/v0/e") for slash in ("/", "")),
    "/i/v1/analytics/events",
)
HEADERS = ("content-type", "posthog-request-timestamp")
SNIPPET = """\
from posthog import Posthog

posthog = Posthog("{key}", host="{host}")
posthog.capture("report exported", distinct_id="user_1", groups=dict(company="acct_7"))
"""

# Which type of group is the account, first match first.
GROUP_TYPES = (
    "company", "organization", "organisation", "account", "customer", "client", "tenant", "business",
    "workspace", "team", "instance",
)  # fmt: skip
_RENAMED = {"$pageview": "page_viewed", "$screen": "screen_viewed"}
# The library's own events that a person's doing made; all others that begin with $ are measurements.
_DOINGS = frozenset(("$pageview", "$screen", "$autocapture"))
_KEYS = ("api_key", "token", "apiKey")
_NOT_KEPT = frozenset(("token", "api_key", "$set", "$set_once", "$unset"))
_FORMER = "$anon_distinct_id"


def credentials(headers: Mapping[str, str], body: bytes, path: str) -> str | None:
    """The project key: in the body, its first item or that one's properties, a bearer token or the query."""
    bearer = keys.from_authorization(headers)
    return bearer or _key_within(body) or keys.from_query(path, _KEYS)


def _key_within(body: bytes) -> str | None:
    try:
        told = document(unpacked(body))
    except BadInput:
        return None
    items = told.get("batch") if isinstance(told, dict) else told
    first = items[0] if isinstance(items, list) and items else told
    properties = first.get("properties") if isinstance(first, dict) else None
    found = (keys.from_object(holder, _KEYS) for holder in (told, first, properties))
    return next((key for key in found if key), None)


@dataclass(frozen=True)
class _Envelope:
    """What all items of a delivery share."""

    received: datetime
    sent: datetime | None
    is_import: bool = False
    told: Told = field(default_factory=Told)


def translate(delivery: Delivery) -> list[Item]:
    try:
        body = document(unpacked(delivery.body))
        items = _listed(body)
    except BadInput as bad:
        return [unreadable(delivery.body, bad)]
    envelope = _envelope(delivery, body if isinstance(body, dict) else {})
    return [_item(item, place, envelope) for place, item in enumerate(items)]


def answer(items: list[Item]) -> tuple[int, Any]:
    """200 and status 1, which its libraries look for, and each event's outcome as the newer API gives it."""
    return 200, {"status": 1, "results": {item.item_id: _result(item) for item in items if item.item_id}}


def _result(item: Item) -> dict[str, str]:
    return {"result": "ok"} if item.outcome == "accepted" else {"result": "warning", "details": item.reason}


def _listed(body: Any) -> list[Any]:
    if isinstance(body, dict) and "batch" in body:
        body = body["batch"]
        if not isinstance(body, list):
            raise BadField("batch", body, "is missing" if body is None else "is not a list of events")
    return body if isinstance(body, list) else [body]


def _envelope(delivery: Delivery, body: Mapping[str, Any]) -> _Envelope:
    sent = (
        read_leniently(body.get("sent_at"))
        or read_leniently(delivery.headers.get("posthog-request-timestamp"))
        or read_leniently(keys.query(delivery.headers.get(":path", "")).get("_"))
    )
    return _Envelope(delivery.received_at, sent, is_import=body.get("historical_migration") is True)


def _item(item: Any, place: int, envelope: _Envelope) -> Item:
    try:
        if not isinstance(item, dict):
            raise BadInput("The item is not an object.")
        call = _Event(item, place, envelope)
        return _accepted(call)
    except BadInput as bad:
        return quarantined(item, item.get("uuid") if isinstance(item, dict) else None, bad)


class _Event:
    """One event, read: who did it, when, under which id."""

    def __init__(self, item: dict[str, Any], place: int, envelope: _Envelope) -> None:
        self.item = item
        self.told = envelope.told
        self.properties = plain_object(item, "properties")
        self.name = self._name()
        self.person = self._person()
        self.is_known = self.person is not None and self._is_known()
        self.group = self._group()
        self.at = iso(_made_at(item, self.properties, envelope))
        self.id = self._id(place, envelope)

    def _name(self) -> str:
        name = read_name("event", self.item.get("event"))
        if name is None:
            raise BadField("event")
        return name

    def _person(self) -> str | None:
        for holder in (self.item, self.properties):
            for name in ("distinct_id", "$distinct_id"):
                if person := read_id("distinct_id", holder.get(name)):
                    return person
        return None

    def _is_known(self) -> bool:
        """Whether the person signed in, as far as the library says; servers know whom they name."""
        said = self.properties
        options = self.item.get("options")
        wanted = options.get("process_person_profile") if isinstance(options, dict) else None
        if said.get("$process_person_profile", wanted) is False or said.get("$is_identified") is False:
            return False
        return self.person != said.get("$device_id") and not str(self.person).startswith("$")

    def _group(self) -> str | None:
        """The key of the group that is the account: by the types we know, else the first by name."""
        groups = self.properties.get("$groups")
        if not isinstance(groups, dict):
            return None
        by_type = {kind.lower(): groups[kind] for kind in sorted(groups)}
        for kind in (*GROUP_TYPES, *by_type):
            if key := read_id(f"$groups.{kind}", by_type.get(kind)):
                return key
        return None

    def _id(self, place: int, envelope: _Envelope) -> str:
        told = (self.item.get("uuid"), self.item.get("messageId"), self.properties.get("$insert_id"))
        for value in told:
            if name := read_name("uuid", value):
                return name
        salt = "" if is_given(self.item.get("timestamp")) else f"{iso(envelope.received)} {place}"
        return content_id("", self.item, salt)

    def known(self) -> str:
        """The person's id.

        Raises:
            BadField: nobody is named.
        """
        if self.person is None:
            raise _nobody("distinct_id", self.item.get("distinct_id"), self.properties.get("distinct_id"))
        return self.person


def _nobody(name: str, *told: Any) -> BadField:
    """That nobody is named; if something stood there, that it names nobody."""
    given = next((value for value in told if is_given(value)), None)
    if given is None:
        return BadField(name)
    return BadField(name, given, english("is what programs send when nobody is signed in, not an id"))


def _made_at(item: Mapping[str, Any], properties: Mapping[str, Any], envelope: _Envelope) -> datetime:
    """`timestamp` set right for the client's clock; without one, `offset` milliseconds before it came in."""
    given = item.get("timestamp")
    if is_given(given):
        at = read_instant("timestamp", given)
        if envelope.is_import or _is_exact(item, properties):
            return at
        sent = read_leniently(item.get("sent_at")) or envelope.sent
        return within_bounds("timestamp", given, corrected(at, sent, envelope.received))
    return _before(envelope.received, item.get("offset"))


def _is_exact(item: Mapping[str, Any], properties: Mapping[str, Any]) -> bool:
    options = item.get("options")
    wanted = options.get("disable_skew_correction") if isinstance(options, dict) else None
    return wanted is True or properties.get("$ignore_sent_at") is True


def _before(received: datetime, offset: Any) -> datetime:
    if isinstance(offset, bool) or not isinstance(offset, int | float) or not 0 <= offset < 1e13:
        return received
    return within_bounds("offset", offset, received - timedelta(milliseconds=offset))


def _accepted(call: _Event) -> Item:
    told = _TOLD.get(call.name)
    facts = told(call) if told else _happened(call)
    if not facts:
        return Item("ignored", item_id=call.id, reason=_why_nothing(call))
    return Item("accepted", tuple(facts), item_id=call.id)


def _why_nothing(call: _Event) -> str:
    if call.name == "$groupidentify":
        return f"a group of another type than {', '.join(GROUP_TYPES)}"
    if call.name in _TOLD:
        return f"{call.name} that says nothing about anybody who signed in"
    return f"{call.name} is the library's own measurement, not a person's doing"


def _happened(call: _Event) -> list[Fact]:
    """An event; of the library's own measurements only what they set about the person."""
    update = _set(call)
    if call.name.startswith("$") and call.name not in _DOINGS:
        return update
    account = call.group or call.known()
    kept = {key: value for key, value in call.properties.items() if key not in _NOT_KEPT}
    user = call.person if call.is_known else None
    name = _RENAMED.get(call.name, call.name)
    made = event(call.id, account, call.at, name=name, user_id=user, properties=kept)
    return [made, *update, *_seen(call, is_updated=bool(update)), *_membership(call)]


def _seen(call: _Event, *, is_updated: bool) -> list[Fact]:
    person = call.person if call.is_known and not is_updated else None
    return call.told.sighting(person, call.at) + call.told.sighting(call.group, call.at)


def _membership(call: _Event) -> list[Fact]:
    return call.told.link(call.person, call.group, "group", call.at)


def _set(call: _Event) -> list[Fact]:
    """What is set about a person who signed in."""
    traits = _traits(call)
    if not traits or not call.is_known:
        return []
    return [account_update(call.known(), call.at, traits)]


def _traits(call: _Event) -> dict[str, Any]:
    """What is set, at the top or within the properties; `$set` before `$set_once`."""
    found: dict[str, Any] = {}
    for name in ("$set_once", "$set"):
        for holder in (call.properties, call.item):
            if name in holder:
                found |= plain_object(holder, name)
    return found


def _identify(call: _Event) -> list[Fact]:
    """To be identified is to sign in, whatever the event says of itself."""
    person = call.known()
    former = call.properties.get(_FORMER, call.item.get(_FORMER))
    update = account_update(person, call.at, _traits(call))
    links = call.told.link(read_id(_FORMER, former), person, "person", call.at)
    return [update, *links, *call.told.sighting(call.group, call.at), *_membership(call)]


def _alias(call: _Event) -> list[Fact]:
    """The event's own id was the former one, `alias` is the one to go by."""
    return _merged(call, call.known(), _other(call))


def _merge(call: _Event) -> list[Fact]:
    """Here `alias` is the one to be given up."""
    return _merged(call, _other(call), call.known())


def _other(call: _Event) -> str:
    given = call.properties.get("alias")
    other = read_id("alias", given)
    if other is None:
        raise _nobody("alias", given)
    return other


def _merged(call: _Event, former: str, into: str) -> list[Fact]:
    if former == into:
        return []
    news = call.told.link(former, into, "person", call.at) + call.told.sighting(into, call.at)
    return news or [Fact("identities", linked(former, into, "person", call.at))]


def _group_told(call: _Event) -> list[Fact]:
    """Its `distinct_id` may be made up for the occasion, so that it says nothing about a person."""
    kind, given = call.properties.get("$group_type"), call.properties.get("$group_key")
    key = read_id("$group_key", given)
    if key is None:
        raise _nobody("$group_key", given)
    if not isinstance(kind, str) or kind.lower() not in GROUP_TYPES:
        return []
    return [account_update(key, call.at, plain_object(call.properties, "$group_set"))]


_TOLD: dict[str, Callable[[_Event], list[Fact]]] = {
    "$identify": _identify,
    "$create_alias": _alias,
    "$merge_dangerously": _merge,
    "$groupidentify": _group_told,
    "$set": _set,
}


def trial(key: str, now: datetime) -> Trial:
    """A harmless request: an event of somebody who never signs in."""
    sent = {
        "api_key": key,
        "event": NAME,
        "distinct_id": WHO,
        "uuid": f"{WHO}-{now.isoformat()}",
        "timestamp": iso(now),
        "properties": {"$process_person_profile": False},
    }
    return Trial("/i/v0/e/", {}, json.dumps(sent).encode())
