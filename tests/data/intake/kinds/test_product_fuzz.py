"""Whatever the bytes: product kinds answer with items that the warehouse can take."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.intake.delivery import Delivery, Item
from data.intake.gather import gathered
from data.intake.instants import read_instant
from data.intake.kinds import posthog, segment
from data.settings import Settings
from data.shapes import SHAPES
from data.store.warehouse import Warehouse
from data.unify.load import load_rows

NOW = datetime(2026, 3, 1, 12)
KINDS = {"segment": segment, "posthog": posthog}
LINKS = ("person", "group")

SEGMENT = {
    "batch": [
        {
            "type": kind,
            "userId": "u1",
            "anonymousId": "x1",
            "groupId": "g1",
            "previousId": "x2",
            "event": "Exported",
            "name": "Home",
            "messageId": f"m-{kind}",
            "timestamp": "2026-03-01T11:59:58Z",
            "traits": {"email": "a@b.c", "plan": "pro", "createdAt": 1704153600, "address": {"city": "Łódź"}},
            "properties": {"revenue": 19.5, "n": [1, {"deep": True}]},
            "context": {"groupId": "g1", "traits": {"currency": "EUR"}},
        }
        for kind in ("track", "identify", "group", "page", "screen", "alias")
    ],
    "sentAt": "2026-03-01T13:00:00Z",
    "writeKey": "KEY",
}
POSTHOG = {
    "batch": [
        {
            "event": name,
            "distinct_id": "u1",
            "uuid": f"e-{name}",
            "timestamp": "2026-03-01T11:59:58Z",
            "offset": 5,
            "options": {"process_person_profile": True},
            "properties": {
                "alias": "u2",
                "value": 2,
                "$groups": {"company": "g1", "project": 7},
                "$group_type": "company",
                "$group_key": "g1",
                "$group_set": {"name": "Acme"},
                "$set": {"email": "a@b.c", "created_at": "2024-01-02"},
                "$set_once": {"plan": "pro"},
                "$anon_distinct_id": "x1",
                "$device_id": "x1",
            },
        }
        for name in (
            "exported",
            "$pageview",
            "$identify",
            "$create_alias",
            "$groupidentify",
            "$set",
            "$pageleave",
        )
    ],
    "sent_at": "2026-03-01T13:00:00Z",
    "api_key": "KEY",
}
REAL_LOOKING = {"segment": SEGMENT, "posthog": POSTHOG}

ODD_TEXTS = st.sampled_from(
    [
        "",
        " ",
        "null",
        "0",
        "\0",
        "a\0b",
        "\ud800",
        "żółć",
        "x" * 600,
        "9999-12-31T23:59:59Z",
        "1969-12-31",
        "NaN",
    ]
)
NUMBERS = st.integers(-(10**30), 10**30) | st.floats() | st.sampled_from([0, 7, 7.0, 2**53, 2**64, 1e300])
TEXTS = st.text(st.characters(exclude_categories=())) | ODD_TEXTS
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    sorted(
        {*SEGMENT, *SEGMENT["batch"][0], *POSTHOG, *POSTHOG["batch"][0], *POSTHOG["batch"][0]["properties"]}
    )
)
OBJECTS = st.dictionaries(KEYS | TEXTS, VALUES, max_size=8)
PATHS = st.sampled_from((*segment.PATHS, *posthog.PATHS, "", "/", "//[", "/e/?_=x&_=1", "/v1/%ff?%"))


def encoded(value: Any) -> bytes:
    """As clients encode: NaN and half characters as they are."""
    return json.dumps(value).encode()


def delivered(kind: str, body: bytes, path: str) -> list[Item]:
    delivery = Delivery(1, "app", kind, NOW, {":path": path, "posthog-request-timestamp": path}, body)
    items: list[Item] = KINDS[kind].translate(delivery)
    assert items == KINDS[kind].translate(delivery)
    KINDS[kind].credentials({"authorization": path}, body, path)
    json.dumps(posthog.answer(items)).encode()
    return items


def check(items: list[Item]) -> None:
    for item in items:
        assert item.outcome in ("accepted", "quarantined", "ignored")
        assert bool(item.facts) == (item.outcome == "accepted")
        assert item.outcome == "accepted" or item.reason
        for text in (item.item_id, item.reason, item.field, item.value, item.raw):
            is_storable(text)
        for fact in item.facts:
            check_fact(fact.shape, dict(fact.values))


def check_fact(shape: str, values: dict[str, Any]) -> None:
    columns = {column.name: column for column in SHAPES[shape].columns}
    assert {name for name, column in columns.items() if column.required} <= {
        n for n, v in values.items() if v
    }
    assert values.keys() <= columns.keys() or shape == "account_updates"
    for name, value in values.items():
        is_storable(name)
        assert value is None or isinstance(value, str | int | float)
        is_storable(value)
        if value is not None and name in columns and columns[name].kind != "text":
            READS[columns[name].kind](value)
    assert shape != "identities" or values["account_id"] != values["into_id"]


def is_storable(value: Any) -> None:
    if isinstance(value, str):
        assert "\0" not in value
        value.encode()


def is_number(value: Any) -> None:
    assert isinstance(value, int | float)
    assert not isinstance(value, bool)
    assert abs(value) < float("inf")


def is_choice(value: Any) -> None:
    assert value in LINKS


def is_currency(value: Any) -> None:
    assert len(value) == 3


READS: dict[str, Callable[[Any], Any]] = {
    "instant": lambda value: read_instant("", value),
    "json": lambda value: json.loads(value, parse_constant=pytest.fail),
    "number": is_number,
    "choice": is_choice,
    "currency": is_currency,
}


@pytest.mark.parametrize("kind", KINDS)
@given(body=st.binary(), path=PATHS)
def test_any_bytes_are_translated(kind: str, body: bytes, path: str) -> None:
    check(delivered(kind, body, path))


@pytest.mark.parametrize("kind", KINDS)
@given(
    value=VALUES | OBJECTS | st.lists(OBJECTS, max_size=4) | OBJECTS.map(lambda one: {"batch": [one]}),
    path=PATHS,
)
def test_any_json_is_translated(kind: str, value: Any, path: str) -> None:
    check(delivered(kind, encoded(value), path))


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every holder and key within a value."""
    pairs = list(
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [(value, key) for key, _ in pairs] + [place for _, inner in pairs for place in places(inner)]


@st.composite
def mutated(draw: st.DrawFn, kind: str) -> Any:
    """A request as a library sends it, with a few of its values gone or replaced."""
    body = deepcopy(REAL_LOOKING[kind])
    for _ in range(draw(st.integers(1, 6))):
        if not (found := places(body)):
            return body
        holder, key = draw(st.sampled_from(found))
        if draw(st.booleans()) or not isinstance(holder, dict):
            holder[key] = draw(VALUES)
        else:
            del holder[key]
    return body


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_mutated_requests_are_translated(kind: str, data: st.DataObject) -> None:
    items = delivered(kind, encoded(data.draw(mutated(kind))), data.draw(PATHS))
    check(items)


@pytest.mark.parametrize("kind", KINDS)
def test_request_that_the_mutations_start_from_is_accepted(kind: str) -> None:
    items = delivered(kind, encoded(REAL_LOOKING[kind]), "/")
    check(items)
    assert {item.outcome for item in items[:-1]} == {"accepted"}


@st.composite
def deliveries(draw: st.DrawFn) -> list[tuple[Delivery, list[Item]]]:
    found = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=3))):
        body = encoded(draw(mutated(kind)))
        found.append((Delivery(number, "app", kind, NOW, {":path": "/"}, body), delivered(kind, body, "/")))
    return found


def test_warehouse_takes_whatever_is_accepted(settings: Settings) -> None:
    """The checks of the store set nothing aside that was answered with "accepted"."""

    @given(pairs=deliveries())
    def take(pairs: list[tuple[Delivery, list[Item]]]) -> None:
        for found in gathered(pairs):
            with warehouse.transaction():
                load_rows(warehouse, found.source, found.rows, found.bad, now=NOW)
        aside = warehouse.rows("select shape, field, value, reason from quarantine")
        assert [row for row in aside if row[0] not in KINDS] == []

    with Warehouse.open(settings) as warehouse:
        take()
