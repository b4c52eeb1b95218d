from typing import Any

import pytest

from engine.desk.rules import Rule, kinds_of_rules
from pages.parts import speech
from pages.parts.rules import phrases

ENGLISH = frozenset(
    ["is", "has", "the", "than", "by", "more", "from", "its", "in", "or", "and", "falls", "rises"]
)
RULES: dict[str, list[dict[str, Any]]] = {
    "limit": [{"below": 0.35}, {"above": 1200.5}],
    "anomaly": [
        {"direction": side, "floor": floor} for side in ("up", "down", "both") for floor in (0, 0.05)
    ],
    "change": [
        {"direction": side, "against": against, "floor": floor}
        for side in ("up", "down", "both")
        for against in ("same_weekday", "previous")
        for floor in (0, 0.05)
    ],
    "drift": [{"direction": side, "by": 0.125} for side in ("up", "down", "both")],
    "rate": [
        {"direction": side, "minimum_effect": size} for side in ("up", "down", "both") for size in (0, 0.05)
    ],
    "missing": [{}, {"at_least": 3.0}],
    "late": [{}],
}


def rule(kind: str, params: dict[str, Any]) -> Rule:
    metric = phrases.SOURCES if kind == "late" else "activation_rate"
    return Rule(name="r", metric=metric, kind=kind, params=params)


def test_every_kind_of_rule_is_told_of_here() -> None:
    assert set(RULES) == {kind.name for kind in kinds_of_rules()}


@pytest.mark.parametrize("kind", RULES)
def test_every_condition_is_said_in_polish(kind: str) -> None:
    for params in RULES[kind]:
        of = rule(kind, params)
        write = phrases.writer(of.metric)
        english = of.of_kind.says(of.read_params, write)
        with speech.speaking("pl"):
            assert not ENGLISH.intersection(of.of_kind.says(of.read_params, write).split()), english


def test_a_condition_is_said_in_polish() -> None:
    with speech.speaking("pl"):
        found = phrases.condition(rule("limit", {"below": 0.35, "periods": 2}))
        assert found == "spadek poniżej 35,0%, 2 tygodnie z rzędu"
        assert phrases.watched(rule("limit", {"below": 0.35})) == "Wskaźnik aktywacji tygodniowo, cała firma"
