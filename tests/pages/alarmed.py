"""Rules over the small company that fire, are about to, and did: judged by the engine itself."""

from pathlib import Path
from typing import Any

from data.settings import Settings
from engine.desk import alerts, rules

LEAD = "Mara"
HOSTILE = "visits <b>fall</b> *now*"
PENDING, OVER = "visits are watched", "activation is low"
REGIONS = ("Asia", "Europe")


def rule(name: str, metric: str, grain: str, dimension: str, severity: str, **params: Any) -> dict[str, Any]:
    return {
        "name": name,
        "metric": metric,
        "grain": grain,
        "dimension": dimension,
        "kind": "limit",
        "params": params,
        "severity": severity,
        "owner": LEAD,
        "about": "Ask the two largest accounts of the region.",
    }


RULES = (
    rule(HOSTILE, "active_accounts", "day", "region", "critical", below=20.0),
    rule(PENDING, "active_accounts", "week", "all", "info", below=60.0, periods=80),
    rule(OVER, "activation_rate", "week", "plan", "warning", below=0.9, periods=2),
)


def decide(home: Path) -> None:
    """Have the rules; the next refresh judges them."""
    for given in RULES:
        rules.create_rule(Settings(home=home), given, who=LEAD)


def alert_id(home: Path, name: str, segment: str) -> int:
    """The alert of a rule and a segment, whatever its state."""
    every = ("firing", "pending", "resolved", "quiet")
    groups = alerts.alerts(Settings(home=home), statuses=every)
    return next(
        of.alert_id
        for group in groups
        for of in group.alerts
        if (group.rule.name, of.segment) == (name, segment)
    )
