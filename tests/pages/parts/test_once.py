"""What is made once of the same things."""

import polars as pl
import pytest
import streamlit as st

from data.settings import ROOT
from engine.desk.people import Scope
from pages.parts import person, speech
from pages.parts.lateness import MARKS
from pages.parts.once import HELD, MOST, once, once_marked


class Counted:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, *_: object) -> str:
        self.calls += 1
        return f"{self.calls}: {speech.language()}"


@pytest.fixture
def make() -> Counted:
    return Counted()


def test_what_is_equal_is_made_once(make: Counted) -> None:
    made = once(make.__call__)
    assert made("a", ("b", 1), None) == made("a", ("b", 1), None)
    assert make.calls == 1
    assert made("a", ("b", 2), None) != made("a", ("b", 1), None)


def test_one_and_true_are_two_things(make: Counted) -> None:
    made = once(make.__call__)
    assert len({made(1), made(True), made(1.0)}) == 3


def test_a_frame_is_the_same_only_if_it_is_the_very_one(make: Counted) -> None:
    made = once(make.__call__)
    rows = pl.DataFrame({"a": [1]})
    assert made(rows) == made(rows)
    assert made(rows.clone()) != made(rows)
    assert made((rows, 1)) == made((rows, 1))


def test_another_frame_never_takes_the_place_of_one_that_went(make: Counted) -> None:
    made = once(make.__call__)
    assert len({made(pl.DataFrame({"a": [number]})) for number in range(MOST)}) == MOST


def test_what_nobody_asks_for_any_more_is_let_go(make: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    made, now = once(make.__call__), [0.0]
    monkeypatch.setattr("pages.parts.once.monotonic", lambda: now[0])
    rows = pl.DataFrame({"a": [1]})
    first, asked_again = made(rows), made("again")
    now[0] = HELD - 1
    assert made("again") == asked_again
    now[0] = HELD + 1
    made("another")
    assert made(rows) != first
    assert made("again") == asked_again


def test_each_language_has_its_own(make: Counted) -> None:
    made = once(make.__call__)
    english = made("a")
    with speech.speaking("pl"):
        assert made("a").endswith("pl")
    assert made("a") == english


def test_what_was_made_for_a_reader_is_shown_to_nobody_with_another_scope(
    make: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though they ask for the same with the same words, and what is made asks who they are."""
    made, marked = once(make.__call__), once_marked(make.__call__)
    scopes = (None, Scope("plan", "Team"), Scope("plan", "Solo"), Scope("region", "Team"))
    for each in (made, marked):
        shown = {}
        for scope in scopes:
            monkeypatch.setattr(person, "scope", lambda scope=scope: scope)
            shown[scope] = each("the same")
            assert each("the same") == shown[scope]
        assert len(set(shown.values())) == len(scopes)


def test_what_shows_late_sources_is_made_anew_with_them(
    make: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, plain = once_marked(make.__call__), once(make.__call__)
    late: dict[str, object] = {}
    monkeypatch.setattr(st, "session_state", late)
    before, same = made("a"), plain("a")
    late[MARKS] = {"mrr": "billing is late"}
    assert made("a") != before
    assert plain("a") == same
    late[MARKS] = {}
    assert made("a") == before


def test_nothing_is_made_once_in_a_script_that_streamlit_runs_anew_each_time() -> None:
    """It would be forgotten at every run, and its memory kept for ever."""
    scripts = [ROOT / "pages" / "menu.py", *(ROOT / "pages").glob("[!p]*/*.py")]
    assert len(scripts) > 10
    assert not [script for script in scripts if "@once" in script.read_text(encoding="utf-8")]


def test_what_was_not_asked_for_lately_is_let_go(make: Counted) -> None:
    made = once(make.__call__)
    first = made(0)
    for number in range(1, MOST):
        made(number)
    assert made(0) == first
    made(MOST)
    assert made(0) == first, "what was asked for last is kept longest"
    calls = make.calls
    made(1)
    assert make.calls == calls + 1
