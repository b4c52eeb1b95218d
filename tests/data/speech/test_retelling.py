"""What was told in English is found again by its pattern, and said in the language that is spoken."""

from string import Formatter

import pytest

from data.speech import english, entries, speaking
from data.speech.retelling import LONGEST, MEANING, Pattern, patterns, retold

PATTERNS = [text for text, _ in entries("pl", MEANING)]
GENERAL = ("{field} '{value}' {complaint}", "{title}: {unknown}", "{title}: {reason}.")


def in_polish(text: str) -> str:
    with speaking("pl"):
        return retold(text)


def values_of(text: str) -> dict[str, str]:
    names = [name for _, name, _, _ in Formatter().parse(text) if name]
    return {name: f"«{at}»" for at, name in enumerate(dict.fromkeys(names))}


@pytest.mark.parametrize("text", PATTERNS)
def test_every_pattern_finds_its_own_sentences(text: str) -> None:
    given = values_of(text)
    sentence = english(text, **given)
    said = dict(entries("pl", MEANING))[text]
    assert in_polish(sentence) == (said.format(**given) if given else said)


def test_no_pattern_could_be_anything() -> None:
    literals = {text: Pattern(text, "").weight for text in PATTERNS if text not in GENERAL}
    assert min(literals.values()) > 4, sorted(literals, key=literals.__getitem__)[:3]
    side_by_side = [text for text in PATTERNS if "}{" in text]
    assert side_by_side == []


def test_in_english_it_stands_as_it_was_told() -> None:
    assert retold("Its address is not one that can be posted to.") == (
        "Its address is not one that can be posted to."
    )


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("It answered 404.", "Odpowiedź: 404."),
        ("It answered 404", "Odpowiedź: 404"),  # as it is quoted, without its point
        (
            "The test message by 'team' did not arrive. It took longer than 40 s.",
            "Wiadomość próbna kanałem 'team' nie dotarła. Trwało to dłużej niż 40 s.",
        ),
        (
            "There is no channel 'a; there are: b'; there are: team.",
            "Nie ma kanału 'a; są: b'; there are: team.",
        ),
        (
            "A comment has 1 to 4,000 letters; this one has 12,345.",
            "Komentarz ma od 1 do 4\u00a0000 znaków; ten ma 12\u00a0345.",
        ),
        ("mrr '10,5' has a decimal comma; write 10.5", "mrr '10,5' ma przecinek dziesiętny; napisz 10.5"),
        (
            "at 'x' is not a time such as 2024-05-31T13:45:00Z",
            "at 'x' nie jest czasem takim jak 2024-05-31T13:45:00Z",
        ),
        ("status 'x' is not one of paused, active", "status 'x' nie jest żadną z wartości: paused, active"),
        ("account_id is missing", "brakuje account_id"),
        ("mrr '1,234.56' has too many digits", "mrr '1,234.56' ma za dużo cyfr"),
        ("id 'has too many digits' is not a text", "id 'has too many digits' nie jest tekstem"),
        (
            "The 'limit' kind of rule does not accept this: give either 'below' or 'above'.",
            "Reguła rodzaju 'limit' tego nie przyjmuje: podaj albo 'below', albo 'above'.",
        ),
        ("what nobody foresaw", "what nobody foresaw"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_sentence_is_said_with_what_it_names(told: str, said: str) -> None:
    assert in_polish(told) == said


def test_what_is_named_is_never_taken_for_a_pattern() -> None:
    assert in_polish("There is a channel '{name} {0}' already; choose another name.") == (
        "Kanał '{name} {0}' już istnieje; wybierz inną nazwę."
    )


def test_what_is_longer_than_any_sentence_stands_as_it_is() -> None:
    told = f"There is a channel '{'x' * LONGEST}' already; choose another name."
    assert in_polish(told) == told


def test_what_says_most_is_tried_first() -> None:
    weights = [pattern.weight for pattern in patterns("pl")]
    assert weights == sorted(weights, reverse=True)
