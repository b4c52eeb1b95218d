from datetime import datetime, timedelta

import pytest

from engine.delivery.decide import Decision, Event, Known, Reach, decide

NOW = datetime(2026, 5, 4, 12)
AGO = timedelta
MORNING = datetime(2026, 5, 5, 7)
HERE = Reach()
TOLD = {"told_at": NOW - AGO(days=1), "told_beyond": 0.10}


def event(what: str = "firing", *, days: float = 0, beyond: float | None = 0.1, **more: object) -> Event:
    given = {"grain": "week", "severity": "warning", **more}
    return Event(what, NOW - AGO(days=days), beyond=beyond, **given)  # type: ignore[arg-type]


SENT = [
    ("it begins to fire", event(), Known(), "first"),
    ("it fires again", event(), Known(acknowledged_at=None), "first"),
    ("it fires, and was taken already", event(), Known(acknowledged_at=NOW), "first"),
    ("it began long ago and fires still", event(days=90), Known(), "first"),
    ("it began and ended within days", event(days=13, is_over=True), Known("resolved"), "first"),
    ("half as bad again", event("worse", beyond=0.15), Known(**TOLD), "worse"),
    ("worse, and nobody could be told before", event("worse"), Known(), "first"),
    ("it resolves", event("resolved"), Known("resolved", **TOLD), "resolved"),
    ("it resolves, taken", event("resolved"), Known("resolved", acknowledged_at=NOW, **TOLD), "resolved"),
    (
        "it resolves while snoozed",
        event("resolved"),
        Known("resolved", snoozed_until=NOW + AGO(1), **TOLD),
        "resolved",
    ),
    ("it goes on", event("repeat"), Known(**TOLD), "repeat"),
    ("a snooze is over", event("repeat"), Known(snoozed_until=NOW, **TOLD), "repeat"),
]
NOT_SENT = [
    ("silenced", event(is_silenced=True), Known(), "silenced"),
    ("worse while silenced", event("worse", beyond=9, is_silenced=True), Known(**TOLD), "silenced"),
    ("it resolves silenced", event("resolved", is_silenced=True), Known("resolved", **TOLD), "silenced"),
    ("snoozed", event(), Known(snoozed_until=NOW + AGO(minutes=1)), "snoozed"),
    ("not told that it fired", event("resolved"), Known("resolved"), "not told of before"),
    ("of a past that was imported", event(days=15, is_over=True), Known("resolved"), "long ago"),
    ("days are long ago sooner", event(days=3.1, grain="day", is_over=True), Known("quiet"), "long ago"),
    ("a little worse", event("worse", beyond=0.1499), Known(**TOLD), "not much worse"),
    ("no worse than told", event("worse", beyond=0.05), Known(**TOLD), "not much worse"),
    ("no size to compare", event("worse", beyond=None), Known(**TOLD), "not much worse"),
    ("taken, and worse", event("worse", beyond=9), Known(acknowledged_at=NOW, **TOLD), "acknowledged"),
    ("taken, and going on", event("repeat"), Known(acknowledged_at=NOW, **TOLD), "acknowledged"),
    ("worse, then resolved at once", event("worse", beyond=9, is_over=True), Known(**TOLD), "over already"),
]


@pytest.mark.parametrize(("case", "happened", "known", "reason"), SENT, ids=[row[0] for row in SENT])
def test_what_is_told_has_its_reason(case: str, happened: Event, known: Known, reason: str) -> None:
    assert decide(happened, known, HERE, NOW) == Decision(reason, NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(("case", "happened", "known", "reason"), NOT_SENT, ids=[row[0] for row in NOT_SENT])
def test_what_is_not_told_has_its_reason(case: str, happened: Event, known: Known, reason: str) -> None:
    assert decide(happened, known, HERE, NOW) == Decision(reason)  # type: ignore[arg-type]


def test_nobody_to_tell_is_a_reason() -> None:
    assert decide(event(), Known(), None, NOW) == Decision("no channel")


def test_a_paused_channel_is_not_told() -> None:
    assert decide(event(), Known(), Reach(is_paused=True), NOW) == Decision("channel paused")


def test_quiet_hours_put_a_message_off_until_they_end() -> None:
    assert decide(event(), Known(), Reach(quiet_until=MORNING), NOW) == Decision("first", MORNING, True)


def test_what_is_critical_goes_out_in_quiet_hours() -> None:
    critical = event(severity="critical")
    assert decide(critical, Known(), Reach(quiet_until=MORNING), NOW) == Decision("first", NOW)


@pytest.mark.parametrize(
    ("grain", "days", "is_told"),
    [
        ("day", 3, True),
        ("day", 3.01, False),
        ("week", 14, True),
        ("week", 14.1, False),
        ("month", 61, True),
        ("month", 63, False),
    ],
)
def test_what_is_over_is_told_of_for_three_days_or_two_periods(
    grain: str, days: float, is_told: bool
) -> None:
    found = decide(event(days=days, grain=grain, is_over=True), Known("resolved"), HERE, NOW)
    assert found.reason == ("first" if is_told else "long ago")
