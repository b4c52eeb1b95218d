"""Every test of the control store runs on SQLite and on PostgreSQL; a rule and alerts of it to begin with."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from data.settings import Settings
from engine.alerts.lifecycle import Life, Status
from engine.alerts.rule import Rule, rule_of
from engine.control import moves, rules
from engine.control.moves import Standing, Transition
from engine.control.store import Control

NOON = datetime(2025, 3, 1, 12)
Raise = Callable[..., dict[str, int]]


@pytest.fixture
def settings(either_settings: Settings) -> Settings:
    return either_settings


@pytest.fixture
def control(settings: Settings) -> Control:
    return Control.open(settings)


@pytest.fixture
def stalls() -> Rule:
    return rule_of(
        {
            "name": "activation stalls",
            "metric": "activation_rate",
            "dimension": "plan",
            "params": {"below": 0.35, "periods": 2},
        }
    )


@pytest.fixture
def rule_id(control: Control, stalls: Rule) -> int:
    return rules.create(control, stalls, who="ada", now=NOON)


@pytest.fixture
def raised(control: Control) -> Raise:
    """Move alerts of a rule to a state, an hour apart; gives their ids by segment."""

    def move(rule_id: int, status: Status, *segments: str, at: datetime = NOON) -> dict[str, int]:
        with control.change() as session:
            known = moves.load_alerts(session, [rule_id])
            before = {name: known.get((rule_id, name), Standing(rule_id, name)) for name in segments}
            stand, went = [], []
            for place, (name, one) in enumerate(before.items()):
                then = at + timedelta(hours=place)
                life = Life(status, then, 1)
                stand.append(Standing(rule_id, name, life, 1, value=0.25, beyond=0.1, alert_id=one.alert_id))
                went.append(Transition(rule_id, name, 1, one.life.status, status, then, "held", value=0.25))
            written = moves.write_moves(session, stand, went, recorded_at=at, edition="e1")
        return {name: alert_id for (_, name), alert_id in written.alert_ids.items()}

    return move
