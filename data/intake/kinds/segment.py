"""Segment's HTTP API, which RudderStack's libraries speak too: its calls to events, updates and links."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
from data.speech import english

TITLE = "Segment, RudderStack"
ABOUT = (
    "Point a Segment or RudderStack library at this address. track becomes an event of its name, page and "
    "screen become page_viewed and screen_viewed; identify and group update accounts, and together with "
    "alias they say who is who."
)
AUTH = "key"
HEADERS = ("content-type",)
SNIPPET = """\
import segment.analytics as analytics

analytics.write_key = "{key}"
analytics.host = "{host}"
analytics.track("user_1", "Report Exported")
"""

_SHORT = {"t": "track", "i": "identify", "g": "group", "p": "page", "s": "screen", "a": "alias", "b": "batch"}
_PAGES = {"page": "page_viewed", "screen": "screen_viewed"}
PATHS = (
    *(f"/v1/{call}" for call in (*_SHORT.values(), *_SHORT, "import")),
    "/beacon/v1/batch",  # RudderStack's browser library on leaving a page; its key is in the query
)
_LISTS = ("batch", "import")
_KEYS = ("writeKey", "write_key")
_SPELLINGS = {
    "user_id": "userId",
    "anonymous_id": "anonymousId",
    "group_id": "groupId",
    "previous_id": "previousId",
    "message_id": "messageId",
    "sent_at": "sentAt",
}


def credentials(headers: Mapping[str, str], body: bytes, path: str) -> str | None:
    """The write key: by Basic authorization, in the query, or in the body or its first item."""
    return keys.from_authorization(headers) or keys.from_query(path, _KEYS) or _key_within(body)


def _key_within(body: bytes) -> str | None:
    try:
        told = document(body)
    except BadInput:
        return None
    items = told.get("batch") if isinstance(told, dict) else told
    first = items[0] if isinstance(items, list) and items else None
    return keys.from_object(told, _KEYS) or keys.from_object(first, _KEYS)


@dataclass(frozen=True)
class _Envelope:
    """What all items of a delivery share."""

    call: str  # by its path: track, batch, import, …
    received: datetime
    sent: datetime | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    told: Told = field(default_factory=Told)


def translate(delivery: Delivery) -> list[Item]:
    path = delivery.headers.get(":path", "").partition("?")[0]
    call = path.rstrip("/").rpartition("/")[2]
    try:
        return _items(document(delivery.body), _SHORT.get(call, call), delivery.received_at)
    except BadInput as bad:
        return [unreadable(delivery.body, bad)]


def _items(body: Any, call: str, received: datetime) -> list[Item]:
    if isinstance(body, dict) and ("batch" in body or (call in _LISTS and "type" not in body)):
        sent = read_leniently(body.get("sentAt") or body.get("sent_at"))
        context = body["context"] if isinstance(body.get("context"), dict) else {}
        envelope = _Envelope(call, received, sent, context)
        body = body.get("batch")
        if not isinstance(body, list):
            raise BadField("batch", body, "is missing" if body is None else "is not a list of items")
    else:
        envelope = _Envelope(call, received)
    items = body if isinstance(body, list) else [body]
    return [_item(item, place, envelope) for place, item in enumerate(items)]


def _item(item: Any, place: int, envelope: _Envelope) -> Item:
    try:
        if not isinstance(item, dict):
            raise BadInput("The item is not an object.")
        return _accepted(_Call(item, place, envelope))
    except BadInput as bad:
        return quarantined(item, item.get("messageId") if isinstance(item, dict) else None, bad)


class _Call:
    """One call, read: who it is about, when it was made, under which id."""

    def __init__(self, item: dict[str, Any], place: int, envelope: _Envelope) -> None:
        self.item = item = item if _SPELLINGS.keys().isdisjoint(item) else _spelled(item)
        self.told = envelope.told
        self.type = _type_of(item, envelope.call)
        context = item.get("context")
        self.context = context if isinstance(context, dict) and context else envelope.context
        self.user = read_id("userId", item.get("userId"))
        self.anonymous = read_id("anonymousId", item.get("anonymousId"))
        self.group = read_id("groupId", item.get("groupId")) or _group_around(self.context)
        self.at = iso(_made_at(item, envelope))
        self.id = read_name("messageId", item.get("messageId")) or self._content(place, envelope)

    def _content(self, place: int, envelope: _Envelope) -> str:
        """An item without a time of its own is told from its like by when and where it stood."""
        is_timed = is_given(self.item.get("timestamp")) or is_given(self.item.get("originalTimestamp"))
        salt = "" if is_timed else f"{iso(envelope.received)} {place}"
        return content_id(self.type, self.item, salt)

    def missing(self, *fields: str) -> BadField:
        """That nobody is named; if something stood there, that it names nobody."""
        given = next((self.item[key] for key in fields if is_given(self.item.get(key))), None)
        if given is None:
            return BadField(fields[0])
        return BadField(
            fields[0], given, english("is what programs send when nobody is signed in, not an id")
        )


def _spelled(item: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the API's own spelling of its keys, where both are given too."""
    return {_SPELLINGS[key]: item[key] for key in _SPELLINGS if key in item} | dict(item)


def _group_around(context: Mapping[str, Any]) -> str | None:
    return read_id("context.groupId", context.get("groupId", context.get("group_id")))


def _type_of(item: Mapping[str, Any], call: str) -> str:
    """The item's own word, else the path's."""
    named = item.get("type") or item.get("action")
    if isinstance(named, str) and (known := named.lower()) in _CALLS:
        return known
    if call in _CALLS:
        return call
    raise BadField("type", named, "is missing" if named is None else f"is none of {', '.join(_CALLS)}")


def _made_at(item: Mapping[str, Any], envelope: _Envelope) -> datetime:
    """`timestamp` set right for the client's clock, unless a server did so already or it is an import."""
    sent = (read_leniently(item["sentAt"]) if "sentAt" in item else None) or envelope.sent
    received = read_leniently(item["receivedAt"]) if "receivedAt" in item else None
    for name in ("timestamp", "originalTimestamp"):
        if not is_given(given := item.get(name)):
            continue
        at = read_instant(name, given)
        is_final = name == "timestamp" and (received or is_given(item.get("originalTimestamp")))
        if is_final or envelope.call == "import":
            return at
        return within_bounds(name, given, corrected(at, sent, received or envelope.received))
    return corrected(sent, sent, envelope.received) if sent else envelope.received


def _accepted(call: _Call) -> Item:
    facts = _CALLS[call.type](call)
    if not facts:
        return Item("ignored", item_id=call.id, reason=_EMPTY[call.type])
    return Item("accepted", tuple(facts), item_id=call.id)


def _track(call: _Call) -> list[Fact]:
    name = read_name("event", call.item.get("event"))
    if name is None:
        raise BadField("event")
    return _happened(call, name, plain_object(call.item, "properties"))


def _page(call: _Call) -> list[Fact]:
    properties = plain_object(call.item, "properties")
    given = {key: call.item[key] for key in ("name", "category") if is_given(call.item.get(key))}
    return _happened(call, _PAGES[call.type], {**given, **properties})


def _happened(call: _Call, name: str, properties: Mapping[str, Any]) -> list[Fact]:
    account = call.group or call.user or call.anonymous
    if account is None:
        raise call.missing("userId", "anonymousId")
    made = event(call.id, account, call.at, name=name, user_id=call.user, properties=properties)
    return [made, *_seen(call), *_links(call)]


def _identify(call: _Call) -> list[Fact]:
    if call.user is None:
        if call.anonymous is None:
            raise call.missing("userId")
        return []
    traits = plain_object(call.context, "traits") | plain_object(call.item, "traits")
    update = account_update(call.user, call.at, traits)
    return [update, *call.told.sighting(call.group, call.at), *_links(call)]


def _group(call: _Call) -> list[Fact]:
    if call.group is None:
        raise call.missing("groupId")
    update = account_update(call.group, call.at, plain_object(call.item, "traits"))
    return [update, *call.told.sighting(call.user, call.at), *_links(call)]


def _alias(call: _Call) -> list[Fact]:
    if call.user is None:
        raise call.missing("userId")
    before = read_id("previousId", call.item.get("previousId")) or call.anonymous
    if before is None:
        raise call.missing("previousId")
    if before == call.user:
        return []
    news = [*call.told.link(before, call.user, "person", call.at), *_seen(call), *_links(call)]
    return news or [Fact("identities", linked(before, call.user, "person", call.at))]


def _seen(call: _Call) -> list[Fact]:
    return call.told.sighting(call.user, call.at) + call.told.sighting(call.group, call.at)


def _links(call: _Call) -> list[Fact]:
    person = call.told.link(call.anonymous, call.user, "person", call.at)
    return person + call.told.link(call.user or call.anonymous, call.group, "group", call.at)


_EMPTY = {
    "identify": "identify of an anonymous visitor; traits count once there is a userId",
    "alias": "alias of an id to itself",
}
_CALLS: dict[str, Callable[[_Call], list[Fact]]] = {
    "track": _track,
    "identify": _identify,
    "group": _group,
    "page": _page,
    "screen": _page,
    "alias": _alias,
}


def trial(key: str, now: datetime) -> Trial:
    """A harmless request: a track call of somebody who never signs in."""
    sent = {"anonymousId": WHO, "event": NAME, "messageId": f"{WHO}-{now.isoformat()}", "timestamp": iso(now)}
    opened = {"authorization": f"Basic {b64encode(f'{key}:'.encode()).decode()}"}
    return Trial("/v1/track", opened, json.dumps(sent).encode())
