"""Moments that are easy to get wrong: local midnights, jumps of the clock, ends of windows."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.metrics.oracle_calendar import local_date, midnight

MICROSECOND = timedelta(microseconds=1)
# Days near which the clock of the zone jumps, or a year or a leap month turns.
ANCHORS = {
    "UTC": ["2024-02-29", "2023-12-31"],
    "Europe/Warsaw": ["2024-03-31", "2024-10-27"],
    "America/New_York": ["2024-03-10", "2024-11-03"],
    "Asia/Kolkata": ["2024-02-29", "2023-12-31"],
    "Australia/Lord_Howe": ["2024-10-06", "2024-04-07"],  # half an hour
    "Pacific/Apia": ["2011-12-30", "2012-04-01"],  # a day that never was
    "America/Sao_Paulo": ["2018-11-04", "2018-02-18"],  # at midnight
    "America/Havana": ["2024-03-10", "2024-11-03"],  # at midnight and back to midnight
    "Asia/Beirut": ["2024-03-31", "2024-10-27"],
    "Africa/Cairo": ["2024-04-26", "2024-11-01"],
    "Pacific/Chatham": ["2024-04-07", "2024-09-29"],  # +12:45, +13:45
    "Europe/Dublin": ["2024-03-31", "2024-10-27"],  # winter is the exception
    "Antarctica/Troll": ["2024-03-31", "2024-10-27"],  # two hours
    "Asia/Pyongyang": ["2018-05-05"],  # half an hour, for good, at midnight
    "Pacific/Kiritimati": ["2024-01-01", "1995-01-01"],
}


class Clock:
    """A stretch of days in a zone, and moments in it."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.zone = rng.choice(list(ANCHORS))
        self.length = rng.choice([1, 3, 10, 25, 25, 40, 70])
        self.anchor = date.fromisoformat(rng.choice(ANCHORS[self.zone]))
        self.first = self.anchor - timedelta(days=rng.randrange(self.length + 1))
        self.marks = self.jumps() + [midnight(self.zone, self.day()) for _ in range(4)]
        self.marks.append(midnight(self.zone, self.first.replace(day=1)))

    def day(self, before: int = 0) -> date:
        return self.first + timedelta(days=self.rng.randrange(-before, self.length + 1))

    def moment(self) -> datetime:
        if self.rng.random() < 0.4:
            nudge = self.rng.choice([0, 0, 0, -1, 1, 10**6, -1_800_000_000, 1_800_000_000])
            return self.rng.choice(self.marks) + nudge * MICROSECOND
        found = midnight(self.zone, self.first) + timedelta(
            seconds=self.rng.randrange((self.length + 1) * 86_400)
        )
        if self.rng.random() < 0.5:
            found += self.rng.randrange(10**6) * MICROSECOND
        if self.rng.random() < 0.2:
            self.marks.append(found)
        return found

    def as_of(self) -> datetime:
        """In the middle of a day, at a midnight or a moment beside it; in the later part of the stretch."""
        day = self.first + timedelta(days=self.rng.randrange(self.length // 2, self.length + 8))
        start = midnight(self.zone, day)
        inside = timedelta(seconds=self.rng.randrange(23 * 3600))
        return start + self.rng.choice([timedelta(), -MICROSECOND, MICROSECOND, inside, inside, inside])

    def jumps(self) -> list[datetime]:
        """The instants (naive UTC) at which the offset changes."""
        zone = ZoneInfo(self.zone)
        minute = datetime.combine(self.anchor - timedelta(days=2), datetime.min.time(), UTC)
        found = []
        for _ in range(4 * 24 * 4):
            before, minute = minute, minute + timedelta(minutes=15)
            if before.astimezone(zone).utcoffset() != minute.astimezone(zone).utcoffset():
                found.append(minute.replace(tzinfo=None))
        return found

    def local_day(self, instant: datetime) -> date:
        return local_date(self.zone, instant)
