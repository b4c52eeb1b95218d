"""Whom a message is for: the channels that a rule names, or those that the routes lead to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.alerts.rule import Rule


@dataclass(frozen=True, slots=True)
class Route:
    """What is null matches anything; after a match the routes that follow count only if it `goes_on`."""

    severity: str | None
    metric: str | None
    segment: str | None
    channels: tuple[str, ...]
    goes_on: bool = False

    def matches(self, rule: Rule, segment: str) -> bool:
        return (
            self.severity in (None, rule.severity)
            and self.metric in (None, rule.metric)
            and self.segment in (None, segment)
        )


def channels_for(rule: Rule, segment: str, routes: Sequence[Route]) -> tuple[str, ...]:
    """Names of channels, each once, in the order given."""
    return rule.channels if rule.channels else tuple(dict.fromkeys(_along(rule, segment, routes)))


def _along(rule: Rule, segment: str, routes: Sequence[Route]) -> Iterable[str]:
    for route in routes:
        if route.matches(rule, segment):
            yield from route.channels
            if not route.goes_on:
                return
