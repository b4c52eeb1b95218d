"""Local time as plain SQL arithmetic: the offsets of a zone, with Python's reading of odd hours."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

FIRST, LAST = datetime.fromisoformat("1970-01-01"), datetime.fromisoformat("2201-01-01")
_STEP = timedelta(days=1)


@dataclass(frozen=True)
class Jump:
    """From `at` (naive UTC) on, local time is UTC plus `after`."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def local(self) -> datetime:
        """The wall-clock reading from which the new offset counts.

        An hour that happens twice is the earlier one, an hour that is skipped is read with the offset before
        the jump: in both cases the new offset begins at the later of the two readings.
        """
        return self.at + max(self.before, self.after)


@lru_cache(maxsize=16)
def jumps(zone: str) -> tuple[timedelta, tuple[Jump, ...]]:
    """The offset at `FIRST`, and every change of offset up to `LAST`."""
    where = ZoneInfo(zone)
    start = offset = _offset(where, FIRST)
    if where.utcoffset(None) is not None:  # it is the same for ever, as that of UTC
        return start, ()
    found = []
    day = FIRST
    while day < LAST:
        later = day + _STEP
        if (after := _offset(where, later)) != offset:
            found.append(Jump(_moment(where, day, later), offset, after))
            offset = after
        day = later
    return start, tuple(found)


def _offset(where: ZoneInfo, instant: datetime) -> timedelta:
    return instant.replace(tzinfo=UTC).astimezone(where).utcoffset() or timedelta(0)


def _moment(where: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = _offset(where, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(where, middle) == before else (low, middle)
    return high


def utc_of(local: str, zone: str, years: tuple[int, int] = (FIRST.year, LAST.year)) -> str:
    """SQL for the instant of a wall-clock reading; name its years and the SQL stays short."""
    start, found = jumps(zone)
    first, last = datetime(years[0], 1, 1), datetime(years[1] + 1, 1, 1)
    if offset := _choice(local, *_within([(jump.local, jump.after) for jump in found], start, first, last)):
        return f"({local} - {offset})"
    return local


def day_of(instant: str, zone: str, first: datetime = FIRST, last: datetime = LAST) -> str:
    """SQL for the local date of an instant; name the range of the instants and the SQL stays short."""
    start, found = jumps(zone)
    if offset := _choice(instant, *_within([(jump.at, jump.after) for jump in found], start, first, last)):
        return f"cast({instant} + {offset} as date)"
    return f"cast({instant} as date)"


Steps = list[tuple[datetime, timedelta]]


def _within(steps: Steps, start: timedelta, first: datetime, last: datetime) -> tuple[timedelta, Steps]:
    """The offset at `first`, and the steps up to `last`."""
    offset = next((after for at, after in reversed(steps) if at <= first), start)
    return offset, [(at, after) for at, after in steps if first < at <= last]


def _choice(value: str, start: timedelta, steps: Steps) -> str:
    """A balanced tree of cases: a dozen comparisons a row for two centuries of clock changes."""
    if not steps:
        return f"to_seconds({int(start.total_seconds())})" if start else ""
    return _tree(value, start, steps)


def _tree(value: str, start: timedelta, steps: Steps) -> str:
    if not steps:
        return f"to_seconds({int(start.total_seconds())})"
    middle = len(steps) // 2
    at, offset = steps[middle]
    early, late = _tree(value, start, steps[:middle]), _tree(value, offset, steps[middle + 1 :])
    return f"case when {value} < timestamp '{at}' then {early} else {late} end"
