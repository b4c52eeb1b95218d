"""What happened to alerts within one evaluation, brought down to what is worth telling."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.delivery.happening import Happening

FIGURES = ("period_start", "value", "low", "high", "usual", "beyond")


@dataclass(frozen=True, slots=True)
class Step:
    """A happening, and whether what it tells of is over by the end of the evaluation."""

    happening: Happening
    is_over: bool


def steps(happenings: Sequence[Happening], firing: Collection[int]) -> list[Step]:
    """The happenings in their order.

    Args:
        firing: the alerts that fire at the end.
    """
    told = merged(happenings)
    resolves = {one.alert_id: at for at, one in enumerate(told) if one.what == "resolved"}
    return [
        Step(
            one,
            one.what != "resolved" and (resolves.get(one.alert_id, -1) > at or one.alert_id not in firing),
        )
        for at, one in enumerate(told)
    ]


def merged(happenings: Sequence[Happening]) -> list[Happening]:
    """An alert that got worse since it began to fire is told once, as bad as it got."""
    told: list[Happening] = []
    began: dict[int, int] = {}
    for happening in happenings:
        if happening.what == "worse" and happening.alert_id in began:
            at = began[happening.alert_id]
            told[at] = _worse_of(told[at], happening)
            continue
        if happening.what == "firing":
            began[happening.alert_id] = len(told)
        if happening.what == "resolved":
            began.pop(happening.alert_id, None)
        told.append(happening)
    return told


def _worse_of(first: Happening, later: Happening) -> Happening:
    if (later.beyond or 0.0) <= (first.beyond or 0.0):
        return first
    figures: dict[str, Any] = {name: getattr(later, name) for name in FIGURES}
    return replace(first, **figures)
