"""The one owner of period arithmetic: local days, weeks and months, and the instants they begin at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from data.settings import Settings

Grain = Literal["day", "week", "month"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Period:
    """A local day, week or month: `[start, end)` as dates, `[start_at, end_at)` as naive UTC instants."""

    grain: Grain
    start: date
    end: date
    start_at: datetime
    end_at: datetime

    def is_complete(self, as_of: datetime) -> bool:
        return self.end_at <= as_of


@dataclass(frozen=True)
class Calendar:
    """Turns instants into periods, in one zone and with one first day of the week."""

    zone: ZoneInfo
    week_start: int = 0

    @classmethod
    def of(cls, settings: Settings) -> "Calendar":
        return cls(ZoneInfo(settings.timezone), WEEKDAYS.index(settings.week_start))

    def local_date(self, instant: datetime) -> date:
        """The local date of a naive UTC instant."""
        return instant.replace(tzinfo=UTC).astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The naive UTC instant at which a local day begins.

        Where the clock jumps over midnight, the day begins at the jump.
        """
        local = datetime.combine(day, time(), tzinfo=self.zone)
        instant = local.astimezone(UTC).replace(tzinfo=None)
        before = instant - timedelta(seconds=1)
        # In a gap, fold 0 counts with the offset from before the jump and may land on the wrong side of it.
        return instant if self.local_date(before) < day else self._first_instant(day, instant)

    def _first_instant(self, day: date, late: datetime) -> datetime:
        low, high = late - timedelta(hours=26), late
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) / 2
            middle = middle.replace(microsecond=0)
            if middle <= low:
                break
            low, high = (low, middle) if self.local_date(middle) >= day else (middle, high)
        return high

    def start_of(self, day: date, grain: Grain) -> date:
        if grain == "day":
            return day
        if grain == "week":
            return day - timedelta(days=(day.weekday() - self.week_start) % 7)
        return day.replace(day=1)

    def next_start(self, start: date, grain: Grain) -> date:
        if grain == "day":
            return start + timedelta(days=1)
        if grain == "week":
            return start + timedelta(days=7)
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1)

    def period(self, start: date, grain: Grain) -> Period:
        end = self.next_start(start, grain)
        return Period(grain, start, end, self.midnight(start), self.midnight(end))

    def periods(self, first: date, last: date, grain: Grain) -> Iterator[Period]:
        """The periods from the one that holds `first` to the one that holds `last`."""
        start = self.start_of(first, grain)
        while start <= last:
            period = self.period(start, grain)
            yield period
            start = period.end


def year_before(start: date, grain: Grain) -> date:
    """The start of the same period a year earlier: of a day or week, the one 52 weeks back."""
    return start.replace(year=start.year - 1) if grain == "month" else start - timedelta(weeks=52)


def naive_utc(instant: datetime) -> datetime:
    """An aware instant as Holdfast stores it: UTC, without an offset."""
    return instant.astimezone(UTC).replace(tzinfo=None)
