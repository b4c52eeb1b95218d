"""What people see of alerts: the gravest first, the whole story of each, and what really happened."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from data.errors import BadInput
from engine.alerts.rule import Rule
from engine.control import actions, alerts, rules, silences, story
from engine.control.delivery_tables import MessageRow, NoticeRow
from engine.control.store import Control

NOON = datetime(2025, 3, 1, 12)
DAY = timedelta(days=1)


def test_what_fires_comes_first_by_rule_the_graver_the_sooner(
    control: Control, rule_id: int, stalls: Rule, raised: Any
) -> None:
    names = {"pended": "critical", "minor": "info", "grave": "critical", "paused": "critical"}
    ids = {
        name: rules.create(
            control, stalls.model_copy(update={"name": name, "severity": severity}), who="ada", now=NOON
        )
        for name, severity in names.items()
    }
    for name in ("minor", "grave", "paused"):
        raised(ids[name], "firing", "pro")
    raised(rule_id, "firing", "free", "pro")
    raised(rule_id, "pending", "team")
    raised(rule_id, "resolved", "old")
    raised(ids["pended"], "pending", "pro")
    rules.pause(control, ids["paused"], is_paused=True, who="ada", now=NOON)
    groups = alerts.alerts(control, NOON)
    assert [group.rule.name for group in groups] == [
        "grave", "activation stalls", "minor", "pended", "paused"
    ]  # fmt: skip
    assert [one.segment for one in groups[1].alerts] == ["pro", "free", "team"]
    assert [one.segment for one in groups[1].firing] == ["pro", "free"]
    assert alerts.firing_count(control) == 4
    (only,) = alerts.alerts(control, NOON, statuses=("resolved",), rule_id=rule_id)
    assert [one.segment for one in only.alerts] == ["old"]


def test_an_alert_is_seen_whole(control: Control, rule_id: int, stalls: Rule, raised: Any) -> None:
    ids = raised(rule_id, "firing", "pro")
    view = alerts.alert(control, ids["pro"], NOON)
    assert (view.rule, view.segment, view.status, view.is_firing) == (stalls, "pro", "firing", True)
    assert (view.since, view.fired_at, view.value, view.beyond) == (NOON, NOON, 0.25, 0.1)
    assert (view.taken_by, view.told_at, view.is_silenced) == (None, None, False)
    with pytest.raises(BadInput, match="There is no alert 999"):
        alerts.alert(control, 999, NOON)


def test_what_happened_is_in_order_of_rule_segment_and_time(
    control: Control, rule_id: int, stalls: Rule, raised: Any
) -> None:
    other = rules.create(control, stalls.model_copy(update={"name": "Zero"}), who="ada", now=NOON)
    raised(other, "firing", "free")
    raised(rule_id, "firing", "pro", "a")
    raised(rule_id, "resolved", "a", at=NOON + DAY)
    found = alerts.happened(control)
    assert found.columns == ["rule", "segment", "state", "entered_at", "left_at", "value", "reason"]
    assert found.rows() == [
        ("Zero", "free", "firing", NOON, None, 0.25, "held"),
        ("activation stalls", "a", "firing", NOON + timedelta(hours=1), NOON + DAY, 0.25, "held"),
        ("activation stalls", "a", "resolved", NOON + DAY, None, 0.25, "held"),
        ("activation stalls", "pro", "firing", NOON, None, 0.25, "held"),
    ]


def test_what_happened_has_its_columns_though_nothing_did(control: Control) -> None:
    assert alerts.happened(control).schema == alerts.HAPPENED


def test_the_story_tells_how_it_moved_what_was_told_and_what_people_did(
    control: Control, rule_id: int, raised: Any
) -> None:
    alert_id = raised(rule_id, "firing", "pro")["pro"]
    message = MessageRow(
        key="k", channel="team", what="firing", severity="warning", payload={}, state="sent", attempts=1,
        created_at=NOON, due_at=NOON, sent_at=NOON, is_held=False,
    )  # fmt: skip
    with control.begin() as session:
        session.add(message)
        session.flush()
        for reason, sent in (("first", message.message_id), ("no channel", None)):
            session.add(
                NoticeRow(
                    alert_id=alert_id, what="firing", reason=reason, channel="team", message_id=sent, at=NOON
                )
            )
    actions.comment(control, alert_id, "looking", who="ada", now=NOON)
    actions.assign(control, alert_id, "ada", who="ada", now=NOON)
    raised(rule_id, "resolved", "pro", at=NOON + DAY)
    told = story.story(control, alert_id)
    assert [(one.status, one.before, one.left_at) for one in told.states] == [
        ("firing", "quiet", NOON + DAY),
        ("resolved", "firing", None),
    ]
    assert [(one.reason, one.message_state, one.sent_at) for one in told.tellings] == [
        ("first", "sent", NOON),
        ("no channel", None, None),
    ]
    assert [(one.author, one.text) for one in told.comments] == [("ada", "looking")]
    assert [one.action for one in told.done] == ["commented", "took"]
    assert story.story(control, 999) == story.Story((), (), (), ())


def test_the_timeline_holds_what_pended_or_fired_in_its_span(
    control: Control, rule_id: int, raised: Any
) -> None:
    raised(rule_id, "firing", "before")
    raised(rule_id, "resolved", "before", at=NOON + DAY)
    raised(rule_id, "firing", "long")
    raised(rule_id, "pending", "within", at=NOON + 2 * DAY)
    raised(rule_id, "firing", "after", at=NOON + 3 * DAY)
    found = story.timeline(control, NOON + DAY, NOON + 3 * DAY)
    assert [(one.rule, one.segment, one.status, one.entered_at) for one in found] == [
        ("activation stalls", "long", "firing", NOON),
        ("activation stalls", "within", "pending", NOON + 2 * DAY),
    ]


def test_a_silence_is_seen_on_what_it_matches(control: Control, rule_id: int, raised: Any) -> None:
    raised(rule_id, "firing", "free", "pro")
    silences.silence(control, until=NOON + DAY, who="ada", now=NOON, segment="pro", rule_id=rule_id)

    def silenced(at: datetime) -> list[str]:
        (group,) = alerts.alerts(control, at)
        return [one.segment for one in group.alerts if one.is_silenced]

    assert silenced(NOON) == ["pro"]
    assert silenced(NOON + DAY) == []
