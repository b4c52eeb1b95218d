import pytest

from engine.desk import Question
from engine.desk.rules import kinds_of_rules
from pages.parts.rules import verbs

KINDS = {kind.name: kind.questions for kind in kinds_of_rules()}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reads_as_a_sentence(kind: str) -> None:
    sides = verbs.sides(kind, KINDS[kind])
    assert sides or kind in verbs.ALONE
    assert not {"up", "down", "both"} & set(sides.values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_is_asked_once(kind: str) -> None:
    questions = KINDS[kind]
    side = verbs.side_of(questions, {})
    threshold = verbs.threshold_of(kind, questions, side)
    apart = {question.name for question in verbs.rest(questions, threshold)}
    dragged = {threshold.name} if threshold else set()
    every = {question.name for question in questions}
    assert apart | dragged | (every & set(verbs.IN_SENTENCE)) == every
    assert not apart & (dragged | set(verbs.IN_SENTENCE))


def test_the_side_of_a_limit_is_the_bound_it_has() -> None:
    assert verbs.side_of(KINDS["limit"], {"above": 3.0}) == "above"
    assert verbs.side_of(KINDS["limit"], {}) == "below"
    assert verbs.side_of(KINDS["drift"], {"direction": "up"}) == "up"


def test_a_kind_that_nobody_told_of_here_has_its_first_number_dragged() -> None:
    questions = [
        Question("name", "", "text", False, ""),
        Question("periods", "", "number", False, 1),
        Question("much", "", "number", False, 0.5),
    ]
    found = verbs.threshold_of("dropped_in", questions, "")
    assert found is not None
    assert found.name == "much"
    assert [each.name for each in verbs.rest(questions, found)] == ["name"]
