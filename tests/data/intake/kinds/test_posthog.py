"""What the events of PostHog's libraries become."""

import gzip
import json
import os
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from data.intake.delivery import Delivery, Item
from data.intake.kinds import posthog

NOW = datetime(2026, 3, 1, 12)
AT, STAMP = "2026-03-01T11:59:58Z", "2026-03-01T11:59:58.000000Z"
REAL = Path(os.environ.get("HOLDFAST_REAL_DATA") or "absent") / "payloads"


def translated(body: Any, path: str = "/batch/", **headers: str) -> list[Item]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return posthog.translate(Delivery(1, "app", "posthog", NOW, {":path": path, **headers}, raw))


def batch(*items: dict[str, Any], **envelope: Any) -> list[Item]:
    stamped = [{"timestamp": AT, "uuid": f"e{place}"} | item for place, item in enumerate(items)]
    return translated({"batch": stamped, "sent_at": "2026-03-01T12:00:00Z"} | envelope)


def facts(items: list[Item]) -> list[tuple[str, ...]]:
    """The facts, short: what is null, the times that all share and an event's properties left out."""
    assert [item.reason for item in items if item.outcome == "quarantined"] == []
    return [_short(fact.shape, dict(fact.values)) for item in items for fact in item.facts]


def _short(shape: str, values: dict[str, Any]) -> tuple[str, ...]:
    values.pop("properties", None)
    kept = [f"{name}={value}" for name, value in values.items() if value not in (None, STAMP)]
    return ({"account_updates": "update", "identities": "link", "events": "event"}[shape], *kept)


def event(account: str, name: str = "exported", **values: str) -> tuple[str, ...]:
    more = (f"{key}={value}" for key, value in values.items())
    return ("event", "event_id=e0", f"account_id={account}", f"name={name}", *more)


def update(account: str, *values: str) -> tuple[str, ...]:
    return ("update", f"account_id={account}", *values)


def link(account: str, into: str, kind: str) -> tuple[str, ...]:
    return ("link", f"account_id={account}", f"into_id={into}", f"kind={kind}")


def said(name: str = "exported", person: Any = "u1", /, **properties: Any) -> dict[str, Any]:
    return {"event": name, "distinct_id": person, "properties": properties}


def with_(**properties: Any) -> dict[str, Any]:
    """The properties whose names begin with $."""
    return {f"${name}": value for name, value in properties.items()}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (said(), [event("u1", user_id="u1"), update("u1")]),
        (said("exported", 7.0), [event("7", user_id="7"), update("7")]),
        (
            {"event": "exported", "properties": {"distinct_id": "u1"}},
            [event("u1", user_id="u1"), update("u1")],
        ),
        (said("exported", "u1", value=3), [event("u1", user_id="u1", value="3"), update("u1")]),
        (said("exported", "x1", **with_(is_identified=False)), [event("x1")]),
        (said("exported", "x1", **with_(process_person_profile=False)), [event("x1")]),
        (said("exported", "x1") | {"options": {"process_person_profile": False}}, [event("x1")]),
        (said("exported", "x1", **with_(device_id="x1")), [event("x1")]),
        (said("exported", "$device:1"), [event("$device:1")]),
        (said("exported", "u1", **with_(device_id="x1")), [event("u1", user_id="u1"), update("u1")]),
        (said("$pageview", "x1", **with_(is_identified=False)), [event("x1", "page_viewed")]),
        (said("$screen"), [event("u1", "screen_viewed", user_id="u1"), update("u1")]),
        (said("$autocapture"), [event("u1", "$autocapture", user_id="u1"), update("u1")]),
        (
            said("exported", "u1", **with_(groups={"company": "g1"})),
            [event("g1", user_id="u1"), update("u1"), update("g1"), link("u1", "g1", "group")],
        ),
        (
            said("exported", "x1", **with_(groups={"company": "g1"}, is_identified=False)),
            [event("g1"), update("g1"), link("x1", "g1", "group")],
        ),
        (
            said("exported", "u1", **with_(set={"plan": "pro"}, set_once={"plan": "free", "seats": 2})),
            [event("u1", user_id="u1"), update("u1", "plan=pro", "seats=2")],
        ),
        (said("exported", "x1", **with_(set={"plan": "pro"}, is_identified=False)), [event("x1")]),
        ({"event": "$set", "distinct_id": "u1", "$set": {"email": "a@b.c"}}, [update("u1", "email=a@b.c")]),
        (said("$pageleave", "u1", **with_(set={"plan": "pro"})), [update("u1", "plan=pro")]),
        (
            said("$identify", "u1", **with_(anon_distinct_id="x1", set={"createdAt": "2026-01-01"})),
            [update("u1", "created_at=2026-01-01T00:00:00.000000Z"), link("x1", "u1", "person")],
        ),
        (said("$identify", "u1", **with_(process_person_profile=False)), [update("u1")]),
        (
            said("$identify", "u1", **with_(groups={"team": "g1"})),
            [update("u1"), update("g1"), link("u1", "g1", "group")],
        ),
        (said("$create_alias", "x1", alias="u1"), [link("x1", "u1", "person"), update("u1")]),
        (said("$merge_dangerously", "u1", alias="u2"), [link("u2", "u1", "person"), update("u1")]),
        (
            said(
                "$groupidentify",
                "made-up",
                **with_(group_type="Company", group_key=5, group_set={"name": "Acme"}),
            ),
            [update("5", "name=Acme")],
        ),
        (said("$groupidentify", None, **with_(group_type="company", group_key="g1")), [update("g1")]),
    ],
)
def test_event_becomes(item: dict[str, Any], expected: list[tuple[str, ...]]) -> None:
    assert facts(batch(item)) == expected


@pytest.mark.parametrize(
    ("groups", "account"),
    [
        ({"project": "p1", "company": "g1"}, "g1"),
        ({"account": "g2", "organization": "g1"}, "g1"),
        ({"Company": 7}, "7"),
        ({"zoo": "z1", "project": "p1"}, "p1"),
        ({"company": None, "team": "g1"}, "g1"),
        ({"company": ""}, "u1"),
        ({}, "u1"),
        ([], "u1"),
        ("g1", "u1"),
    ],
)
def test_account_of_an_event_is_its_group(groups: Any, account: str) -> None:
    [item] = batch(said("exported", "u1", **{"$groups": groups}))
    assert item.facts[0].values["account_id"] == account


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (said("$web_vitals"), "$web_vitals is the library's own measurement, not a person's doing"),
        (
            said("$feature_flag_called", "u1", **with_(groups={"company": "g1"})),
            "$feature_flag_called is the library",
        ),
        (
            said("$set", "x1", **with_(set={"plan": "pro"}, is_identified=False)),
            "$set that says nothing about anybody",
        ),
        (said("$create_alias", "u1", alias="u1"), "$create_alias that says nothing about anybody"),
        (
            said("$groupidentify", "u1", **with_(group_type="project", group_key="p1")),
            "a group of another type than",
        ),
    ],
)
def test_event_that_says_nothing_of_retention_is_ignored(item: dict[str, Any], reason: str) -> None:
    [told] = batch(item)
    assert (told.outcome, told.facts, told.item_id) == ("ignored", (), "e0")
    assert told.reason.startswith(reason)


NOBODY = "is what programs send when nobody is signed in, not an id"


@pytest.mark.parametrize(
    ("item", "field", "value", "reason"),
    [
        (said("exported", None), "distinct_id", None, "distinct_id is missing"),
        (said("exported", "undefined"), "distinct_id", "undefined", f"distinct_id 'undefined' {NOBODY}"),
        (said("exported", {"id": 1}), "distinct_id", '{"id":1}', "is neither text nor a number"),
        (said("exported", "x" * 513), "distinct_id", "x" * 200 + "…", "is longer than 512 characters"),
        (said(""), "event", None, "event is missing"),
        ({"distinct_id": "u1"}, "event", None, "event is missing"),
        (said() | {"properties": 5}, "properties", "5", "is not an object"),
        (
            said() | {"timestamp": "9999-01-01T00:00:00Z"},
            "timestamp",
            "9999-01-01T00:00:00Z",
            "is outside the years",
        ),
        (said() | {"timestamp": "now"}, "timestamp", "now", "is not a time such as"),
        (said() | {"uuid": []}, "uuid", "[]", "is neither text nor a number"),
        (said("$create_alias"), "alias", None, "alias is missing"),
        (said("$create_alias", "u1", alias="null"), "alias", "null", NOBODY),
        (
            said("$groupidentify", "u1", **with_(group_type="company")),
            "$group_key",
            None,
            "$group_key is missing",
        ),
        (said("exported", "u1", **with_(groups={"company": {}})), "$groups.company", "{}", "is neither text"),
        (said("exported", "u1", **with_(set={"currency": "?"})), "currency", "?", "is not a currency code"),
        (said("exported", "u1", **with_(set=[1])), "$set", "[1]", "is not an object"),
    ],
)
def test_event_that_cannot_be_read_is_set_aside(
    item: dict[str, Any], field: str, value: str | None, reason: str
) -> None:
    bad, good = batch(item, said())
    assert (bad.outcome, bad.field, bad.value, bad.facts) == ("quarantined", field, value, ())
    assert reason in bad.reason
    assert json.loads(bad.raw)["timestamp"] == item.get("timestamp", AT)
    assert good.outcome == "accepted"


ONE = {"event": "exported", "distinct_id": "u1", "uuid": "e0", "timestamp": AT}
JSON = json.dumps(ONE).encode()


@pytest.mark.parametrize(
    "body",
    [
        JSON,
        b"[" + JSON + b"]",
        b'{"batch": [' + JSON + b'], "api_key": "KEY"}',
        gzip.compress(JSON),
        urlencode({"data": JSON}).encode(),
        urlencode({"data": b64encode(JSON), "compression": "base64"}).encode(),
        b"data=" + b64encode(gzip.compress(b"[" + JSON + b"]")),
    ],
)
def test_body_is_read_in_every_form(body: bytes) -> None:
    [item] = translated(body, "/e/?compression=gzip-js&ip=0")
    assert (item.outcome, item.item_id) == ("accepted", "e0")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"data=%%", b"\x1f\x8b", b"data=" + b64encode(b"junk"), b'{"batch": 5}', b"5"]
)
def test_body_that_cannot_be_read_is_one_item_set_aside(body: bytes) -> None:
    [item] = translated(body)
    assert item.outcome == "quarantined"
    assert item.reason


def occurred(
    item: dict[str, Any], path: str = "/e/", headers: dict[str, str] | None = None, **envelope: Any
) -> str:
    [told] = translated({"batch": [said() | item]} | envelope, path, **headers or {})
    return str(told.facts[0].values["occurred_at"]).removesuffix(".000000Z")


LATE = "2026-03-01T13:00:00Z"


@pytest.mark.parametrize(
    ("item", "envelope", "at"),
    [
        ({"timestamp": AT}, {}, "2026-03-01T11:59:58"),
        ({"timestamp": AT}, {"sent_at": LATE}, "2026-03-01T10:59:58"),
        ({"timestamp": AT, "sent_at": LATE}, {}, "2026-03-01T10:59:58"),
        ({"timestamp": AT}, {"path": "/e/?_=1772370000000"}, "2026-03-01T10:59:58"),
        ({"timestamp": AT}, {"headers": {"posthog-request-timestamp": LATE}}, "2026-03-01T10:59:58"),
        ({"timestamp": AT}, {"sent_at": LATE, "historical_migration": True}, "2026-03-01T11:59:58"),
        (
            {"timestamp": AT, "properties": {"$ignore_sent_at": True}},
            {"sent_at": LATE},
            "2026-03-01T11:59:58",
        ),
        (
            {"timestamp": AT, "options": {"disable_skew_correction": True}},
            {"sent_at": LATE},
            "2026-03-01T11:59:58",
        ),
        ({"timestamp": "2024-01-01T00:00:00Z"}, {"sent_at": LATE}, "2024-01-01T00:00:00"),
        ({"offset": 30_000}, {"sent_at": LATE}, "2026-03-01T11:59:30"),
        ({"offset": -5}, {}, "2026-03-01T12:00:00"),
        ({"offset": "junk"}, {}, "2026-03-01T12:00:00"),
        ({}, {"sent_at": LATE}, "2026-03-01T12:00:00"),
    ],
)
def test_event_happened(item: dict[str, Any], envelope: dict[str, Any], at: str) -> None:
    assert occurred({"distinct_id": "u1"} | item, **envelope) == at


def test_keys_and_what_is_set_are_not_kept_with_an_event() -> None:
    [item] = batch(said("exported", "u1", token="KEY", page="/", **with_(set={"email": "a@b.c"}, os="Linux")))
    assert item.facts[0].values["properties"] == '{"page":"/","$os":"Linux"}'


def test_retried_event_without_an_id_gets_the_same_one() -> None:
    first, again = (
        translated({"batch": [said() | {"timestamp": AT}], "sent_at": sent})[0] for sent in (AT, LATE)
    )
    assert first.item_id == again.item_id
    untimed = translated([said(), said()])
    assert untimed[0].item_id != untimed[1].item_id


def test_answer_is_what_its_libraries_look_for() -> None:
    status, body = posthog.answer(batch(said(), said(""), said("$web_vitals")))
    assert (status, body["status"]) == (200, 1)
    assert [result["result"] for result in body["results"].values()] == ["ok", "warning", "warning"]
    assert body["results"]["e1"]["details"] == "event is missing"


@pytest.mark.parametrize(
    ("headers", "body", "path", "key"),
    [
        ({}, b'{"api_key": "KEY", "batch": []}', "/batch/", "KEY"),
        ({}, b'{"token": "KEY", "event": "e"}', "/i/v0/e/", "KEY"),
        ({}, b'{"batch": [{"api_key": "KEY"}]}', "/batch/", "KEY"),
        ({}, b'[{"properties": {"token": "KEY"}}]', "/e/", "KEY"),
        ({}, b'{"properties": {"token": "KEY"}}', "/e/", "KEY"),
        ({}, gzip.compress(b'[{"properties": {"token": "KEY"}}]'), "/e/?compression=gzip-js", "KEY"),
        ({}, b"data=" + b64encode(b'{"api_key": "KEY"}'), "/e/", "KEY"),
        ({"authorization": "Bearer KEY"}, b'{"batch": []}', "/i/v1/analytics/events", "KEY"),
        ({}, b"[]", "/e/?token=KEY", "KEY"),
        ({}, b"\x1f\x8b", "/e/", None),
        ({}, b'{"api_key": 5, "batch": [5]}', "/e/", None),
    ],
)
def test_project_key_is_found(headers: dict[str, str], body: bytes, path: str, key: str | None) -> None:
    assert posthog.credentials(headers, body, path) == key


def test_every_recorded_request_is_accepted() -> None:
    found = sorted((REAL / "client_captures").glob("posthog_*.json"))
    if not found:
        pytest.skip("HOLDFAST_REAL_DATA holds no payloads/client_captures")
    for request in (request for path in found for request in json.loads(path.read_bytes())):
        headers = {name.lower(): value for name, value in request["headers"].items()}
        body = json.dumps(request["body"]).encode()
        assert request["path"] in posthog.PATHS
        assert posthog.credentials(headers, body, request["path"]) in ("phc_TESTKEY", "phc_T")
        items = translated(body, request["path"])
        assert [item.reason for item in items if item.outcome != "accepted"] == []
        assert [item.item_id for item in items] == [item["uuid"] for item in request["body"]["batch"]]
