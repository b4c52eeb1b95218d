"""Decides when the engine refreshes of its own accord."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

REST = 0.05  # of the time a refresh took: who waits for an edition waits for the rest as well
SLOW = timedelta(seconds=15)  # a refresh that takes longer rests three times as long as it took
SLOW_REST = 3
SHORTEST_REST = timedelta(milliseconds=50)
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_REST = timedelta(minutes=1)
CLOCK_MOVES = timedelta(minutes=1)
PAST_STANDS = timedelta(minutes=1)


@dataclass(frozen=True)
class Freshness:
    """What was published last, and what has changed since."""

    changed: bool = True
    finished_at: datetime | None = None
    took: timedelta = timedelta()
    failures: int = 0
    stands_until: datetime | None = None
    owes: bool = False  # whether the edition leaves out some of what it could tell

    def with_change(self, asked_for: bool = False) -> "Freshness":
        """Facts came in; those that somebody asked to import end the standing of an edition of the past."""
        return replace(self, changed=True, stands_until=None if asked_for else self.stands_until)

    def with_refresh(
        self, finished_at: datetime, took: timedelta, of_the_past: bool, owes: bool = False
    ) -> "Freshness":
        """An edition was published; one of a past instant stands a while before the present returns."""
        stands_until = finished_at + PAST_STANDS if of_the_past else None
        return Freshness(of_the_past, finished_at, took, 0, stands_until, owes)

    def with_failure(self, finished_at: datetime, took: timedelta) -> "Freshness":
        return replace(self, finished_at=finished_at, took=took, failures=self.failures + 1)


def should_refresh(fresh: Freshness, now: datetime) -> str | None:
    """Why to refresh now (`first`, `changed`, `owed`, `clock`), or None."""
    if fresh.stands_until and now < fresh.stands_until:
        return None
    if fresh.finished_at is None:
        return "first"
    since = now - fresh.finished_at
    if since < rest(fresh):
        return None
    if fresh.changed:
        return "changed"
    if fresh.owes:
        return "owed"
    return "clock" if since >= CLOCK_MOVES else None


def rest(fresh: Freshness) -> timedelta:
    """How long to leave the machine alone: longer after long work, and doubled by every failure."""
    after_failures = FIRST_PAUSE * 2 ** min(fresh.failures, 6) if fresh.failures else SHORTEST_REST
    share = SLOW_REST if fresh.took > SLOW else REST
    wait: timedelta = max(share * fresh.took, min(LONGEST_REST, after_failures))
    return wait
