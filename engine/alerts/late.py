"""Alerts of late sources: one a source, raised and resolved by the clock of the editions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.alerts.judging import Outcome, Told
from engine.alerts.lifecycle import Life, Verdict, step
from engine.control.moves import Standing, StoredRule, Transition

KIND = "late"
METRIC = "source_silence"


def outcome(
    rule: StoredRule, late: Mapping[str, datetime], stored: Mapping[str, Standing], at: datetime
) -> Outcome:
    """What became of the alerts of late sources at an instant.

    Args:
        late: the sources that are late, and when each delivered last.
        stored: the rule's alerts by source.
    """
    standings: list[Standing] = []
    transitions: list[Transition] = []
    told: list[Told] = []
    for source in sorted(late.keys() | stored.keys()):
        before = stored.get(source, Standing(rule.rule_id, source))
        verdict = Verdict.BREACH if source in late else Verdict.RECOVERED
        life, reason = step(before.life, verdict, at, rule.rule.policy)
        if reason is None:
            continue
        silent = (at - late[source]).total_seconds() / 3600 if source in late else None
        told += to_tell(source, before.life, life, at, len(transitions))
        standings.append(replace(before, life=life, rule_version=rule.version, value=silent))
        transitions.append(
            Transition(
                rule.rule_id, source, rule.version, before.life.status, life.status, at, reason, value=silent
            )
        )
    return Outcome(rule, tuple(standings), tuple(transitions), tuple(told))


def to_tell(source: str, before: Life, life: Life, at: datetime, place: int) -> list[Told]:
    if life.status == "firing":
        return [Told(source, "firing", at, at, place)]
    return [Told(source, "resolved", before.since or at, at, place)] if before.status == "firing" else []
