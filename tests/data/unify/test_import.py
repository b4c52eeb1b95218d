"""What an import does to the store: once each, in order, waiting, all or nothing."""

import math
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BadInput
from data.settings import ROOT, Settings
from data.store.warehouse import Warehouse
from data.unify.load import import_folder

NOW = datetime(2025, 1, 1)
ACCOUNTS = "account_id,created_at,name\n"
EVENTS = "event_id,account_id,occurred_at,name\n"
CHANGES = "subscription_id,account_id,effective_at,mrr,plan,status\n"
SPANS = "subscription_id,account_id,started_at,ended_at,mrr,status\n"


def test_first_fact_of_an_id_wins(desk) -> None:
    first = ACCOUNTS + "a,2024-01-01,First\na,2024-02-01,Second\nb,2024-01-01,Other\n"
    assert desk.take("accounts.csv", first) == (3, 2, 1, 0, 0)
    assert desk.take("accounts.csv", ACCOUNTS + "a,2024-03-01,Third\n") == (1, 0, 1, 0, 0)
    assert desk.rows("select account_id, name from accounts order by seq") == [("a", "First"), ("b", "Other")]


def test_a_repeated_import_changes_nothing_but_its_count(desk) -> None:
    text = EVENTS + "e1,a,2024-01-01,x\ne2,a,bogus,x\n,a,2024-01-01,x\n,a,2024-01-01,x\n"
    assert desk.take("events.csv", text) == (4, 2, 1, 2, 1)
    kept = desk.rows("from events order by all") + desk.rows("select * from quarantine_listing")
    assert desk.take("events.csv", text) == (4, 0, 3, 0, 1)
    assert desk.rows("from events order by all") + desk.rows("select * from quarantine_listing") == kept
    assert desk.column("select count(*) from imports") == [2]


def test_the_same_id_from_another_source_is_another_fact(desk) -> None:
    text = EVENTS + "e1,a,2024-01-01,x\n"
    assert desk.take("events.csv", text, source="one") == (1, 1, 0, 1, 0)
    assert desk.take("events.csv", text, source="two") == (1, 1, 0, 1, 0)


def test_events_without_an_id_differ_by_what_they_say(desk) -> None:
    text = "account_id,occurred_at,name,value,page\n"
    text += "a,2024-01-01,x,1,p\na,2024-01-01,x,1.0,p\na,2024-01-01,x,1,q\n"
    assert desk.take("events.csv", text) == (3, 2, 1, 2, 0)


def test_facts_wait_for_their_account(desk) -> None:
    assert desk.take("events.csv", EVENTS + "e1,a,2024-01-01,x\n") == (1, 1, 0, 1, 0)
    assert desk.rows("from waiting_counts") == [("files", "events", 1)]
    desk.put("accounts.csv", ACCOUNTS + "a,2024-01-01,A\n")
    desk.put("events.csv", EVENTS + "e2,a,2024-01-01,x\n")
    assert [count.waiting for count in desk.load().counts] == [0, 0]
    assert desk.rows("from waiting_counts") == []


def test_rates_have_one_a_day_and_currency(desk) -> None:
    text = "date,currency,rate\n2024-01-01,eur,1.1\n2024-01-01,EUR,1.2\n2024-01-02,EUR,0\n"
    assert desk.take("fx_rates.csv", text) == (3, 1, 1, 0, 1)
    assert desk.rows("select date, currency, rate from fx_rates") == [
        (date(2024, 1, 1), "EUR", Decimal("1.1"))
    ]


def test_later_row_of_the_file_comes_later(desk) -> None:
    desk.take("subscription_changes.csv", CHANGES + "s,a,2024-01-01,5,,\ns,a,2024-01-01,7,,paused\n")
    desk.take("subscription_changes.csv", CHANGES + "s,a,2024-01-01,9,,\n")
    assert desk.rows("select mrr, status from subscription_changes order by seq") == [
        (Decimal(5), "active"), (Decimal(7), "paused"), (Decimal(9), "active")
    ]  # fmt: skip


def test_spans_become_changes(desk) -> None:
    text = (
        SPANS + "ended,a,2024-01-01,2024-03-01,10,canceled\n"
        "open,a,2024-01-01,,20,trialing\n"
        "instant,a,2024-01-01,2024-01-01,30,\n"
        "backward,a,2024-01-02,2024-01-01,40,\n"
        "dead,a,2024-01-01,,50,canceled\n"
    )
    assert desk.take("subscriptions.csv", text) == (5, 4, 0, 4, 1)
    stored = (
        "select subscription_id, effective_at, mrr, status, ends_span from subscription_changes order by seq"
    )
    january, march = datetime(2024, 1, 1), datetime(2024, 3, 1)
    assert desk.rows(stored) == [
        ("ended", january, Decimal(10), "active", False),
        ("ended", march, Decimal(10), "canceled", True),
        ("open", january, Decimal(20), "trialing", False),
        ("instant", january, Decimal(30), "canceled", True),
        ("dead", january, Decimal(50), "canceled", False),
    ]
    assert desk.set_aside() == [(5, "ended_at", "2024-01-01", "ended_at '2024-01-01' is before started_at")]
    assert desk.take("subscriptions.csv", text) == (5, 0, 4, 0, 1)


def test_a_span_that_ends_later_adds_only_its_end(desk) -> None:
    desk.take("subscriptions.csv", SPANS + "s,a,2024-01-01,,10,active\n")
    assert desk.take("subscriptions.csv", SPANS + "s,a,2024-01-01,2024-05-01,10,canceled\n") == (
        1,
        1,
        0,
        1,
        0,
    )
    assert desk.column("select status from subscription_changes order by seq") == ["active", "canceled"]


def test_a_currency_without_a_rate_is_set_aside_until_one_comes(desk) -> None:
    head = "subscription_id,account_id,effective_at,mrr,currency\n"
    text = head + "s1,a,2024-01-02,5,EUR\ns2,a,2024-01-02,5,usd\ns3,a,2024-01-02,5,\ns4,a,2024-01-01,5,EUR\n"
    desk.put("fx_rates.csv", "date,currency,rate\n2024-01-02,EUR,1.1\n")
    assert desk.take("subscription_changes.csv", text) == (4, 3, 0, 4, 1)
    reason = "currency 'EUR' has no rate in fx_rates on or before the day of the fact"
    assert desk.set_aside() == [(5, "currency", "EUR", reason)]
    desk.put("fx_rates.csv", "date,currency,rate\n2024-01-01,EUR,1.1\n")
    assert desk.take("subscription_changes.csv", text) == (4, 0, 4, 0, 0)
    assert desk.set_aside() == []


def test_the_day_of_an_event_is_the_company_s(open_desk) -> None:
    desk = open_desk(timezone="America/New_York")
    desk.take("events.csv", EVENTS + "e1,a,2024-07-01T03:59:59Z,x\ne2,a,2024-07-01T04:00:00Z,x\n")
    assert desk.column("select day from events order by occurred_at") == [date(2024, 6, 30), date(2024, 7, 1)]


def test_a_source_s_zone_comes_from_the_settings(open_desk) -> None:
    desk = open_desk(sources={"shop": {"zone": "Asia/Tokyo"}})
    desk.take("accounts.csv", ACCOUNTS + "a,2024-01-01 09:00:00,A\n", source="shop")
    assert desk.column("select created_at from accounts") == [datetime(2024, 1, 1)]
    with pytest.raises(BadInput, match="'Mars/Olympus' is not an IANA time zone"):
        desk.load(zone="Mars/Olympus")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("events.csv", EVENTS + "e1,a,2024-01-01,x\ne2,a,bogus,x\n",
         "events.csv, row 3: occurred_at 'bogus' is not a time such as 2024-05-31T13:45:00Z; "
         "nothing was loaded."),
        ("events.csv", EVENTS + "e1,a\n",
         "events.csv, row 2: the row has too few fields: 2 instead of 4; nothing was loaded."),
        ("invoices.csv", "invoice_id,account_id,issued_at,due_at,amount,currency\n"
         "i,a,2024-01-01,2024-01-01,5,EUR\n",
         "invoices.csv, row 2: currency 'EUR' has no rate; nothing was loaded."),
    ],
)  # fmt: skip
def test_strict_loads_nothing_and_names_the_first_bad_row(desk, name: str, text: str, sentence: str) -> None:
    desk.put("accounts.csv", ACCOUNTS + "a,2024-01-01,A\n")
    desk.put(name, text)
    with pytest.raises(BadInput) as refused:
        desk.load(strict=True)
    assert str(refused.value) == sentence
    for table in ("accounts", "events", "invoices", "imports", "quarantine"):
        assert desk.column(f"select count(*) from {table}") == [0]
    assert [path.name for path in desk.warehouse.scratch.glob("import-*")] == []


def test_stretches_do_not_change_the_outcome(open_desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"e{n % 40},a{n % 7},2024-01-{1 + n % 28:02},n{n % 3}\n" for n in range(100)] + ["e,a,bogus,x\n"]
    whole, pieces = open_desk(), open_desk()
    assert whole.take("events.csv", EVENTS + "".join(rows)) == (101, 40, 60, 40, 1)
    monkeypatch.setattr("data.unify.merge.STRETCH", 7)
    assert pieces.take("events.csv", EVENTS + "".join(rows)) == (101, 40, 60, 40, 1)
    assert whole.rows("from events order by fact_id") == pieces.rows("from events order by fact_id")
    assert whole.set_aside() == pieces.set_aside()


def test_progress_is_told(desk) -> None:
    told: list[tuple[str, int]] = []
    desk.take(
        "accounts.csv", ACCOUNTS + "a,2024-01-01,A\n", progress=lambda shape, rows: told.append((shape, rows))
    )
    assert told == [("accounts", 1)]


FACTS = st.lists(
    st.tuples(
        st.sampled_from(["accounts", "events", "named_events", "subscription_changes"]),
        st.integers(0, 30),
        st.integers(1, 28),
    ),
    min_size=1,
    max_size=25,
)


def _line(kind: str, number: int, day: int) -> tuple[str, str, str]:
    """File, header and row of a fact that its number alone decides, so that no two differ by order only."""
    at = f"2024-03-{1 + number % 28:02}T0{number % 10}:00:00Z"
    return {
        "accounts": ("accounts.csv", ACCOUNTS, f"a{number},{at},N{number}\n"),
        "events": ("events.csv", EVENTS, f",a{number},2024-03-{day:02},x\n"),
        "named_events": ("events.csv", EVENTS, f"e{number},a{number},{at},y\n"),
        "subscription_changes": (
            "subscription_changes.csv",
            CHANGES,
            f"s{number},a{number},2024-03-{day:02},{day},,\n",
        ),
    }[kind]


STORED = (
    "select fact_id, account_id, created_at, name from accounts order by all",
    "select e.fact_id, k.account_id, occurred_at, day, n.name from events e "
    "join account_keys k using (account_key) join event_names n using (name_key) order by all",
    "select fact_id, subscription_id, effective_at, mrr, status from subscription_changes order by all",
)


def _import_all(home: Path, folders: list[list[tuple[str, int, int]]]) -> list[list[tuple[object, ...]]]:
    with Warehouse.open(Settings(home=home, timezone="Europe/Warsaw")) as warehouse:
        for place, facts in enumerate(folders):
            folder = home / f"in_{place}"
            folder.mkdir()
            for fact in facts:
                file, header, row = _line(*fact)
                path = folder / file
                path.write_text((path.read_text() if path.exists() else header) + row)
            import_folder(warehouse, folder, now=NOW)
        return [warehouse.rows(sql) for sql in STORED]


@settings(max_examples=8)
@given(facts=FACTS, seed=st.integers(0, 2**16), pieces=st.integers(1, 3))
def test_order_splitting_and_repetition_store_the_same_facts(facts, seed: int, pieces: int) -> None:
    shuffled = facts + facts[: len(facts) // 2]
    random.Random(seed).shuffle(shuffled)
    size = math.ceil(len(shuffled) / pieces)
    folders = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        assert _import_all(Path(one), [facts]) == _import_all(Path(other), folders)


_IMPORTER = """
import sys
from datetime import datetime
from pathlib import Path
from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify import merge
from data.unify.load import import_folder

merge.STRETCH = 5_000
with Warehouse.open(Settings(home=Path(sys.argv[1]))) as warehouse:
    print("open", flush=True)
    import_folder(warehouse, Path(sys.argv[2]), now=datetime(2025, 1, 1))
    print("done", flush=True)
"""


def test_a_kill_at_any_moment_leaves_all_or_nothing(tmp_path: Path) -> None:
    folder, total = tmp_path / "in", 60_000
    folder.mkdir()
    rows = "".join(f"e{n},a{n % 500},2024-01-{1 + n % 28:02},n{n % 9}\n" for n in range(total))
    (folder / "events.csv").write_text(EVENTS + rows)
    (folder / "accounts.csv").write_text(ACCOUNTS + "".join(f"a{n},2024-01-01,N\n" for n in range(500)))
    whole = _run_importer(tmp_path / "whole", folder, None)
    pauses = random.Random(7)
    for attempt in range(6):
        home = tmp_path / f"home_{attempt}"
        _run_importer(home, folder, pauses.uniform(0, whole * 1.1))
        with Warehouse.open(Settings(home=home)) as warehouse:
            tables = ("events", "accounts", "imports")
            counts = [warehouse.value(f"select count(*) from {table}") for table in tables]
            assert counts in ([0, 0, 0], [total, 500, 1])
            assert list((home / "tmp").glob("import-*")) == []


def _run_importer(home: Path, folder: Path, kill_after: float | None) -> float:
    """Run an import in a process of its own; how long it took from opening to its end."""
    command = [sys.executable, "-c", _IMPORTER, str(home), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        began = time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=120)
        return time.monotonic() - began


def test_stored_columns_of_a_shape_are_all_filled(open_desk: Callable[..., object]) -> None:
    """Every shape, with every column, through the whole way."""
    desk = open_desk()
    samples = {
        "accounts": "account_id,created_at,name,email,plan,region,channel,currency,owner\n"
        "a,2024-01-01,n,e,p,r,c,usd,o\n",
        "invoices": "invoice_id,account_id,issued_at,due_at,amount,currency,subscription_id,paid_at,"
        "voided_at,"
        "disputed_at,refunded_amount\ni,a,2024-01-01,2024-01-02,5,USD,s,2024-01-03,2024-01-04,2024-01-05,1\n",
        "invoice_lines": "line_id,invoice_id,kind,amount,category,description,period_start,period_end\n"
        "l,i,tax,1.5,c,d,2024-01-01,2024-02-01\n",
        "payments": "payment_id,invoice_id,account_id,attempted_at,amount,outcome,decline_code,initiated_by\n"
        "p,i,a,2024-01-01,5,failed,card,schedule\n",
        "messages": "message_id,account_id,sent_at,channel,campaign,variant,delivered_at,opened_at,"
        "clicked_at,"
        "converted_at,unsubscribed_at\nm,a,2024-01-01,email,c,v,2024-01-01,2024-01-01,2024-01-01,2024-01-01,2024-01-01\n",
        "tickets": "ticket_id,account_id,opened_at,closed_at,priority,satisfaction,subject\n"
        "t,a,2024-01-01,2024-01-02,high,4.5,s\n",
        "plan_limits": "plan,meter,monthly_limit\npro,seats,10\n",
        "redemptions": "redemption_id,account_id,redeemed_at,points,reward\nr,a,2024-01-01,5,mug\n",
    }  # fmt: skip
    for shape, text in samples.items():
        assert desk.take(f"{shape}.csv", text) == (1, 1, 0, 0, 0)
        (row,) = desk.rows(
            f"select * exclude ({'attributes' if shape == 'accounts' else 'properties'}) from {shape}"
        )
        assert None not in row
