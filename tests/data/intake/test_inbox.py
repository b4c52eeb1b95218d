"""The durable inbox."""

import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from data.errors import GiveUp, TryAgain
from data.intake import inbox as inboxes
from data.intake import registry
from data.intake.inbox import Arrival, Backlog, Inbox
from data.settings import ROOT, Settings

NOON = datetime(2025, 3, 1, 12, 0, 0, 123456)
EVERYTHING = {"limit_bytes": 10**9, "limit": 10**6}
WRITER = """
import sys
from datetime import datetime
from data.intake.inbox import Arrival, Inbox
from data.settings import Settings
home, source = sys.argv[1:]
inbox = Inbox.open(Settings(home=home))
for number in range(100):
    inbox.put([Arrival(source, "facts", datetime(2025, 3, 1), {}, str(number).encode())])
"""


def arrival(body: bytes = b"{}", *, source: str = "web", at: datetime = NOON) -> Arrival:
    return Arrival(source, "segment", at, {":path": "/v1/track"}, body)


@pytest.fixture
def inbox(settings: Settings) -> Inbox:
    return Inbox.open(settings)


def test_what_was_put_comes_back_as_it_was(inbox: Inbox) -> None:
    ids = inbox.put([arrival(b"\x00\xffraw"), arrival(b"")])
    first, second = inbox.after(0, **EVERYTHING)
    assert [first.delivery_id, second.delivery_id] == ids
    assert (first.source, first.kind, first.received_at) == ("web", "segment", NOON)
    assert (first.headers, first.body, second.body) == ({":path": "/v1/track"}, b"\x00\xffraw", b"")


def test_ids_rise_and_are_never_used_again(inbox: Inbox) -> None:
    first = inbox.put([arrival(), arrival()])
    inbox.remove(first[0], first[-1])
    assert inbox.put([arrival()]) == [first[-1] + 1]


def test_reading_stops_at_the_limits_but_always_gives_the_first(inbox: Inbox) -> None:
    ids = inbox.put([arrival(b"x" * 1000) for _ in range(5)])
    assert [one.delivery_id for one in inbox.after(0, limit_bytes=0, limit=9)] == ids[:1]
    assert [one.delivery_id for one in inbox.after(ids[0], limit_bytes=2000, limit=9)] == ids[1:4]
    assert [one.delivery_id for one in inbox.after(ids[0], limit_bytes=9999, limit=2)] == ids[1:3]
    assert inbox.after(ids[-1], **EVERYTHING) == []


def test_the_backlog_is_what_lies_after_the_position(inbox: Inbox) -> None:
    assert inbox.backlog(0) == Backlog()
    ids = inbox.put([arrival(b"x" * size, at=NOON + timedelta(seconds=size)) for size in (10, 20, 40)])
    assert inbox.backlog(0) == Backlog(3, 70, NOON + timedelta(seconds=10))
    assert inbox.backlog(ids[0]) == Backlog(2, 60, NOON + timedelta(seconds=20))
    inbox.remove(ids[0], ids[1])
    inbox.put([arrival(b"x" * 5)])
    assert inbox.backlog(ids[1]) == Backlog(2, 45, NOON + timedelta(seconds=40))


def test_removing_takes_many_slices_and_leaves_the_rest(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inboxes, "SLICE", 3)
    ids = inbox.put([arrival() for _ in range(20)])
    inbox.remove(ids[0], ids[16])
    assert [one.delivery_id for one in inbox.after(0, **EVERYTHING)] == ids[17:]


def test_what_a_source_gave_and_its_cursor_go_together(inbox: Inbox) -> None:
    registry.add_source(inbox, "shop", "sql", {}, NOON)
    inbox.put_pulled("shop", [arrival(source="shop")], "41")
    assert registry.cursor_of(inbox, "shop") == "41"
    registry.remove(inbox, "shop")
    with pytest.raises(GiveUp, match="no source 'shop' any more"):
        inbox.put_pulled("shop", [arrival(source="shop")], "42")
    assert inbox.backlog(0).count == 1


def test_several_processes_may_open_and_write_at_once(settings: Settings) -> None:
    line = [sys.executable, "-c", WRITER, str(settings.home)]
    writers = [subprocess.Popen([*line, name], cwd=ROOT, stderr=subprocess.PIPE, text=True) for name in "abc"]
    assert [writer.communicate(timeout=60)[1] for writer in writers] == [""] * 3
    kept = Inbox.open(settings).after(0, **EVERYTHING)
    assert [one.delivery_id for one in kept] == list(range(1, 301))
    for name in "abc":
        assert [int(one.body) for one in kept if one.source == name] == list(range(100))


def limit_growth(inbox: Inbox, pages: int) -> None:
    """The file may not grow beyond so many pages: SQLite then says what it says of a full disk."""
    inbox.engine.dispose()

    def limit(connection: Any, _record: Any) -> None:
        connection.execute(f"pragma max_page_count = {pages}")

    event.listen(inbox.engine, "connect", limit)


def test_a_full_disk_is_told_and_leaves_nothing_half_written(inbox: Inbox) -> None:
    limit_growth(inbox, 40)
    with pytest.raises(TryAgain, match="disk is full"):
        inbox.put([arrival(b"x" * 1000), arrival(b"x" * 1_000_000)])
    assert inbox.backlog(0).count == 0
    limit_growth(inbox, 10_000)
    assert inbox.put([arrival(b"x" * 1_000_000)]) == [1]


def test_a_damaged_file_is_told_in_a_sentence(settings: Settings) -> None:
    settings.home.mkdir(parents=True)
    (settings.home / "inbox.sqlite").write_text("this is no database " * 100)
    with pytest.raises(GiveUp, match="restore it from a backup"):
        Inbox.open(settings)


def test_an_inbox_of_a_newer_holdfast_is_refused(settings: Settings) -> None:
    Inbox.open(settings).engine.dispose()
    with sqlite3.connect(settings.home / "inbox.sqlite") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    inboxes._opened.clear()
    with pytest.raises(GiveUp, match="written by a newer Holdfast"):
        Inbox.open(settings)


def test_a_file_that_was_replaced_is_opened_again_with_its_own_epoch(settings: Settings) -> None:
    first = Inbox.open(settings)
    assert Inbox.open(settings) is first
    for path in settings.home.glob("inbox.sqlite*"):
        path.unlink()
    assert Inbox.open(settings).epoch != first.epoch


def test_a_new_epoch_outlives_the_process(settings: Settings) -> None:
    inbox = Inbox.open(settings)
    before = inbox.epoch
    inbox.begin_epoch()
    inboxes._opened.clear()
    assert before != inbox.epoch == Inbox.open(settings).epoch


def test_connections_are_durable_and_the_file_is_private(inbox: Inbox) -> None:
    with inbox.engine.connect() as connection:
        told = [
            connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert told == ["wal", 2, 1, 15_000]
    assert inbox.file.stat().st_mode & 0o077 == 0


def test_migrations_make_the_tables_that_are_described(inbox: Inbox) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from data.intake.tables import metadata

    with inbox.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


@pytest.mark.parametrize("position", [0, 2])
def test_the_backlog_of_an_emptied_inbox_is_nothing(inbox: Inbox, position: int) -> None:
    ids = inbox.put([arrival(), arrival()])
    inbox.remove(ids[0], ids[1])
    assert inbox.backlog(position) == Backlog()
