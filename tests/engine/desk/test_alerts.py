"""What the pages ask of alerts, from the bell to the story of one."""

from datetime import timedelta

import pytest

from data.settings import Settings
from engine import clock
from engine.alerts.lifecycle import Life
from engine.alerts.rule import rule_of
from engine.control import moves, rules
from engine.control.moves import Standing, Transition
from engine.control.store import Control
from engine.desk import alerts as desk

HOUR = timedelta(hours=1)


@pytest.fixture
def firing(settings: Settings) -> int:
    """The id of an alert that fires since an hour ago."""
    control, since = Control.open(settings), clock.now() - HOUR
    watched = rule_of({"name": "few sign up", "metric": "signups", "params": {"below": 20}})
    rule_id = rules.create(control, watched, who="ada", now=since)
    with control.change() as session:
        stand = [Standing(rule_id, "all", Life("firing", since, 1), 1, value=12.0, beyond=8.0)]
        went = [Transition(rule_id, "all", 1, "quiet", "firing", since, "breached", value=12.0)]
        written = moves.write_moves(session, stand, went, recorded_at=since, edition="e1")
    return written.alert_ids[rule_id, "all"]


def test_a_home_where_nothing_happened_is_quiet(settings: Settings) -> None:
    now = clock.now()
    assert desk.firing_count(settings) == 0
    assert desk.alerts(settings) == []
    assert desk.timeline(settings, now - HOUR, now) == []
    assert desk.silences_known(settings) == []
    assert desk.audit(settings) == []


def test_the_bell_counts_what_the_list_shows(settings: Settings, firing: int) -> None:
    (group,) = desk.alerts(settings)
    assert desk.firing_count(settings) == len(group.firing) == 1
    assert desk.alert(settings, firing) == group.alerts[0]
    (span,) = desk.timeline(settings, clock.now() - HOUR / 2, clock.now())
    assert (span.rule, span.segment, span.status, span.left_at) == ("few sign up", "all", "firing", None)


def test_what_a_lead_does_is_seen_and_noted(settings: Settings, firing: int) -> None:
    now = clock.now()
    desk.take(settings, firing, who="ben")
    desk.acknowledge(settings, firing, who="ben")
    desk.comment(settings, firing, "a release", who="ben")
    desk.snooze(settings, firing, now + HOUR, who="ben")
    view = desk.alert(settings, firing)
    assert (view.taken_by, view.acknowledged_by, view.snoozed_until) == ("ben", "ben", now + HOUR)
    desk.assign(settings, firing, "cy", who="ben")
    desk.release(settings, firing, who="cy")
    story = desk.story(settings, firing)
    assert [entry.action for entry in story.done] == [
        "took", "acknowledged", "commented", "snoozed", "assigned", "released"
    ]  # fmt: skip
    assert [state.status for state in story.states] == ["firing"]
    assert [comment.text for comment in story.comments] == ["a release"]


def test_a_silence_is_made_seen_and_ended(settings: Settings, firing: int) -> None:
    rule_id = desk.alert(settings, firing).rule_id
    silence = desk.silence(settings, until=clock.now() + HOUR, who="ben", reason="release", rule_id=rule_id)
    assert desk.alert(settings, firing).is_silenced
    (known,) = desk.silences_known(settings, since=clock.now())
    assert (known.silence_id, known.rule, known.author) == (silence, "few sign up", "ben")
    desk.end_silence(settings, silence, who="ben")
    assert not desk.alert(settings, firing).is_silenced
    assert desk.silences_known(settings, since=clock.now()) == []
