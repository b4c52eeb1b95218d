"""What leads are about to decide: unsaved edits, kept by rule and by the version they began from.

A draft outlives reruns, other pages and other leads' versions: it goes only when it is saved, or put away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from engine.desk.rules import Rule, RuleView
from pages.parts import alarms
from pages.parts.rules import choice

DRAFTS, SHOWN, TURN = "rules_drafts", "rules_shown", "rules_turn"
NUDGED = ("threshold_", "limit_recover")  # the fields that the slider moves
Given = Mapping[str, Any]


@dataclass(frozen=True)
class Draft:
    """`base` is what the version it began from says, `given` what the fields hold.

    `turn` tells the keys of its fields apart from all before: what else than a field changes a draft has them
    drawn afresh; `nudges` counts how often its slider did. `by_kind` is what each kind was told last, for
    whoever tries another and comes back; `seeds` is what the fields began with.
    """

    place: str
    version: int
    base: Given
    given: Given
    turn: int
    by_kind: Mapping[str, Given] = field(default_factory=dict)
    nudges: int = 0
    seeds: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_new(self) -> bool:
        return self.place == choice.NEW

    @property
    def is_changed(self) -> bool:
        return self.is_new or settled(self.given) != settled(self.base)

    @property
    def saved(self) -> Rule | None:
        """The version that it began from."""
        return None if self.is_new else Rule(**self.base)

    def params(self, kind: str) -> Given:
        """What a kind was told last; nothing, where it was never chosen."""
        return self.given["params"] if kind == self.given["kind"] else self.by_kind.get(kind, {})

    def key(self, name: str) -> str:
        """The key of a field's widget."""
        nudges = f"_{self.nudges}" if name.startswith(NUDGED) else ""
        return f"rules_{name}_{self.place}_{self.version}_{self.turn}{nudges}"

    def filled(self, given: Given) -> "Draft":
        """The same with what its fields hold now."""
        return replace(self, given=given, by_kind={**self.by_kind, given["kind"]: given["params"]})


def told(rule: Rule) -> dict[str, Any]:
    """A rule as a form gives it."""
    return rule.model_dump(mode="json")


def settled(given: Given) -> dict[str, Any]:
    """The same with every param that nobody told at its default, so that equal rules are equal."""
    kind = alarms.kinds().get(given["kind"])
    defaults = {question.name: question.default for question in kind.questions} if kind else {}
    return {**given, "params": defaults | dict(given["params"]), "channels": list(given["channels"])}


def drafts() -> dict[str, Draft]:
    found: dict[str, Draft] = st.session_state.setdefault(DRAFTS, {})
    return found


def edited() -> set[str]:
    """The rules that somebody has begun to change here."""
    return {place for place, draft in drafts().items() if draft.is_changed and not draft.is_new}


def of_rule(view: RuleView) -> Draft:
    """The draft of a rule: as it was left, or begun from its newest version."""
    place = str(view.rule_id)
    arrives = st.session_state.get(SHOWN) != place
    st.session_state[SHOWN] = place
    known = drafts().get(place)
    if known is None or (arrives and known.version != view.version and not known.is_changed):
        known = keep(begun(view))
    return known


def begun(view: RuleView) -> Draft:
    """The draft that a version of a rule begins with."""
    given = told(view.rule)
    return Draft(str(view.rule_id), view.version, given, given, next_turn())


def of_new(start: Given) -> Draft:
    """The draft of a rule that is to be made."""
    st.session_state[SHOWN] = choice.NEW
    return drafts().get(choice.NEW) or keep(Draft(choice.NEW, 0, start, start, next_turn()))


def keep(draft: Draft) -> Draft:
    drafts()[draft.place] = draft
    return draft


def nudge(place: str, params: Given) -> None:
    """The slider moves some params of a draft: their fields are drawn afresh, and only those."""
    draft = drafts()[place]
    given = {**draft.given, "params": {**draft.given["params"], **params}}
    keep(replace(draft, given=given, nudges=draft.nudges + 1))


def next_turn() -> int:
    """A number that no draft of this visit had before: widgets never find what an older one held."""
    st.session_state[TURN] = turn = int(st.session_state.get(TURN, 0)) + 1
    return turn


def put_away_untouched(place: str) -> None:
    """Begin from the newest version next time, unless there are edits that would be lost."""
    known = drafts().get(place)
    if known and not known.is_changed:
        put_away(place)


def put_away(place: str) -> None:
    drafts().pop(place, None)
