"""How the condition of each kind of rule reads as a sentence, and which of its params is the threshold."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.desk import Question

BOUNDS = ("below", "above")
SIDE = "direction"
VERBS: Mapping[str, Mapping[str, str]] = {
    "limit": {"below": "falls below", "above": "rises above"},
    "change": {
        "up": "rises by more than",
        "down": "falls by more than",
        "both": "moves by more than",
    },
    "anomaly": {
        "up": "is unusually high, by more than",
        "down": "is unusually low, by more than",
        "both": "is unusual, by more than",
    },
    "drift": {
        "up": "drifts up by more than",
        "down": "drifts down by more than",
        "both": "drifts by more than",
    },
    "rate": {
        "up": "rises above its own past by more than",
        "down": "falls below its own past by more than",
        "both": "leaves its own past by more than",
    },
}
ALONE = {"missing": "is missing", "late": "is longer than usual"}
TAILS = {
    "change": "of what it was",
    "anomaly": "times its usual noise",
    "drift": "of what it was",
    "rate": "and by more than chance",
}
THRESHOLDS = {"change": "by", "anomaly": "z", "drift": "by", "rate": "minimum_effect"}
IN_SENTENCE = ("periods", SIDE, *BOUNDS)


def is_bounded(questions: Sequence[Question]) -> bool:
    """Whether a kind is told one of two bounds."""
    return set(BOUNDS) <= {question.name for question in questions}


def sides(kind: str, questions: Sequence[Question]) -> Mapping[str, str]:
    """The sides on which a kind can fire, and how each reads; none for kinds that have no sides."""
    if is_bounded(questions):
        return VERBS.get(kind, {"below": "falls below", "above": "rises above"})
    choices = next((question.choices for question in questions if question.name == SIDE), ())
    return {choice: VERBS.get(kind, {}).get(choice, choice) for choice in choices}


def side_of(questions: Sequence[Question], params: Mapping[str, Any]) -> str:
    """The side that a rule watches."""
    if is_bounded(questions):
        return "above" if params.get("above") is not None else "below"
    default = next((question.default for question in questions if question.name == SIDE), "")
    return str(params.get(SIDE, default))


def threshold_of(kind: str, questions: Sequence[Question], side: str) -> Question | None:
    """The param that is dragged: of a kind nobody told of here, its own first number that has a default."""
    if is_bounded(questions):
        return next(question for question in questions if question.name == side)
    named = THRESHOLDS.get(kind)
    if named is None and kind not in ALONE:
        numbers = [
            question
            for question in questions
            if question.kind == "number" and isinstance(question.default, float)
        ]
        return numbers[0] if numbers else None
    return next((question for question in questions if question.name == named), None)


def rest(questions: Sequence[Question], threshold: Question | None) -> list[Question]:
    """What is asked for besides the sentence, the kind's own params first."""
    shared = ("minimum_n", "keep_firing")
    found = [
        question for question in questions if question.name not in IN_SENTENCE and question is not threshold
    ]
    return sorted(found, key=lambda question: question.name in shared)
