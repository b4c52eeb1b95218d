"""What two leads see differently in one rule."""

from collections.abc import Mapping
from typing import Any

from data.errors import Difference
from engine.alerts.rule import Rule

JUDGED = ("metric", "grain", "dimension", "segment", "kind", "params")


def differences(before: Rule, theirs: Rule, yours: Rule) -> tuple[Difference, ...]:
    """Field by field, what either changed; a param is a field of its own, such as `params.below`."""
    was, has, wants = (fields(one) for one in (before, theirs, yours))
    found = [
        Difference(name, was.get(name), has.get(name), wants.get(name))
        for name in dict.fromkeys((*was, *has, *wants))
    ]
    return tuple(one for one in found if not one.before == one.theirs == one.yours)


def fields(rule: Rule) -> Mapping[str, Any]:
    """What a rule says, flat."""
    told = rule.model_dump(mode="json")
    params = told.pop("params")
    return told | {f"params.{name}": value for name, value in params.items()}


def needs_reason(before: Rule, after: Rule) -> bool:
    """Whether a change alters when a rule fires, and not only whom it tells or what it is called."""
    return any(getattr(before, name) != getattr(after, name) for name in JUDGED)
