"""Quiet hours: when a channel would rather not be disturbed, on the clocks of those it reaches."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
LONGEST = 26 * 60  # minutes: a day with a change of the clocks, and one to spare


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until `end` on the wall clock of `zone`, over midnight where `end` is the earlier."""

    zone: str
    start: time
    end: time

    @classmethod
    def of(cls, zone: str, start: str | None, end: str | None) -> "QuietHours | None":
        """Those of a channel, as `HH:MM`; None where it has none."""
        if not start or not end or start == end:
            return None
        return cls(zone, time.fromisoformat(start), time.fromisoformat(end))

    def holds(self, instant: datetime) -> bool:
        """Whether a naive UTC instant lies in them."""
        clock = self._clock(instant)
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end

    def over_at(self, instant: datetime) -> datetime | None:
        """The first instant at or after one, naive UTC, that lies outside; None where it does itself.

        Clocks that jump over the end, or show it twice, make no difference: what counts is what they show.
        """
        if not self.holds(instant):
            return None
        whole = instant.replace(second=0, microsecond=0)
        minutes = (whole + step * MINUTE for step in range(1, LONGEST))
        return next((minute for minute in minutes if not self.holds(minute)), whole + timedelta(days=1))

    def _clock(self, instant: datetime) -> time:
        return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone)).time()
