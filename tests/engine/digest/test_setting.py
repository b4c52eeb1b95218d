"""A weekly letter in words, in the language that it is written in."""

from datetime import date, datetime
from typing import Any

import pytest

from data import speech
from data.speech.figures import THIN
from engine.digest.letter import Card, Letter
from engine.digest.setting import as_text, packed, subject_of

NOW = datetime(2026, 11, 16, 8, 30)


def letter(language: str = "pl", firing: int = 0, **values: Any) -> Letter:
    given: dict[str, Any] = {
        "digest_id": 1, "language": language, "week": date(2026, 11, 16), "about": "wszystkie konta",
        "currency": "PLN", "zone": "Europe/Warsaw", "edition": "e", "as_of": NOW, "written_at": NOW,
        "cards": (card(),), "moved": (), "firing": firing, "fires": (),
    }  # fmt: skip
    return Letter(**given | values)


def card(**values: Any) -> Card:
    given: dict[str, Any] = {
        "metric": "mrr", "title": "MRR", "unit": "money", "better": "up", "grain": "week",
        "start": date(2026, 11, 9), "value": 123_450.0, "before": 120_000.0, "target": 125_000.0,
    }  # fmt: skip
    return Card(**given | values)


@pytest.mark.parametrize(
    ("firing", "said"),
    [
        (0, "brak aktywnych alertów"),
        (1, "1 aktywny alert"),
        (3, "3 aktywne alerty"),
        (12, "12 aktywnych alertów"),
        (1204, "1 204 aktywne alerty"),
    ],
)
def test_its_subject_counts_as_polish_does(firing: int, said: str) -> None:
    subject = subject_of(letter(firing=firing))
    assert subject == f"[Tydzień] wszystkie konta, tydzień od 16 lis: {said}, MRR 123 tys. zł"


def test_amounts_days_and_changes_stand_as_polish_writes_them() -> None:
    text = as_text(letter(), "http://127.0.0.1/")
    assert "stan na 16 lis 2026, 09:30 (Europe/Warsaw)." in text
    row = text.splitlines()[-1].replace(THIN, " ")
    assert row.split("  ")[0] == "MRR"
    assert "  123 tys. zł  " in row
    assert "+2,9%" in row
    assert "125 tys. zł, brakuje 1,55 tys. zł" in row
    assert row.endswith("tydzień od 9 lis 2026")


def test_who_asks_for_it_does_not_change_its_language() -> None:
    with speech.speaking("pl"):
        assert "Your week in numbers" in packed(letter("en"), "k", "http://127.0.0.1", []).html
    html = packed(letter("pl"), "k", "http://127.0.0.1", []).html
    assert html.startswith('<html lang="pl">')
    assert "Tydzień w liczbach" in html


def test_a_letter_of_before_there_were_languages_is_english() -> None:
    stored = letter().stored
    del stored["language"]
    assert Letter.read(stored).language == "en"
