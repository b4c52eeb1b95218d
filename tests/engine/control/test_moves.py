"""What an evaluation writes in bulk is what it reads the next time."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from engine.alerts.lifecycle import Life
from engine.alerts.rule import Rule
from engine.control import actions, alerts, moves, rules
from engine.control.moves import Standing, Transition
from engine.control.store import Control

NOON = datetime(2025, 3, 1, 12)
DAY = timedelta(days=1)
AT = {"recorded_at": NOON, "edition": "e1"}


def test_rules_come_with_how_far_they_were_judged(control: Control, rule_id: int, stalls: Rule) -> None:
    gone = rules.create(control, stalls.model_copy(update={"name": "gone"}), who="ada", now=NOON)
    rules.remove(control, gone, who="ada", now=NOON)
    paused = rules.create(control, stalls.model_copy(update={"name": "paused"}), who="ada", now=NOON)
    rules.pause(control, paused, is_paused=True, who="ada", now=NOON)
    with control.begin() as session:
        first, second = moves.load_rules(session)
        moves.write_judged(session, [replace(first, judged_batch=7, judged_version=1)])
    assert (first.rule_id, first.rule, first.version, first.judged_batch) == (rule_id, stalls, 1, 0)
    assert (second.rule_id, second.is_paused) == (paused, True)
    with control.begin() as session:
        first, second = moves.load_rules(session)
    assert (first.judged_batch, first.judged_version) == (7, 1)
    assert (second.judged_batch, second.judged_version) == (0, 0)


def test_alerts_are_read_as_they_were_written(control: Control, rule_id: int) -> None:
    full = Standing(
        rule_id,
        "Größe ✓ 'x' \\ \"",
        Life("firing", NOON, 3, 1),
        2,
        date(2025, 2, 24),
        0.1,
        0.35,
        2.5,
        1 / 3,
        0.25,
    )
    bare = Standing(rule_id, "free")
    with control.begin() as session:
        written = moves.write_moves(session, [full, bare], [], **AT)
    with control.begin() as session:
        found = moves.load_alerts(session, [rule_id])
        assert moves.load_alerts(session, [rule_id + 1]) == {}
        active = moves.load_alerts(session, [rule_id], at_rest=False)
    ids = written.alert_ids
    assert found[rule_id, full.segment] == replace(full, alert_id=ids[rule_id, full.segment])
    assert found[rule_id, "free"] == replace(bare, alert_id=ids[rule_id, "free"])
    assert list(active) == [(rule_id, full.segment)]


def test_transitions_close_those_before_them(control: Control, rule_id: int) -> None:
    def move(segment: str, before: Any, status: Any, at: datetime) -> Transition:
        return Transition(rule_id, segment, 1, before, status, at, "breached", date(2025, 2, 24), 0.25, 0.35)

    stand = [Standing(rule_id, name, Life("firing", NOON + DAY, 2)) for name in ("free", "pro")]
    went = [
        move("free", "quiet", "pending", NOON),
        move("pro", "quiet", "pending", NOON),
        move("free", "pending", "firing", NOON + DAY),
        move("pro", "pending", "firing", NOON + DAY),
    ]
    with control.begin() as session:
        first = moves.write_moves(session, stand, went, **AT)
    with control.begin() as session:
        known = list(moves.load_alerts(session, [rule_id]).values())
        over = [move(one.segment, "firing", "resolved", NOON + 2 * DAY) for one in known]
        second = moves.write_moves(session, known, over, **AT)
    assert first.transition_ids + second.transition_ids == sorted(
        first.transition_ids + second.transition_ids
    )
    told = alerts.happened(control).select("segment", "state", "entered_at", "left_at").rows()
    assert told == [
        (segment, state, NOON + number * DAY, None if number == 2 else NOON + (number + 1) * DAY)
        for segment in ("free", "pro")
        for number, state in enumerate(("pending", "firing", "resolved"))
    ]


def test_an_alert_at_rest_that_was_not_loaded_is_not_made_twice(
    control: Control, rule_id: int, raised: Any
) -> None:
    made = raised(rule_id, "resolved", "free", "pro")
    with control.begin() as session:
        assert moves.load_alerts(session, [rule_id], at_rest=False) == {}
        anew = [Standing(rule_id, name, Life("firing", NOON)) for name in ("new", "free")]
        written = moves.write_moves(session, anew, [], **AT)
    assert written.alert_ids[rule_id, "free"] == made["free"]
    assert written.alert_ids[rule_id, "new"] not in made.values()


def test_an_alert_that_rises_anew_is_nobodys_and_one_that_goes_on_stays_theirs(
    control: Control, rule_id: int, raised: Any
) -> None:
    ids = raised(rule_id, "firing", "free", "pro")
    for alert_id in ids.values():
        actions.assign(control, alert_id, "ada", who="ada", now=NOON)
        actions.acknowledge(control, alert_id, who="ada", now=NOON)
    raised(rule_id, "resolved", "free", at=NOON + DAY)
    raised(rule_id, "firing", "free", at=NOON + 2 * DAY)
    free, pro = (alerts.alert(control, ids[name], NOON) for name in ("free", "pro"))
    assert (free.taken_by, free.acknowledged_at, free.acknowledged_by) == (None, None, None)
    assert (pro.taken_by, pro.acknowledged_at, pro.acknowledged_by) == ("ada", NOON, "ada")
    assert free.fired_at == NOON + 2 * DAY


def test_all_of_an_evaluation_is_written_or_nothing(control: Control, rule_id: int) -> None:
    def broken_off() -> None:
        with control.begin() as session:
            stand = [Standing(rule_id, "free", Life("firing", NOON))]
            went = [Transition(rule_id, "free", 1, "quiet", "firing", NOON, "breached")]
            moves.write_moves(session, stand, went, **AT)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert alerts.happened(control).is_empty()
    assert alerts.firing_count(control) == 0


def test_thousands_are_written_in_order(control: Control, rule_id: int) -> None:
    names = [f"s{number:04}" for number in range(3000)]
    stand = [Standing(rule_id, name, Life("firing", NOON)) for name in names]
    went = [Transition(rule_id, name, 1, "quiet", "firing", NOON, "breached") for name in names]
    with control.begin() as session:
        written = moves.write_moves(session, stand, went, **AT)
        rows = session.execute(
            text("select a.segment, t.transition_id from transitions t join alerts a using (alert_id)")
        )
        found = {row.segment: row.transition_id for row in rows}
    assert [found[name] for name in names] == written.transition_ids
    assert list(written.alert_ids) == [(rule_id, name) for name in names]


def test_a_segment_with_a_nul_in_its_name_is_a_segment_like_others(control: Control, rule_id: int) -> None:
    """As a Parquet file may bring it; PostgreSQL has no such text."""
    stand = [Standing(rule_id, name, Life("firing", NOON)) for name in ("a\x00b", "pro")]
    went = [Transition(rule_id, "a\x00b", 1, "quiet", "firing", NOON, "breached")]
    with control.begin() as session:
        moves.write_moves(session, stand, went, **AT)
    with control.begin() as session:
        known = moves.load_alerts(session, [rule_id])
        again = moves.write_moves(session, list(known.values()), [], **AT)
    assert set(again.alert_ids) == {(rule_id, "a\x00b"), (rule_id, "pro")}
    assert alerts.firing_count(control) == 2
    assert alerts.happened(control)["segment"].to_list() == ["a\x00b"]
