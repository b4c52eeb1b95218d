"""What everybody reads is read once in a moment, and anew after a change."""

from datetime import datetime, timedelta

import pytest

from data.settings import Settings
from engine import clock
from engine.control import jobs
from engine.control.store import Control
from pages.parts import lately as module
from pages.parts.lately import LASTS, lately

NOON = datetime(2025, 3, 1, 12)


@pytest.fixture
def reads(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr(module, "settings", lambda: settings)
    monkeypatch.setattr(clock, "steady", lambda: NOON)
    return []


def test_a_read_is_made_once_in_a_moment_for_each_question(
    reads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = lately(reads.append)
    for asked in (1, 1, 2, 1):
        ask(asked)
    assert reads == [1, 2]
    monkeypatch.setattr(clock, "steady", lambda: NOON + LASTS - timedelta(microseconds=1))
    ask(1)
    assert reads == [1, 2]
    monkeypatch.setattr(clock, "steady", lambda: NOON + LASTS)
    ask(1)
    assert reads == [1, 2, 1]


def test_a_change_of_this_process_is_seen_at_once_and_a_look_is_none(
    reads: list[int], settings: Settings
) -> None:
    control = Control.open(settings)
    ask = lately(reads.append)
    ask(1)
    jobs.waiting(control)
    ask(1)
    assert reads == [1]
    jobs.submit(control, "refresh", {}, NOON)
    ask(1)
    assert reads == [1, 1]
