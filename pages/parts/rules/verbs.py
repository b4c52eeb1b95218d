"""How the condition of each kind of rule reads as a sentence, and which of its params is the threshold."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.desk import Question
from pages.parts.speech import later, say

BOUNDS = ("below", "above")
SIDE = "direction"
VERBS: Mapping[str, Mapping[str, str]] = {
    "limit": {"below": later("falls below"), "above": later("rises above")},
    "change": {
        "up": later("rises by more than"),
        "down": later("falls by more than"),
        "both": later("moves by more than"),
    },
    "anomaly": {
        "up": later("is unusually high, by more than"),
        "down": later("is unusually low, by more than"),
        "both": later("is unusual, by more than"),
    },
    "drift": {
        "up": later("drifts up by more than"),
        "down": later("drifts down by more than"),
        "both": later("drifts by more than"),
    },
    "rate": {
        "up": later("rises above its own past by more than"),
        "down": later("falls below its own past by more than"),
        "both": later("leaves its own past by more than"),
    },
}
ALONE = {"missing": later("is missing"), "late": later("is longer than usual")}
TAILS = {
    "change": later("of what it was"),
    "anomaly": later("times its usual noise"),
    "drift": later("of what it was"),
    "rate": later("and by more than chance"),
}
THRESHOLDS = {"change": "by", "anomaly": "z", "drift": "by", "rate": "minimum_effect"}
IN_SENTENCE = ("periods", SIDE, *BOUNDS)


def is_bounded(questions: Sequence[Question]) -> bool:
    """Whether a kind is told one of two bounds."""
    return set(BOUNDS) <= {question.name for question in questions}


def sides(kind: str, questions: Sequence[Question]) -> Mapping[str, str]:
    """The sides on which a kind can fire, and how each reads; none for kinds that have no sides."""
    if is_bounded(questions):
        return {side: say(verb) for side, verb in VERBS.get(kind, VERBS["limit"]).items()}
    choices = next((question.choices for question in questions if question.name == SIDE), ())
    verbs = VERBS.get(kind, {})
    return {choice: say(verbs[choice]) if choice in verbs else choice for choice in choices}


def alone(kind: str, title: str) -> str:
    """How a kind without sides reads."""
    if kind in ALONE:
        return say(ALONE[kind])
    return say("breaks what “{title}” expects", title=say(title))


def tail(kind: str) -> str:
    """What follows the threshold."""
    return say(TAILS[kind]) if kind in TAILS else ""


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
