from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from data.intake.inbox import Inbox
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine import life, work

BORN = datetime(2025, 3, 3, 9)
DEMO = life.Demo(accounts=20, months=2, seed=7, born_at=BORN, lived_until=BORN)


@pytest.fixture
def inbox(settings: Settings) -> Inbox:
    return Inbox.open(settings)


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Warehouse]:
    with Warehouse.open(settings) as opened:
        yield opened


def test_a_home_without_a_demo_stays_as_it_is(settings: Settings, inbox: Inbox) -> None:
    assert life.read(settings) is None
    assert not life.live(settings, inbox, BORN)
    assert inbox.backlog(0).count == 0


def test_a_mark_is_read_as_it_was_written(settings: Settings, inbox: Inbox) -> None:
    life.mark(settings, DEMO)
    assert life.read(settings) == DEMO


def test_company_lives_up_to_the_present_second(settings: Settings, inbox: Inbox) -> None:
    life.mark(settings, DEMO)
    now = BORN + timedelta(seconds=30, milliseconds=400)
    assert life.live(settings, inbox, now)
    lived = life.read(settings)
    assert lived is not None
    assert lived.lived_until == BORN + timedelta(seconds=30)
    assert [(one.source, one.kind) for one in inbox.after(0, limit=9, limit_bytes=10**9)] == [
        ("demo", "facts")
    ]
    assert not life.live(settings, inbox, now)


def test_a_long_pause_is_caught_up_with_in_bounded_steps(settings: Settings, inbox: Inbox) -> None:
    life.mark(settings, DEMO)
    for step in (1, 2):
        life.live(settings, inbox, BORN + timedelta(days=30))
        lived = life.read(settings)
        assert lived is not None
        assert lived.lived_until == BORN + step * life.LONGEST_STEP


def test_what_was_lived_but_not_marked_is_not_counted_twice(
    settings: Settings, inbox: Inbox, warehouse: Warehouse
) -> None:
    now = BORN + timedelta(seconds=60)
    counts = []
    for _ in range(2):
        life.mark(settings, DEMO)
        life.live(settings, inbox, now)
        work.catch_up(settings, warehouse, lambda _: None)
        counts.append(warehouse.value("select count(*) from events"))
    assert counts[0] == counts[1] > 0
    assert warehouse.rows("from quarantine") == []
