from datetime import timedelta
from time import perf_counter

import pytest

from data.settings import Settings
from engine.control import actions, rules, silences
from engine.control.alert_tables import AlertRow
from engine.control.bulk import insert_rows
from engine.delivery import tell
from engine.delivery.content import Content
from engine.delivery.due import look_again
from tests.engine.delivery.scene import NOON, Scene, details

HOUR = timedelta(hours=1)


@pytest.fixture
def settings(either_settings: Settings) -> Settings:
    return either_settings


@pytest.fixture
def rule_id(scene: Scene) -> int:
    scene.channel("team")
    return scene.rule(channels=["team"], repeat_hours=24)


def looked(scene: Scene, after: timedelta) -> list[tuple[str, str]]:
    """What is told at a time, and why."""
    before = len(scene.notices())
    scene.now = NOON + after
    look_again(scene.control, scene.now, scene.settings, details)
    return [(what, reason) for _, what, reason, _ in scene.notices()[before:]]


def test_what_fires_on_is_told_again_after_the_hours_of_its_rule(scene: Scene, rule_id: int) -> None:
    scene.fires(rule_id, "pro", "free")
    assert looked(scene, 23.9 * HOUR) == []
    assert looked(scene, 24 * HOUR) == [("repeat", "repeat")] * 2
    assert looked(scene, 24 * HOUR) == []
    assert looked(scene, 47.9 * HOUR) == []
    assert looked(scene, 48 * HOUR) == [("repeat", "repeat")] * 2
    assert [one.what for one in scene.messages()] == ["firing", "repeat", "repeat"]
    assert len({one.key for one in scene.messages()}) == 3


def test_a_rule_without_hours_or_that_is_paused_repeats_nothing(scene: Scene, rule_id: int) -> None:
    scene.fires(scene.rule(name="once", channels=["team"]), "pro")
    scene.fires(rule_id, "pro")
    rules.pause(scene.control, rule_id, is_paused=True, who="ada", now=NOON)
    assert looked(scene, 240 * HOUR) == []


def test_what_somebody_has_seen_is_not_repeated(scene: Scene, rule_id: int) -> None:
    [alert_id] = scene.fires(rule_id, "pro")
    actions.acknowledge(scene.control, alert_id, who="ada", now=NOON)
    assert looked(scene, 48 * HOUR) == []


def test_a_repeat_that_nobody_hears_is_due_again_only_after_its_hours(scene: Scene, rule_id: int) -> None:
    from engine.control import channel_store

    scene.fires(rule_id, "pro")
    with scene.control.change() as session:
        channel_store.pause(session, channel_store.named(session, "team"), NOON, is_paused=True)
    assert looked(scene, 24 * HOUR) == [("repeat", "channel paused")]
    assert looked(scene, 25 * HOUR) == []


def test_what_a_silence_held_back_is_told_when_it_ends(scene: Scene, rule_id: int) -> None:
    scene.silence(NOON + 5 * HOUR)
    [alert_id] = scene.fires(rule_id, "pro")
    assert looked(scene, 4.9 * HOUR) == []
    assert looked(scene, 5 * HOUR) == [("firing", "first")]
    assert not scene.row(alert_id).is_held
    assert looked(scene, 6 * HOUR) == []


def test_what_a_silence_held_back_is_told_when_somebody_ends_it(scene: Scene, rule_id: int) -> None:
    silence_id = scene.silence(NOON + 500 * HOUR)
    scene.fires(rule_id, "pro")
    silences.end_silence(scene.control, silence_id, who="ada", now=NOON + HOUR)
    assert looked(scene, HOUR) == [("firing", "first")]


def test_what_resolves_in_a_silence_is_never_told(scene: Scene, rule_id: int) -> None:
    scene.silence(NOON + 5 * HOUR)
    [alert_id] = scene.fires(rule_id, "pro")
    scene.resolves(alert_id)
    assert looked(scene, 6 * HOUR) == []
    assert scene.messages() == []


def test_what_got_much_worse_in_a_silence_is_told_when_it_ends(scene: Scene, rule_id: int) -> None:
    pro, free = scene.fires(rule_id, "pro", "free")
    scene.silence(NOON + 5 * HOUR)
    for alert_id, beyond in ((pro, 0.3), (free, 0.16)):
        scene.set(alert_id, beyond=beyond)
        scene.tell(scene.happened(alert_id, "worse", beyond=beyond))
    scene.set(free, beyond=0.12)  # and is less bad by then
    assert looked(scene, 5 * HOUR) == [("worse", "worse"), ("worse", "not much worse")]
    assert looked(scene, 6 * HOUR) == []


def test_a_snoozed_alert_is_told_again_when_its_time_has_come(scene: Scene, rule_id: int) -> None:
    told, untold = scene.fires(rule_id, "pro")[0], scene.alert(rule_id, "free")
    for alert_id in (told, untold):
        actions.snooze(scene.control, alert_id, NOON + 3 * HOUR, who="ada", now=NOON)
    scene.tell(scene.happened(untold))
    assert scene.notices()[-1][1:3] == ("firing", "snoozed")
    assert looked(scene, 2.9 * HOUR) == []
    assert looked(scene, 3 * HOUR) == [("repeat", "repeat"), ("firing", "first")]
    assert looked(scene, 4 * HOUR) == []
    assert scene.row(told).snoozed_until is None


def test_a_snooze_that_was_taken_back_lets_be_told_at_once(scene: Scene, rule_id: int) -> None:
    alert_id = scene.alert(rule_id)
    actions.snooze(scene.control, alert_id, NOON + 3 * HOUR, who="ada", now=NOON)
    scene.tell(scene.happened(alert_id))
    actions.snooze(scene.control, alert_id, None, who="ada", now=NOON + HOUR)
    assert looked(scene, HOUR) == [("firing", "first")]


def test_who_was_told_is_told_that_a_rule_was_removed(scene: Scene, rule_id: int) -> None:
    pro, _ = scene.fires(rule_id, "pro", "free")
    scene.silence(NOON + 9 * HOUR, segment="held")
    scene.fires(rule_id, "held")
    rules.remove(scene.control, rule_id, who="ada", now=NOON + HOUR)
    assert looked(scene, HOUR) == [("resolved", "resolved")] * 2
    assert looked(scene, 12 * HOUR) == []
    message = scene.messages()[-1]
    assert (message.what, message.channel) == ("resolved", "team")
    content = Content.read(message.payload)
    assert [(one.segment, one.because, one.entered_at) for one in content.alerts] == [
        ("free", "removed", NOON + HOUR), ("pro", "removed", NOON + HOUR),
    ]  # fmt: skip
    assert scene.row(pro).told_at is None


def test_fifty_thousand_alerts_of_which_nothing_is_to_be_told_cost_little(scene: Scene, rule_id: int) -> None:
    """A look every ten seconds may take what a blink does: 50 ms on SQLite here, 5 times that is allowed."""
    many = [
        scene.rule(name=f"rule {at}", channels=["team"], repeat_hours=24 if at % 2 else None)
        for at in range(100)
    ]
    columns = (
        "rule_id",
        "segment",
        "status",
        "since",
        "rule_version",
        "breaches",
        "recoveries",
        "is_held",
        "told_at",
    )
    rows = [
        (many[at % 100], f"segment {at}", "firing", NOON, 1, 1, 0, False, NOON if at % 3 else None)
        for at in range(50_000)
    ]  # fmt: skip
    with scene.control.begin() as session:
        insert_rows(session, AlertRow.__table__, columns, rows)  # type: ignore[arg-type]
    took = []
    for _ in range(5):
        began = perf_counter()
        assert look_again(scene.control, NOON + HOUR, scene.settings) == 0
        with scene.control.begin() as session:
            tell(session, [], now=NOON, settings=scene.settings)
        took.append(perf_counter() - began)
    print(f"a look at 50,000 firing alerts: {min(took) * 1000:.1f} ms")
    assert min(took) < 0.25
