"""The editor in the form of a sentence: what is watched, where, and what must not happen to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from engine.desk import Question
from engine.desk.rules import KindOfRule
from pages.parts import alarms, filters, numbers
from pages.parts.rules import beginning, fields, phrases, units, verbs
from pages.parts.rules.drafts import Draft
from pages.parts.rules.fields import Slots, seeded
from pages.parts.rules.phrases import SOURCES
from pages.parts.rules.units import Scale, scale_of

LATE = "late"
GRAINS = ("day", "week", "month")
CELL_GRAINS = ("week", "month")
Place = tuple[str, str | None]


@dataclass(frozen=True)
class Threshold:
    """The param that is dragged: what the rule says it is, and the key of the field that holds it.

    `along`: the key of where the rule recovers, which keeps its distance from a bound that is dragged.
    """

    question: Question
    scale: Scale
    key: str
    value: float | None
    along: str | None = None


@dataclass(frozen=True)
class Filled:
    """What the sentence says."""

    given: dict[str, Any]
    threshold: Threshold | None
    slots: Slots


def draw(draft: Draft) -> Filled:
    """Draw the fields of what is watched; what they hold."""
    slots = Slots()
    kind = kind_of(draft)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="rules_sentence"):
        word("When")
        metric = metric_of(draft, kind.name)
        if kind.name == LATE:
            return Filled({**draft.given, "metric": metric, "kind": LATE, "params": {}}, None, slots)
        word("per")
        grain = grain_of(draft, metric)
        word("for")
        dimension, segment = place_of(draft)
        watched = {"metric": metric, "grain": grain, "dimension": dimension, "segment": segment}
        params, threshold = condition(draft, kind, watched)
    slots_under_sentence(slots, threshold)
    before = still_true(draft, kind, metric, params)
    rest = verbs.rest(kind.questions, threshold.question if threshold else None)
    params |= fields.several(
        draft,
        rest,
        kind.name,
        (metric, verbs.side_of(kind.questions, params)),
        before=before,
        slots=slots,
    )
    told = tidy(params, kind.questions, draft)
    return Filled({**draft.given, **watched, "kind": kind.name, "params": told}, threshold, slots)


def slots_under_sentence(slots: Slots, threshold: Threshold | None) -> None:
    """What is wrong with the sentence stands right under it."""
    with st.container(gap=None, key="rules_wrong"):
        for name in ("metric", "grain", "dimension", "segment", "periods", verbs.SIDE):
            slots.under(name)
        if threshold:
            slots.under(threshold.question.name)


def word(text: str) -> None:
    st.html(f'<span class="hf-word">{escape(text)}</span>', width="content")


def kind_of(draft: Draft) -> KindOfRule:
    """The kind of rule; the kind for late sources watches nothing else, and the others cannot."""
    known, now = alarms.kinds(), draft.given["kind"]
    options = [name for name in known if (name == LATE) == (now == LATE)]
    key = seeded(draft, "kind", now)
    if len(options) > 1 or now not in options:
        name = st.segmented_control(
            "Kind of rule",
            options if now in known else [now, *options],
            format_func=lambda name: known[name].title if name in known else name,
            required=True,
            key=key,
            label_visibility="collapsed",
        )
    else:
        name = now
    kind = known.get(name or now) or KindOfRule(now, now, "This kind of rule is not installed here.", ())
    st.html(f'<p class="hf-sub">{escape(kind.about)}</p>')
    return kind


def metric_of(draft: Draft, kind: str) -> str:
    now = draft.given["metric"]
    if kind == LATE:
        word("the silence of a source is longer than it usually is, it fires.")
        return SOURCES
    options = [name for name in alarms.watchable() if name != SOURCES]
    if now not in options:
        options.insert(0, now)
    chosen = st.selectbox(
        "Metric",
        options,
        format_func=phrases.title_of,
        key=seeded(draft, "metric", now),
        label_visibility="collapsed",
        width=236,
    )
    return chosen or now


def grain_of(draft: Draft, metric: str) -> str:
    options = CELL_GRAINS if metric.partition(".")[0] in phrases.CELLS else GRAINS
    now = draft.given["grain"] if draft.given["grain"] in options else options[-2]
    key = seeded(draft, "grain", now)
    if st.session_state[key] not in options:
        st.session_state[key] = now
    chosen = st.selectbox("Period", options, key=key, label_visibility="collapsed", width=98)
    return chosen or now


def place_of(draft: Draft) -> Place:
    now: Place = draft.given["dimension"], draft.given["segment"]
    options = places(now)
    chosen = st.selectbox(
        "Segment",
        options,
        format_func=lambda place: phrases.place(*place),
        key=seeded(draft, "place", now),
        label_visibility="collapsed",
        width=190,
    )
    return chosen or now


def places(now: Place) -> list[Place]:
    """The whole company, each segment of a dimension, and the largest segments by themselves."""
    found: list[Place] = [(name, None) for name in alarms.dimensions()]
    edition = numbers.newest()
    if edition:
        parts = [filters.segment_of(key) for key in filters.segment_keys(edition)]
        found += [(part.dimension, part.name) for part in parts]
    return found if now in found else [now, *found]


def condition(
    draft: Draft, kind: KindOfRule, watched: Mapping[str, Any]
) -> tuple[dict[str, Any], Threshold | None]:
    """The verb, the threshold and how long: the end of the sentence."""
    before = draft.params(kind.name)
    side, params = side_of(draft, kind, before)
    question = verbs.threshold_of(kind.name, kind.questions, side)
    threshold = None
    if question is not None:
        threshold = threshold_of(draft, kind, question, {**watched, "params": params})
        params[question.name] = threshold.value
        word(" ".join(filter(None, (threshold.scale.sign, verbs.TAILS.get(kind.name, "")))))
    asked = next((each for each in kind.questions if each.name == "periods"), None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content", wrap=False):
        if asked is not None:
            word("for")
            params["periods"] = periods_of(draft, int(before.get("periods", asked.default)))
        word(f"complete {watched['grain']}{'' if params.get('periods') == 1 else 's in a row'}, it fires.")
    return params, threshold


def periods_of(draft: Draft, now: int) -> int:
    key = seeded(draft, "periods", now)
    return st.number_input("Periods in a row", step=1, key=key, label_visibility="collapsed", width=116)


def still_true(draft: Draft, kind: KindOfRule, metric: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the draft tells a kind, without figures of another metric or for another side."""
    before = draft.params(kind.name)
    sides = [verbs.side_of(kind.questions, each) for each in (before, params)]
    if draft.given["metric"] == metric and (sides[0] == sides[1] or not verbs.is_bounded(kind.questions)):
        return before
    return {name: value for name, value in before.items() if (kind.name, name) not in units.OF_METRIC}


def side_of(draft: Draft, kind: KindOfRule, before: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    sides = verbs.sides(kind.name, kind.questions)
    if not sides:
        word(verbs.ALONE.get(kind.name, f"breaks what “{kind.title}” expects"))
        return "", {}
    now = verbs.side_of(kind.questions, before)
    chosen = st.selectbox(
        "Condition",
        list(sides),
        format_func=sides.__getitem__,
        key=seeded(draft, f"side_{kind.name}", now),
        label_visibility="collapsed",
        width=min(290, 60 + 8 * max(map(len, sides.values()))),
    )
    side = chosen or now
    return side, {} if verbs.is_bounded(kind.questions) else {verbs.SIDE: side}


def threshold_of(draft: Draft, kind: KindOfRule, question: Question, watched: Mapping[str, Any]) -> Threshold:
    scale = scale_of(kind.name, question.name, watched["metric"], question.default)
    field = f"threshold_{kind.name}_{question.name}"
    if question.default is None:  # a bound is a figure of its metric: another metric needs another
        field += f"_{watched['metric']}"
    now = threshold_before(draft, kind, question, watched)
    value = fields.number(
        draft,
        field,
        now,
        scale,
        label="Threshold",
        is_needed=True,
        label_visibility="collapsed",
        width=128,
        help=question.about,
    )
    recover = fields.field_of(kind.name, "recover", (watched["metric"], question.name))
    along = draft.key(recover) if verbs.is_bounded(kind.questions) else None
    return Threshold(question, scale, draft.key(field), value, along)


def threshold_before(
    draft: Draft, kind: KindOfRule, question: Question, watched: Mapping[str, Any]
) -> float | None:
    """What the draft says; a bound of another metric or side says nothing of this one."""
    params = draft.params(kind.name)
    if question.default is not None:
        return params.get(question.name, question.default)
    if draft.given["metric"] == watched["metric"] and params.get(question.name) is not None:
        return float(params[question.name])
    return beginning.bound({**draft.given, **watched, "kind": kind.name}, question.name)


def tidy(params: Mapping[str, Any], questions: Sequence[Question], draft: Draft) -> dict[str, Any]:
    """What is worth writing down: what differs from the default, or was said before."""
    defaults = {question.name: question.default for question in questions}
    said = draft.base["params"]
    return {
        name: value
        for name, value in params.items()
        if value is not None and (value != defaults.get(name) or name in said)
    }
