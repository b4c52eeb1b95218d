"""What people do with alerts is done once, to whom it was meant, and written down."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from data.errors import BadInput
from engine.control import actions, alerts, audit, moves
from engine.control.alerts import AlertView
from engine.control.store import Control

NOON = datetime(2025, 3, 1, 12)


@pytest.fixture
def firing(rule_id: int, raised: Any) -> int:
    found: int = raised(rule_id, "firing", "pro")["pro"]
    return found


def seen(control: Control, alert_id: int) -> AlertView:
    return alerts.alert(control, alert_id, NOON)


def test_of_two_who_take_an_alert_the_second_is_told_who_has_it(control: Control, firing: int) -> None:
    def try_to(who: str) -> bool:
        try:
            actions.assign(control, firing, who, who=who, now=NOON)
        except BadInput as taken:
            return "has taken it meanwhile" not in str(taken)
        return True

    with ThreadPoolExecutor(4) as pool:
        done = dict(zip("abcd", pool.map(try_to, "abcd"), strict=True))
    (owner,) = [who for who, is_done in done.items() if is_done]
    assert seen(control, firing).taken_by == owner
    actions.assign(control, firing, "eve", who="eve", now=NOON, instead_of=owner)
    assert seen(control, firing).taken_by == "eve"


def test_an_alert_is_taken_given_away_and_released(control: Control, firing: int) -> None:
    actions.assign(control, firing, "ada", who="ada", now=NOON)
    actions.assign(control, firing, "ada", who="ada", now=NOON)
    actions.assign(control, firing, "ben", who="ada", now=NOON)
    actions.assign(control, firing, None, who="ben", now=NOON)
    assert seen(control, firing).taken_by is None
    told = [(one.who, one.action, one.before, one.after) for one in audit.audit(control, f"alert:{firing}")]
    assert told[::-1] == [
        ("ada", "took", {"taken_by": None}, {"taken_by": "ada"}),
        ("ada", "assigned", {"taken_by": "ada"}, {"taken_by": "ben"}),
        ("ben", "released", {"taken_by": "ben"}, {"taken_by": None}),
    ]


def test_only_what_fires_is_acknowledged_and_that_once(
    control: Control, rule_id: int, firing: int, raised: Any
) -> None:
    for who in ("ada", "ben"):
        actions.acknowledge(control, firing, who=who, now=NOON)
    assert (seen(control, firing).acknowledged_by, seen(control, firing).acknowledged_at) == ("ada", NOON)
    assert len(audit.audit(control, f"alert:{firing}")) == 1
    pending = raised(rule_id, "pending", "free")["free"]
    with pytest.raises(BadInput, match="does not fire"):
        actions.acknowledge(control, pending, who="ada", now=NOON)


def test_an_alert_is_put_off_and_woken(control: Control, firing: int) -> None:
    until = NOON + timedelta(hours=4)
    actions.snooze(control, firing, until, who="ada", now=NOON, reason="deploying")
    assert seen(control, firing).snoozed_until == until
    actions.snooze(control, firing, None, who="ada", now=NOON)
    assert seen(control, firing).snoozed_until is None
    assert [one.action for one in audit.audit(control, f"alert:{firing}")] == ["woke", "snoozed"]
    with pytest.raises(BadInput, match="which has passed"):
        actions.snooze(control, firing, NOON, who="ada", now=NOON)


@pytest.mark.parametrize("said", ["", "   ", "x" * 10_001])
def test_a_comment_says_something(control: Control, firing: int, said: str) -> None:
    with pytest.raises(BadInput, match="A comment has 1 to"):
        actions.comment(control, firing, said, who="ada", now=NOON)


def test_nothing_is_done_to_an_alert_that_is_not_there(control: Control) -> None:
    for act in (actions.acknowledge, actions.comment):
        with pytest.raises(BadInput, match="There is no alert 7"):
            act(control, 7, **({"said": "?"} if act is actions.comment else {}), who="ada", now=NOON)


def test_people_act_while_an_evaluation_writes_and_nothing_is_lost(
    control: Control, rule_id: int, raised: Any
) -> None:
    names = [f"s{number}" for number in range(40)]
    ids = raised(rule_id, "firing", *names)

    def evaluate(turn: int) -> None:
        with control.change() as session:
            known = moves.load_alerts(session, [rule_id])
            worse = [replace(one, beyond=float(turn)) for one in known.values()]
            moves.write_moves(session, worse, [], recorded_at=NOON, edition=f"e{turn}")

    def act(alert_id: int) -> None:
        actions.assign(control, alert_id, "ada", who="ada", now=NOON)
        actions.acknowledge(control, alert_id, who="ada", now=NOON)
        actions.comment(control, alert_id, "seen", who="ada", now=NOON)

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(evaluate, turn) for turn in range(20)]
        done += [pool.submit(act, alert_id) for alert_id in ids.values()]
        for one in done:
            one.result()
    views = [seen(control, alert_id) for alert_id in ids.values()]
    assert {(one.taken_by, one.acknowledged_by) for one in views} == {("ada", "ada")}
    assert {one.beyond for one in views} <= set(map(float, range(20)))
    assert len(audit.audit(control, limit=1000)) == 1 + 3 * len(ids)
