"""A bound to begin with, for a metric that has none yet."""

from collections.abc import Mapping
from typing import Any

from data.errors import HoldfastError
from pages.parts import alarms

WANTED = 1.0  # messages a month


def bound(given: Mapping[str, Any], name: str) -> float:
    """One that would have sent about a message a month; 0 where the history cannot say."""
    try:
        rule = alarms.checked({**given, "name": "-", "params": {name: 0.0}})
        found = alarms.suggestion(alarms.batch(), rule, WANTED)
    except HoldfastError:
        return 0.0
    return found.value if found else 0.0
