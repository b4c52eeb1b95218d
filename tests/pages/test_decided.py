"""While what people decided cannot be read: the figures stand, and nothing is claimed that nobody knows."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import person, speech
from pages.parts.rooms import ROOMS
from tests.pages.test_pages import go, said

Open = Callable[[Path], AppTest]
AWAY = "did not answer"


@pytest.fixture
def shut(open_menu: Open, company: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The menu over a home whose control store is on a server that is not there."""
    monkeypatch.setenv("HOLDFAST_CONTROL", "postgresql://holdfast:hush@127.0.0.1:1/nothing")
    return open_menu(company)


def test_no_page_breaks_off(shut: AppTest) -> None:
    for page in (room.path for rooms in ROOMS.values() for room in rooms):
        assert not go(shut, page).exception, page


def test_the_overview_shows_its_figures_and_does_not_say_that_nothing_fires(shut: AppTest) -> None:
    text = said(go(shut, "watch/overview.py"))
    assert "hf-card" in text
    assert "Whether anything fires cannot be read now." in text
    assert AWAY in text
    for claim in ("Nothing fires", "Nobody gets a weekly letter"):
        assert claim not in text


def test_the_wall_does_not_say_that_nothing_fires(shut: AppTest) -> None:
    shut.query_params["wall"] = "1"
    text = said(go(shut, "watch/wall.py"))
    assert "hf-wall-tile" in text
    assert "Whether anything fires cannot be read now." in text
    assert "Nothing fires" not in text
    assert text.count("targets cannot be read now") == text.count('"hf-wall-tile"') > 1


def test_the_risks_are_shown_and_who_saw_to_them_is_not_claimed(shut: AppTest) -> None:
    text = said(go(shut, "watch/churn.py"))
    assert "hf-risks" in text
    assert "Who saw to them cannot be read now" in text


def test_why_is_told_in_the_language_of_the_reader(shut: AppTest) -> None:
    person.reads()["language"] = "pl"
    with speech.speaking("pl"):
        text = said(shut.run())
    assert "Nie da się teraz odczytać, czy coś alarmuje." in text
    assert "Magazyn decyzji nothing on 127.0.0.1 nie odpowiedział" in text
