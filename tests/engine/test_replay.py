"""What was set aside is read again, as it came or as somebody corrected it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.errors import BadInput
from data.intake.inbox import Arrival, Inbox
from data.intake.kinds import facts
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine import work
from engine.shelve import Shelf
from engine.work import Order, perform

NOON = datetime(2026, 11, 23, 12)
LATER = NOON + timedelta(hours=1)
BAD = {"event_id": "e1", "account_id": "a1", "occurred_at": "late", "name": "seen"}


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Warehouse]:
    with Warehouse.open(settings) as opened:
        yield opened


def do(settings: Settings, warehouse: Warehouse, kind: str, **arguments: Any) -> dict[str, Any]:
    return perform(Order(kind, arguments, LATER, LATER), settings, warehouse, lambda _: None)


def came(settings: Settings, warehouse: Warehouse, *rows: tuple[str, dict[str, Any]]) -> list[str]:
    """Take facts in; the rows that were set aside."""
    Inbox.open(settings).put([Arrival("app", "facts", NOON, {}, facts.body(rows))])
    work.catch_up(settings, warehouse, lambda _: None)
    return ids(warehouse)


def ids(warehouse: Warehouse) -> list[str]:
    return [
        found
        for (found,) in warehouse.rows("select quarantine_id from quarantine_listing order by row, field")
    ]


def test_a_corrected_row_is_taken_and_leaves_the_quarantine(settings: Settings, warehouse: Warehouse) -> None:
    (bad,) = came(settings, warehouse, ("events", BAD))
    mended = json.dumps(BAD | {"occurred_at": "2026-11-23T11:00:00Z"})
    assert do(settings, warehouse, "replay", ids=[bad], raw=mended) == {"taken": 1, "refused": []}
    assert ids(warehouse) == []
    assert warehouse.rows("select occurred_at from events") == [(datetime(2026, 11, 23, 11),)]


def test_a_row_that_is_still_bad_says_why(settings: Settings, warehouse: Warehouse) -> None:
    (bad,) = came(settings, warehouse, ("events", BAD))
    done = do(settings, warehouse, "replay", ids=[bad], raw=json.dumps(BAD | {"occurred_at": "soon"}))
    assert done["taken"] == 0
    assert [one["reason"] for one in done["refused"]] == [
        "occurred_at 'soon' is not a time such as 2024-05-31T13:45:00Z"
    ]
    ((file, row, value),) = warehouse.rows("select file, row, value from quarantine_listing")
    assert (file, row, value) == ("facts delivery 1", 1, "soon")


def test_rows_are_taken_as_they_came_once_their_kind_can_read_them(
    settings: Settings, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = BAD | {"occurred_at": "2026-11-23T11:00:00Z"}
    with monkeypatch.context() as patched:
        patched.setattr(facts, "item", lambda _: 1 / 0)
        whole = came(settings, warehouse, ("events", good), ("events", good | {"event_id": "e2"}))
    assert len(whole) == 1
    assert do(settings, warehouse, "replay", ids=whole) == {"taken": 1, "refused": []}
    assert warehouse.value("select count(*) from events") == 2


def test_rows_of_files_are_read_again_as_rows_of_their_shape(
    settings: Settings, warehouse: Warehouse, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "accounts.csv").write_text("account_id,created_at,tier\na1,someday,pro\n")
    do(settings, warehouse, "import", folder=str(tmp_path / "in"))
    (bad,) = ids(warehouse)
    mended = json.dumps({"account_id": "a1", "created_at": "2025-01-01", "tier": "pro"})
    assert do(settings, warehouse, "replay", ids=[bad], raw=mended)["taken"] == 1
    assert warehouse.rows(
        "select account_id, attributes, source from accounts join sources using (source_key)"
    ) == [("a1", '{"tier":"pro"}', "files")]


def test_what_is_no_json_object_has_to_be_corrected(settings: Settings, warehouse: Warehouse) -> None:
    (bad,) = came(settings, warehouse, ("events", BAD))
    done = do(settings, warehouse, "replay", ids=[bad], raw="[1]")
    assert "is not a JSON object; correct it to one" in done["refused"][0]["reason"]


def test_several_rows_are_read_again_at_once_but_not_with_one_correction(
    settings: Settings, warehouse: Warehouse
) -> None:
    both = came(settings, warehouse, ("events", BAD), ("events", BAD | {"event_id": "e2"}))
    done = do(settings, warehouse, "replay", ids=both)
    assert (done["taken"], len(done["refused"])) == (0, 2)
    with pytest.raises(BadInput, match="A correction is for one row; 2 were named"):
        do(settings, warehouse, "replay", ids=both, raw="{}")


def test_a_row_that_is_gone_is_refused(settings: Settings, warehouse: Warehouse) -> None:
    for unknown in ("123", "no number"):
        with pytest.raises(BadInput, match="There is no row"):
            do(settings, warehouse, "replay", ids=[unknown])


def test_a_replay_that_was_asked_for_twice_is_done_once(settings: Settings, warehouse: Warehouse) -> None:
    """As when the engine was killed after it put the row into the inbox, and its job is done again."""
    (bad,) = came(settings, warehouse, ("events", BAD))
    mended = json.dumps(BAD | {"occurred_at": "2026-11-23T11:00:00Z"}).encode()
    inbox = Inbox.open(settings)
    inbox.put([Arrival("app", "replay", LATER, {"quarantine_id": bad}, mended)] * 2)
    work.catch_up(settings, warehouse, lambda _: None)
    assert ids(warehouse) == []
    assert warehouse.value("select count(*) from events") == 1


@pytest.mark.parametrize("is_archived", [False, True])
def test_a_row_is_read_again_under_the_path_it_came_to(
    settings: Settings, warehouse: Warehouse, is_archived: bool
) -> None:
    """What came to /v1/track does not say that it is a track; clocks are judged by when it came."""
    told = {"messageId": "m1", "userId": "u1", "event": "seen", "timestamp": "late"}
    told |= {"sentAt": f"{NOON.isoformat()}Z"}
    inbox = Inbox.open(settings)
    inbox.put([Arrival("web", "segment", NOON, {":path": "/v1/track"}, json.dumps(told).encode())])
    work.catch_up(settings, warehouse, lambda _: None)
    if is_archived:
        Shelf(settings, inbox).shelve(1)
    mended = json.dumps(told | {"timestamp": "2026-11-23T11:00:00Z"})
    assert do(settings, warehouse, "replay", ids=ids(warehouse), raw=mended) == {"taken": 1, "refused": []}
    assert warehouse.rows("select occurred_at from events") == [(datetime(2026, 11, 23, 11),)]
