"""The param of a rule that is dragged: what it is, how far it goes, and moving it."""

from dataclasses import dataclass
from typing import Any

from engine.desk import Question
from pages.parts import alarms
from pages.parts.rules import choice, drafts, drag, units, verbs
from pages.parts.rules.drafts import Draft
from pages.parts.rules.rehearsing import Rehearsal
from pages.parts.rules.units import Scale, scale_of
from pages.parts.speech import say


@dataclass(frozen=True)
class Threshold:
    """The param that is dragged, how it is edited, and what it is."""

    question: Question
    scale: Scale
    value: float


def threshold_of(draft: Draft) -> Threshold | None:
    """That of a draft; None where its kind has none, or it is not told yet."""
    given = draft.given
    kind = alarms.kinds().get(given["kind"])
    if kind is None:
        return None
    params = given["params"]
    side = verbs.side_of(kind.questions, params)
    question = verbs.threshold_of(kind.name, kind.questions, side)
    value = params.get(question.name, question.default) if question else None
    if question is None or value is None:
        return None
    return Threshold(question, scale_of(kind.name, question.name, given["metric"], question.default), value)


def draw(draft: Draft, threshold: Threshold, found: Rehearsal | None) -> None:
    """The slider, as far as the history reaches."""
    name = threshold.question.name
    place = f"reach_{draft.given['metric']}_{draft.given['kind']}_{name}"
    within = reach_of(threshold, found) or draft.seeds.get(place)
    if within is None:
        return
    draft.seeds[place] = within  # for while what the fields hold cannot be rehearsed
    drag.draw(
        draft.key(f"drag_{name}"),
        float(threshold.scale.shown(threshold.value) or 0.0),
        within,
        threshold.scale,
        lambda value, is_let_go: move(draft.place, threshold, value, is_let_go=is_let_go),
        label=say("Threshold"),
    )


def move(place: str, threshold: Threshold, shown: float, *, is_let_go: bool) -> None:
    """The threshold follows the slider; where the rule recovers keeps its distance from a bound."""
    name, value = threshold.question.name, threshold.scale.read(shown)
    before = drafts.drafts()[place].given["params"]
    moved: dict[str, Any] = {name: value}
    if name in verbs.BOUNDS and value is not None and before.get("recover") is not None:
        moved["recover"] = round(before["recover"] + value - before.get(name, value), units.EXACT)
    drafts.nudge(place, moved)
    if is_let_go:  # only then the fields follow: redrawing them takes longer than what one watches meanwhile
        choice.redraw_editor()


def reach_of(threshold: Threshold, found: Rehearsal | None) -> drag.Reach | None:
    """A bound goes through the figures there were; what is no figure, through what makes sense."""
    scale, question = threshold.scale, threshold.question
    if question.default is not None:
        usual = float(question.default) * scale.times
        return drag.reach(0.0, max(usual * 3, scale.shown(threshold.value) or 0.0))
    figures = found.now.trend["value"].drop_nulls() * scale.times if found else None
    if figures is None or figures.is_empty():
        return None
    return drag.reach(figures.min(), figures.max())
