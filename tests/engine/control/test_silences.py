"""A silence has an author and an end, and both ends can be seen and brought forward."""

from datetime import datetime, timedelta

import pytest

from data.errors import BadInput
from engine.control import audit, silences
from engine.control.store import Control

NOON = datetime(2025, 3, 1, 12)
DAY = timedelta(days=1)


def test_a_silence_is_listed_with_what_it_matches(control: Control, rule_id: int) -> None:
    first = silences.silence(
        control, until=NOON + DAY, who="ada", now=NOON, rule_id=rule_id, reason="release"
    )
    second = silences.silence(
        control,
        until=NOON + 3 * DAY,
        who="ben",
        now=NOON,
        starts_at=NOON + DAY,
        metric="mrr",
        dimension="plan",
    )
    later, sooner = silences.listed(control)
    assert (later.silence_id, later.rule, later.metric, later.dimension, later.segment) == (
        second, None, "mrr", "plan", None
    )  # fmt: skip
    assert (sooner.silence_id, sooner.rule, sooner.author, sooner.reason) == (
        first, "activation stalls", "ada", "release"
    )  # fmt: skip
    assert sooner.is_in_force(NOON)
    assert not sooner.is_in_force(NOON + DAY)
    assert not later.is_in_force(NOON)
    assert [one.silence_id for one in silences.listed(control, since=NOON + DAY)] == [second]


def test_a_silence_ends_early_and_one_that_has_not_begun_never_begins(control: Control) -> None:
    running = silences.silence(control, until=NOON + 2 * DAY, who="ada", now=NOON)
    coming = silences.silence(control, until=NOON + 3 * DAY, who="ada", now=NOON, starts_at=NOON + 2 * DAY)
    for silence_id in (running, coming, running):
        silences.end_silence(control, silence_id, who="ben", now=NOON + DAY)
    for view in silences.listed(control):
        assert not any(view.is_in_force(NOON + days * DAY) for days in (1, 2))
    told = [(one.who, one.action) for one in audit.audit(control, f"silence:{running}")]
    assert told == [("ben", "ended the silence"), ("ada", "silenced")]
    with pytest.raises(BadInput, match="There is no silence 99"):
        silences.end_silence(control, 99, who="ben", now=NOON)


def test_a_silence_ends_after_it_begins_and_is_of_a_rule_that_there_is(control: Control) -> None:
    with pytest.raises(BadInput, match="must end after it begins"):
        silences.silence(control, until=NOON, who="ada", now=NOON)
    with pytest.raises(BadInput, match="There is no rule 99"):
        silences.silence(control, until=NOON + DAY, who="ada", now=NOON, rule_id=99)
    assert silences.listed(control) == []
