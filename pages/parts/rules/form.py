"""The editor in the form of a sentence: what is watched, where, and what must not happen to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from engine.desk import Question
from engine.desk.rules import KindOfRule
from pages.parts import alarms, filters, numbers
from pages.parts.rules import beginning, diff, fields, grains, phrases, units, verbs
from pages.parts.rules.drafts import Draft
from pages.parts.rules.fields import Slots, seeded
from pages.parts.rules.phrases import SOURCES
from pages.parts.rules.units import scale_of
from pages.parts.speech import later, say, say_as

LATE = "late"
NOT_INSTALLED = later("This kind of rule is not installed here.")
GRAINS = ("day", "week", "month")
CELL_GRAINS = ("week", "month")
Place = tuple[str, str | None]


@dataclass(frozen=True)
class Filled:
    """What the sentence says."""

    given: dict[str, Any]
    slots: Slots


def draw(draft: Draft) -> Filled:
    """Draw the fields of what is watched; what they hold."""
    slots = Slots()
    kind = kind_of(draft)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="rules_sentence"):
        word(say_as("a rule", "When"))
        metric = metric_of(draft, kind.name)
        if kind.name == LATE or not kind.questions:  # nothing that is asked here changes it
            return Filled({**draft.given, "metric": metric}, slots)
        word(say("per"))
        grain = grain_of(draft, metric)
        word(say_as("a segment", "for"))
        dimension, segment = place_of(draft)
        watched = {"metric": metric, "grain": grain, "dimension": dimension, "segment": segment}
        params, threshold = condition(draft, kind, watched)
    slots_under_sentence(slots, threshold)
    before = still_true(draft, kind, metric, params)
    rest = verbs.rest(kind.questions, threshold)
    params |= fields.several(
        draft,
        rest,
        kind.name,
        (metric, verbs.side_of(kind.questions, params)),
        before=before,
        slots=slots,
    )
    told = tidy(params, kind.questions, draft)
    return Filled({**draft.given, **watched, "kind": kind.name, "params": told}, slots)


def slots_under_sentence(slots: Slots, threshold: Question | None) -> None:
    """What is wrong with the sentence stands right under it."""
    with st.container(gap=None, key="rules_wrong"):
        for name in ("metric", "grain", "dimension", "segment", "periods", verbs.SIDE):
            slots.under(name)
        if threshold:
            slots.under(threshold.name)


def word(text: str) -> None:
    st.html(f'<span class="hf-word">{escape(text)}</span>', width="content")


def kind_of(draft: Draft) -> KindOfRule:
    """The kind of rule; the kind for late sources watches nothing else, and the others cannot."""
    known, now = alarms.kinds(), draft.given["kind"]
    options = [name for name in known if (name == LATE) == (now == LATE)]
    key, begins = seeded(draft, "kind", now)
    if len(options) > 1 or now not in options:
        name = st.segmented_control(
            say("Kind of rule"),
            options if now in known else [now, *options],
            format_func=lambda name: say(known[name].title) if name in known else name,
            default=begins,
            required=True,
            key=key,
            label_visibility="collapsed",
        )
    else:
        name = now
    kind = known.get(name or now) or KindOfRule(now, now, NOT_INSTALLED, ())
    st.html(f'<p class="hf-sub">{escape(say(kind.about))}</p>')
    return kind


def metric_of(draft: Draft, kind: str) -> str:
    now = draft.given["metric"]
    if kind == LATE:
        word(say("the silence of a source is longer than it usually is, it fires."))
        return SOURCES
    options = [name for name in alarms.watchable() if name != SOURCES]
    return fields.choice(
        draft,
        "metric",
        now,
        options,
        phrases.title_of,
        label=say("Metric"),
        label_visibility="collapsed",
        width=236,
    )


def grain_of(draft: Draft, metric: str) -> str:
    is_cell = metric.partition(".")[0] in phrases.CELLS
    options = CELL_GRAINS if is_cell else GRAINS
    now = draft.given["grain"] if draft.given["grain"] in options else "week"
    return fields.choice(
        draft,
        "grain_of_cell" if is_cell else "grain",
        now,
        options,
        lambda grain: say(diff.GRAINS[grain]) if grain in diff.GRAINS else grain,
        label=say("Period"),
        label_visibility="collapsed",
        width=98,
    )


def place_of(draft: Draft) -> Place:
    now: Place = draft.given["dimension"], draft.given["segment"]
    return fields.choice(
        draft,
        "place",
        now,
        places(),
        lambda place: phrases.place(*place),
        label=say("Segment"),
        label_visibility="collapsed",
        width=190,
    )


def places() -> list[Place]:
    """The whole company, each segment of a dimension, and the largest segments by themselves."""
    found: list[Place] = [(name, None) for name in alarms.dimensions()]
    edition = numbers.newest()
    if edition:
        parts = [filters.segment_of(key) for key in filters.segment_keys(edition)]
        found += [(part.dimension, part.name) for part in parts if part.dimension != phrases.EVERYONE]
    return found


def condition(
    draft: Draft, kind: KindOfRule, watched: Mapping[str, Any]
) -> tuple[dict[str, Any], Question | None]:
    """The verb, the threshold and how long: the end of the sentence."""
    before = draft.params(kind.name)
    side, params = side_of(draft, kind, before)
    threshold = verbs.threshold_of(kind.name, kind.questions, side)
    if threshold is not None:
        scale = scale_of(kind.name, threshold.name, watched["metric"], threshold.default)
        params[threshold.name] = threshold_in(draft, kind, threshold, {**watched, "params": params})
        word(" ".join(filter(None, (scale.mark, verbs.tail(kind.name)))))
    asked = next((each for each in kind.questions if each.name == "periods"), None)
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", width="content", key="rules_periods"
    ):
        if asked is not None:
            word(say_as("a time", "for"))
            params["periods"] = periods_of(draft, int(before.get("periods", asked.default)))
        count = params.get("periods")
        word(grains.it_fires(2 if count is None else count, watched["grain"]))
    return params, threshold


def periods_of(draft: Draft, now: int) -> int:
    key, begins = seeded(draft, "periods", now)
    return st.number_input(
        say("Periods in a row"), value=begins, step=1, key=key, label_visibility="collapsed", width=116
    )


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
        word(verbs.alone(kind.name, kind.title))
        return "", {}
    now = verbs.side_of(kind.questions, before)
    side = fields.choice(
        draft,
        f"side_{kind.name}",
        now,
        list(sides),
        lambda name: sides.get(name, name),
        label=say("Condition"),
        label_visibility="collapsed",
        width=min(290, 60 + 8 * max(map(len, sides.values()))),
    )
    return side, {} if verbs.is_bounded(kind.questions) else {verbs.SIDE: side}


def threshold_in(
    draft: Draft, kind: KindOfRule, question: Question, watched: Mapping[str, Any]
) -> float | None:
    field = f"threshold_{kind.name}_{question.name}"
    if question.default is None:  # a bound is a figure of its metric: another metric needs another
        field += f"_{watched['metric']}"
    return fields.number(
        draft,
        field,
        threshold_before(draft, kind, question, watched),
        scale_of(kind.name, question.name, watched["metric"], question.default),
        label=say("Threshold"),
        is_needed=True,
        label_visibility="collapsed",
        width=128,
        help=say(question.about) if question.about else None,
    )


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
