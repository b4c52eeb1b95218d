"""The fields of a connector's params, drawn from what it asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine import desk
from engine.desk import Question, Way
from pages.parts import words
from pages.parts.speech import later, say, say_as

KEPT = later("stays as it is")


def answers(way: Way, key: str, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Draw the fields, what is needed first; what they hold, as the connector reads it."""
    needed = [question for question in way.questions if question.is_needed]
    others = [question for question in way.questions if not question.is_needed]
    texts = fields(needed, key, before)
    if others:
        with st.expander(say("More"), expanded=False):
            texts |= fields(others, key, before)
    return desk.answers_of(way.questions, texts)


def fields(questions: Sequence[Question], key: str, before: Mapping[str, Any] | None) -> dict[str, Any]:
    return {question.name: field(question, f"{key}_{question.name}", before) for question in questions}


def field(question: Question, key: str, before: Mapping[str, Any] | None) -> Any:
    label, about = say(words.name_of(question.name)), say(question.about)
    value = (before or {}).get(question.name, question.default)
    if question.kind == "flag":
        return st.toggle(label, value=bool(value), help=about, key=key)
    if question.kind == "choice":
        options = list(question.choices)
        return st.selectbox(
            label, options, index=options.index(value) if value in options else 0, help=about, key=key
        )
    if question.kind == "number":
        whole = not isinstance(value, float)
        least, most = (
            None if edge is None else int(edge) if whole else float(edge) for edge in bounds(question)
        )
        return st.number_input(
            label, least, most, value=value, help=about, key=key, step=1 if whole else None
        )
    if question.kind in ("pairs", "lines"):
        return st.text_area(label, desk.text_of(question, value), help=about, key=key, height=80)
    if question.kind == "secret":
        hint = say(KEPT) if before is not None else about
        return st.text_input(label, type="password", help=about, key=key, placeholder=hint)
    shown = desk.text_of(question, value)
    return st.text_input(label, shown, help=about, key=key, placeholder=example(about))


def bounds(question: Question) -> tuple[float | None, float | None]:
    return question.least, question.most


def example(about: str) -> str:
    """What stands in an empty field: the example that the description gives."""
    before = say_as("before an example", "such as")
    return about.partition(f"{before} ")[2] or about.partition(": ")[2]
