"""Proposes a threshold from history: one that would have sent about so many messages a month."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.alerts.rehearsal import Rehearsal, Stage
from engine.alerts.rule import Rule, rule_of

# The parameter of each kind that decides how much it takes, and the values tried, the most sensitive first.
TRIED: dict[str, tuple[str, tuple[float, ...]]] = {
    "change": ("by", (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 1.0, 1.5)),
    "anomaly": ("z", (2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 10.0, 15.0)),
    "drift": ("by", (0.02, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1.0)),
    "rate": ("minimum_effect", (0.0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)),
}
STEPS = 24  # quantiles of the figures that are tried as bounds


@dataclass(frozen=True)
class Suggestion:
    """A rule with another threshold, and what it would have sent."""

    rule: Rule
    param: str
    value: float
    messages_a_month: float


def suggest(stage: Stage, rule: Rule, messages_a_month: float) -> Suggestion | None:
    """The most sensitive threshold that would have sent no more; None where none is found, or can be."""
    best = None
    for param, value in candidates(stage, rule):
        tried = with_param(rule, param, value)
        sent = a_month(stage.rehearse(tried))
        if sent is None:
            return None
        if sent <= messages_a_month and (best is None or sent > best.messages_a_month):
            best = Suggestion(tried, param, value, sent)
    return best


def candidates(stage: Stage, rule: Rule) -> Iterator[tuple[str, float]]:
    if rule.kind == "limit":
        yield from bounds(stage, rule)
    elif rule.kind in TRIED:
        param, values = TRIED[rule.kind]
        yield from ((param, value) for value in values)


def bounds(stage: Stage, rule: Rule) -> Iterator[tuple[str, float]]:
    """Bounds among the figures themselves, rounded to three digits, the most sensitive first."""
    panel = stage.panel(rule.metric, rule.grain, rule.dimension, rule.segment)
    values = panel.value[~np.isnan(panel.value)]
    if not values.size:
        return
    is_floor = rule.params.get("below") is not None
    shares = np.linspace(0.5, 0.0, STEPS) if is_floor else np.linspace(0.5, 1.0, STEPS)
    for value in dict.fromkeys(rounded(float(found)) for found in np.quantile(values, shares)):
        yield ("below" if is_floor else "above"), value


def rounded(value: float) -> float:
    return float(f"{value:.3g}")


def with_param(rule: Rule, param: str, value: float) -> Rule:
    """The rule with another threshold; where it resolves keeps its distance from the bound."""
    params: dict[str, Any] = {**rule.params, param: value}
    before, recover = rule.params.get(param), rule.params.get("recover")
    if rule.kind == "limit" and before is not None and recover is not None:
        params["recover"] = rounded(value + (recover - before))
    return rule_of({**rule.model_dump(), "params": params})


def a_month(of: Rehearsal) -> float | None:
    """Messages in thirty days; None where there is no history of a month."""
    at = of.panel.complete_at
    days = (at[-1] - at[0]).total_seconds() / 86_400 if at else 0.0
    return 30 * of.messages / days if days >= 30 else None
