"""Whom a message is for: the channels that a rule names, or those that the routes lead to."""

from collections.abc import Iterable, Sequence

from engine.alerts.rule import Rule
from engine.control.route_store import Route


def channels_for(rule: Rule, segment: str, routes: Sequence[Route]) -> tuple[str, ...]:
    """Names of channels, each once, in the order given."""
    return tuple(dict.fromkeys(rule.channels or _along(rule, segment, routes)))


def matches(route: Route, rule: Rule, segment: str) -> bool:
    return (
        route.severity in (None, rule.severity)
        and route.metric in (None, rule.metric)
        and route.segment in (None, segment)
    )


def _along(rule: Rule, segment: str, routes: Sequence[Route]) -> Iterable[str]:
    for route in routes:
        if matches(route, rule, segment):
            yield from route.channels
            if not route.goes_on:
                return
