from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from data.errors import BadInput
from engine.control import channel_store, notices, outbox
from engine.control.notices import Notice
from engine.control.outbox import GIVE_UP, Draft, Failure, Message
from engine.control.store import Control

NOON = datetime(2026, 5, 4, 12)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LEASE = 2 * MINUTE
Raise = Callable[..., dict[str, int]]


@pytest.fixture
def channel_id(control: Control) -> int:
    return add_channel(control, "team")


def add_channel(control: Control, name: str) -> int:
    settled: dict[str, Any] = {"zone": "UTC", "quiet_from": None, "quiet_until": None}
    with control.change() as session:
        made = channel_store.add(session, name, "webhook", NOON, params={"url": "http://x"}, **settled)
    return made.channel_id


def post(control: Control, channel_id: int, *keys: str, now: datetime = NOON, **more: Any) -> list[int]:
    given = {"what": "firing", "severity": "warning", "rule_id": 1, "due_at": now, "is_held": False} | more
    drafts = [Draft(key=key, channel_id=channel_id, channel="team", payload={}, **given) for key in keys]
    with control.begin() as session:
        ids = outbox.post(session, drafts, now)
    return [ids[key] for key in keys]


def claimed(control: Control, channel_id: int, now: datetime = NOON) -> Message:
    found = outbox.claim(control, channel_id, now, LEASE)
    assert found is not None
    return found


def state(control: Control, message_id: int) -> Message:
    return next(one for one in outbox.listed(control, None, 100) if one.message_id == message_id)


def failed(now: datetime, wait: timedelta = MINUTE, rest: timedelta = MINUTE) -> Failure:
    return Failure("It answered 503.", now + wait, now + rest)


def told_of(control: Control, message_id: int, *alert_ids: int) -> None:
    with control.begin() as session:
        told = [Notice(alert_id, None, "firing", "first", "team", message_id) for alert_id in alert_ids]
        notices.write_notices(session, told, NOON)


def test_a_message_is_put_in_once_for_its_key(control: Control, channel_id: int) -> None:
    assert post(control, channel_id, "a", "b") == post(control, channel_id, "a", "b")
    assert len(outbox.listed(control, None, 100)) == 2


def test_what_is_claimed_is_nobody_elses_until_its_lease_ends(control: Control, channel_id: int) -> None:
    post(control, channel_id, "a")
    first = claimed(control, channel_id)
    assert outbox.claim(control, channel_id, NOON + LEASE - MINUTE / 60, LEASE) is None
    assert outbox.due_channels(control, NOON + LEASE - MINUTE / 60) == []
    again = claimed(control, channel_id, NOON + LEASE)
    assert (again.key, again.attempts) == (first.key, 2)


def test_many_claim_at_once_and_none_gets_what_another_has(control: Control, channel_id: int) -> None:
    post(control, channel_id, *(f"k{at}" for at in range(30)))
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: outbox.claim(control, channel_id, NOON, LEASE), range(30)))
    assert len({one.key for one in found if one}) == len([one for one in found if one])


def test_critical_messages_go_first_then_the_longest_due(control: Control, channel_id: int) -> None:
    post(control, channel_id, "late", due_at=NOON, rule_id=1)
    post(control, channel_id, "early", due_at=NOON - HOUR, rule_id=2)
    post(control, channel_id, "grave", severity="critical", rule_id=3)
    post(control, channel_id, "not due", due_at=NOON + HOUR, rule_id=4)
    keys = [one.key for _ in range(4) if (one := outbox.claim(control, channel_id, NOON, LEASE))]
    assert keys == ["grave", "early", "late"]


def test_messages_of_a_rule_keep_their_order_while_those_of_others_pass(
    control: Control, channel_id: int
) -> None:
    post(control, channel_id, "fires")
    outbox.put_off(control, claimed(control, channel_id), failed(NOON, wait=HOUR), NOON)
    post(control, channel_id, "resolves", what="resolved")
    post(control, channel_id, "other", rule_id=2)
    now = NOON + 2 * MINUTE
    other = claimed(control, channel_id, now)
    assert other.key == "other"
    outbox.deliver(control, other, now, "delivered")
    assert outbox.claim(control, channel_id, now, LEASE) is None
    outbox.deliver(control, claimed(control, channel_id, NOON + HOUR), NOON + HOUR, "delivered")
    assert claimed(control, channel_id, NOON + HOUR).key == "resolves"


def test_what_arrived_is_done_and_its_channel_whole(control: Control, channel_id: int) -> None:
    [message_id] = post(control, channel_id, "a")
    outbox.put_off(control, claimed(control, channel_id), failed(NOON), NOON)
    outbox.deliver(control, claimed(control, channel_id, NOON + HOUR), NOON + HOUR, "answered 200")
    found = state(control, message_id)
    assert (found.state, found.outcome, found.sent_at) == ("sent", "answered 200", NOON + HOUR)
    channel = channel_store.find(control, channel_id)
    assert channel is not None
    assert (channel.failures, channel.rests_until, channel.last_error) == (0, None, None)
    assert channel.last_sent_at == NOON + HOUR


def test_a_channel_that_fails_is_left_alone_as_a_whole(control: Control, channel_id: int) -> None:
    other = add_channel(control, "other")
    post(control, channel_id, *(f"k{at}" for at in range(1000)))
    post(control, other, "fine")
    outbox.put_off(control, claimed(control, channel_id), failed(NOON, rest=5 * MINUTE), NOON)
    assert outbox.due_channels(control, NOON + 5 * MINUTE - MINUTE / 60) == [other]
    assert outbox.due_channels(control, NOON + 5 * MINUTE) == [channel_id, other]


def test_a_message_that_fails_for_a_day_is_dead_with_its_reason(control: Control, channel_id: int) -> None:
    [message_id] = post(control, channel_id, "a")
    outbox.put_off(control, claimed(control, channel_id), failed(NOON), NOON)
    now = NOON + GIVE_UP
    outbox.put_off(control, claimed(control, channel_id, now), failed(now), now)
    found = state(control, message_id)
    assert (found.state, found.outcome) == ("dead", "Given up after 24 hours: It answered 503.")
    assert outbox.due_channels(control, now + 100 * HOUR) == []


def test_what_waited_while_its_channel_failed_for_a_day_is_given_up_with_it(
    control: Control, channel_id: int
) -> None:
    first, second = post(control, channel_id, "a", "b")
    outbox.put_off(control, claimed(control, channel_id), failed(NOON), NOON)
    [young] = post(control, channel_id, "young", now=NOON + HOUR)
    now = NOON + GIVE_UP
    outbox.put_off(control, claimed(control, channel_id, now), failed(now), now)
    assert {state(control, one).state for one in (first, second)} == {"dead"}
    assert state(control, young).state == "waiting"


def test_what_is_refused_is_dead_at_once_and_can_be_tried_again(control: Control, channel_id: int) -> None:
    [message_id] = post(control, channel_id, "a")
    outbox.refuse(control, claimed(control, channel_id), "It answered 404.")
    assert state(control, message_id).state == "dead"
    with control.change() as session:
        outbox.try_again(session, message_id, NOON + HOUR)
    assert claimed(control, channel_id, NOON + HOUR).key == "a"


def test_only_what_was_given_up_is_tried_again(control: Control, channel_id: int) -> None:
    [message_id] = post(control, channel_id, "a")
    with control.change() as session, pytest.raises(BadInput, match="is waiting"):
        outbox.try_again(session, message_id, NOON)
    with control.change() as session, pytest.raises(BadInput, match="There is no message 99"):
        outbox.try_again(session, 99, NOON)


def test_a_late_word_that_it_failed_does_not_undo_that_it_arrived(control: Control, channel_id: int) -> None:
    [message_id] = post(control, channel_id, "a")
    message = claimed(control, channel_id)
    outbox.deliver(control, message, NOON, "delivered")
    outbox.put_off(control, message, failed(NOON), NOON)
    outbox.refuse(control, message, "no")
    assert state(control, message_id).state == "sent"
    channel = channel_store.find(control, channel_id)
    assert channel is not None
    assert channel.failures == 0


def test_what_was_held_back_until_all_resolved_is_dropped(
    control: Control, channel_id: int, rule_id: int, raised: Raise
) -> None:
    ids = raised(rule_id, "firing", "pro", "free")
    [message_id] = post(control, channel_id, "a", is_held=True, due_at=NOON + HOUR)
    told_of(control, message_id, *ids.values())
    raised(rule_id, "resolved", "pro")
    assert outbox.resolved_since(control, message_id) == {ids["pro"]}
    outbox.deliver(control, claimed(control, channel_id, NOON + HOUR), NOON + HOUR, "one fires still")
    [second] = post(control, channel_id, "b", is_held=True, due_at=NOON, rule_id=2)
    told_of(control, second, ids["pro"])
    assert outbox.claim(control, channel_id, NOON + MINUTE, LEASE) is None
    assert (state(control, second).state, state(control, second).outcome) == ("dropped", outbox.OVER)


def test_what_is_not_held_back_is_sent_though_its_alert_has_resolved(
    control: Control, channel_id: int, rule_id: int, raised: Raise
) -> None:
    ids = raised(rule_id, "firing", "pro")
    [message_id] = post(control, channel_id, "a")
    told_of(control, message_id, *ids.values())
    raised(rule_id, "resolved", "pro")
    assert claimed(control, channel_id).key == "a"


def test_a_paused_channel_sends_nothing_and_holds_back_what_waits(control: Control, channel_id: int) -> None:
    [message_id] = post(control, channel_id, "a")
    pause(control, True)
    assert outbox.due_channels(control, NOON) == []
    assert state(control, message_id).is_held
    pause(control, False)
    assert outbox.due_channels(control, NOON) == [channel_id]


def pause(control: Control, is_paused: bool) -> None:
    with control.change() as session:
        channel_store.pause(session, channel_store.named(session, "team"), NOON, is_paused=is_paused)


def test_what_waits_for_a_channel_is_dropped_with_it(control: Control, channel_id: int) -> None:
    waiting, sent = post(control, channel_id, "a", "b", rule_id=1)
    outbox.deliver(control, replace(claimed(control, channel_id), message_id=sent), NOON, "delivered")
    with control.change() as session:
        channel_store.remove(session, channel_store.named(session, "team"))
    assert (state(control, waiting).state, state(control, waiting).outcome) == ("dropped", channel_store.GONE)
    assert (state(control, sent).state, state(control, sent).channel_id) == ("sent", None)
    with control.change() as session, pytest.raises(BadInput, match="was removed"):
        outbox.try_again(session, waiting, NOON)


def test_a_channel_changes_only_for_whoever_saw_it_as_it_is(control: Control, channel_id: int) -> None:
    with control.change() as session:
        seen = channel_store.named(session, "team")
        assert channel_store.change(session, seen, 1, NOON, zone="Europe/Warsaw")
        assert not channel_store.change(session, seen, 1, NOON, zone="UTC")
        assert channel_store.named(session, "team").zone == "Europe/Warsaw"


def test_a_channels_secrets_are_not_in_what_it_looks_like(control: Control, channel_id: int) -> None:
    assert "http://x" not in repr(channel_store.find(control, channel_id))
