"""The engine's row says who it is, that it lives, and what it did last."""

from datetime import datetime, timedelta

from engine.control import state
from engine.control.store import Control

NOON = datetime(2025, 3, 1, 12)


def test_an_engine_lives_as_long_as_it_says_so(control: Control) -> None:
    assert state.read(control) == state.EngineState()
    state.began(control, {"timezone": "UTC"}, NOON)
    state.beat(control, NOON + timedelta(minutes=5), "computing")
    found = state.read(control)
    assert (found.settings, found.started_at, found.doing) == ({"timezone": "UTC"}, NOON, "computing")
    assert found.is_alive(NOON + timedelta(minutes=5, seconds=9))
    assert not found.is_alive(NOON + timedelta(minutes=5, seconds=10))
    state.ended(control, NOON + timedelta(minutes=6))
    assert (state.read(control).pid, state.read(control).stopped_at) == (None, NOON + timedelta(minutes=6))


def test_what_it_did_stays_when_another_begins(control: Control) -> None:
    state.began(control, {}, NOON)
    state.refreshed(control, "e1", NOON, 0.25)
    state.tell_trouble(control, "The disk is full.", NOON)
    state.tell_backlog(control, position=7, backlog=2, backlog_oldest_at=NOON)
    state.began(control, {}, NOON + timedelta(hours=1))
    found = state.read(control)
    assert (found.edition, found.refresh_seconds, found.last_error) == ("e1", 0.25, "The disk is full.")
    assert (found.position, found.backlog, found.backlog_oldest_at) == (7, 2, NOON)
    state.taken_in(control, 9)
    assert (state.read(control).position, state.read(control).backlog) == (9, 0)
