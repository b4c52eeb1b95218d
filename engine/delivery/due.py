"""What is told without an evaluation: repeats, what a silence or snooze held back, what people ended."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from data.settings import Settings
from engine.alerts.rule import Rule
from engine.control import moves, notices
from engine.control.moves import StoredRule
from engine.control.notices import AlertState, Silence, Transaction
from engine.control.store import Control
from engine.delivery.happening import Happening, Look, What, nothing_more
from engine.delivery.tell import tell


def look_again(control: Control, now: datetime, settings: Settings, look: Look = nothing_more) -> int:
    """Tell what has become due; how many alerts were told of again. It costs little where there is none."""
    with control.begin() as session:
        if not _due(session, now):
            return 0
    with control.change() as session:
        found = _due(session, now)
        tell(session, found, now=now, settings=settings, look=look)
        notices.wake(session, [one.alert_id for one in found])
        return len(found)


def _due(session: Transaction, now: datetime) -> list[Happening]:
    rules = {one.rule_id: one for one in moves.load_rules(session) if not one.is_paused}
    hours = {key: one.rule.repeat_hours for key, one in rules.items() if one.rule.repeat_hours}
    least = min(hours.values(), default=None)
    before = now - timedelta(hours=least) if least is not None else None
    ended = [
        _happening(state, rule, "resolved", now, "removed") for state, rule in notices.ended_untold(session)
    ]
    states = notices.firing_to_look_at(session, now, hours, before)
    silences = notices.silences(session, now) if states else []
    return ended + [
        _happening(state, rules[state.rule_id].rule, what, now)
        for state in states
        if state.rule_id in rules and not _is_silenced(state, rules[state.rule_id], silences)
        if (what := _what(state, hours.get(state.rule_id), now))
    ]


def _is_silenced(state: AlertState, rule: StoredRule, silences: Sequence[Silence]) -> bool:
    return any(silence.covers(state.rule_id, rule.rule, state.segment) for silence in silences)


def _what(state: AlertState, repeat_hours: float | None, now: datetime) -> What | None:
    """What there is to tell of a firing alert that nothing holds back."""
    if state.told_at is None:
        return "firing"
    if state.snoozed_until is not None and state.snoozed_until > state.told_at:
        return "repeat"
    if state.is_held:
        return "worse"
    is_due = repeat_hours is not None and state.told_at <= now - timedelta(hours=repeat_hours)
    return "repeat" if is_due and state.acknowledged_at is None else None


def _happening(state: AlertState, rule: Rule, what: What, now: datetime, because: str = "") -> Happening:
    return Happening(
        alert_id=state.alert_id,
        transition_id=None,
        what=what,
        rule_id=state.rule_id,
        rule=rule,
        segment=state.segment,
        since=state.fired_at or state.since or now,
        entered_at=now,
        period_start=date.fromisoformat(state.period_start) if state.period_start else None,
        value=state.value,
        low=state.low,
        high=state.high,
        usual=state.usual,
        beyond=state.beyond,
        because=because,
    )
