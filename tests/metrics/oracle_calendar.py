"""Local days, weeks and months worked out by looking at the clock of the zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

GRAINS = ("day", "week", "month")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=200_000)
def local_date(zone: str, instant: datetime) -> date:
    """The local date that a naive UTC instant falls on."""
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=200_000)
def midnight(zone: str, day: date) -> datetime:
    """The first whole minute (naive UTC) whose local date is `day` or later."""
    hour = datetime.combine(day, time()) - timedelta(hours=30)
    while local_date(zone, hour) < day:
        hour += timedelta(hours=1)
    minute = hour - timedelta(hours=1)
    while local_date(zone, minute) < day:
        minute += timedelta(minutes=1)
    return minute


@dataclass(frozen=True)
class Span:
    """A period: its local dates `[start, end)`."""

    grain: str
    start: date
    end: date

    @property
    def last_day(self) -> date:
        return self.end - ONE_DAY

    def has(self, day: date) -> bool:
        return self.start <= day < self.end


def span_of(day: date, grain: str, week_start: str) -> Span:
    """The period that holds a local date, found by walking from it in both directions."""
    if grain == "day":
        return Span(grain, day, day + ONE_DAY)
    start, end = day, day + ONE_DAY
    while not begins(start, grain, week_start):
        start -= ONE_DAY
    while not begins(end, grain, week_start):
        end += ONE_DAY
    return Span(grain, start, end)


def begins(day: date, grain: str, week_start: str) -> bool:
    return day.day == 1 if grain == "month" else WEEKDAYS[day.weekday()] == week_start


def spans(first: date, last: date, grain: str, week_start: str) -> list[Span]:
    """Every period from the one that holds `first` to the one that holds `last`."""
    found = [span_of(first, grain, week_start)]
    while not found[-1].has(last):
        found.append(span_of(found[-1].end, grain, week_start))
    return found


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]
