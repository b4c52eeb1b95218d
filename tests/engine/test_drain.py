"""Deliveries are taken in oldest first, each once, whatever is wrong with some of them."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from data.intake.inbox import Arrival, Inbox
from data.intake.kinds import facts
from data.settings import Settings
from data.store.warehouse import StoreError, Warehouse
from engine import drain as draining
from engine.drain import drain, position_of

NOON = datetime(2026, 11, 23, 12)


def event(number: int, **more: Any) -> tuple[str, dict[str, Any]]:
    told = {
        "event_id": f"e{number}",
        "account_id": "a1",
        "occurred_at": "2026-11-23T11:00:00Z",
        "name": "seen",
    }
    return "events", told | more


def arrival(*rows: tuple[str, dict[str, Any]], source: str = "app", at: datetime = NOON) -> Arrival:
    return Arrival(source, "facts", at, {}, facts.body(rows))


@pytest.fixture
def inbox(settings: Settings) -> Inbox:
    return Inbox.open(settings)


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Warehouse]:
    with Warehouse.open(settings) as opened:
        yield opened


def events(warehouse: Warehouse) -> int:
    return int(warehouse.value("select count(*) from events"))


def set_aside(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.rows("select shape, file, row, field, reason from quarantine_listing order by file, row")


def test_what_waits_is_taken_in_and_the_position_moves(inbox: Inbox, warehouse: Warehouse) -> None:
    inbox.put([arrival(event(1), event(2)), arrival(event(3), source="shop")])
    drained = drain(warehouse, inbox)
    assert (drained.position, drained.deliveries, drained.items, drained.facts) == (2, 2, 3, 3)
    assert events(warehouse) == 3
    assert position_of(warehouse, inbox.epoch) == 2
    assert warehouse.rows("select source from sources order by source_key") == [("app",), ("shop",)]


def test_an_empty_inbox_changes_nothing(inbox: Inbox, warehouse: Warehouse) -> None:
    assert drain(warehouse, inbox).deliveries == 0
    assert warehouse.rows("from positions") == []
    assert warehouse.value("select import_id from last_import") == 0


def test_what_comes_later_is_taken_in_later_and_nothing_twice(inbox: Inbox, warehouse: Warehouse) -> None:
    for number in range(3):
        inbox.put([arrival(event(number))])
        assert drain(warehouse, inbox).facts == 1
    assert drain(warehouse, inbox).deliveries == 0
    assert events(warehouse) == 3


def test_a_batch_is_bounded_by_count_and_by_bytes(inbox: Inbox, warehouse: Warehouse) -> None:
    inbox.put([arrival(event(number)) for number in range(5)])
    assert drain(warehouse, inbox, limit=2).position == 2
    assert drain(warehouse, inbox, limit_bytes=1).position == 3
    assert drain(warehouse, inbox).position == 5


def test_an_unknown_kind_is_set_aside_whole_and_the_rest_goes_on(inbox: Inbox, warehouse: Warehouse) -> None:
    strange = Arrival("app", "telegraph", NOON, {}, b"\xff stop")
    inbox.put([arrival(event(1)), strange, arrival(event(2))])
    drain(warehouse, inbox)
    assert events(warehouse) == 2
    assert set_aside(warehouse) == [
        ("telegraph", "telegraph delivery 2", 1, None, "there is no kind 'telegraph' of delivery")
    ]


def test_a_fault_of_a_kind_is_set_aside_whole_and_the_rest_goes_on(
    inbox: Inbox, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = facts.item

    def stumbling(given: Any) -> Any:
        return read(given) if given["event_id"] != "e2" else 1 / 0

    monkeypatch.setattr(facts, "item", stumbling)
    inbox.put([arrival(event(1)), arrival(event(2), event(3)), arrival(event(4))])
    drain(warehouse, inbox)
    assert events(warehouse) == 2
    ((shape, file, _, _, reason),) = set_aside(warehouse)
    assert (shape, file) == ("facts", "facts delivery 2")
    assert reason == "the kind facts cannot read this delivery (ZeroDivisionError: division by zero)"


def test_a_delivery_that_cannot_be_stored_is_found_and_set_aside_whole(
    inbox: Inbox, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = draining.load_rows

    def stumbling(warehouse: Warehouse, source: str, rows: Any, *given: Any, **more: Any) -> Any:
        if any("e5" in row.frame["event_id"].to_list() for row in rows):
            raise StoreError("a number too far")
        return load(warehouse, source, rows, *given, **more)

    monkeypatch.setattr(draining, "load_rows", stumbling)
    inbox.put([arrival(event(number)) for number in range(1, 9)])
    drain(warehouse, inbox)
    assert events(warehouse) == 7
    ((_, file, _, _, reason),) = set_aside(warehouse)
    assert file == "facts delivery 5"
    assert "a number too far" in reason
    assert position_of(warehouse, inbox.epoch) == 8


def test_a_full_disk_sets_nothing_aside(
    inbox: Inbox, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    inbox.put([arrival(event(1)), arrival(event(2))])
    with monkeypatch.context() as patched:
        patched.setattr(draining, "load_rows", full)
        with pytest.raises(OSError, match="No space"):
            drain(warehouse, inbox)
    assert set_aside(warehouse) == []
    assert drain(warehouse, inbox).facts == 2


def test_an_item_that_is_bad_keeps_its_number_and_what_came(inbox: Inbox, warehouse: Warehouse) -> None:
    inbox.put([arrival(event(1), event(2, occurred_at="late"), ("clouds", {"high": 1}))])
    drained = drain(warehouse, inbox)
    assert (drained.facts, drained.quarantined) == (1, 2)
    bad, strange = set_aside(warehouse)
    assert bad[:4] == ("events", "facts delivery 1", 2, "occurred_at")
    assert bad[4].startswith("occurred_at 'late' is not a time")
    assert strange[:4] == ("facts", "facts delivery 1", 3, "shape")
    raw = warehouse.value("select raw from quarantine where row = 2")
    assert json.loads(raw) == {"shape": "events"} | event(2, occurred_at="late")[1]


def test_what_the_shape_does_not_name_is_kept(inbox: Inbox, warehouse: Warehouse) -> None:
    half = {"words": "half \ud83d", "deep": {"b": [1, None]}, "row": 7, "Seats": 3, "none": None}
    inbox.put([arrival(event(1, value=2.5, **half))])
    drain(warehouse, inbox)
    ((value, properties),) = warehouse.rows("select value, properties from events")
    assert value == 2.5
    kept = json.loads(properties)
    assert kept.pop("words").startswith("half ")
    assert kept == {"deep": {"b": [1, None]}, "row": 7, "Seats": 3}


def test_every_minute_of_arrival_is_counted_by_itself(inbox: Inbox, warehouse: Warehouse) -> None:
    minutes = [NOON, NOON + timedelta(seconds=59), NOON + timedelta(minutes=1)]
    inbox.put([arrival(event(number), at=at) for number, at in enumerate(minutes)])
    drain(warehouse, inbox)
    assert warehouse.rows("select minute, facts from arrivals order by minute") == [
        (NOON, 2),
        (NOON + timedelta(minutes=1), 1),
    ]


def test_a_kill_between_storing_and_forgetting_changes_nothing(
    settings: Settings, inbox: Inbox, warehouse: Warehouse
) -> None:
    """The inbox still has everything, and a new engine begins where the warehouse says."""
    inbox.put([arrival(event(1)), arrival(event(2))])
    drain(warehouse, inbox, limit=1)
    warehouse.close()
    with Warehouse.open(settings) as again:
        assert drain(again, Inbox.open(settings)).deliveries == 1
        assert events(again) == 2
