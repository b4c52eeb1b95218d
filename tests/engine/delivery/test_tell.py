from contextlib import suppress
from datetime import timedelta

import pytest

from data.settings import Settings
from engine.control.route_store import Route
from engine.delivery import tell
from engine.delivery.content import Content
from engine.delivery.happening import Details, Happening
from tests.engine.delivery.scene import NOON, Scene

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def settings(either_settings: Settings) -> Settings:
    return either_settings


@pytest.fixture
def rule_id(scene: Scene) -> int:
    scene.channel("team")
    return scene.rule(channels=["team"])


def reasons(scene: Scene) -> list[tuple[str, str]]:
    return [(what, reason) for _, what, reason, _ in scene.notices()]


def sent(scene: Scene) -> list[tuple[str, str, list[str]]]:
    """Of each message: what, channel, segments."""
    return [
        (one.what, one.channel, [told.segment for told in Content.read(one.payload).alerts])
        for one in scene.messages()
    ]


def test_segments_of_a_rule_go_into_one_message_the_worst_first(scene: Scene, rule_id: int) -> None:
    ids = [scene.alert(rule_id, segment) for segment in ("free", "pro", "team")]
    by = dict(zip(ids, (0.05, 0.2, 0.1), strict=True))
    scene.tell(*(scene.happened(key, beyond=beyond) for key, beyond in by.items()))
    assert sent(scene) == [("firing", "team", ["pro", "team", "free"])]
    assert scene.notices() == [(segment, "firing", "first", "team") for segment in ("free", "pro", "team")]
    assert [scene.row(key).told_at for key in ids] == [NOON] * 3
    assert [scene.row(key).told_beyond for key in ids] == [0.05, 0.2, 0.1]


def test_rules_and_what_happened_are_told_apart(scene: Scene, rule_id: int) -> None:
    other = scene.rule(name="another", channels=["team"])
    [told] = scene.fires(rule_id, "pro")
    scene.tell(
        scene.happened(told, "worse", beyond=0.3),
        scene.happened(scene.alert(rule_id, "free")),
        scene.happened(scene.alert(other, "free")),
    )
    assert [what for what, *_ in sent(scene)] == ["firing", "worse", "firing", "firing"]


def test_a_firing_alert_that_is_told_again_keeps_its_message(scene: Scene, rule_id: int) -> None:
    alert_id = scene.alert(rule_id)
    happened = scene.happened(alert_id)
    scene.tell(happened)
    scene.tell(happened)
    assert len(scene.messages()) == 1


def test_resolving_is_told_to_those_who_were_told_and_to_nobody_else(scene: Scene, rule_id: int) -> None:
    [told] = scene.fires(rule_id, "pro")
    scene.channel("late")
    scene.rules[rule_id] = scene.rules[rule_id].model_copy(update={"channels": ("late", "team")})
    scene.resolves(told, scene.alert(rule_id, "free"))
    assert sent(scene)[1:] == [("resolved", "team", ["pro"])]
    assert scene.notices()[1:] == [
        ("pro", "resolved", "resolved", "team"),
        ("free", "resolved", "not told of before", None),
    ]
    assert scene.row(told).told_at is None


def test_an_alert_that_fires_again_is_told_again(scene: Scene, rule_id: int) -> None:
    [alert_id] = scene.fires(rule_id, "pro")
    scene.resolves(alert_id)
    scene.now += DAY
    scene.set(alert_id, status="firing", since=scene.now)
    scene.tell(scene.happened(alert_id))
    scene.now += DAY
    scene.resolves(alert_id)
    assert [what for what, *_ in sent(scene)] == ["firing", "resolved", "firing", "resolved"]


def test_routes_lead_where_rules_name_no_channel(scene: Scene) -> None:
    for name in ("all", "grave", "pro"):
        scene.channel(name)
    scene.routes(
        Route(None, None, "pro", ("pro",), goes_on=True),
        Route("critical", None, None, ("grave", "grave"), goes_on=False),
        Route(None, "activation_rate", None, ("all",), goes_on=False),
    )
    scene.fires(scene.rule(), "pro", "free")
    assert sorted(sent(scene)) == [("firing", "all", ["free", "pro"]), ("firing", "pro", ["pro"])]
    scene.fires(scene.rule(name="grave", severity="critical"), "free")
    assert sent(scene)[-1] == ("firing", "grave", ["free"])


def test_without_a_channel_there_is_a_notice_and_no_message(scene: Scene) -> None:
    [alert_id] = scene.fires(scene.rule(), "pro")
    scene.tell(scene.happened(alert_id, "worse", beyond=0.2))  # said once, it need not be said each period
    scene.resolves(alert_id)
    assert scene.messages() == []
    assert reasons(scene) == [("firing", "no channel"), ("resolved", "not told of before")]
    assert scene.row(alert_id).told_at is None


def test_a_channel_that_is_not_there_is_a_notice_and_the_others_are_told(scene: Scene) -> None:
    scene.channel("team")
    scene.fires(scene.rule(channels=["gone", "team"]), "pro")
    assert scene.notices() == [
        ("pro", "firing", "no such channel", "gone"),
        ("pro", "firing", "first", "team"),
    ]
    assert [one.channel for one in scene.messages()] == ["team"]


def test_who_could_not_be_told_at_first_is_told_when_it_gets_worse(scene: Scene) -> None:
    rule_id = scene.rule(channels=["team"])
    [alert_id] = scene.fires(rule_id, "pro")
    scene.channel("team")
    scene.tell(scene.happened(alert_id, "worse", beyond=0.2))
    assert reasons(scene) == [("firing", "no such channel"), ("worse", "first")]
    assert [what for what, *_ in sent(scene)] == ["firing"]


def test_a_paused_channel_is_left_out(scene: Scene) -> None:
    scene.channel("team", is_paused=True)
    scene.fires(scene.rule(channels=["team"]), "pro")
    assert reasons(scene) == [("firing", "channel paused")]
    assert scene.messages() == []


def test_worse_is_half_as_bad_again_as_was_told(scene: Scene, rule_id: int) -> None:
    [alert_id] = scene.fires(rule_id, "pro")
    for beyond in (0.14, 0.08, 0.15, 0.2):
        scene.tell(scene.happened(alert_id, "worse", beyond=beyond))
    assert reasons(scene) == [
        ("firing", "first"), ("worse", "not much worse"), ("worse", "worse"), ("worse", "not much worse"),
    ]  # fmt: skip
    assert scene.row(alert_id).told_beyond == 0.15


def test_silences_that_match_hold_back(scene: Scene, rule_id: int) -> None:
    scene.silence(NOON + HOUR, segment="pro", metric="activation_rate")
    scene.silence(NOON + HOUR, segment="free", metric="mrr")
    pro, free = scene.fires(rule_id, "pro", "free")
    assert [(segment, reason) for segment, _, reason, _ in scene.notices()] == [
        ("pro", "silenced"), ("free", "first"),
    ]  # fmt: skip
    assert (scene.row(pro).is_held, scene.row(free).is_held) == (True, False)


def test_quiet_hours_put_off_all_but_what_is_critical(scene: Scene) -> None:
    scene.channel("team", quiet_from="22:00", quiet_until="07:00")
    scene.now = NOON.replace(hour=21)  # 23:00 in Warsaw
    scene.fires(scene.rule(channels=["team"]), "pro")
    scene.fires(scene.rule(name="grave", channels=["team"], severity="critical"), "pro")
    warning, critical = scene.messages()
    assert (warning.due_at, warning.is_held) == (NOON.replace(day=5, hour=5), True)
    assert (critical.due_at, critical.is_held) == (scene.now, False)
    assert reasons(scene) == [("firing", "first")] * 2


def test_what_resolves_in_quiet_hours_is_never_told(scene: Scene) -> None:
    scene.channel("team", quiet_from="22:00", quiet_until="07:00")
    scene.now = NOON.replace(hour=21)
    pro, free = scene.fires(scene.rule(channels=["team"]), "pro", "free")
    scene.now += HOUR
    scene.resolves(pro)
    assert [one.state for one in scene.messages()] == ["waiting"]  # free fires still
    scene.resolves(free)
    [message] = scene.messages()
    assert (message.state, message.outcome) == ("dropped", "resolved before it could be sent")
    assert reasons(scene)[2:] == [("resolved", "not told of before")] * 2


def test_what_got_worse_in_quiet_hours_does_not_keep_resolving_from_being_told(scene: Scene) -> None:
    scene.channel("team", quiet_from="22:00", quiet_until="07:00")
    [alert_id] = scene.fires(scene.rule(channels=["team"]), "pro")
    scene.now = NOON.replace(hour=21)
    scene.tell(scene.happened(alert_id, "worse", beyond=0.4))
    scene.resolves(alert_id)
    assert [(one.what, one.state) for one in scene.messages()] == [
        ("firing", "waiting"), ("worse", "dropped"), ("resolved", "waiting"),
    ]  # fmt: skip


def test_an_imported_past_is_not_told(scene: Scene, rule_id: int) -> None:
    alert_id = scene.alert(rule_id, status="resolved")
    old = NOON - 90 * DAY
    scene.tell(
        scene.happened(alert_id, entered_at=old, since=old),
        scene.happened(alert_id, "resolved", entered_at=old + DAY),
        scene.happened(alert_id, entered_at=old + 2 * DAY),
        scene.happened(alert_id, "resolved", entered_at=old + 3 * DAY),
    )
    assert scene.messages() == []
    assert reasons(scene) == [("firing", "long ago"), ("resolved", "not told of before")] * 2


def test_an_evaluation_that_slept_through_a_firing_tells_beginning_and_end(
    scene: Scene, rule_id: int
) -> None:
    alert_id = scene.alert(rule_id, status="resolved")
    scene.tell(
        scene.happened(alert_id, entered_at=NOON - 2 * DAY),
        scene.happened(alert_id, "worse", entered_at=NOON - DAY, beyond=0.3, value=0.05),
        scene.happened(alert_id, "resolved", entered_at=NOON - HOUR, value=0.42),
    )
    assert [what for what, *_ in sent(scene)] == ["firing", "resolved"]
    assert Content.read(scene.messages()[0].payload).alerts[0].value == 0.05  # as bad as it got
    assert scene.row(alert_id).told_at is None


def test_details_are_looked_at_for_the_worst_alone_and_once(scene: Scene) -> None:
    for name in ("a", "b"):
        scene.channel(name)
    rule_id = scene.rule(channels=["a", "b"])
    looked: list[str] = []

    def look(of: Happening) -> Details:
        looked.append(of.segment)
        return Details()

    happened = [scene.happened(scene.alert(rule_id, f"s{at:02d}"), beyond=1.0 - at / 100) for at in range(20)]
    with scene.control.begin() as session:
        tell(session, happened, now=NOON, settings=scene.settings, look=look)
    assert looked == [f"s{at:02d}" for at in range(6)]
    assert [len(segments) for _, _, segments in sent(scene)] == [20, 20]


def test_details_that_cannot_be_found_keep_no_message_back(scene: Scene, rule_id: int) -> None:
    def look(of: Happening) -> Details:
        raise KeyError(of.segment)

    with scene.control.begin() as session:
        tell(session, [scene.happened(scene.alert(rule_id))], now=NOON, settings=scene.settings, look=look)
    assert len(scene.messages()) == 1


def test_what_is_rolled_back_was_never_told(scene: Scene, rule_id: int) -> None:
    happened = scene.happened(scene.alert(rule_id))
    with suppress(KeyboardInterrupt), scene.control.begin() as session:
        tell(session, [happened], now=NOON, settings=scene.settings)
        raise KeyboardInterrupt
    assert (scene.messages(), scene.notices()) == ([], [])


@pytest.mark.parametrize(
    "segment", ["a\x00b", "two\nlines", "zażółć 🎉", "'; drop table alerts; --", "x" * 5000]
)
def test_any_segment_and_figure_can_be_told(scene: Scene, rule_id: int, segment: str) -> None:
    endless = float("inf")
    [alert_id] = scene.fires(rule_id, segment, value=endless, usual=-endless, beyond=endless)
    scene.resolves(alert_id)
    first, last = (Content.read(one.payload).alerts[0] for one in scene.messages())
    assert first.segment == last.segment == scene.row(alert_id).segment
    assert (first.value, first.usual) == (None, None)
