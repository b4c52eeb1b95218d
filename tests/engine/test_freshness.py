from datetime import datetime, timedelta

import pytest

from engine.freshness import Freshness, rest, should_refresh

NOON = datetime(2025, 3, 1, 12)
SECOND = timedelta(seconds=1)


def published(
    took: float = 0.5, changed: bool = False, of_the_past: bool = False, owes: bool = False
) -> Freshness:
    fresh = Freshness().with_refresh(NOON, took * SECOND, of_the_past, owes)
    return fresh.with_change() if changed else fresh


@pytest.mark.parametrize(
    ("fresh", "seconds_later", "reason"),
    [
        (Freshness(), 0, "first"),
        (published(), 30, None),
        (published(), 60, "clock"),
        (published(changed=True), 0.049, None),
        (published(changed=True), 0.05, "changed"),
        (published(took=0.1, changed=True), 0.049, None),
        (published(took=0.1, changed=True), 0.05, "changed"),
        (published(took=3, changed=True), 0.149, None),
        (published(took=3, changed=True), 0.15, "changed"),
        (published(took=15, changed=True), 0.75, "changed"),
        (published(took=16, changed=True), 47.9, None),
        (published(took=16, changed=True), 48, "changed"),
        (published(took=40), 60, None),
        (published(took=40), 120, "clock"),
        (published(took=3, owes=True), 0.149, None),
        (published(took=3, owes=True), 0.15, "owed"),
        (published(took=3, owes=True, changed=True), 0.15, "changed"),
        (published(of_the_past=True), 59, None),
        (published(of_the_past=True), 60, "changed"),
        (published(of_the_past=True).with_change(), 59, None),
        (published(of_the_past=True).with_change(asked_for=True), 2, "changed"),
    ],
)
def test_engine_refreshes_when_facts_or_the_clock_call_for_it(
    fresh: Freshness, seconds_later: float, reason: str | None
) -> None:
    assert should_refresh(fresh, NOON + seconds_later * SECOND) == reason


def test_every_failure_doubles_the_rest_up_to_a_minute() -> None:
    fresh = published(took=0, changed=True)
    rests = []
    for _ in range(8):
        fresh = fresh.with_failure(NOON, timedelta())
        rests.append(rest(fresh).total_seconds())
    assert rests == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_success_ends_the_longer_rests() -> None:
    fresh = published().with_failure(NOON, SECOND).with_refresh(NOON, SECOND, of_the_past=False)
    assert rest(fresh) == 0.05 * SECOND
