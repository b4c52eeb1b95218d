"""The doors, in this process: who may come in, what is refused, what is answered and what is kept."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import event

from data.intake import catalog, keys, registry, secrets
from data.intake import translate as translating
from data.intake.delivery import Delivery, Item
from tests.data.intake.conftest import House, now

TRACK = {"type": "track", "userId": "u1", "event": "report exported", "messageId": "m1"}
BAD = {"type": "track", "userId": "u1", "messageId": "m2"}
Opener = Callable[..., House]


def test_each_item_gets_its_result_and_the_whole_delivery_is_kept(house: House) -> None:
    key = house.key("web")
    answer = house.send("/v1/batch", key, {"batch": [TRACK, BAD, TRACK]})
    assert answer.status_code == 200
    told = answer.json()
    assert told["success"] is True
    assert [item["outcome"] for item in told["items"]] == ["accepted", "quarantined", "repeated"]
    assert [item["id"] for item in told["items"]] == ["m1", "m2", "m1"]
    assert "event" in told["items"][1]["reason"]
    (kept,) = house.kept()
    assert json.loads(kept.body) == {"batch": [TRACK, BAD, TRACK]}
    assert (kept.source, kept.kind, kept.headers[":path"]) == ("web", "segment", "/v1/batch")
    assert now() - kept.received_at < timedelta(minutes=1)
    assert "authorization" not in kept.headers


def test_a_delivery_that_holds_nothing_good_is_kept_too(house: House) -> None:
    answer = house.send("/v1/track", house.key(), {"nothing": "known"})
    assert (answer.status_code, answer.json()["items"][0]["outcome"]) == (200, "quarantined")
    assert len(house.kept()) == 1


def test_an_item_that_came_before_is_repeated_even_after_a_restart(open_house: Opener) -> None:
    first = open_house()
    key = first.key()
    assert first.send("/v1/track", key, TRACK).json()["items"][0]["outcome"] == "accepted"
    assert first.send("/v1/track", key, TRACK).json()["items"][0]["outcome"] == "repeated"
    second = open_house()
    second.doors._seed()
    assert second.send("/v1/track", key, TRACK).json()["items"][0]["outcome"] == "repeated"
    assert len(second.kept()) == 3


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ({}, "no_key"),
        ({"authorization": "Basic Og=="}, "no_key"),
        ({"authorization": "Basic %%%"}, "no_key"),
        ({"authorization": "Basic aGZfbm9uZTo="}, "unknown_key"),
        ({"authorization": "Bearer hf_none"}, "unknown_key"),
    ],
)
def test_without_a_good_key_nothing_is_taken(house: House, authorization: dict[str, str], code: str) -> None:
    house.key()
    answer = house.client.post("/v1/track", json=TRACK, headers=authorization)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.json()["message"].endswith(".")
    assert house.kept() == []


def test_a_revoked_key_and_a_source_switched_off_are_refused(house: House) -> None:
    key_id, key = keys.create(house.inbox, "web", now())
    keys.revoke(house.inbox, key_id, now())
    answer = house.send("/v1/track", key, TRACK)
    assert (answer.status_code, answer.json()["message"]) == (401, f"The write key {key_id} was revoked.")
    other = house.key("app")
    registry.update(house.inbox, "app", enabled=False)
    assert house.send("/v1/track", other, TRACK).json()["message"] == "The source app is switched off."


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_told_what_the_door_takes(house: House, method: str) -> None:
    answer = house.client.request(method, "/v1/track")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
    if method != "HEAD":
        assert f"not by {method}" in answer.json()["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"hello", b"\x00\x01", b"[" * 50_000])
def test_a_body_that_is_no_json_is_refused_in_a_sentence(house: House, body: bytes) -> None:
    answer = house.send("/v1/track", house.key(), content=body)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert house.kept() == []
    assert house.client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "item",
    [
        b'{"userId":"u","event":"\\ud800","messageId":"a"}',
        b'{"userId":"u","event":"x","timestamp":"9999-12-31T23:59:59Z"}',
        b'{"userId":"u","event":"x","timestamp":"1901-01-01T00:00:00Z"}',
        b'{"userId":"u","event":"x","timestamp":1e400}',
        b'{"userId":"u","event":"x","properties":{"value":NaN}}',
        b'{"userId":"u","event":"x","properties":' + b'{"a":' * 400 + b"1" + b"}" * 401,
        b'{"userId":"u","event":"x","value":' + b"9" * 4000 + b"}",
        b"[[[[]]]]",
        b"null",
        b'"text"',
        b"17",
    ],
)
def test_strange_json_is_answered_item_by_item(house: House, item: bytes) -> None:
    answer = house.send("/v1/track", house.key(), content=item)
    assert answer.status_code == 200, answer.text
    assert answer.json()["items"]
    assert [kept.body for kept in house.kept()] == [item]


def test_packed_bodies_are_kept_unpacked(house: House) -> None:
    body = json.dumps({"batch": [TRACK]}).encode()
    headers = {"content-encoding": "gzip"}
    answer = house.send("/v1/batch", house.key(), content=gzip.compress(body), headers=headers)
    assert answer.json()["items"] == [{"id": "m1", "outcome": "accepted"}]
    assert [kept.body for kept in house.kept()] == [body]


LIMITS = {"body_bytes": 20_000, "item_bytes": 5_000, "items": 10}


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"batch": [TRACK | {"properties": {"long": "x" * 30_000}}]}, "too_large"),
        ({"batch": [TRACK, TRACK | {"properties": {"long": "x" * 6_000}}]}, "item_too_large"),
        ({"batch": [TRACK] * 11}, "too_many_items"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_is_too_much_is_refused(
    open_house: Opener, told: Mapping[str, Any], code: str, packed: bool
) -> None:
    house = open_house(intake=LIMITS)
    body, headers = json.dumps(told).encode(), {}
    if packed:
        body, headers = gzip.compress(body), {"content-encoding": "gzip"}
    answer = house.send("/v1/batch", house.key(), content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, code)
    assert house.kept() == []


def test_a_body_in_chunks_is_taken_and_measured(open_house: Opener) -> None:
    house = open_house(intake=LIMITS)
    body = json.dumps({"batch": [TRACK]}).encode()

    def chunks(times: int) -> Iterator[bytes]:
        yield body[:10]
        yield body[10:] + b" " * times

    assert house.send("/v1/batch", house.key(), content=chunks(1)).status_code == 200
    assert house.send("/v1/batch", house.key(), content=chunks(30_000)).status_code == 413


def test_a_large_body_is_read_aside_and_taken(house: House) -> None:
    told = {"batch": [TRACK | {"messageId": str(number)} for number in range(5_000)]}
    answer = house.send("/v1/batch", house.key(), told)
    assert len(json.dumps(told)) > 256_000
    assert len(answer.json()["items"]) == 5_000


def test_who_sends_too_often_is_told_when_to_come_again(open_house: Opener) -> None:
    house = open_house(intake={"requests_per_second": 0.4})
    web, app = house.key("web"), house.key("app")
    assert [house.send("/v1/track", web, TRACK).status_code for _ in range(2)] == [200, 200]
    refused = house.send("/v1/track", web, TRACK)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    assert 1 <= int(refused.headers["retry-after"]) <= 4
    assert house.send("/v1/track", app, TRACK).status_code == 200


def test_a_full_disk_is_answered_with_when_to_come_again(house: House) -> None:
    key = house.key()
    house.inbox.engine.dispose()

    def limit(connection: Any, _record: Any) -> None:
        connection.execute("pragma max_page_count = 20")

    event.listen(house.inbox.engine, "connect", limit)
    answer = house.send("/v1/track", key, TRACK | {"properties": {"long": "x" * 200_000}})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "disk is full" in answer.json()["message"]
    assert house.client.get("/readyz").status_code == 503
    assert house.send("/v1/track", key, TRACK).json()["items"][0]["outcome"] == "accepted"
    assert house.client.get("/readyz").status_code == 200


def test_an_inbox_that_is_damaged_closes_the_doors_with_a_sentence(house: House) -> None:
    key = house.key()
    for path in house.settings.home.glob("inbox.sqlite*"):
        path.unlink()
    (house.settings.home / "inbox.sqlite").write_text("no database " * 1000)
    answer = house.send("/v1/track", key, TRACK)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "restore it from a backup" in answer.json()["message"]


def test_pages_of_any_origin_may_send_with_a_key(house: House) -> None:
    asked = {
        "origin": "https://shop.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type",
    }
    allowed = house.client.options("/v1/track", headers=asked)
    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == "*"
    assert allowed.headers["access-control-allow-headers"] == "authorization,content-type"
    answer = house.send("/v1/track", house.key(), TRACK, headers={"origin": "https://shop.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    refused = house.client.post("/v1/track", json=TRACK, headers={"origin": "https://shop.example"})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, "*")


def is_authentic(body: bytes, headers: Mapping[str, str], secret: str, at: datetime) -> str | None:
    right = headers.get("x-signature") == f"{secret}:{len(body)}" and isinstance(at, datetime)
    return None if right else "The signature does not fit the body."


def translate(delivery: Delivery) -> list[Item]:
    if b"stumble" in delivery.body:
        raise RuntimeError("no kind should do this")
    return [Item("ignored", item_id="e1", reason="of no concern")]


def signed_kind() -> catalog.Kind:
    made = ModuleType("data.intake.kinds.bank")
    parts = {
        "TITLE": "Bank",
        "ABOUT": "A test's own.",
        "AUTH": "secret",
        "PATHS": ("/webhooks/bank", "/webhooks/bank/{source}"),
        "HEADERS": ("x-signature",),
        "SNIPPET": "",
        "is_authentic": is_authentic,
        "translate": translate,
    }
    for name, part in parts.items():
        setattr(made, name, part)
    return catalog.defined(made)


@pytest.fixture
def bank(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    house.add_door(signed_kind())
    monkeypatch.setattr(translating, "translator", lambda _: translate)
    for name in ("bank", "second"):
        registry.add_source(house.inbox, name, "bank", {}, now())
        secrets.keep_secret(house.inbox, name, f"secret of {name}", now())
    return house


def deliver(bank: House, path: str, secret: str, body: bytes = b"{}") -> Any:
    headers = {"x-signature": f"{secret}:{len(body)}"}
    return bank.client.post(path, content=body, headers=headers)


def test_a_webhook_is_taken_when_its_signature_fits_the_raw_body(bank: House) -> None:
    answer = deliver(bank, "/webhooks/bank?x=1", "secret of bank", b'{"odd":  "spaces"}')
    assert answer.json()["items"] == [{"id": "e1", "outcome": "ignored", "reason": "of no concern"}]
    assert deliver(bank, "/webhooks/bank/second", "secret of second").status_code == 200
    first, second = bank.kept()
    assert (first.source, first.kind, first.body) == ("bank", "bank", b'{"odd":  "spaces"}')
    assert first.headers == {"x-signature": "secret of bank:18", ":path": "/webhooks/bank"}
    assert second.source == "second"


@pytest.mark.parametrize(
    ("path", "secret", "status", "code"),
    [
        ("/webhooks/bank", "wrong", 401, "not_authentic"),
        ("/webhooks/bank/second", "secret of bank", 401, "not_authentic"),
        ("/webhooks/bank/third", "secret of bank", 404, "unknown_source"),
        ("/webhooks/bank/web", "secret of bank", 404, "unknown_source"),
        ("/webhooks/bank/bare", "secret of bank", 401, "no_secret"),
        ("/webhooks/bank/off", "secret of off", 401, "switched_off"),
    ],
)
def test_a_webhook_that_cannot_be_trusted_is_refused(
    bank: House, path: str, secret: str, status: int, code: str
) -> None:
    bank.key("web")
    registry.add_source(bank.inbox, "bare", "bank", {}, now())
    registry.add_source(bank.inbox, "off", "bank", {}, now())
    secrets.keep_secret(bank.inbox, "off", "secret of off", now())
    registry.update(bank.inbox, "off", enabled=False)
    answer = deliver(bank, path, secret)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert bank.kept() == []


def test_webhooks_are_not_for_browsers(bank: House) -> None:
    answer = bank.client.options("/webhooks/bank", headers={"origin": "https://shop.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_a_kind_that_stumbles_is_set_aside_and_kept(bank: House) -> None:
    answer = deliver(bank, "/webhooks/bank", "secret of bank", b'{"stumble": 1}')
    assert (answer.status_code, answer.json()["items"][0]["outcome"]) == (200, "quarantined")
    assert len(bank.kept()) == 1


def test_a_fault_of_our_own_is_no_500(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    key = house.key()

    def fault(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(house.doors.recent, "repeated", fault)
    answer = house.send("/v1/track", key, TRACK)
    assert (answer.status_code, answer.json()["code"]) == (503, "fault")
    assert house.kept() == []


def test_readiness_names_what_is_wrong(house: House) -> None:
    assert house.client.get("/healthz").json() == {"status": "ok"}
    assert house.client.get("/readyz").json() == {"status": "ready", "edition": None, "reasons": []}
    house.doors.writer.trouble = "The disk is full."
    answer = house.client.get("/readyz")
    assert (answer.status_code, answer.json()["reasons"]) == (503, ["The disk is full."])


def test_counts_are_told_to_prometheus(house: House) -> None:
    key = house.key()
    house.send("/v1/batch", key, {"batch": [TRACK, BAD, TRACK]})
    house.client.post("/v1/track", json=TRACK)
    answer = house.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in (
        'holdfast_intake_requests_total{door="segment",status="200"} 1.0',
        'holdfast_intake_requests_total{door="segment",status="401"} 1.0',
        'holdfast_intake_items_total{door="segment",outcome="accepted"} 1.0',
        'holdfast_intake_items_total{door="segment",outcome="quarantined"} 1.0',
        'holdfast_intake_items_total{door="segment",outcome="repeated"} 1.0',
        "holdfast_intake_commit_seconds_count 1.0",
        "holdfast_intake_queue 0.0",
        "holdfast_inbox_deliveries 1.0",
        "holdfast_engine_alive 1.0",
    ):
        assert line in answer.text.splitlines()


def test_the_sender_of_posthog_finds_its_own_words_beside_ours(house: House) -> None:
    told = {"api_key": house.key(), "batch": [{"event": "x", "distinct_id": "u", "uuid": "a"}]}
    answer = house.client.post("/batch/", json=told)
    assert answer.status_code == 200
    assert answer.json()["status"] == 1
    assert answer.json()["items"] == [{"id": "a", "outcome": "accepted"}]
