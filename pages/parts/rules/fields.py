"""The fields of an editor: each begins with what the draft holds, and says what is wrong with it."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from engine.desk import Question
from pages.parts import words
from pages.parts.rules.drafts import Draft
from pages.parts.rules.units import OF_METRIC, Scale, scale_of
from pages.parts.speech import later, say

LABELS = {
    "by": later("By"),
    "direction": later("Direction"),
    "below": later("Below"),
    "above": later("Above"),
    "minimum_effect": later("Minimum effect"),
    "confidence": later("Confidence"),
    "periods": later("Periods in a row"),
    "keep_firing": later("Fires on, periods"),
    "minimum_n": later("Least cases (n)"),
    "recover": later("Recovers at"),
    "floor": later("Smallest move"),
    "chance": later("Beyond chance by"),
    "weeks": later("Weeks of the past"),
    "minimum_points": later("Least figures"),
    "against": later("Held against"),
    "z": later("Times its noise"),
    "short": later("Newest periods"),
    "long": later("Periods before"),
    "window": later("Periods of the past"),
    "at_least": later("At least"),
}
NAMED = re.compile(r"[a-z_]+")
Watched = tuple[str, str]
T = TypeVar("T")
SIGN = {"pp": later("points"), "h": later("hours")}
OPTIONS = {
    "up": later("Up"),
    "down": later("Down"),
    "both": later("Both"),
    "same_weekday": later("Same weekday"),
    "previous": later("Previous"),
}


def seeded(draft: Draft, field: str, value: Any) -> tuple[str, Any]:
    """The key of a field, and what it begins with: `value`, as it was when the field was drawn first.

    It is handed to the widget as its default. Told to it by the session's state instead, it would reach the
    browser in one message only; where that is overtaken by the next run's, the field would come back empty.
    """
    key = draft.key(field)
    if key not in st.session_state:
        draft.seeds[key] = value
    return key, draft.seeds.get(key, value)


def label_of(name: str, scale: Scale | None = None) -> str:
    label = say(LABELS[name]) if name in LABELS else words.name_of(name)
    if scale is None or not scale.sign:
        return label
    return f"{label}, {say(SIGN[scale.sign]) if scale.sign in SIGN else scale.sign}"


def option(key: str) -> str:
    """One of the choices of a kind; what nobody told of here is called as its key."""
    return say(OPTIONS[key]) if key in OPTIONS else words.name_of(key)


def number(
    draft: Draft, name: str, value: float | None, scale: Scale, *, is_needed: bool = False, **more: Any
) -> float | int | None:
    """A number as people write it: 35 for a share of 0.35; one that is needed cannot be cleared."""
    key, begins = seeded(draft, name, scale.shown(value))
    if is_needed and begins is None:
        begins = 0 if scale.is_whole else 0.0
    shown = st.number_input(
        more.pop("label", label_of(name, scale)),
        value=begins,
        step=1 if scale.is_whole else scale.step,
        format="%d" if scale.is_whole else "%g",
        key=key,
        **more,
    )
    return told(scale.read(shown), value)


def told(read: float | int | None, before: float | None) -> float | int | None:
    """What a field says; what it was where only rounding tells the two apart."""
    if read is None or before is None:
        return read
    return before if abs(read - before) <= 1e-12 * max(abs(read), abs(before)) else read


def param(draft: Draft, question: Question, kind: str, before: Mapping[str, Any], watched: Watched) -> Any:
    """One param of a kind, as its question asks for it."""
    metric, _ = watched
    value, about = (
        before.get(question.name, question.default),
        say(question.about) if question.about else None,
    )
    field = f"{kind}_{question.name}"
    if question.kind == "choice":
        return choice(
            draft,
            field,
            value,
            question.choices,
            option,
            label=label_of(question.name),
            help=about,
        )
    if question.kind == "flag":
        key, begins = seeded(draft, field, bool(value))
        return st.toggle(label_of(question.name), begins, key=key, help=about)
    if question.kind == "number":
        scale = scale_of(kind, question.name, metric, question.default)
        return number(
            draft,
            field_of(kind, question.name, watched),
            value,
            scale,
            is_needed=question.default is not None,
            label=label_of(question.name, scale),
            help=about,
            placeholder=say("not set"),
        )
    key, begins = seeded(draft, field, str(value or ""))
    return st.text_input(label_of(question.name), begins, key=key, help=about) or None


def choice(
    draft: Draft, field: str, now: T, options: Sequence[T], told: Callable[[T], str], **more: Any
) -> T:
    """One of several; what it is now is among them, whatever it is."""
    key, begins = seeded(draft, field, now)
    known = list(options) if begins in options else [begins, *options]
    labels = apart(known, told)
    chosen = st.selectbox(
        more.pop("label"),
        known,
        index=known.index(begins),
        format_func=lambda option: labels.get(option, str(option)),
        key=key,
        **more,
    )
    return begins if chosen is None else chosen


def apart(options: Sequence[T], told: Callable[[T], str]) -> dict[T, str]:
    """A label for each; Streamlit knows an option by its label, so no two may have the same."""
    labels = {option: told(option) for option in options}
    times = Counter(labels.values())
    return {option: label if times[label] == 1 else f"{label} ({option})" for option, label in labels.items()}


def field_of(kind: str, name: str, watched: Watched) -> str:
    """A figure of one metric, for one side of a bound, is not one of another."""
    return "_".join((kind, name, *(watched if (kind, name) in OF_METRIC else ())))


class Slots:
    """A place under each field for what is wrong with it."""

    def __init__(self) -> None:
        self.places: dict[str, Any] = {}

    def under(self, name: str) -> None:
        self.places[name] = st.empty()

    def say(self, sentence: str, draw: Callable[[str], None]) -> bool:
        """Put a sentence under the first field that it names; whether it names one."""
        for word in NAMED.findall(sentence):
            if word in self.places:
                with self.places[word]:
                    draw(sentence)
                return True
        return False


def several(
    draft: Draft,
    questions: Sequence[Question],
    kind: str,
    watched: Watched,
    *,
    before: Mapping[str, Any],
    slots: Slots,
) -> dict[str, Any]:
    """Fields side by side, as many as fit.

    Args:
        watched: the metric, and the side on which it must not leave its bound.
    """
    found = {}
    with st.container(horizontal=True, vertical_alignment="top", key=f"rules_params_{kind}"):
        for question in questions:
            with st.container(width=148, gap=None):
                found[question.name] = param(draft, question, kind, before, watched)
                slots.under(question.name)
    return found
