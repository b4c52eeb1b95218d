import string
from collections import Counter

import pytest

from pages.locale.found import Entry, Text, entries, lacking, used
from pages.parts.speech import ENGLISH, LANGUAGES, catalogue

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
FORMS = {"pl": 3}


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def said(entry: Entry) -> tuple[str, ...]:
    found = entry.message.string
    return (found,) if isinstance(found, str) else tuple(found)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_has_an_entry(language: str) -> None:
    assert list(lacking(language)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_entry_is_said_somewhere(language: str) -> None:
    assert [entry.text for entry in entries(language) if entry.text not in used()] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_stands_in_one_file_once(language: str) -> None:
    counted = Counter((entry.text.one, entry.text.meaning) for entry in entries(language))
    assert [text for text, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_entry_is_empty_or_doubtful(language: str) -> None:
    assert [e.text for e in entries(language) if e.message.fuzzy or not all(said(e))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_entries_have_the_names_of_their_texts(language: str) -> None:
    wrong = []
    for entry in entries(language):
        wanted = names(entry.text.one) | names(entry.text.many)
        if (
            entry.text in used()
            and "datum." not in entry.text.one
            and any(names(form) != wanted for form in said(entry))
        ):
            wrong.append(entry.text)
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_plurals_have_all_their_forms(language: str) -> None:
    found = [e for e in entries(language) if e.text.many]
    assert [e.text for e in found if len(said(e)) != FORMS[language]] == []


@pytest.mark.parametrize("language", OTHERS)
def test_markup_of_a_text_is_kept(language: str) -> None:
    def tags(text: str) -> Counter[str]:
        return Counter(part.partition(">")[0] for part in text.split("<")[1:] if ">" in part)

    wrong = [
        e.text
        for e in entries(language)
        if any(tags(form) != tags(e.text.many or e.text.one) for form in said(e))
    ]
    assert wrong == []


def test_a_file_of_entries_is_read_by_its_language() -> None:
    assert catalogue("pl").gettext("Overview") == "Przegląd"


def test_texts_are_found_inside_of_marked_up_text_and_of_choices(tmp_path) -> None:
    from pages.locale.found import texts_of

    lines = (
        "from pages.parts.speech import say, say_as, several",
        "f\"<b>{say('inside')}</b>\"",
        "say('one' if x else 'other')",
        "several(n, 'a', 'b')",
        "say_as('verb', 'open')",
    )
    (tmp_path / "page.py").write_text("\n".join(lines))
    found = {text for text, _ in texts_of(tmp_path / "page.py")}
    assert found == {Text("inside"), Text("one"), Text("other"), Text("a", "b"), Text("open", meaning="verb")}


def test_what_the_engine_says_to_people_is_found_and_what_it_logs_is_not(tmp_path) -> None:
    from pages.locale.found import texts_of

    (tmp_path / "letter.py").write_text("from data.speech import say\nsay('to somebody')")
    (tmp_path / "turn.py").write_text("from engine.logs import say\nsay('to the log')")
    assert [text for text, _ in texts_of(tmp_path / "letter.py")] == [Text("to somebody")]
    assert list(texts_of(tmp_path / "turn.py")) == []
