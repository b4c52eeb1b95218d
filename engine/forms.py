"""What a connector has to be told: questions that a page can ask, and answers as the connector reads them."""

import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from data.speech import english

REASONS = (  # what pydantic says of an answer
    english("Input should be greater than or equal to {least}"),
    english("Input should be greater than {least}"),
    english("Input should be less than or equal to {most}"),
    english("Input should be less than {most}"),
    english("Input should be a valid integer, unable to parse string as an integer"),
    english("Input should be a valid number, unable to parse string as a number"),
    english("Input should be a valid string"),
    english("Input should be a finite number"),
    english("Input should be {choices}"),
    english("String should match pattern '{pattern}'"),
    english("String should have at least {count} character"),
    english("String should have at least {count} characters"),
    english("String should have at most {count} characters"),
)
Kind = Literal["text", "secret", "number", "flag", "choice", "pairs", "lines"]


@dataclass(frozen=True)
class Question:
    """One param: what it means, how it is asked for, and what it is if nobody says.

    `pairs` are lines `ours = theirs`, `lines` one text a line.
    """

    name: str
    about: str
    kind: Kind
    is_needed: bool
    default: Any = None
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


def questions_of(params: type[BaseModel]) -> tuple[Question, ...]:
    """What a model asks for, what is needed first."""
    asked = [_question(name, field) for name, field in params.model_fields.items()]
    return tuple(sorted(asked, key=lambda question: not question.is_needed))


def _question(name: str, field: FieldInfo) -> Question:
    inner = _without_none(field.annotation)
    default = None if field.default is PydanticUndefined else field.default
    bounds = {
        edge: getattr(rule, edge) for rule in field.metadata for edge in ("ge", "le") if hasattr(rule, edge)
    }
    return Question(
        name,
        field.description or "",
        _kind(inner),
        field.is_required(),
        default,
        tuple(str(choice) for choice in get_args(inner)) if get_origin(inner) is Literal else (),
        bounds.get("ge"),
        bounds.get("le"),
    )


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        return rest[0] if len(rest) == 1 else str
    return annotation


def _kind(annotation: Any) -> Kind:
    origin = get_origin(annotation) or annotation
    if origin is Literal:
        return "choice"
    kinds: dict[Any, Kind] = {
        SecretStr: "secret", bool: "flag", int: "number", float: "number", dict: "pairs", tuple: "lines",
    }  # fmt: skip
    return kinds.get(origin, "text")


def asked_again(
    answers: Mapping[str, Any], before: Mapping[str, Any], hidden: Iterable[str]
) -> dict[str, Any]:
    """Answers in which a secret that was not given again is what it was."""
    kept = {name: before[name] for name in hidden if name in before and not answers.get(name)}
    return {**answers, **kept}


def text_of(question: Question, value: Any) -> str:
    """A value as its field shows it."""
    if value is None:
        return ""
    if question.kind == "pairs":
        return "\n".join(f"{ours} = {theirs}" for ours, theirs in dict(value).items())
    return "\n".join(value) if question.kind == "lines" else str(value)


def answer_of(question: Question, text: Any) -> Any:
    """What a field holds, as the connector reads it; None where it is empty."""
    if question.kind in ("flag", "choice"):
        return text
    if question.kind == "number":
        return text if text is None or text != int(text) else int(text)
    if question.kind == "pairs":
        pairs = [line.partition("=") for line in str(text).splitlines() if line.strip()]
        return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    if question.kind == "lines":
        return tuple(line.strip() for line in str(text).splitlines() if line.strip())
    return str(text or "").strip() or None


def answers_of(questions: Iterable[Question], texts: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that were given; what is empty is left to the connector."""
    found = {question.name: answer_of(question, texts.get(question.name)) for question in questions}
    return {name: answer for name, answer in found.items() if answer is not None}
