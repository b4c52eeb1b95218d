"""Rows that are at hand: loaded as files are, in the caller's transaction, with their counts kept."""

import random
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BadInput
from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.aside import Bad, take_from_quarantine
from data.unify.load import load_rows
from data.unify.report import ImportReport
from data.unify.rows import Rows

NOW = datetime(2025, 1, 1, 12, 30, 59)
AT = "2024-01-01T00:00:00Z"


def rows(shape: str, *told: dict[str, Any], file: str = "delivery 1") -> Rows:
    columns = {name: None for one in told for name in one}
    return Rows(shape, pl.DataFrame([columns | one for one in told], infer_schema_length=None), file)


def event(number: object, account: str = "a", at: str = AT, **others: Any) -> dict[str, Any]:
    return {"event_id": f"e{number}", "account_id": account, "occurred_at": at, "name": "x"} | others


def load(
    warehouse: Warehouse, *given: Rows, bad: tuple[Bad, ...] = (), source: str = "web", now: datetime = NOW
) -> ImportReport:
    with warehouse.transaction():
        return load_rows(warehouse, source, given, bad, now=now)


def counts(report: ImportReport) -> dict[str, tuple[int, int, int, int, int]]:
    """shape → read, added, repeated, waiting, quarantined."""
    return {c.shape: (c.read, c.added, c.repeated, c.waiting, c.quarantined) for c in report.counts}


def test_rows_are_loaded_and_counted(desk) -> None:
    report = load(desk.warehouse, rows("events", event(1), event(2), event(1), event(3, at="never")))
    assert counts(report) == {"events": (4, 2, 1, 2, 1)}
    assert desk.set_aside() == [
        (4, "occurred_at", "never", "occurred_at 'never' is not a time such as 2024-05-31T13:45:00Z")
    ]
    assert desk.rows("select file, shape, quarantined_at from quarantine_listing") == [
        ("delivery 1", "events", NOW)
    ]
    assert counts(load(desk.warehouse, rows("events", event(1), event(2)))) == {"events": (2, 0, 2, 0, 0)}


def test_loads_of_rows_and_of_files_are_numbered_together(desk) -> None:
    first = load(desk.warehouse, rows("events", event(1)))
    desk.put("accounts.csv", "account_id,created_at\na,2024-01-01\n")
    second = desk.load()
    third = load(desk.warehouse, rows("events", event(2)))
    assert [first.import_id, second.import_id, third.import_id] == [1, 2, 3]
    assert desk.column("select import_id from imports") == [2]
    assert desk.column("select import_id from events order by all") == [1, 3]


def test_rows_and_files_say_the_same_fact_once(desk) -> None:
    desk.take("events.csv", f"event_id,account_id,occurred_at,name\ne1,a,{AT},x\n", source="web")
    assert counts(load(desk.warehouse, rows("events", event(1)))) == {"events": (1, 0, 1, 0, 0)}
    load(desk.warehouse, rows("events", event(2)))
    assert desk.take("events.csv", f"event_id,account_id,occurred_at,name\ne2,a,{AT},x\n", source="web") == (
        1,
        0,
        1,
        0,
        0,
    )


def test_a_repeat_at_another_time_is_a_repeat(desk) -> None:
    load(desk.warehouse, rows("events", event(1)))
    again = load(desk.warehouse, rows("events", event(1, at="2025-01-01T00:00:00Z")))
    assert counts(again) == {"events": (1, 0, 1, 0, 0)}
    assert desk.column("select occurred_at from events") == [datetime(2024, 1, 1)]


def test_what_was_rolled_back_was_never_said(desk) -> None:
    def fail() -> None:
        with desk.warehouse.transaction():
            load_rows(desk.warehouse, "web", [rows("events", event(1, account="b"))], now=NOW)
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail()
    report = load(desk.warehouse, rows("events", event(1)))
    assert (report.import_id, counts(report)) == (1, {"events": (1, 1, 0, 1, 0)})
    assert desk.rows("from account_keys") == [(1, "a")]


def test_two_loads_share_a_transaction(desk) -> None:
    with desk.warehouse.transaction():
        load_rows(desk.warehouse, "web", [rows("events", event(1))], now=NOW)
        report = load_rows(desk.warehouse, "web", [rows("events", event(1), event(2))], now=NOW)
    assert counts(report) == {"events": (2, 1, 1, 1, 0)}


def test_what_is_known_survives_closing(settings: Settings) -> None:
    for repeated in (0, 1):
        with Warehouse.open(settings) as warehouse:
            report = load(warehouse, rows("events", event(1)))
            assert counts(report)["events"][2] == repeated


def test_shapes_are_loaded_in_their_order_whatever_the_order_given(desk) -> None:
    report = load(
        desk.warehouse,
        rows("events", event(1)),
        rows("accounts", {"account_id": "a", "created_at": AT}),
    )
    assert counts(report) == {"accounts": (1, 1, 0, 0, 0), "events": (1, 1, 0, 0, 0)}


def test_frames_of_one_shape_may_differ_in_their_columns(desk) -> None:
    load(
        desk.warehouse,
        rows("events", event(1, page="/a"), file="one"),
        rows("events", event(2, value=2.5, at="nope"), event(3, value=1), file="two"),
    )
    assert desk.rows("select value, properties from events order by value nulls first") == [
        (None, '{"page":"/a"}'), (1.0, None)
    ]  # fmt: skip
    assert desk.rows("select file, row from quarantine_listing") == [("two", 1)]


def test_a_frame_may_say_where_each_row_came_from(desk) -> None:
    told = [
        event(n, at="never") | {"row": n + 10, "file": f"delivery {n}", "raw": f"raw {n}"} for n in (1, 2)
    ]
    load(desk.warehouse, rows("events", *told))
    assert desk.rows("select file, row, raw from quarantine_listing order by row") == [
        ("delivery 1", 11, "raw 1"), ("delivery 2", 12, "raw 2")
    ]  # fmt: skip


def test_extras_may_come_as_one_object(desk) -> None:
    update = {"account_id": "a", "updated_at": AT, "extras": '{"b":1,"c":null}', "seats": 5}
    load(desk.warehouse, rows("account_updates", update))
    assert desk.rows("select attributes from account_updates") == [('{"b":1,"seats":5}',)]


def test_typed_columns_are_taken(desk) -> None:
    typed = pl.DataFrame(
        {
            "event_id": [1],
            "account_id": [7],
            "occurred_at": [datetime(2024, 1, 1)],
            "name": ["x"],
            "value": [2],
        }
    )
    load(desk.warehouse, Rows("events", typed, "sql"))
    assert desk.rows("select occurred_at, value from events") == [(datetime(2024, 1, 1), 2.0)]


def test_an_unknown_shape_or_a_missing_column_is_refused(desk) -> None:
    with pytest.raises(BadInput, match="There is no shape 'things'; the shapes are fx_rates"):
        load(desk.warehouse, rows("things", {"a": "b"}))
    with pytest.raises(BadInput, match="delivery 1 lacks the column account_id of events"):
        load(desk.warehouse, rows("events", {"name": "x", "occurred_at": AT}))


def test_what_could_not_be_read_is_kept_with_its_reason(desk) -> None:
    bad = Bad("events", "delivery 9", 3, "timestamp", "???", "it is not a time", '{"a":1}')
    assert counts(load(desk.warehouse, bad=(bad, bad))) == {"events": (2, 0, 0, 0, 2)}
    assert desk.rows("select file, row, field, value, reason, raw from quarantine_listing") == [
        ("delivery 9", 3, "timestamp", "???", "it is not a time", '{"a":1}')
    ]
    load(desk.warehouse, bad=(bad,))
    assert desk.column("select count(*) from quarantine") == [1]


def test_a_row_is_taken_out_of_the_quarantine_once(desk) -> None:
    load(desk.warehouse, bad=(Bad("events", "delivery 9", 3, None, None, "broken", "{"),))
    quarantine_id = desk.column("select quarantine_id from quarantine_listing")[0]
    for asked in (quarantine_id + "1", "x", ""):
        assert take_from_quarantine(desk.warehouse, asked) is None
    taken = take_from_quarantine(desk.warehouse, quarantine_id)
    assert taken
    assert (taken.source, taken.shape, taken.row, taken.raw) == ("web", "events", 3, "{")
    assert take_from_quarantine(desk.warehouse, quarantine_id) is None
    assert desk.rows("from quarantine") == []


def test_sources_are_counted_by_shape(desk) -> None:
    load(desk.warehouse, rows("events", event(1), event(2, at="2024-03-01T00:00:00Z")), source="web")
    load(desk.warehouse, rows("events", event(1), event(3)), source="web", now=NOW + timedelta(minutes=2))
    load(desk.warehouse, rows("events", event(1)), source="app")
    asked = (
        "select source, shape, facts, last_fact_at, last_arrival_at, read, added, repeated "
        "from source_counts join sources using (source_key) order by source"
    )
    assert desk.rows(asked) == [
        ("app", "events", 1, datetime(2024, 1, 1), NOW, 1, 1, 0),
        ("web", "events", 3, datetime(2024, 3, 1), NOW + timedelta(minutes=2), 4, 3, 1),
    ]
    assert desk.rows("select source_key, minute, facts from arrivals order by all") == [
        (1, datetime(2025, 1, 1, 12, 30), 2),
        (1, datetime(2025, 1, 1, 12, 32), 1),
        (2, datetime(2025, 1, 1, 12, 30), 1),
    ]


def test_spans_are_counted_as_what_they_came_as_and_rest_as(desk) -> None:
    span = {"subscription_id": "s", "account_id": "a", "started_at": AT, "ended_at": "2024-02-01", "mrr": "5"}
    report = load(desk.warehouse, rows("subscriptions", span))
    assert counts(report) == {"subscriptions": (1, 1, 0, 1, 0)}
    assert desk.rows("select shape, facts, read, added from source_counts order by shape") == [
        ("subscription_changes", 2, 0, 0), ("subscriptions", 0, 1, 1)
    ]  # fmt: skip
    assert desk.rows("from waiting_counts") == [("web", "subscription_changes", 2)]


def test_a_sighting_makes_an_account_known_and_is_no_fact(desk) -> None:
    load(desk.warehouse, rows("events", event(1)))
    sighting = {"account_id": "a", "updated_at": "2024-05-01T00:00:00Z"}
    assert counts(load(desk.warehouse, rows("account_updates", sighting))) == {
        "account_updates": (0, 0, 0, 0, 0)
    }
    assert desk.rows("from account_updates") == []
    assert desk.rows("from waiting_counts") == []
    assert counts(load(desk.warehouse, rows("events", event(2)))) == {"events": (1, 1, 0, 0, 0)}


def test_the_earliest_sighting_counts(desk) -> None:
    def seen(month: int, **more: Any) -> dict[str, Any]:
        return {"account_id": "a", "updated_at": f"2024-{month:02}-01T00:00:00Z"} | more

    load(desk.warehouse, rows("account_updates", seen(5), seen(6)))
    load(desk.warehouse, rows("account_updates", seen(7)))
    assert desk.rows("from first_seen") == [(1, 1, datetime(2024, 5, 1))]
    load(desk.warehouse, rows("account_updates", seen(3, name="A")))
    assert desk.rows("from first_seen") == [(1, 3, datetime(2024, 3, 1))]
    assert desk.column("select name from account_updates") == ["A"]


def test_white_space_around_an_account_id_says_nothing(desk) -> None:
    load(
        desk.warehouse,
        rows("accounts", {"account_id": "7", "created_at": AT}),
        rows("events", event(1, account=" 7 "), event(2, account="7\t"), event(3, account=" \n")),
    )
    assert desk.rows("from account_keys") == [(1, "7")]
    assert [reason for *_, reason in desk.set_aside()] == ["account_id is missing"]
    assert desk.take("events.csv", f"event_id,account_id,occurred_at,name\ne9,7 ,{AT},x\n") == (1, 1, 0, 0, 0)


HOSTILE = (
    "\x00", "a\x00b", "\ud800", "💥" * 10, "x" * 100_000, "NaN", "Infinity", "-Infinity", "1e400",
    "9" * 400, "1e-400", "-0", "9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
    "0000-00-00T00:00:00Z", "2024-02-30T00:00:00Z", "2024-01-01T25:00:00Z", "infinity", "epoch",
    "'; drop table events; --", "{}", "[", '"', '{"a":"\\ud800"}', "\\", "%s", "{0}", "\u202e",
    "null", "true",
)  # fmt: skip


@pytest.mark.parametrize(
    "shape", ["events", "account_updates", "subscription_changes", "invoices", "identities"]
)
def test_hostile_values_are_loaded_or_set_aside(desk, shape: str) -> None:
    from data.intake.delivery import Delivery, Fact, Item
    from data.intake.gather import gathered
    from data.shapes import SHAPES

    facts = []
    for column in (*SHAPES[shape].names, "$extra"):
        sane = {"account_id": "a", "into_id": "b", "linked_at": AT, "kind": "person", "occurred_at": AT,
                "name": "x", "updated_at": AT, "effective_at": AT, "mrr": "1", "subscription_id": "s",
                "invoice_id": "i", "issued_at": AT, "due_at": AT, "amount": "1"}  # fmt: skip
        sane = {name: value for name, value in sane.items() if name in SHAPES[shape].names}
        hostile: tuple[Any, ...] = (
            *HOSTILE,
            float("nan"),
            float("inf"),
            10**400,
            -1,
            True,
            None,
            [1],
            {"a": 1},
        )
        facts += [Fact(shape, sane | {column: value}) for value in hostile]
    items = [Item("accepted", (fact,), raw=repr(fact)) for fact in facts]
    (source,) = gathered([(Delivery(1, "web", "segment", NOW, {}, b""), items)])
    report = load(desk.warehouse, *source.rows, bad=tuple(source.bad))
    count = next(c for c in report.counts if c.shape == shape)
    assert count.read == count.added + count.repeated + count.quarantined
    assert count.quarantined > 10
    assert count.added > 10
    desk.rows("from quarantine_listing")


PIECES = st.lists(
    st.tuples(
        st.sampled_from(["accounts", "events", "updates", "changes", "bad", "payments"]), st.integers(0, 12)
    ),
    min_size=1,
    max_size=40,
)


def _piece(kind: str, number: int) -> Rows | Bad:
    """A row that its number alone decides."""
    account, at = f"a{number % 5}", f"2024-03-{1 + number:02}T00:00:00Z"
    match kind:
        case "accounts":
            return rows(
                "accounts", {"account_id": account, "created_at": "2024-01-01", "name": f"N{number % 5}"}
            )
        case "events":
            return rows("events", event(number, account, at if number % 4 else "broken"))
        case "updates":
            more = {} if number % 3 else {"plan": f"p{number}"}
            return rows("account_updates", {"account_id": f"b{number % 4}", "updated_at": at} | more)
        case "changes":
            told = {"subscription_id": f"s{number}", "account_id": account, "effective_at": at, "mrr": "5"}
            return rows("subscription_changes", told)
        case "payments":
            told = {"payment_id": f"p{number}", "invoice_id": "i", "account_id": f"b{number}"}
            more = {"attempted_at": at, "amount": "5", "outcome": "failed"}
            return rows("payments", told | more)
    return Bad("events", "delivery", number, None, None, "broken", str(number))


STORED = (
    "select fact_id, account_id, name from accounts order by all",
    "select e.fact_id, k.account_id, occurred_at, day, n.name from events e "
    "join account_keys k using (account_key) join event_names n using (name_key) order by all",
    "select fact_id, subscription_id, effective_at, mrr from subscription_changes order by all",
    "select fact_id, payment_id, account_id from payments join account_keys using (account_key) order by all",
    "select fact_id, plan from account_updates order by all",
    "select account_id, first_at from first_seen join account_keys using (account_key) order by all",
    "select quarantine_id, shape, reason, raw from quarantine order by all",
    "from waiting_counts order by all",
    "select shape, facts, last_fact_at, added from source_counts where added > 0 order by all",
    "select sum(facts) from arrivals",
)


def _stored(batches: list[list[Rows | Bad]]) -> list[list[tuple[Any, ...]]]:
    with tempfile.TemporaryDirectory() as home, Warehouse.open(Settings(home=Path(home))) as warehouse:
        for batch in batches:
            good = [piece for piece in batch if isinstance(piece, Rows)]
            load(warehouse, *good, bad=tuple(piece for piece in batch if isinstance(piece, Bad)))
        return [warehouse.rows(sql) for sql in STORED]


@settings(max_examples=6)
@given(told=PIECES, seed=st.integers(0, 2**16), size=st.integers(1, 9))
def test_any_batching_order_and_repetition_stores_the_same(told, seed: int, size: int) -> None:
    pieces = [_piece(*one) for one in told]
    shuffled = pieces + pieces[::3]
    random.Random(seed).shuffle(shuffled)
    batches = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    assert _stored([pieces]) == _stored(batches)
