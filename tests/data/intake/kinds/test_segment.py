"""What the calls of Segment's and RudderStack's libraries become."""

import json
import os
from base64 import b64encode
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.intake.delivery import Delivery, Item
from data.intake.kinds import segment

NOW = datetime(2026, 3, 1, 12)
AT, STAMP = "2026-03-01T11:59:58Z", "2026-03-01T11:59:58.000000Z"
REAL = Path(os.environ.get("HOLDFAST_REAL_DATA") or "absent") / "payloads"


def translated(body: Any, path: str = "/v1/batch", received: datetime = NOW) -> list[Item]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return segment.translate(Delivery(1, "app", "segment", received, {":path": path}, raw))


def batch(*items: dict[str, Any], **envelope: Any) -> list[Item]:
    stamped = [{"timestamp": AT, "messageId": f"m{place}"} | item for place, item in enumerate(items)]
    return translated({"batch": stamped, "sentAt": "2026-03-01T12:00:00Z"} | envelope)


def facts(items: list[Item]) -> list[tuple[str, ...]]:
    """The facts, short: what is null and the times that all share left out."""
    assert [item.reason for item in items if item.outcome == "quarantined"] == []
    return [_short(fact.shape, dict(fact.values)) for item in items for fact in item.facts]


def _short(shape: str, values: dict[str, Any]) -> tuple[str, ...]:
    kept = [f"{name}={value}" for name, value in values.items() if value not in (None, STAMP)]
    return ({"account_updates": "update", "identities": "link", "events": "event"}[shape], *kept)


def event(account: str, name: str = "Exported", place: int = 0, **values: str) -> tuple[str, ...]:
    more = (f"{key}={value}" for key, value in values.items())
    return ("event", f"event_id=m{place}", f"account_id={account}", f"name={name}", *more)


def update(account: str, *values: str) -> tuple[str, ...]:
    return ("update", f"account_id={account}", *values)


def link(account: str, into: str, kind: str) -> tuple[str, ...]:
    return ("link", f"account_id={account}", f"into_id={into}", f"kind={kind}")


TRACK = {"type": "track", "event": "Exported"}
IN_GROUP = {"context": {"groupId": "g1"}}


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (TRACK | {"userId": "u1"}, [event("u1", user_id="u1"), update("u1")]),
        (TRACK | {"userId": 7}, [event("7", user_id="7"), update("7")]),
        (TRACK | {"anonymousId": "x1"}, [event("x1")]),
        (TRACK | {"userId": None, "anonymousId": "x1"}, [event("x1")]),
        (TRACK | {"userId": "null", "anonymousId": "x1"}, [event("x1")]),
        (
            TRACK | {"userId": "u1", "anonymousId": "x1"},
            [event("u1", user_id="u1"), update("u1"), link("x1", "u1", "person")],
        ),
        (TRACK | {"userId": "u1", "anonymousId": "u1"}, [event("u1", user_id="u1"), update("u1")]),
        (
            TRACK | IN_GROUP | {"userId": "u1"},
            [event("g1", user_id="u1"), update("u1"), update("g1"), link("u1", "g1", "group")],
        ),
        (
            TRACK | IN_GROUP | {"userId": "u1", "anonymousId": "x1"},
            [
                event("g1", user_id="u1"),
                update("u1"),
                update("g1"),
                link("x1", "u1", "person"),
                link("u1", "g1", "group"),
            ],
        ),
        (TRACK | IN_GROUP | {"anonymousId": "x1"}, [event("g1"), update("g1"), link("x1", "g1", "group")]),
        ({"type": "track", "event": 404, "anonymousId": "x1"}, [event("x1", "404")]),
        (
            {"action": "track", "event": "Exported", "user_id": "u1"},
            [event("u1", user_id="u1"), update("u1")],
        ),
        ({"type": "Track", "event": " Exported ", "anonymousId": "x1"}, [event("x1")]),
        (
            {
                "type": "page",
                "name": "Home",
                "category": "Docs",
                "anonymousId": "x1",
                "properties": {"url": "/"},
            },
            [event("x1", "page_viewed", properties='{"name":"Home","category":"Docs","url":"/"}')],
        ),
        ({"type": "screen", "anonymousId": "x1"}, [event("x1", "screen_viewed")]),
        (
            {"type": "identify", "userId": "u1", "traits": {"email": "a@b.c", "seats": 3}},
            [update("u1", "email=a@b.c", "seats=3")],
        ),
        ({"type": "identify", "userId": "u1"}, [update("u1")]),
        (
            {"type": "identify", "userId": "u1", "anonymousId": "x1", "context": {"traits": {"plan": "pro"}}},
            [update("u1", "plan=pro"), link("x1", "u1", "person")],
        ),
        (
            {
                "type": "identify",
                "userId": "u1",
                "traits": {"plan": "new"},
                "context": {"traits": {"plan": "old"}},
            },
            [update("u1", "plan=new")],
        ),
        (
            {"type": "identify", "userId": "u1", "context": {"groupId": "g1"}},
            [update("u1"), update("g1"), link("u1", "g1", "group")],
        ),
        ({"type": "group", "groupId": "g1", "traits": {"name": "Acme"}}, [update("g1", "name=Acme")]),
        (
            {"type": "group", "groupId": "g1", "userId": "u1"},
            [update("g1"), update("u1"), link("u1", "g1", "group")],
        ),
        ({"type": "group", "groupId": "g1", "anonymousId": "x1"}, [update("g1"), link("x1", "g1", "group")]),
        ({"type": "alias", "previousId": "x1", "userId": "u1"}, [link("x1", "u1", "person"), update("u1")]),
        ({"type": "alias", "anonymousId": "x1", "userId": "u1"}, [link("x1", "u1", "person"), update("u1")]),
    ],
)
def test_call_becomes(call: dict[str, Any], expected: list[tuple[str, ...]]) -> None:
    assert facts(batch(call)) == expected


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (
            {"type": "identify", "anonymousId": "x1", "traits": {"plan": "pro"}},
            "identify of an anonymous visitor",
        ),
        ({"type": "alias", "previousId": "u1", "userId": "u1"}, "alias of an id to itself"),
    ],
)
def test_call_that_says_nothing_is_ignored(call: dict[str, Any], reason: str) -> None:
    [item] = batch(call)
    assert (item.outcome, item.facts, item.item_id) == ("ignored", (), "m0")
    assert item.reason.startswith(reason)


NOBODY = "is what programs send when nobody is signed in, not an id"


@pytest.mark.parametrize(
    ("call", "field", "value", "reason"),
    [
        (TRACK, "userId", None, "userId is missing"),
        (TRACK | {"userId": "null"}, "userId", "null", f"userId 'null' {NOBODY}"),
        (TRACK | {"userId": 0, "anonymousId": ""}, "userId", "0", f"userId '0' {NOBODY}"),
        (TRACK | {"userId": True}, "userId", "true", "userId 'true' is neither text nor a number"),
        (TRACK | {"userId": ["u1"]}, "userId", '["u1"]', """userId '["u1"]' is neither text nor a number"""),
        (TRACK | {"context": {"groupId": {}}, "userId": "u1"}, "context.groupId", "{}", "is neither text"),
        (TRACK | {"userId": "x" * 513}, "userId", "x" * 200 + "…", "is longer than 512 characters"),
        (
            TRACK | {"userId": "u1", "messageId": "x" * 513},
            "messageId",
            "x" * 200 + "…",
            "is longer than 512",
        ),
        ({"type": "track", "userId": "u1"}, "event", None, "event is missing"),
        ({"type": "track", "userId": "u1", "event": ""}, "event", None, "event is missing"),
        (
            {"type": "track", "userId": "u1", "event": {"a": 1}},
            "event",
            '{"a":1}',
            "is neither text nor a number",
        ),
        (TRACK | {"userId": "u1", "properties": "x"}, "properties", "x", "is not an object"),
        (TRACK | {"userId": "u1", "timestamp": "soon"}, "timestamp", "soon", "is not a time such as"),
        (
            TRACK | {"userId": "u1", "timestamp": "9999-12-31T00:00:00Z"},
            "timestamp",
            "9999-12-31T00:00:00Z",
            "outside",
        ),
        (TRACK | {"userId": "u1", "timestamp": float("nan")}, "timestamp", "nan", "is not a time such as"),
        (TRACK | {"userId": "u1", "timestamp": True}, "timestamp", "true", "is not a time such as"),
        ({"type": "identify"}, "userId", None, "userId is missing"),
        (
            {"type": "identify", "userId": "u1", "traits": {"createdAt": "0001-01-01T00:00:00Z"}},
            "createdAt",
            "0001-01-01T00:00:00Z",
            "createdAt '0001-01-01T00:00:00Z' is outside the years 1970 to 2200",
        ),
        ({"type": "identify", "userId": "u1", "traits": [1]}, "traits", "[1]", "is not an object"),
        ({"type": "group", "userId": "u1"}, "groupId", None, "groupId is missing"),
        ({"type": "alias", "previousId": "x1"}, "userId", None, "userId is missing"),
        ({"type": "alias", "userId": "u1"}, "previousId", None, "previousId is missing"),
        (
            {"type": "video", "userId": "u1"},
            "type",
            "video",
            "type 'video' is none of track, identify, group, page, screen, alias",
        ),
        ({"userId": "u1"}, "type", None, "type is missing"),
    ],
)
def test_call_that_cannot_be_read_is_set_aside(
    call: dict[str, Any], field: str, value: str | None, reason: str
) -> None:
    [bad, good] = batch(call, TRACK | {"userId": "u1"})
    assert (bad.outcome, bad.field, bad.value, bad.facts) == ("quarantined", field, value, ())
    assert reason in bad.reason
    assert json.loads(bad.raw)["timestamp"] == (None if value == "nan" else call.get("timestamp", AT))
    assert good.outcome == "accepted"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "The body is not JSON"),
        (b"{", "The body is not JSON"),
        (b"[" * 5000, "The body is nested deeper than 128 levels."),
        (b"5", "The item is not an object."),
        (b'[["track"]]', "The item is not an object."),
        (b'{"batch": null}', "batch is missing"),
        (b'{"batch": {"type": "track"}}', "is not a list of items"),
        (b"{}", "batch is missing"),
    ],
)
def test_body_that_cannot_be_read_is_one_item_set_aside(body: bytes, reason: str) -> None:
    [item] = translated(body)
    assert item.outcome == "quarantined"
    assert reason in item.reason
    assert item.raw or not body


@pytest.mark.parametrize(
    "call", ["track", "t", "identify", "i", "group", "g", "page", "p", "screen", "s", "alias", "a"]
)
def test_type_of_a_single_call_is_in_its_path(call: str) -> None:
    item = {"userId": "u1", "groupId": "g1", "previousId": "x1", "event": "Exported", "timestamp": AT}
    [told] = translated(item, f"/v1/{call}?x=1")
    assert told.outcome == "accepted"
    names = [fact.values["name"] for fact in told.facts if fact.shape == "events"]
    assert names == {"t": ["Exported"], "p": ["page_viewed"], "s": ["screen_viewed"]}.get(call[0], [])


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/import", "/v1/track", "/", ""])
def test_batch_is_known_by_its_body(path: str) -> None:
    items = [TRACK | {"userId": "u1", "messageId": name} for name in ("m1", "m2")]
    for body in ({"batch": items}, items):
        assert [item.item_id for item in translated(body, path)] == ["m1", "m2"]
    assert translated({"batch": []}, path) == []


def occurred(item: dict[str, Any], path: str = "/v1/batch", received: datetime = NOW, **envelope: Any) -> str:
    body = {"batch": [TRACK | {"anonymousId": "x1"} | item]} | envelope
    [told] = translated(body, path, received)
    return str(told.facts[0].values["occurred_at"]).removesuffix(".000000Z")


@pytest.mark.parametrize(
    ("item", "envelope", "at"),
    [
        ({"timestamp": AT}, {}, "2026-03-01T11:59:58"),
        ({"timestamp": AT}, {"sentAt": "2026-03-01T12:00:00Z"}, "2026-03-01T11:59:58"),
        ({"timestamp": AT}, {"sentAt": "2026-03-01T11:59:59Z"}, "2026-03-01T11:59:58"),
        ({"timestamp": AT}, {"sentAt": "2026-03-01T13:00:00Z"}, "2026-03-01T10:59:58"),
        ({"timestamp": AT, "sentAt": "2026-03-01T13:00:00Z"}, {"sentAt": "junk"}, "2026-03-01T10:59:58"),
        ({"timestamp": AT}, {"sentAt": "0001-01-01T00:00:00Z"}, "2026-03-01T11:59:58"),
        ({"originalTimestamp": AT}, {"sentAt": "2026-03-01T13:00:00Z"}, "2026-03-01T10:59:58"),
        (
            {"timestamp": AT, "originalTimestamp": "junk"},
            {"sentAt": "2026-03-01T13:00:00Z"},
            "2026-03-01T11:59:58",
        ),
        (
            {"timestamp": AT, "sentAt": "2015-01-01T00:00:00Z", "receivedAt": "2015-01-01T00:00:01Z"},
            {},
            "2026-03-01T11:59:58",
        ),
        ({"timestamp": "2024-01-01T00:00:00Z"}, {"sentAt": "2026-03-01T13:00:00Z"}, "2024-01-01T00:00:00"),
        ({"timestamp": "", "originalTimestamp": AT}, {}, "2026-03-01T11:59:58"),
        ({}, {"sentAt": "2026-03-01T11:59:30Z"}, "2026-03-01T11:59:30"),
        ({}, {"sentAt": "2026-03-01T13:00:00Z"}, "2026-03-01T12:00:00"),
        ({}, {}, "2026-03-01T12:00:00"),
    ],
)
def test_event_happened(item: dict[str, Any], envelope: dict[str, Any], at: str) -> None:
    assert occurred(item, **envelope) == at


def test_import_keeps_its_times() -> None:
    assert occurred({"timestamp": AT}, "/v1/import", sentAt="2026-03-01T13:00:00Z") == "2026-03-01T11:59:58"


def test_time_set_right_beyond_the_years_of_the_store_is_set_aside() -> None:
    sent = {"timestamp": "2200-12-31T00:00:00Z", "sentAt": "2200-12-30T00:00:00Z"}
    [item] = translated({"batch": [TRACK | {"anonymousId": "x1"} | sent]}, received=datetime(2200, 12, 31))
    assert (item.outcome, item.field) == ("quarantined", "timestamp")


@pytest.mark.parametrize(
    ("properties", "value"),
    [
        ({"revenue": 25.0, "value": 1, "total": 2}, 25.0),
        ({"revenue": "19.99"}, 19.99),
        ({"revenue": "$19.99", "value": 3}, 3),
        ({"revenue": None, "total": -2}, -2),
        ({"value": True}, None),
        ({"value": float("inf")}, None),
        ({"value": "1e999"}, None),
        ({"value": [1]}, None),
        ({}, None),
    ],
)
def test_event_is_worth(properties: dict[str, Any], value: float | None) -> None:
    [item] = batch(TRACK | {"anonymousId": "x1", "properties": properties})
    assert item.facts[0].values["value"] == value


def test_properties_are_kept_as_valid_json() -> None:
    raw = b'{"n": NaN, "s": "a\\u0000\\ud800", "e": "\\u017c", "deep": {"x": [1e999, 123456789012345678901]}}'
    body = b'{"event": "E\\u0000", "anonymousId": "x1", "properties": ' + raw + b"}"
    [item] = translated(body, "/v1/track")
    values = item.facts[0].values
    assert values["name"] == "E�"
    assert values["properties"] == '{"n":null,"s":"a��","e":"ż","deep":{"x":[null,1.2345678901234568e+20]}}'


def test_properties_nested_too_deeply_set_the_item_aside() -> None:
    nested = b'{"a":' * 300 + b"1" + b"}" * 300
    body = (
        b'[{"type":"track","event":"E","userId":"u1","messageId":"m","properties":'
        + nested
        + b'}, {"type":"page","userId":"u1"}]'
    )
    deep, fine = translated(body)
    assert (deep.outcome, deep.field) == ("quarantined", "properties")
    assert "is nested too deeply" in deep.reason
    assert fine.outcome == "accepted"


@pytest.mark.parametrize("empty", [None, [], {}, ""])
def test_empty_properties_of_php_are_none(empty: object) -> None:
    [item] = batch(TRACK | {"anonymousId": "x1", "properties": empty, "context": []})
    assert item.facts[0].values["properties"] is None


def test_each_sighting_and_link_is_told_once_a_delivery_at_its_earliest() -> None:
    call = TRACK | {"userId": "u1", "anonymousId": "x1"}
    items = batch(
        call, call | {"timestamp": "2026-03-01T11:00:00Z"}, call | {"timestamp": "2026-03-01T11:30:00Z"}
    )
    assert [len(item.facts) for item in items] == [3, 1, 1]
    earliest = "2026-03-01T11:00:00.000000Z"
    assert items[0].facts[1].values["updated_at"] == items[0].facts[2].values["linked_at"] == earliest


def test_membership_is_told_at_its_last_word() -> None:
    times = ("11:10", "11:50", "11:30", "11:05")
    items = batch(
        *({"type": "group", "userId": "u1", "groupId": group, "timestamp": f"2026-03-01T{time}:00Z"}
          for group, time in zip("abab", times, strict=True))
    )  # fmt: skip
    links = [fact.values for item in items for fact in item.facts if fact.shape == "identities"]
    assert [(one["into_id"], one["linked_at"][11:16]) for one in links] == [("a", "11:30"), ("b", "11:50")]


def test_retried_item_without_an_id_gets_the_same_one() -> None:
    item = TRACK | {"userId": "u1", "timestamp": AT}
    first, again = (
        translated({"batch": [other, item], "sentAt": sent}, received=received)[1].item_id
        for other, sent, received in (
            (TRACK | {"userId": "u2"}, "2026-03-01T12:00:00Z", NOW),
            (TRACK | {"userId": "u3"}, "2026-03-01T12:00:05Z", NOW + timedelta(seconds=5)),
        )
    )
    assert first == again
    assert translated(item | {"event": "Other"})[0].item_id != first


def test_items_without_id_and_time_are_each_their_own() -> None:
    item = TRACK | {"userId": "u1"}
    ids = [
        told.item_id
        for received in (NOW, NOW + timedelta(days=1))
        for told in translated([item, item], received=received)
    ]
    assert len(set(ids)) == 4
    assert ids[:2] == [told.item_id for told in translated([item, item])]


def test_same_delivery_is_translated_the_same() -> None:
    body = {"batch": [TRACK | {"userId": "u1"}, {"type": "page", "anonymousId": "x1"}]}
    assert translated(body) == translated(body)


def basic(text: str) -> dict[str, str]:
    return {"authorization": "Basic " + b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    ("headers", "body", "path", "key"),
    [
        (basic("KEY:"), b"{}", "/v1/batch", "KEY"),
        (basic("KEY"), b"{}", "/v1/batch", "KEY"),
        (basic("KEY:secret"), b'{"writeKey": "OTHER"}', "/v1/batch", "KEY"),
        ({"authorization": "Bearer KEY"}, b"{}", "/v1/batch", "KEY"),
        ({}, b'{"writeKey": "KEY"}', "/v1/track", "KEY"),
        ({}, b'{"batch": [{"writeKey": "KEY"}]}', "/v1/batch", "KEY"),
        ({}, b'[{"writeKey": "KEY"}]', "/v1/batch", "KEY"),
        ({}, b"{}", "/beacon/v1/batch?writeKey=KEY", "KEY"),
        ({"authorization": "Basic ???"}, b'{"writeKey": "KEY"}', "/v1/batch", "KEY"),
        ({"authorization": "Basic \xff"}, b"{", "/v1/batch?%", None),
        (basic(":"), b'{"writeKey": 5}', "/v1/batch", None),
        ({}, b"[5]", "//[", None),
        ({}, b"", "", None),
    ],
)
def test_write_key_is_found(headers: dict[str, str], body: bytes, path: str, key: str | None) -> None:
    assert segment.credentials(headers, body, path) == key


def test_every_example_of_the_public_spec_is_read() -> None:
    """Three are cut short so far that they name nobody at all."""
    found = sorted((REAL / "segment_spec").glob("*.json"))
    if not found:
        pytest.skip("HOLDFAST_REAL_DATA holds no payloads/segment_spec")
    told = {path.stem: translated(path.read_bytes()) for path in found}
    reasons = {
        name: [item.reason for item in items if item.outcome != "accepted"] for name, items in told.items()
    }
    nobody = {"page", "screen", "track"}
    assert {name: bad for name, bad in reasons.items() if bad} == {
        name: ["userId is missing"] for name in nobody
    }


def test_every_recorded_request_is_accepted() -> None:
    found = sorted(
        path for kind in ("segment", "rudder") for path in (REAL / "client_captures").glob(f"{kind}_*.json")
    )
    if not found:
        pytest.skip("HOLDFAST_REAL_DATA holds no payloads/client_captures")
    for request in (request for path in found for request in json.loads(path.read_bytes())):
        headers = {name.lower(): value for name, value in request["headers"].items()}
        body = json.dumps(request["body"]).encode()
        assert segment.credentials(headers, body, request["path"]) in ("WRITEKEY", "W2", "W3")
        items = translated(body, request["path"])
        assert [item.reason for item in items if item.outcome != "accepted"] == []
        assert [item.item_id for item in items] == [item["messageId"] for item in request["body"]["batch"]]
